package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// followed is the longest chain of aliases: longer than any real one, so a circle
// is detected.
const followed = 1000

// survivorOf follows an alias to its survivor (C08).
func survivorOf(ctx context.Context, r customer.Repository, tenant string, rec customer.Record, contacts bool) (customer.Record, error) {
	for n := 0; rec.Customer.IsAlias(); n++ {
		if n == followed {
			return customer.Record{}, fault.New(fault.ErrCorrupt, "customer.alias", "an alias leads nowhere")
		}
		var err error
		if rec, err = r.Get(ctx, tenant, rec.Customer.MergedInto, contacts); err != nil {
			return customer.Record{}, err
		}
	}
	return rec, nil
}

// resolving runs a query about customers and, if it finds nothing, runs it again
// with survivors in place of aliases, because the dependents of an alias moved to
// its survivor (C08). Only a query without a result takes more statements.
func (s *Session) resolving(ctx context.Context, tx storage.Tx, ask func() (found bool, err error), ids ...*uuid.UUID) error {
	found, err := ask()
	if found || err != nil {
		return err
	}
	var named []uuid.UUID
	for _, id := range ids {
		if *id != uuid.Nil && *id != uuid.Max {
			named = append(named, *id)
		}
	}
	if len(named) == 0 {
		return nil
	}
	list, err := tx.Customers().Named(ctx, s.actor.Tenant, named)
	if err != nil {
		return err
	}
	replaced, err := s.unaliased(ctx, tx, list, ids...)
	if replaced && err == nil {
		_, err = ask()
	}
	return err
}

// rowsOf is resolving for a query that returns rows.
func rowsOf[T any](ctx context.Context, s *Session, tx storage.Tx, ask func() ([]T, error), ids ...*uuid.UUID) (rows []T, err error) {
	err = s.resolving(ctx, tx, func() (bool, error) {
		rows, err = ask()
		return len(rows) > 0, err
	}, ids...)
	return rows, err
}

// unaliased replaces aliases by their survivors, in a list and in the ids that
// name them, and reports whether it replaced an id. An id may be nil.
func (s *Session) unaliased(ctx context.Context, tx storage.Tx, list []customer.Customer, ids ...*uuid.UUID) (replaced bool, err error) {
	for i := range list {
		x := &list[i]
		if !x.IsAlias() {
			continue
		}
		rec, err := survivorOf(ctx, tx.Customers(), s.actor.Tenant, customer.Record{Customer: *x}, false)
		if err != nil {
			return false, err
		}
		for _, id := range ids {
			if id != nil && *id == x.ID {
				*id, replaced = rec.Customer.ID, true
			}
		}
		*x = rec.Customer
	}
	return replaced, nil
}
