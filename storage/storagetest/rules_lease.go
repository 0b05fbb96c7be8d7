package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// take tries to take a lease of a minute.
func (e *env) take(tenant, name, holder string, now time.Time) (got bool) {
	e.t.Helper()
	e.do("taking a lease", func(ctx context.Context, tx storage.Tx) (err error) {
		got, err = tx.Leases().Take(ctx, storage.Lease{Tenant: tenant, Name: name, Holder: holder, Until: now.Add(time.Minute)}, now)
		return err
	})
	return got
}

func leaseRules() []Rule {
	return []Rule{
		{"lease/J09_one-holder", "gives a lease to two would let two relays publish side by side, out of order", func(e *env) {
			late := day.Add(time.Minute)
			for i, x := range []struct {
				tenant, name, holder string
				now                  time.Time
				want                 bool
			}{
				{"t", "relay", "a", day, true},
				{"t", "relay", "b", day, false},
				{"t", "relay", "b", late.Add(-time.Microsecond), false},
				{"t", "relay", "a", day.Add(time.Second), true}, // until a second later
				{"t", "relay", "b", late, false},
				{"t", "relay", "A", late, false}, // names differ by case
				{"u", "relay", "b", day, true},
				{"t", "Relay", "b", day, true},
				{"t", "relay", "b", late.Add(time.Second), true}, // it expired
				{"t", "relay", "a", late.Add(time.Second), false},
			} {
				same(e, fmt.Sprintf("case %d", i), []bool{e.take(x.tenant, x.name, x.holder, x.now)}, []bool{x.want})
			}
		}},
		{"lease/J09_release", "frees what somebody else has, or keeps what was given back, would stop a relay, or double it", func(e *env) {
			release := func(holder string) {
				e.do("giving back", func(ctx context.Context, tx storage.Tx) error { return tx.Leases().Release(ctx, "t", "relay", holder) })
			}
			release("a")
			e.take("t", "relay", "a", day)
			release("b")
			same(e, "after somebody else's", []bool{e.take("t", "relay", "b", day)}, []bool{false})
			release("a")
			same(e, "after its own", []bool{e.take("t", "relay", "b", day)}, []bool{true})
			_ = e.update(func(ctx context.Context, tx storage.Tx) error {
				if err := tx.Leases().Release(ctx, "t", "relay", "b"); err != nil {
					return err
				}
				return errRule
			})
			same(e, "after a rollback", []bool{e.take("t", "relay", "c", day)}, []bool{false})
		}},
		{"lease/J09_concurrent", "locks the row but doesn't guard it would let several in at once", func(e *env) {
			for round := range 10 {
				var mu sync.Mutex
				var wg sync.WaitGroup
				var holders []string
				name := fmt.Sprint("lease ", round)
				for i := range 6 {
					wg.Go(func() {
						holder := fmt.Sprint("h", i)
						got := false
						err := e.update(func(ctx context.Context, tx storage.Tx) (err error) {
							got, err = tx.Leases().Take(ctx, storage.Lease{Tenant: "t", Name: name, Holder: holder, Until: day.Add(time.Minute)}, day)
							return err
						})
						mu.Lock()
						defer mu.Unlock()
						switch {
						case err == nil && got:
							holders = append(holders, holder)
						case err != nil && !errors.Is(err, fault.ErrRetry):
							e.errorf("taking: %v", err)
						}
					})
				}
				wg.Wait()
				if len(holders) > 1 {
					e.errorf("round %d: %v hold it", round, holders)
				}
			}
		}},
	}
}
