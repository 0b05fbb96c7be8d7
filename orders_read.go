package pursuit

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// Get returns an order with its lines and execution events. Errors: ErrNotFound,
// also if the actor may not see it.
func (h Orders) Get(ctx context.Context, id uuid.UUID) (order.Snapshot, error) {
	var out order.Snapshot
	err := h.s().view(ctx, "orders.get", func(ctx context.Context, tx storage.Tx) (err error) {
		out, _, err = h.s().loadOrder(ctx, tx, id, true, access.OrderRead)
		return err
	})
	if err != nil {
		return order.Snapshot{}, err
	}
	return out, nil
}

// ByNumber returns an order by its number. Errors as for Get; ErrInvalid.
func (h Orders) ByNumber(ctx context.Context, number string) (order.Snapshot, error) {
	if err := numberOf(number, "order.number.invalid"); err != nil {
		return order.Snapshot{}, err
	}
	var out order.Snapshot
	err := h.s().view(ctx, "orders.by_number", func(ctx context.Context, tx storage.Tx) error {
		list, err := h.s().system(tx).List(ctx, h.s().actor.Tenant, order.Query{Scope: access.Scope{All: true}, Number: number, Limit: 1})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.NotFound("order.not_found")
		}
		out, _, err = h.s().loadOrder(ctx, tx, list[0].ID, true, access.OrderRead)
		return err
	})
	if err != nil {
		return order.Snapshot{}, err
	}
	return out, nil
}

// OrderQuery selects orders; zero fields select all.
type OrderQuery struct {
	Statuses    []order.Status `json:"statuses,omitzero"`
	Opportunity uuid.UUID      `json:"opportunity,omitzero"`
	Customer    uuid.UUID      `json:"customer,omitzero"`
}

func (q OrderQuery) validate() error {
	var f fault.Fields
	checkStatuses(&f, q.Statuses, len(order.Statuses()))
	return f.Invalid("query.invalid")
}

// checkStatuses checks a filter's statuses: a list longer than there are statuses
// is one fault, otherwise each unknown status is one.
func checkStatuses[S interface{ Valid() bool }](f *fault.Fields, list []S, most int) {
	if len(list) > most {
		f.Add("/statuses", "too_many", "names more statuses than there are")
		return
	}
	for i, s := range list {
		if !s.Valid() {
			f.Add(fault.Index("/statuses", i), "unknown", "is not a status")
		}
	}
}

// List returns a page of the orders that the actor may see, by number (J02).
// Errors: ErrInvalid.
func (h Orders) List(ctx context.Context, q OrderQuery, page Page) (List[order.Root], error) {
	if err := q.validate(); err != nil {
		return List[order.Root]{}, err
	}
	sc, err := h.s().scope(ctx, access.Orders)
	if err != nil {
		return List[order.Root]{}, err
	}
	return list(ctx, h.s(), "orders.list", page, q, byText, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]order.Root, error) {
		if _, err := h.s().sales(ctx, tx); err != nil {
			return nil, err
		}
		oq := order.Query{Scope: sc, Statuses: q.Statuses, Opportunity: q.Opportunity, Customer: q.Customer, AfterNumber: from.Key, Limit: limit}
		return rowsOf(ctx, h.s(), tx, func() ([]order.Root, error) { return h.s().system(tx).List(ctx, h.s().actor.Tenant, oq) }, &oq.Customer)
	}, func(r order.Root) position { return position{r.Number, r.ID} })
}

// All iterates over all orders that a query selects, page by page. Errors as for
// List.
func (h Orders) All(ctx context.Context, q OrderQuery) iter.Seq2[order.Root, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[order.Root], error) { return h.List(ctx, q, p) })
}

// ByOpportunity iterates over the orders of an opportunity, by number: none if
// the actor sees none. Errors as for List.
func (h Orders) ByOpportunity(ctx context.Context, id uuid.UUID) iter.Seq2[order.Root, error] {
	if id == uuid.Nil { // it would select all
		id = uuid.Max
	}
	return h.All(ctx, OrderQuery{Opportunity: id})
}

// Journal returns the verified journal of an order (J06). Errors as for Get;
// ErrForbidden; ErrCorrupt if the journal was tampered with.
func (h Orders) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	var out []journal.Entry
	err := h.s().view(ctx, "orders.journal", func(ctx context.Context, tx storage.Tx) error {
		snap, _, err := h.s().loadOrder(ctx, tx, id, false, access.JournalRead)
		if err != nil {
			return err
		}
		out, err = h.s().chain(ctx, tx, journal.KindOrder, id, snap.Head)
		return err
	})
	return out, err
}

// chain reads the whole journal of an aggregate and verifies it (J06).
func (s *Session) chain(ctx context.Context, tx storage.Tx, kind journal.Kind, id uuid.UUID, head journal.Head) ([]journal.Entry, error) {
	out, err := s.entries(ctx, tx, kind, id)
	if err == nil {
		err = journal.Verify(out, head)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// entries reads the whole journal of an aggregate.
func (s *Session) entries(ctx context.Context, tx storage.Tx, kind journal.Kind, id uuid.UUID) ([]journal.Entry, error) {
	const page = 1000
	var out []journal.Entry
	for {
		var after int64
		if len(out) > 0 {
			after = out[len(out)-1].Seq
		}
		more, err := tx.Journal().Entries(ctx, s.actor.Tenant, kind, id, after, page)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
		if len(more) < page {
			return out, nil
		}
	}
}
