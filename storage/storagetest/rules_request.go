package storagetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

func request(key, command string) storage.Request {
	return storage.Request{Tenant: "t", Key: key, Command: command, Fingerprint: [32]byte{1: 2}, Result: []byte(`{"by":"` + command + `"}`), Recorded: day}
}

func requestRules() []Rule {
	return []Rule{
		{"request/O13_taken", "overwrites a claim would run a repeated command twice", func(e *env) {
			e.do("the first claim", func(ctx context.Context, tx storage.Tx) error {
				ok, err := tx.Requests().Claim(ctx, request("k", "first"))
				same(e, "the first claim", []bool{ok}, []bool{true})
				return err
			})
			e.do("the second claim, and more in the same transaction", func(ctx context.Context, tx storage.Tx) error {
				ok, err := tx.Requests().Claim(ctx, request("k", "second"))
				same(e, "the second claim", []bool{ok}, []bool{false})
				if err != nil {
					return err
				}
				ok, err = tx.Requests().Claim(ctx, request("other", "second"))
				same(e, "a claim after a taken key", []bool{ok}, []bool{true})
				if err != nil {
					return err
				}
				ok, err = tx.Requests().Claim(ctx, request("other", "third"))
				same(e, "a claim of what the transaction claimed itself", []bool{ok}, []bool{false})
				return err
			})
			for key, command := range map[string]string{"k": "first", "other": "second"} {
				e.readBack("the request", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					r, err := tx.Requests().Find(ctx, "t", key)
					return r, request(key, command), err
				})
			}
		}},
		{"request/O13_other-keys", "doesn't look under the other keys, in their order, would run a command again that was done", func(e *env) {
			e.do("claims", func(ctx context.Context, tx storage.Tx) error {
				for _, key := range []string{"b", "c"} {
					if _, err := tx.Requests().Claim(ctx, request(key, "of "+key)); err != nil {
						return err
					}
				}
				return nil
			})
			for _, x := range [][]string{{"b", "c"}, {"c", "b"}, {"a", "c", "b"}, {"a", "b"}} {
				want := x[0]
				if want == "a" {
					want = x[1]
				}
				e.readBack("the request", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					r, err := tx.Requests().Find(ctx, "t", x[0], x[1:]...)
					return r, request(want, "of "+want), err
				})
			}
			e.do("keys that nobody has", func(ctx context.Context, tx storage.Tx) error {
				if _, err := tx.Requests().Find(ctx, "t", "x", "y"); !errors.Is(err, fault.ErrNotFound) {
					e.errorf("Find: %v, want ErrNotFound", err)
				}
				return nil
			})
		}},
		{"request/O13_rolled-back-claims-are-free", "keeps the claim of a command that failed would refuse it for ever", func(e *env) {
			err := e.update(func(ctx context.Context, tx storage.Tx) error {
				if _, err := tx.Requests().Claim(ctx, request("k", "failed")); err != nil {
					return err
				}
				return errRule
			})
			if !errors.Is(err, errRule) {
				e.errorf("Update: %v", err)
			}
			e.do("claiming again", func(ctx context.Context, tx storage.Tx) error {
				ok, err := tx.Requests().Claim(ctx, request("k", "again"))
				same(e, "the claim", []bool{ok}, []bool{true})
				return err
			})
		}},
		{"request/O13_concurrent-claims", "lets two concurrent claims both win would run a repeated command twice", func(e *env) {
			for _, key := range []string{"a", "b", "c", "d"} {
				var wg sync.WaitGroup
				var mu sync.Mutex
				won := 0
				for range 8 {
					wg.Go(func() {
						mine := false
						err := e.update(func(ctx context.Context, tx storage.Tx) (err error) {
							mine, err = tx.Requests().Claim(ctx, request(key, "c"))
							return err
						})
						mu.Lock()
						defer mu.Unlock()
						if err != nil {
							e.errorf("a concurrent claim: %v", err)
						} else if mine {
							won++
						}
					})
				}
				wg.Wait()
				if won != 1 {
					e.errorf("%d of 8 concurrent claims won, want 1", won)
				}
			}
		}},
	}
}

func numberRules() []Rule {
	take := func(e *env, series string, n int64) (first int64) {
		e.do("taking numbers", func(ctx context.Context, tx storage.Tx) (err error) {
			first, err = tx.Numbers().Take(ctx, "t", series, n)
			return err
		})
		return first
	}
	return []Rule{
		{"number/O01_blocks", "hands out overlapping blocks would give two deals one number", func(e *env) {
			if n := take(e, "opp", 1); n != 1 {
				e.errorf("the first number is %d, want 1", n)
			}
			next := int64(2)
			for _, n := range []int64{1, 5, 100_000, 1, 3} {
				first := take(e, "opp", n)
				if first < next {
					e.errorf("a block begins at %d, before %d", first, next)
				}
				next = first + n
			}
			if n := take(e, "Opp", 1); n != 1 {
				e.errorf("another series begins at %d, want 1", n)
			}
			e.do("several blocks in one transaction", func(ctx context.Context, tx storage.Tx) error {
				a, err := tx.Numbers().Take(ctx, "t", "opp", 10)
				if err != nil {
					return err
				}
				b, err := tx.Numbers().Take(ctx, "t", "opp", 10)
				if a < next || b < a+10 {
					e.errorf("blocks of ten begin at %d and %d, after %d", a, b, next)
				}
				return err
			})
		}},
		{"number/O01_back", "doesn't take unused numbers back would leave gaps, and one that takes used ones back would give two deals one number", func(e *env) {
			back := func(first, n int64) {
				e.do("giving numbers back", func(ctx context.Context, tx storage.Tx) error {
					return tx.Numbers().Back(ctx, "t", "opp", first, n)
				})
			}
			next := func(want int64) {
				if n := take(e, "opp", 1); n != want {
					e.errorf("the next number is %d, want %d", n, want)
				}
			}
			take(e, "Opp", 10)
			take(e, "opp", 10)
			back(8, 3) // 8, 9, 10
			next(8)
			back(9, 2) // 10 wasn't taken
			next(9)
			back(8, 1) // 9 was taken after it
			next(10)
			e.do("taking and giving back in one transaction", func(ctx context.Context, tx storage.Tx) error {
				first, err := tx.Numbers().Take(ctx, "t", "opp", 5)
				if err != nil {
					return err
				}
				return tx.Numbers().Back(ctx, "t", "opp", first, 5)
			})
			next(11)
			if n := take(e, "Opp", 1); n != 11 {
				e.errorf("another series goes on at %d, want 11", n)
			}
		}},
		{"number/O01_concurrent", "hands a number out twice under concurrency or after rollbacks would give two deals one number", func(e *env) {
			var wg sync.WaitGroup
			var mu sync.Mutex
			seen := map[int64]bool{}
			for w := range 8 {
				wg.Go(func() {
					rnd := rand.New(rand.NewPCG(uint64(w), 7))
					for range 12 {
						n := 1 + rnd.Int64N(3)
						fail := rnd.IntN(4) == 0
						var first int64
						err := e.update(func(ctx context.Context, tx storage.Tx) (err error) {
							first, err = tx.Numbers().Take(ctx, "t", "opp", n)
							if err == nil && fail {
								return errRule
							}
							return err
						})
						mu.Lock()
						if err != nil && !errors.Is(err, errRule) {
							e.errorf("taking numbers: %v", err)
						}
						for i := range n {
							if err == nil && seen[first+i] {
								e.errorf("number %d was handed out twice", first+i)
							}
							seen[first+i] = seen[first+i] || err == nil
						}
						mu.Unlock()
					}
				})
			}
			wg.Wait()
			if n := len(seen); n < 8*12/2 {
				e.errorf("only %d numbers were taken", n)
			}
		}},
	}
}
