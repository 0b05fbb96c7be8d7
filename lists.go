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

// Page sizes.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// Page selects a page of a list. Size 0 means DefaultPage; the most is MaxPage.
// Cursor is the previous page's Next, or empty.
type Page struct {
	Size   int    `json:"size,omitzero"`
	Cursor string `json:"cursor,omitzero"`
}

// List is a page of a list. Next is the cursor of the next page; it is empty at
// the end. Cursors are opaque, and valid only for their tenant and query; a
// forged one is refused, see Options.CursorKey. Items of an empty list are an
// empty slice, [] in JSON.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitzero"`
}

func (p Page) size() (int, error) {
	switch {
	case p.Size == 0:
		return DefaultPage, nil
	case p.Size < 0 || p.Size > MaxPage:
		return 0, fault.Invalid("page.invalid", fault.Field{Path: "/size", Code: "out_of_range", Message: "must be 1 to 1000"})
	}
	return p.Size, nil
}

// list runs a paged query. fetch returns one row more than the page if there are
// more. at reports where a page can end.
func list[T any](ctx context.Context, s *Session, name string, page Page, query any, at place, fetch func(ctx context.Context, tx storage.Tx, from position, limit int) ([]T, error), end func(T) position) (List[T], error) {
	if s.err != nil {
		return List[T]{}, s.err
	}
	size, err := page.size()
	if err != nil {
		return List[T]{}, err
	}
	from, err := parseCursor(s.eng.opts.CursorKey, s.actor.Tenant, query, page.Cursor, at)
	if err != nil {
		return List[T]{}, err
	}
	var out List[T]
	err = s.view(ctx, name, func(ctx context.Context, tx storage.Tx) error {
		rows, err := fetch(ctx, tx, from, size+1)
		if err != nil {
			return err
		}
		out = piece(s, query, rows, size, end)
		return nil
	})
	return out, err
}

// piece returns a page of rows, where an extra row means that there are more.
func piece[T any](s *Session, query any, rows []T, size int, end func(T) position) List[T] {
	if rows == nil {
		rows = []T{} // JSON has [], not null
	}
	if len(rows) <= size {
		return List[T]{Items: rows}
	}
	return List[T]{Items: rows[:size], Next: cursor(s.eng.opts.CursorKey, s.actor.Tenant, query, end(rows[size-1]))}
}

// all iterates over a whole list page by page. It isn't one snapshot: rows that
// move meanwhile may appear twice or not at all.
func all[T any](ctx context.Context, get func(context.Context, Page) (List[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		page := Page{Size: 500}
		for {
			l, err := get(ctx, page)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, x := range l.Items {
				if !yield(x, nil) {
					return
				}
			}
			if l.Next == "" {
				return
			}
			page.Cursor = l.Next
		}
	}
}

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
