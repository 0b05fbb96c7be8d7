package reliability

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// inside is a store whose transactions are all the same one.
type inside struct{ tx storage.Tx }

func (s inside) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return fn(ctx, s.tx)
}

func (s inside) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return fn(ctx, s.tx)
}

var errRehearsed = errors.New("rehearsed")

// rehearse lets fn work on a world in a transaction that is taken back.
func rehearse(ctx context.Context, store storage.Store, w *World, fn func(ctx context.Context, tx storage.Tx, w *World) error) error {
	err := store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		plain := struct{ storage.Tx }{tx} // writes aren't held back
		x, err := w.Inside(inside{plain}, nil)
		if err == nil {
			err = fn(ctx, plain, x)
		}
		if err == nil {
			err = errRehearsed
		}
		return err
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// known are the ids of a tenant's journal entries.
func known(ctx context.Context, tx storage.Tx, tenant string) (map[uuid.UUID]bool, error) {
	entries, err := tx.Journal().Unrelayed(ctx, tenant, 10_000_000)
	ids := map[uuid.UUID]bool{}
	for _, e := range entries {
		ids[e.ID] = true
	}
	return ids, err
}

// written gives the texts in all that a command changed, stored and told: what has
// entries that weren't known before.
func written(ctx context.Context, tx storage.Tx, tenant string, before map[uuid.UUID]bool) (map[string][]string, error) {
	entries, err := tx.Journal().Unrelayed(ctx, tenant, 10_000_000)
	out := map[string][]string{}
	seen := map[aggregate]bool{}
	for _, e := range entries {
		if before[e.ID] {
			continue
		}
		var payload any
		if err := json.Unmarshal(e.Payload, &payload); err != nil {
			return nil, err
		}
		texts(reflect.ValueOf(payload), "event "+e.Type, out)
		texts(reflect.ValueOf(e.Moment.By), "by", out)
		a := aggregate{e.Kind, e.Aggregate}
		if seen[a] {
			continue
		}
		seen[a] = true
		stored, gone := readAll(ctx, tx, tenant, a)
		if gone != nil {
			return nil, gone
		}
		for _, v := range stored {
			if v != nil {
				texts(reflect.ValueOf(v), string(a.kind), out)
			}
		}
	}
	return out, err
}

// readAll gives all that is stored of an aggregate.
func readAll(ctx context.Context, tx storage.Tx, tenant string, a aggregate) ([]any, error) {
	var v, u any
	var err, err2 error
	switch a.kind {
	case journal.KindOpportunity:
		v, err = tx.Opportunities().Get(ctx, tenant, a.id, opportunity.Load{Parts: opportunity.AllParts})
		u, err2 = tx.Opportunities().Ledger(ctx, tenant, a.id)
	case journal.KindCustomer:
		v, err = tx.Customers().Get(ctx, tenant, a.id, true)
	case journal.KindArchive:
		v, err = tx.Archives().Get(ctx, tenant, a.id)
		u, err2 = tx.Archives().ScorecardVersion(ctx, tenant, a.id, 0)
	case journal.KindOrder:
		v, _, err = tx.Orders().Get(ctx, tenant, a.id, true, "")
	case journal.KindQuote:
		v, _, err = tx.Quotes().Get(ctx, tenant, a.id, quote.Load{Items: true, Past: true})
	case journal.KindSales:
		v, err = tx.Orders().Settings(ctx, tenant)
	case journal.KindProcess:
		v, err = tx.Processes().Get(ctx, tenant, a.id)
		u, err2 = tx.Processes().Versions(ctx, tenant, a.id)
	}
	if errors.Is(err, fault.ErrNotFound) {
		v, err = nil, nil
	}
	if errors.Is(err2, fault.ErrNotFound) {
		u, err2 = nil, nil
	}
	return []any{v, u}, errors.Join(err, err2)
}
