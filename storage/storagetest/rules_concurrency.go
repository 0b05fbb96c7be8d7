package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/storage"
)

const workers, rounds = 8, 10

// bump increments a counter that the opportunity keeps as an attribute, in the
// way of a command: read, decide, write the next state. entry returns the
// journal's entry.
func (e *env) bump(id uuid.UUID, entry func(s *opportunity.Snapshot) journal.Entry) error {
	for {
		err := e.update(func(ctx context.Context, tx storage.Tx) error {
			rec, err := tx.Opportunities().Get(ctx, "t", id, opportunity.Load{})
			if err != nil {
				return err
			}
			s := rec.Snapshot
			n, _ := strconv.Atoi(s.Attributes["n"])
			c := opportunity.Change{Expected: s.Version}
			s.Attributes = map[string]string{"n": strconv.Itoa(n + 1)}
			s.Version++
			c.Entries = []journal.Entry{entry(&s)}
			c.Root = s.Root
			return tx.Opportunities().Save(ctx, c)
		})
		if !errors.Is(err, fault.ErrConflict) {
			return err
		}
	}
}

func concurrencyRules() []Rule {
	return []Rule{
		{"concurrency/O11_no-lost-updates", "loses a concurrent update would lose what somebody typed, and was told is saved", func(e *env) {
			b := e.open("t")
			s := b.record()
			var mu sync.Mutex
			entry := func(s *opportunity.Snapshot) journal.Entry {
				mu.Lock()
				defer mu.Unlock()
				return e.entry("t", journal.KindOpportunity, s.ID, s.Version, &s.Head)
			}
			var wg sync.WaitGroup
			for range workers {
				wg.Go(func() {
					for range rounds {
						if err := e.bump(s.ID, entry); err != nil {
							e.errorf("a concurrent change: %v", err)
							return
						}
					}
				})
			}
			wg.Wait()
			got := b.get(s.ID)
			same(e, "the counter", []string{got.Attributes["n"]}, []string{strconv.Itoa(workers * rounds)})
			same(e, "the version", []int64{got.Version}, []int64{1 + workers*rounds})
			e.entriesAre("t", journal.KindOpportunity, s.ID, 1+workers*rounds)
			e.look("verifying", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Journal().Entries(ctx, "t", journal.KindOpportunity, s.ID, 0, 1000)
				if err != nil {
					return err
				}
				if err := journal.Verify(list, got.Head); err != nil {
					e.errorf("the journal's chain is broken: %v", err)
				}
				return nil
			})
		}},
		{"concurrency/view-is-consistent", "shows a View two states would sum a deal before and another one after the same change", func(e *env) {
			b := e.open("t")
			one, two := b.record(func(s *opportunity.Snapshot) { s.Owner = "one" }), b.record(func(s *opportunity.Snapshot) { s.Owner = "two" })
			for i := range int64(3) {
				cx := b.change(one, func(s *opportunity.Snapshot) { s.Estimated = yuan(1100 + i) })
				cy := b.change(two, func(s *opportunity.Snapshot) { s.Estimated = yuan(900 - i) })
				e.split("the sum over both deals", func(ctx context.Context, tx storage.Tx, pause func()) error {
					sum := int64(0)
					for _, owner := range []string{"one", "two"} {
						buckets, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: everyDeal().Scope, Filter: opportunity.Filter{Owner: owner}})
						if err != nil {
							return err
						}
						for _, x := range buckets {
							sum += x.Amount
						}
						pause()
					}
					if sum != 2000 {
						return fmt.Errorf("a View sees %d in all, want 2000", sum)
					}
					return nil
				}, func(ctx context.Context, tx storage.Tx) error {
					if err := tx.Opportunities().Save(ctx, cx); err != nil {
						return err
					}
					return tx.Opportunities().Save(ctx, cy)
				})
			}
		}},
		{"concurrency/J08_readers-see-whole-commands", "shows a deal without its ledger or journal would break whatever compares them", func(e *env) {
			b := e.open("t")
			s := b.record()
			for i := range 3 {
				at := s.Created.Add(time.Duration(i+1) * time.Microsecond)
				c := b.booked(s, at, at, func(s *opportunity.Snapshot) { s.Probability = 10 * i })
				e.split("a deal with ledger and journal", func(ctx context.Context, tx storage.Tx, pause func()) error {
					rec, err := tx.Opportunities().Get(ctx, "t", c.Root.ID, opportunity.Load{})
					if err != nil {
						return err
					}
					pause()
					rows, err := tx.Opportunities().Ledger(ctx, "t", c.Root.ID)
					if err != nil {
						return err
					}
					list, err := tx.Journal().Entries(ctx, "t", journal.KindOpportunity, c.Root.ID, 0, 1000)
					if err != nil {
						return err
					}
					r := rec.Snapshot
					if int64(len(rows)) != r.Version || int64(len(list)) != r.Version || list[len(list)-1].Hash != r.Head.Hash {
						return fmt.Errorf("version %d with %d ledger rows and %d journal entries", r.Version, len(rows), len(list))
					}
					return nil
				}, saveDeal(c))
			}
		}},
	}
}

// split runs a View that pauses between its statements; another write begins in
// the first pause. The View continues once that is committed, or after a moment
// if the store makes writers wait for readers.
func (e *env) split(what string, view func(ctx context.Context, tx storage.Tx, pause func()) error, write func(context.Context, storage.Tx) error) {
	e.t.Helper()
	written := make(chan error, 1)
	begun := false
	pause := func() {
		if begun {
			return
		}
		begun = true
		done := make(chan struct{})
		go func() {
			defer close(done)
			written <- e.update(write)
		}()
		select {
		case <-done:
		case <-time.After(50 * time.Millisecond):
		}
	}
	err := e.store.View(e.ctx, func(ctx context.Context, tx storage.Tx) error { return view(ctx, tx, pause) })
	if err != nil {
		e.errorf("%s: %v", what, err)
	}
	if !begun {
		return
	}
	if err := <-written; err != nil {
		e.errorf("writing beside a View: %v", err)
	}
}
