package integration

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// outlet is a publisher that remembers what it got, and may refuse.
type outlet struct {
	mu     sync.Mutex
	got    []journal.Entry
	refuse func(journal.Entry) error
}

func (o *outlet) Publish(_ context.Context, e journal.Entry) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refuse != nil {
		if err := o.refuse(e); err != nil {
			return err
		}
	}
	o.got = append(o.got, e)
	return nil
}

// gaps says where an aggregate's entries didn't come in order: each first
// delivery must follow on the one before (J09).
func (o *outlet) gaps() (bad []string) {
	next := map[uuid.UUID]int64{}
	for _, e := range o.got {
		if want := next[e.Aggregate] + 1; e.Seq > want {
			bad = append(bad, e.Type)
		} else if e.Seq == want {
			next[e.Aggregate] = want
		}
	}
	return bad
}

func (o *outlet) ids() map[uuid.UUID]int {
	out := map[uuid.UUID]int{}
	for _, e := range o.got {
		out[e.ID]++
	}
	return out
}

func (w *tenant) relay(to pursuit.Publisher, opts *pursuit.RelayOptions) *pursuit.Relay {
	w.t.Helper()
	r, err := w.eng.Relay(w.called, to, opts)
	require.NoError(w.t, err)
	return r
}

// drained relays until nothing waits.
func drained(t *testing.T, r *pursuit.Relay) {
	t.Helper()
	for range 1000 {
		n, err := r.Once(context.Background())
		require.NoError(t, err)
		if n == 0 {
			require.NoError(t, r.Release(context.Background()))
			return
		}
	}
	t.Fatal("it never ends")
}

func (w *tenant) unrelayed() (list []journal.Entry) {
	w.t.Helper()
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		list, err = tx.Journal().Unrelayed(ctx, w.called, 100_000)
		return err
	}))
	return list
}

func TestJ09_EachEntryOnceInOrder(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		for range 5 {
			id := w.record().ID
			require.NoError(t, w.command(id, opportunity.CommandWin))
		}
		all := w.unrelayed()
		out := &outlet{}
		drained(t, w.relay(out, &pursuit.RelayOptions{Batch: 3}))
		require.Len(t, out.got, len(all))
		require.Empty(t, out.gaps())
		require.Len(t, out.ids(), len(all))
		require.Empty(t, w.unrelayed())

		// What is rolled back is never published, what comes later is.
		undo := errors.New("undo")
		err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			if _, err := b.Customers().Create(ctx, customer.CreateInput{Name: "Never"}); err != nil {
				return err
			}
			return undo
		})
		require.ErrorIs(t, err, undo)
		w.record()
		out.got = nil
		drained(t, w.relay(out, nil))
		require.Len(t, out.got, 1)
		require.Equal(t, opportunity.EventRecorded, out.got[0].Type)
	})
}

func TestJ09_ARefusedEntryHoldsItsAggregateBackAndNoOther(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		drained(t, w.relay(&outlet{}, nil))
		bad, good := w.record().ID, w.record().ID
		for range 3 {
			for _, id := range []uuid.UUID{bad, good} {
				_, err := w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Rating: ptr(1 + len(w.unrelayed())%5)})
				require.NoError(t, err)
			}
		}
		down, calls := true, 0
		out := &outlet{refuse: func(e journal.Entry) error {
			switch {
			case e.Aggregate != bad || !down:
				return nil
			case calls%2 == 0:
				calls++
				return errors.New("no route: SELECT secret")
			}
			calls++
			panic("host")
		}}
		r := w.relay(out, &pursuit.RelayOptions{Batch: 2})
		for range 12 {
			_, err := r.Once(w.ctx)
			if err != nil {
				require.ErrorIs(t, err, fault.ErrHost)
				require.NotContains(t, err.Error(), "secret")
			}
		}
		require.Len(t, out.got, 4, "the other aggregate went on, although refused ones fill a batch")
		require.Len(t, w.unrelayed(), 4)
		down = false
		drained(t, r)
		require.Len(t, out.got, 8)
		require.Empty(t, out.gaps())
	})
}

func TestJ09_AnIDThatRanAheadDoesNotChangeTheOrder(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		drained(t, w.relay(&outlet{}, nil))
		// The second engine's clock is behind: its ids are smaller than those of the
		// entries that it follows on.
		n := byte(0)
		behind, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, NewID: func() uuid.UUID {
			n++
			return uuid.UUID{0: 0x01, 6: 0x70, 8: 0x80, 14: 1, 15: n}
		}})
		require.NoError(t, err)
		id := w.record().ID
		late := behind.As(w.s.Actor())
		for i := range 3 {
			_, err := late.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Rating: ptr(1 + i)})
			require.NoError(t, err)
		}
		_, err = w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Rating: ptr(5)})
		require.NoError(t, err)
		out := &outlet{}
		drained(t, w.relay(out, &pursuit.RelayOptions{Batch: 1}))
		require.Empty(t, out.gaps())
		require.Len(t, out.ids(), 5)

		// The twin: a relay that trusts the order of ids.
		twin := &outlet{got: nil}
		for _, e := range w.journalByID(id) {
			require.NoError(t, twin.Publish(w.ctx, e))
		}
		require.NotEmpty(t, twin.gaps(), "what the check would find")
	})
}

// TestJ09_WhatStandsBeyondThePage lets ids run backwards in several ways, on pages
// of any size.
func TestJ09_WhatStandsBeyondThePage(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		round := byte(0)
		for _, ids := range [][]byte{{1, 9, 2}, {8, 9, 1}, {8, 9, 1, 7, 2}, {1, 9, 2, 8, 3}, {5, 4, 3, 2, 1}, {2, 9, 8, 1, 7}} {
			for batch := 1; batch <= 4; batch++ {
				deal := w.record()
				drained(t, w.relay(&outlet{}, nil))
				next := 0
				round++
				skewed, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, NewID: func() uuid.UUID {
					next++
					return uuid.UUID{0: 0x01, 6: 0x70, 8: 0x80, 14: round, 15: ids[next-1]}
				}})
				require.NoError(t, err)
				for i := range ids {
					_, err := skewed.As(w.s.Actor()).Opportunities().Update(w.ctx, deal.ID, opportunity.UpdateInput{Rating: ptr(1 + i)})
					require.NoError(t, err)
				}
				all, err := w.s.Opportunities().Journal(w.ctx, deal.ID)
				require.NoError(t, err)
				out := &outlet{got: all[:1:1]} // it went before
				drained(t, w.relay(out, &pursuit.RelayOptions{Batch: batch}))
				require.Empty(t, out.gaps(), "ids %v, pages of %d", ids, batch)
				require.Len(t, out.ids(), len(all))
				require.Empty(t, w.unrelayed())
			}
		}
	})
}

// journalByID gives a deal's entries in order of ids.
func (w *tenant) journalByID(id uuid.UUID) []journal.Entry {
	w.t.Helper()
	list, err := w.s.Opportunities().Journal(w.ctx, id)
	require.NoError(w.t, err)
	return append(list[1:4:4], list[0], list[4])
}

func TestJ09_OneRelayAtATime(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		out := &outlet{}
		first, second := w.relay(out, &pursuit.RelayOptions{Batch: 1, Lease: time.Hour}), w.relay(out, nil)
		n, err := first.Once(w.ctx)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		n, err = second.Once(w.ctx)
		require.NoError(t, err)
		require.Zero(t, n, "somebody else has the lease")
		w.now = w.now.Add(2 * time.Hour)
		drained(t, second)
		n, err = first.Once(w.ctx)
		require.NoError(t, err)
		require.Zero(t, n, "it was taken over")
		require.Empty(t, out.gaps())
		require.Empty(t, w.unrelayed())
	})
}

func TestJ09_RunWhileCommandsCommit(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		ctx, stop := context.WithCancel(w.ctx)
		out := &outlet{}
		fail := 0
		out.refuse = func(journal.Entry) error {
			if fail++; fail%7 == 0 {
				return errors.New("busy")
			}
			return nil
		}
		told := 0
		var mu sync.Mutex
		var relays sync.WaitGroup
		for range 2 {
			r := w.relay(out, &pursuit.RelayOptions{Batch: 5, Interval: time.Millisecond, Lease: time.Hour, OnError: func(err error) {
				mu.Lock()
				told++
				mu.Unlock()
				panic("the host's loss")
			}})
			relays.Go(func() {
				err := r.Run(ctx)
				if !errors.Is(err, fault.ErrCancelled) || !errors.Is(err, context.Canceled) {
					t.Errorf("Run: %v", err)
				}
			})
		}
		var writers sync.WaitGroup
		for range 3 {
			writers.Go(func() {
				for range 5 {
					r, err := w.s.Opportunities().Record(w.ctx, w.input())
					if err == nil {
						_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Rating: ptr(3)})
					}
					if err != nil {
						t.Errorf("writing: %v", err)
					}
				}
			})
		}
		writers.Wait()
		require.Eventually(t, func() bool { return len(w.unrelayed()) == 0 }, patience, 5*time.Millisecond)
		stop()
		relays.Wait()
		require.Empty(t, out.gaps())
		require.Positive(t, told)
		n, err := w.relay(out, nil).Once(w.ctx)
		require.NoError(t, err, "the lease was given back")
		require.Zero(t, n)
	})
}

func ptr[T any](v T) *T { return &v }
