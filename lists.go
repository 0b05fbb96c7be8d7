package pursuit

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// OpportunityQuery selects and sorts opportunities.
type OpportunityQuery struct {
	Filter opportunity.Filter `json:"filter,omitzero"`
	Sort   opportunity.Sort   `json:"sort,omitzero"`
	Desc   bool               `json:"desc,omitzero"`
}

// List returns a page of the opportunities that the actor may see (J02). Rows
// without the sorted value come last in both directions. Errors: ErrInvalid, also
// for a sort by amount without a currency in the filter.
func (h Opportunities) List(ctx context.Context, q OpportunityQuery, page Page) (List[opportunity.Root], error) {
	if err := q.Filter.Validate(); err != nil {
		return List[opportunity.Root]{}, err
	}
	if q.Sort == "" {
		q.Sort = opportunity.ByCreated
	}
	if err := q.Sort.Check(&q.Filter); err != nil {
		return List[opportunity.Root]{}, err
	}
	sc, err := h.s().scope(ctx, access.Opportunities)
	if err != nil {
		return List[opportunity.Root]{}, err
	}
	named, err := h.s().searching(ctx, &q.Filter)
	if err != nil {
		return List[opportunity.Root]{}, err
	}
	return list(ctx, h.s(), "opportunities.list", page, q, bySort(q.Sort), func(ctx context.Context, tx storage.Tx, from position, limit int) ([]opportunity.Root, error) {
		oq := opportunity.Query{Scope: sc, Customers: named, Filter: q.Filter, Sort: q.Sort, Desc: q.Desc, After: from.Key, AfterID: from.ID, Limit: limit}
		return rowsOf(ctx, h.s(), tx, func() ([]opportunity.Root, error) { return tx.Opportunities().List(ctx, h.s().actor.Tenant, oq) },
			&oq.Filter.Customer, &oq.Filter.Party)
	}, func(r opportunity.Root) position { return position{opportunity.KeyOf(q.Sort, &r), r.ID} })
}

// All iterates over everything that a query selects, page by page. Errors as for
// List.
func (h Opportunities) All(ctx context.Context, q OpportunityQuery) iter.Seq2[opportunity.Root, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[opportunity.Root], error) { return h.List(ctx, q, p) })
}

// Count returns the number of opportunities that a filter selects among those the
// actor may see (J02). Errors: ErrInvalid.
func (h Opportunities) Count(ctx context.Context, f opportunity.Filter) (int64, error) {
	if err := f.Validate(); err != nil {
		return 0, err
	}
	sc, err := h.s().scope(ctx, access.Opportunities)
	if err != nil {
		return 0, err
	}
	named, err := h.s().searching(ctx, &f)
	if err != nil {
		return 0, err
	}
	var n int64
	err = h.s().view(ctx, "opportunities.count", func(ctx context.Context, tx storage.Tx) (err error) {
		return h.s().resolving(ctx, tx, func() (bool, error) {
			n, err = tx.Opportunities().Count(ctx, h.s().actor.Tenant, opportunity.Query{Scope: sc, Customers: named, Filter: f, Limit: 1})
			return n > 0, err
		}, &f.Customer, &f.Party)
	})
	return n, err
}

// CustomerQuery selects customers; zero fields select all.
type CustomerQuery struct {
	Status customer.Status `json:"status,omitzero"`
	Kind   customer.Kind   `json:"kind,omitzero"`
	Owner  string          `json:"owner,omitzero"`
	Parent uuid.UUID       `json:"parent,omitzero"`
	// Search matches names that contain it, ignoring case.
	Search string `json:"search,omitzero"`
}

// List returns a page of the customers that the actor may see, by name (J02).
// Errors: ErrInvalid.
func (h Customers) List(ctx context.Context, q CustomerQuery, page Page) (List[customer.Customer], error) {
	cq := customer.Query{Status: q.Status, Kind: q.Kind, Owner: q.Owner, Parent: q.Parent, Search: q.Search}
	if err := cq.Validate(); err != nil {
		return List[customer.Customer]{}, err
	}
	sc, err := h.s().scope(ctx, access.Customers)
	if err != nil {
		return List[customer.Customer]{}, err
	}
	cq.Scope = sc
	return list(ctx, h.s(), "customers.list", page, q, byText, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]customer.Customer, error) {
		cq.AfterKey, cq.AfterID, cq.Limit = from.Key, from.ID, limit
		return rowsOf(ctx, h.s(), tx, func() ([]customer.Customer, error) { return tx.Customers().List(ctx, h.s().actor.Tenant, cq) }, &cq.Parent)
	}, func(c customer.Customer) position { return position{customer.KeysOf(c).Name, c.ID} })
}

// All iterates over all customers that a query selects. Errors as for List.
func (h Customers) All(ctx context.Context, q CustomerQuery) iter.Seq2[customer.Customer, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[customer.Customer], error) { return h.List(ctx, q, p) })
}

// ProcessQuery selects processes; the zero query selects all, including retired
// ones.
type ProcessQuery struct {
	State stage.State `json:"state,omitzero"`
}

// List returns a page of processes by code. Errors: ErrInvalid, ErrForbidden.
func (h Processes) List(ctx context.Context, q ProcessQuery, page Page) (List[stage.Record], error) {
	if h.s().err != nil {
		return List[stage.Record]{}, h.s().err
	}
	if q.State != "" && q.State != stage.ActiveProcess && q.State != stage.RetiredProcess {
		return List[stage.Record]{}, fault.Invalid("query.invalid", fault.Field{Path: "/state", Code: "unknown", Message: "isn't known"})
	}
	if err := h.s().allow(ctx, access.ProcessRead, access.Subject{}); err != nil {
		return List[stage.Record]{}, err
	}
	return list(ctx, h.s(), "processes.list", page, q, byText, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]stage.Record, error) {
		rows, err := tx.Processes().List(ctx, h.s().actor.Tenant) // a tenant has few
		rows = slices.DeleteFunc(rows, func(r stage.Record) bool { return r.Code <= from.Key || q.State != "" && r.State != q.State })
		return rows[:min(len(rows), limit)], err
	}, func(r stage.Record) position { return position{r.Code, r.ID} })
}

// All iterates over all processes that a query selects. Errors as for List.
func (h Processes) All(ctx context.Context, q ProcessQuery) iter.Seq2[stage.Record, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[stage.Record], error) { return h.List(ctx, q, p) })
}

// ArchiveQuery selects archive entries; zero fields select all.
type ArchiveQuery struct {
	Kind   archive.Kind   `json:"kind,omitzero"`
	Status archive.Status `json:"status,omitzero"`
}

// List returns a page of entries by kind and code. Errors: ErrInvalid, ErrForbidden.
func (h Archives) List(ctx context.Context, q ArchiveQuery, page Page) (List[archive.Entry], error) {
	if h.s().err != nil {
		return List[archive.Entry]{}, h.s().err
	}
	aq := archive.Query{Kind: q.Kind, Status: q.Status}
	if err := aq.Validate(); err != nil {
		return List[archive.Entry]{}, err
	}
	if err := h.s().allow(ctx, access.ArchiveRead, access.Subject{Kind: string(q.Kind)}); err != nil {
		return List[archive.Entry]{}, err
	}
	return list(ctx, h.s(), "archives.list", page, q, byCode, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]archive.Entry, error) {
		kind, code, _ := strings.Cut(from.Key, "/")
		aq.AfterKind, aq.AfterCode, aq.Limit = archive.Kind(kind), code, limit
		return tx.Archives().List(ctx, h.s().actor.Tenant, aq)
	}, func(e archive.Entry) position { return position{string(e.Kind) + "/" + e.Code, e.ID} })
}

// All iterates over all entries that a query selects. Errors as for List.
func (h Archives) All(ctx context.Context, q ArchiveQuery) iter.Seq2[archive.Entry, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[archive.Entry], error) { return h.List(ctx, q, p) })
}
