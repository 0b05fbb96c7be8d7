package reliability

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// waiting are the entries that no relay has marked.
func waiting(ctx context.Context, p *Place, tenant string) (list []journal.Entry, err error) {
	err = p.Store.View(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		list, err = tx.Journal().Unrelayed(ctx, tenant, 10_000_000)
		return err
	})
	return list, err
}

// relayedWell checks what relays did to entries that had waited: those that are
// marked were told, and the rest is told by the next relay, each aggregate's in
// order. The next one takes over at once, or after the lease. The journal is as
// it was.
func relayedWell(ctx context.Context, p *Place, x *World, before []journal.Entry, atOnce bool) error {
	left, err := waiting(ctx, p, x.Tenant)
	if err != nil {
		return err
	}
	waits, told := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, e := range left {
		waits[e.ID] = true
	}
	for _, e := range x.told {
		told[e.ID] = true
	}
	for _, e := range before {
		if !waits[e.ID] && !told[e.ID] {
			return fmt.Errorf("%s %d is marked, and nobody was told of it", e.Type, e.Seq)
		}
	}
	if !atOnce {
		x.later += 5 * time.Minute
	}
	next, err := x.Inside(p.Store, nil)
	if err != nil {
		return err
	}
	if _, err := next.relayed(ctx); err != nil {
		return fmt.Errorf("the next relay: %w", err)
	}
	seq := map[aggregate]int64{}
	for _, e := range next.told {
		told[e.ID] = true
		a := aggregate{e.Kind, e.Aggregate}
		if e.Seq > seq[a]+1 {
			return fmt.Errorf("%s %d was told before what it follows on", e.Type, e.Seq)
		}
		seq[a] = max(seq[a], e.Seq)
	}
	for _, e := range before {
		if !told[e.ID] {
			return fmt.Errorf("%s %d was lost: the next relay didn't tell it", e.Type, e.Seq)
		}
	}
	if left, err = waiting(ctx, p, x.Tenant); err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("%d entries wait after the next relay", len(left))
	}
	return journalHas(ctx, p, x.Tenant, before)
}

// journalHas checks that entries are stored as they were.
func journalHas(ctx context.Context, p *Place, tenant string, list []journal.Entry) error {
	return p.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		for _, e := range list {
			got, err := tx.Journal().Entries(ctx, tenant, e.Kind, e.Aggregate, e.Seq-1, 1)
			if err != nil {
				return err
			}
			if len(got) != 1 {
				return fmt.Errorf("%s %d is gone", e.Type, e.Seq)
			}
			if err := equal("entry", got[0], e); err != nil {
				return err
			}
		}
		return nil
	})
}

// hasty is a relay with a bug: it marks entries before it tells them.
var hasty = &trial{"Relay.Once", deal, func(ctx context.Context, w *World, _ uuid.UUID) (a reply) {
	var list []journal.Entry
	a.err = w.store.Update(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if list, err = tx.Journal().Unrelayed(ctx, w.Tenant, 100); err != nil {
			return err
		}
		var ids []uuid.UUID
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		return tx.Journal().MarkRelayed(ctx, w.Tenant, ids)
	})
	for _, e := range list {
		if a.err == nil {
			a.err = w.store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Journal().Entries(ctx, w.Tenant, e.Kind, e.Aggregate, e.Seq-1, 1)
				return err
			})
		}
		if a.err == nil {
			w.told = append(w.told, e)
		}
	}
	if a.err != nil {
		a.err = fault.Wrap(fault.ErrInternal, "relay.failed", "failed", a.err)
	}
	return a
}, relaying, nil}
