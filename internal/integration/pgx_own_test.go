package integration

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// cuts breaks connections when it is armed.
type cuts struct{ mode atomic.Int32 }

const (
	whole int32 = iota
	beforeSending
	beforeTheAnswer
)

func (c *cuts) config(cfg *pgxpool.Config) {
	dial := cfg.ConnConfig.DialFunc
	cfg.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		return &cut{Conn: conn, cuts: c}, err
	}
}

type cut struct {
	net.Conn
	*cuts
	sent atomic.Bool
}

func (c *cut) Write(b []byte) (int, error) {
	switch c.mode.Load() {
	case beforeSending:
		_ = c.Close()
		return 0, io.ErrClosedPipe
	case beforeTheAnswer:
		c.sent.Store(true)
	}
	return c.Conn.Write(b)
}

func (c *cut) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b) // the server is done
	if c.sent.Load() {
		_ = c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// TestPgxCommitThatGetsNoAnswer: the connection is lost while COMMIT, by itself or
// with what it commits, is on its way; the RequestID tells afterwards what became
// of it.
func TestPgxCommitThatGetsNoAnswer(t *testing.T) {
	t.Parallel()
	c := &cuts{}
	p := pgxPool(t, c.config, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec }) // no trip to prepare
	store := onPgx(t, p)
	find := func(key string) bool {
		found := false
		require.NoError(t, store.View(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Find(ctx, "acme", key)
			found = err == nil
			return nil
		}), "the pool goes on")
		return found
	}
	for _, late := range []bool{false, true} {
		for _, first := range []bool{false, true} {
			for _, mode := range []int32{beforeSending, beforeTheAnswer} {
				if first && !late {
					continue // there is nothing that COMMIT could come with
				}
				key := strconv.Itoa(int(mode)) + strconv.FormatBool(late) + strconv.FormatBool(first)
				err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
					if !first {
						require.NoError(t, take(ctx, tx, "a"))
					}
					if late {
						tx.(storage.Deferring).Defer()
					}
					ok, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: key, Result: []byte("{}")})
					require.True(t, ok)
					c.mode.Store(mode)
					return err
				})
				c.mode.Store(whole)
				require.ErrorIs(t, err, fault.ErrOutcomeUnknown, key)
				require.Equal(t, mode == beforeTheAnswer, find(key), key)
			}
		}
	}
}

// TestPgxStaleConnectionsArePassedOver: the server closed idle connections.
func TestPgxStaleConnectionsArePassedOver(t *testing.T) {
	t.Parallel()
	p := pgxPool(t, func(c *pgxpool.Config) {
		c.MaxConns = 4
		c.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	})
	store := onPgx(t, p)
	admin := opened(t, pgConnector(t, p.Config().ConnConfig.Database))
	for round := range 4 {
		var conns []*pgxpool.Conn
		for range 4 {
			c, err := p.Acquire(context.Background())
			require.NoError(t, err)
			conns = append(conns, c)
		}
		for _, c := range conns {
			c.Release()
		}
		killOthers(t, databases[1], admin)
		err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			if round%2 == 0 {
				return take(ctx, tx, "a")
			}
			tx.(storage.Deferring).Defer()
			_, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: strconv.Itoa(round), Result: []byte("{}")})
			return err
		})
		require.NoError(t, err, "round %d", round)
	}
}

// TestPgxCancelWhileWaitingForALock: the caller gets its answer at once and knows
// the outcome, though COMMIT was sent along; no connection is left behind.
func TestPgxCancelWhileWaitingForALock(t *testing.T) {
	t.Parallel()
	p := pgxPool(t)
	store := onPgx(t, p)
	claim := func(ctx context.Context, tx storage.Tx) error {
		_, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: "k", Result: []byte("{}")})
		return err
	}
	require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, claim(ctx, tx)) // holds the key
		for name, begin := range map[string]func(context.Context, storage.Tx) error{
			"at once": func(context.Context, storage.Tx) error { return nil },
			"last":    func(_ context.Context, tx storage.Tx) error { tx.(storage.Deferring).Defer(); return nil },
			"last, after others": func(ctx context.Context, tx storage.Tx) error {
				if err := take(ctx, tx, "before"); err != nil {
					return err
				}
				tx.(storage.Deferring).Defer()
				return nil
			},
		} {
			soon(t, 500*time.Millisecond, func() time.Duration {
				short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
				defer cancel()
				began := time.Now()
				err := store.Update(short, func(ctx context.Context, tx storage.Tx) error {
					if err := begin(ctx, tx); err != nil {
						return err
					}
					return claim(ctx, tx)
				})
				took := time.Since(began)
				if errors.Is(err, fault.ErrOutcomeUnknown) {
					return took // the server was too busy to say within the two seconds: once more
				}
				require.ErrorIs(t, err, context.DeadlineExceeded, name)
				require.Equal(t, "storage.cancelled", fault.CodeOf(err), name)
				return took
			})
			require.Eventually(t, func() bool { return p.Stat().AcquiredConns() == 1 }, patience, time.Millisecond, name)
		}
		return nil
	}))
	require.Zero(t, taken(t, store, "before"))
}

// TestO13_PgxRequestIDsRace: of callers with the same RequestID one does it, and
// the others get its result, though the key is claimed together with COMMIT.
func TestO13_PgxRequestIDsRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, onPgx(t, pgxPool(t)))
	w.now = w.now.Add(time.Hour)
	var mu sync.Mutex
	now := w.now
	eng, err := pursuit.New(w.store, &pursuit.Options{Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); now = now.Add(time.Second); return now }, Attempts: 20})
	require.NoError(t, err)
	s := eng.As(w.s.Actor())
	for _, key := range []string{"a", "b", "c"} {
		in := w.input("one", 2)
		var wg sync.WaitGroup
		results := make([]pursuit.Result, 6)
		errs := make([]error, 6)
		for i := range results {
			wg.Go(func() { results[i], errs[i] = s.Opportunities().Record(w.ctx, in, pursuit.RequestID(key)) })
		}
		wg.Wait()
		done := 0
		for i, r := range results {
			require.NoError(t, errs[i])
			require.Equal(t, results[0].ID, r.ID)
			if !r.Repeated {
				done++
			}
		}
		require.Equal(t, 1, done)
	}
}
