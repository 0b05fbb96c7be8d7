package integration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// numbered is how one of a sort with numbers is made of a deal, and refused.
type numbered struct {
	prefix string
	// on brings about what one is made of.
	on           func(w *tenant) uuid.UUID
	make, refuse func(ctx context.Context, w *tenant, s *pursuit.Session, id uuid.UUID) (pursuit.Result, error)
}

var numberedSorts = []numbered{
	{"OPP", func(*tenant) uuid.UUID { return uuid.Nil },
		func(ctx context.Context, w *tenant, s *pursuit.Session, _ uuid.UUID) (pursuit.Result, error) {
			return s.Opportunities().Record(ctx, w.input())
		},
		func(ctx context.Context, w *tenant, s *pursuit.Session, _ uuid.UUID) (pursuit.Result, error) {
			in := w.input()
			in.Name = ""
			return s.Opportunities().Record(ctx, in)
		}},
	{"QUO", func(w *tenant) uuid.UUID { ready(w); return deal(w) },
		func(ctx context.Context, _ *tenant, s *pursuit.Session, id uuid.UUID) (pursuit.Result, error) {
			return s.Quotes().Create(ctx, id, quote.CreateInput{})
		},
		func(ctx context.Context, _ *tenant, s *pursuit.Session, id uuid.UUID) (pursuit.Result, error) {
			return s.Quotes().Create(ctx, id, quote.CreateInput{Terms: strings.Repeat("x", 100_000)})
		}},
	{"ORD", func(w *tenant) uuid.UUID { ready(w); return w.won() },
		func(ctx context.Context, _ *tenant, s *pursuit.Session, id uuid.UUID) (pursuit.Result, error) {
			return s.Orders().Create(ctx, id, order.CreateInput{})
		},
		func(ctx context.Context, _ *tenant, s *pursuit.Session, id uuid.UUID) (pursuit.Result, error) {
			return s.Orders().Create(ctx, id, order.CreateInput{Reference: strings.Repeat("x", 1000)})
		}},
}

// ready makes the sales system ready unless it is.
func ready(w *tenant) {
	if st, err := w.s.SalesSystem().Settings(w.ctx); err == nil && !st.Initialised {
		w.selling()
	}
}

// TestO01_OnlyWhatIsMadeUsesANumber: refusals, batches of one, what rolls back, and
// engines that begin anew leave no gap.
func TestO01_OnlyWhatIsMadeUsesANumber(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, x := range numberedSorts {
			t.Run(x.prefix, func(t *testing.T) {
				w := newTenant(t)
				next := 1
				made := func(r pursuit.Result, err error) {
					t.Helper()
					require.NoError(t, err)
					require.Equal(t, fmt.Sprintf("%s-2026-%06d", x.prefix, next), r.Number)
					next++
				}
				refused := func(r pursuit.Result, err error) {
					t.Helper()
					require.ErrorIs(t, err, fault.ErrInvalid)
				}
				gone := errors.New("gone")
				deals := make([]uuid.UUID, 20)
				maker := w.s
				if x.prefix != "OPP" {
					for i := range deals {
						deals[i] = x.on(w)
					}
				}
				of := func() uuid.UUID { d := deals[0]; deals = deals[1:]; return d }
				again := func() *pursuit.Session {
					require.NoError(t, w.eng.ReleaseNumbers(w.ctx))
					w.eng = w.engine(nil)
					maker = w.eng.As(w.s.Actor())
					return maker
				}
				refused(x.refuse(w.ctx, w, maker, deals[0]))
				made(x.make(w.ctx, w, maker, of()))
				refused(x.refuse(w.ctx, w, maker, deals[0]))
				made(x.make(w.ctx, w, again(), of())) // after a restart
				require.NoError(t, w.eng.ReleaseNumbers(w.ctx))
				for range 3 { // batches of one
					require.NoError(t, maker.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
						refused(x.refuse(ctx, w, b, deals[0]))
						made(x.make(ctx, w, b, of()))
						refused(x.refuse(ctx, w, b, deals[0]))
						return nil
					}))
					require.NoError(t, w.eng.ReleaseNumbers(w.ctx))
				}
				require.NoError(t, w.eng.ReleaseNumbers(w.ctx))
				require.ErrorIs(t, maker.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
					if _, err := x.make(ctx, w, b, deals[0]); err != nil {
						return err
					}
					return gone
				}), gone)
				require.NoError(t, maker.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
					for range 5 {
						made(x.make(ctx, w, b, of()))
					}
					return nil
				}))
				for _, commit := range []bool{false, true} {
					tx := w.host()
					s := w.eng.In(tx.bound).As(w.s.Actor())
					refused(x.refuse(w.ctx, w, s, deals[0]))
					require.NoError(t, tx.bound.Err())
					if !commit {
						_, err := x.make(w.ctx, w, s, deals[0])
						require.NoError(t, err)
						require.NoError(t, tx.rollback())
						continue
					}
					made(x.make(w.ctx, w, s, of()))
					refused(x.refuse(w.ctx, w, s, deals[0]))
					require.NoError(t, s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
						for range 3 {
							made(x.make(ctx, w, b, of()))
						}
						return nil
					}))
					require.NoError(t, tx.commit())
				}
				require.NoError(t, w.eng.ReleaseNumbers(w.ctx))
				made(x.make(w.ctx, w, again(), of()))
			})
		}
	})
}

// TestO01_NumbersSideBySide: engines and goroutines side by side get no number
// twice, and leave no more unused than they hold.
func TestO01_NumbersSideBySide(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		const engines, each, deals = 2, 4, 12
		var mu sync.Mutex
		seen := map[string]int{}
		var wg sync.WaitGroup
		for range engines {
			eng := w.engine(nil)
			for range each {
				wg.Go(func() {
					for range deals {
						r, err := eng.As(w.s.Actor()).Opportunities().Record(w.ctx, w.input())
						mu.Lock()
						if err == nil {
							seen[r.Number]++
						} else {
							t.Errorf("%v", err)
						}
						mu.Unlock()
					}
				})
			}
		}
		wg.Wait()
		require.Len(t, seen, engines*each*deals)
		var last int64
		require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) (err error) {
			last, err = tx.Numbers().Take(ctx, "acme", "OPP-2026", 1)
			return err
		}))
		require.LessOrEqual(t, last-1, int64(engines*each*deals+engines*64))
	})
}

// TestO01_TheTwin: with a store that keeps what is given back there are gaps.
func TestO01_TheTwin(t *testing.T) {
	t.Parallel()
	w := tenantOn(t, leaky{memory.New()}, nil)
	require.NoError(t, w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
		for range 5 {
			if _, err := b.Opportunities().Record(ctx, w.input()); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NotEqual(t, "OPP-2026-000006", w.record().Number)
}

type leaky struct{ storage.Store }

func (l leaky) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return l.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, leakyTx{tx}) })
}

type leakyTx struct{ storage.Tx }

func (t leakyTx) Numbers() storage.Numbers { return leakyNumbers{t.Tx.Numbers()} }

type leakyNumbers struct{ storage.Numbers }

func (leakyNumbers) Back(context.Context, string, string, int64, int64) error { return nil }
