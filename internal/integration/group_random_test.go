package integration

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestGroupStoresWhatItAcknowledges: 16 callers, of whom about a third end badly.
// What was acknowledged is stored, nothing else is, and whatever the members of a
// group counted together has no holes.
func TestGroupStoresWhatItAcknowledges(t *testing.T) {
	g := newGrouped(t, nil)
	before := runtime.NumGoroutine()
	const callers, each = 16, 60
	var mu sync.Mutex
	want := map[string]int64{}
	var numbers []int64
	failed := map[string]int{}
	var wg sync.WaitGroup
	for w := range callers {
		rnd := rand.New(rand.NewPCG(7, uint64(w)))
		wg.Go(func() {
			for i := range each {
				name := fmt.Sprintf("%d-%d", w, i)
				if k := rnd.IntN(3 * len(bad)); k < len(bad) {
					err := ended(g.store, bad[k].make(name))
					mu.Lock()
					failed[bad[k].name]++
					if !errors.Is(err, bad[k].want) {
						t.Errorf("%s: %v", bad[k].name, err)
					}
					mu.Unlock()
					continue
				}
				var n int64
				err := g.store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) (err error) {
					if n, err = tx.Numbers().Take(ctx, "acme", "all", 1); err != nil {
						return err
					}
					return takes(name)(ctx, tx)
				})
				mu.Lock()
				if err != nil {
					t.Error(err)
				}
				numbers = append(numbers, n)
				want[name], want[name+"'"] = 1, 1
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	want["all"] = int64(len(numbers))
	require.Equal(t, want, g.stored())
	seen := map[int64]bool{}
	for _, n := range numbers {
		require.False(t, seen[n] || n < 1 || n > int64(len(numbers)), "%d", n)
		seen[n] = true
	}
	require.Len(t, failed, len(bad), "each bad end was met")
	require.Greater(t, len(numbers), callers*each/2)
	require.Less(t, g.commits.Load(), int64(len(numbers))/2, "they shared")
	require.Zero(t, g.db.Stats().InUse)
	require.LessOrEqual(t, g.db.Stats().OpenConnections, 4)
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// TestGroupKeepsTheTurn: contexts end while callers wait for their turn, get it,
// or have it. The turn is never lost, and who was told of an end left nothing.
func TestGroupKeepsTheTurn(t *testing.T) {
	g := newGrouped(t, nil)
	var mu sync.Mutex
	want := map[string]int64{}
	given := 0
	var wg sync.WaitGroup
	for w := range 16 {
		rnd := rand.New(rand.NewPCG(11, uint64(w)))
		wg.Go(func() {
			for i := range 100 {
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rnd.IntN(4000))*time.Microsecond)
				name := fmt.Sprintf("%d-%d", w, i)
				err := g.store.Update(ctx, takes(name))
				cancel()
				mu.Lock()
				if err == nil {
					want[name], want[name+"'"] = 1, 1
				} else if given++; !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	over := make(chan struct{})
	go func() { wg.Wait(); close(over) }()
	select {
	case <-over:
	case <-time.After(patience):
		t.Fatal("the turn is lost")
	}
	require.NotEmpty(t, want)
	require.NotZero(t, given)
	require.Equal(t, want, g.stored())
	require.Zero(t, g.db.Stats().InUse)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, g.store.Update(ctx, takes("last")), "the turn is there")
}

// ended is what an Update gives, also if its closure panics or ends its
// goroutine.
func ended(store storage.Store, c caller) error {
	if c.ctx == nil {
		c.ctx = context.Background()
	}
	done := make(chan error, 1)
	go func() {
		err := errGone
		defer func() {
			if recover() != nil {
				err = errPanicked
			}
			done <- err
		}()
		err = store.Update(c.ctx, c.fn)
	}()
	return <-done
}

// TestGroupLosesNoUpdate: the version is the number of acknowledged updates, with
// commands of a session, which repeats what the store gave up.
func TestGroupLosesNoUpdate(t *testing.T) {
	g := newGrouped(t, nil)
	f := newFirm(t, g.store)
	ctx := context.Background()
	c, err := f.s.Customers().Create(ctx, customer.CreateInput{Name: "Northwind", Status: customer.Active})
	require.NoError(t, err)
	r, err := f.s.Opportunities().Record(ctx, f.deal(c.ID))
	require.NoError(t, err)
	before := g.commits.Load()
	var mu sync.Mutex
	acknowledged, refused := int64(0), 0
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := range 25 {
				text := fmt.Sprint(w, "-", i)
				in := opportunity.UpdateInput{Description: &text}
				if i%5 == 4 {
					low := -1
					in.Rating = &low
				}
				_, err := f.s.Opportunities().Update(ctx, r.ID, in)
				mu.Lock()
				switch {
				case err == nil:
					acknowledged++
				case errors.Is(err, fault.ErrInvalid):
					refused++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 16*5, refused)
	s, err := f.s.Opportunities().Get(ctx, r.ID, opportunity.AllParts)
	require.NoError(t, err)
	require.Equal(t, r.Version+acknowledged, s.Version)
	require.Less(t, g.commits.Load()-before, acknowledged)
	var entries int64
	require.NoError(t, g.db.QueryRow("SELECT COUNT(*) FROM pursuit_journal WHERE aggregate_id = ?", r.ID[:]).Scan(&entries))
	require.GreaterOrEqual(t, entries, acknowledged, "each left its entry")
}
