package integration

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// crossed lets two transactions of a host lock series a and b in opposite order,
// and gives what the one that was chosen as the victim ended with.
func crossed(t *testing.T, store *sqlstore.Store, db *sql.DB, victim func(bound storage.Bound, tx *sql.Tx, err error)) {
	ctx := context.Background()
	var mu sync.Mutex
	victims := 0
	var both, done sync.WaitGroup
	both.Add(2)
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		done.Go(func() {
			tx, err := db.Begin()
			if err != nil {
				t.Error(err)
				both.Done()
				return
			}
			defer tx.Rollback()
			bound := store.Bind(sqlstore.Std(tx))
			err = bound.Update(ctx, func(ctx context.Context, s storage.Tx) error { return take(ctx, s, order[0]) })
			both.Done()
			if err != nil {
				t.Error(err)
				return
			}
			both.Wait()
			err = bound.Update(ctx, func(ctx context.Context, s storage.Tx) error { return take(ctx, s, order[1]) })
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				victims++
				victim(bound, tx, err)
				return
			}
			if err := tx.Commit(); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	require.Equal(t, 1, victims, "the database chose one")
}

// TestDeadlockEndsTheTransaction: after MariaDB's 1213 the server has ended the
// transaction, and what comes next commits by itself. PostgreSQL refuses everything
// until ROLLBACK (25P02).
func TestDeadlockEndsTheTransaction(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		count := func(db *sql.DB, series string) (n int) {
			require.NoError(t, db.QueryRow(d.q("SELECT COUNT(*) FROM pursuit_number_series WHERE series = ?"), series).Scan(&n))
			return n
		}
		t.Run("store", func(t *testing.T) {
			store, db := d.store(t, nil)
			require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
				return errors.Join(take(ctx, tx, "a"), take(ctx, tx, "b"))
			}))
			crossed(t, store, db, func(bound storage.Bound, tx *sql.Tx, err error) {
				require.ErrorIs(t, err, fault.ErrRetry)
				require.NotContains(t, err.Error(), "pursuit_")
				require.ErrorIs(t, bound.Update(context.Background(), func(ctx context.Context, s storage.Tx) error { return take(ctx, s, "after") }), fault.ErrTxAborted)
				_ = tx.Rollback()
			})
			require.Zero(t, count(db, "after"))
			require.EqualValues(t, 2, taken(t, store, "a"), "one of two was done")
		})
		t.Run("bare", func(t *testing.T) { // the seeded bug: a *sql.Tx without our guard
			store, db := d.store(t, nil)
			require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
				return errors.Join(take(ctx, tx, "a"), take(ctx, tx, "b"))
			}))
			crossed(t, store, db, func(_ storage.Bound, tx *sql.Tx, _ error) {
				_, err := tx.Exec("INSERT INTO pursuit_number_series VALUES ('acme', 'after', 7)")
				if d.name == "postgres" {
					require.ErrorContains(t, err, "25P02")
				} else {
					require.NoError(t, err)
				}
				_ = tx.Rollback()
			})
			if d.name == "mariadb" {
				require.Equal(t, 1, count(db, "after"), "survived its rollback")
			}
		})
	})
}

// TestLockWaitEndsTheTransaction: after MariaDB's 1205, and PostgreSQL's 55P03, a
// command is half-written, whatever the server undid.
func TestLockWaitEndsTheTransaction(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		store, db := d.store(t, nil)
		require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "a") }))
		require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "a")) // holds the row
			conn, err := db.Conn(ctx)
			require.NoError(t, err)
			defer conn.Close()
			_, err = conn.ExecContext(ctx, map[string]string{"postgres": "SET lock_timeout = '200ms'", "mariadb": "SET innodb_lock_wait_timeout = 1"}[d.name])
			require.NoError(t, err)
			host, err := conn.BeginTx(ctx, nil)
			require.NoError(t, err)
			defer host.Rollback()
			bound := store.Bind(sqlstore.Std(host))
			err = bound.Update(ctx, func(ctx context.Context, s storage.Tx) error {
				require.NoError(t, take(ctx, s, "half"))
				err := take(ctx, s, "a")
				require.ErrorIs(t, err, fault.ErrRetry)
				return nil // swallowed
			})
			require.ErrorIs(t, err, fault.ErrTxAborted)
			require.ErrorIs(t, bound.Update(ctx, func(ctx context.Context, s storage.Tx) error { return take(ctx, s, "after") }), fault.ErrTxAborted)
			return nil
		}))
		require.Zero(t, taken(t, store, "half"))
		require.Zero(t, taken(t, store, "after"))
	})
}

// TestClaimWaitsForAnotherClaim: a key that somebody has claimed and not yet
// committed is waited for.
func TestClaimWaitsForAnotherClaim(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		for _, commit := range []bool{true, false} {
			store, _ := d.store(t, nil)
			undone := errors.New("undone")
			claim := func(ctx context.Context, tx storage.Tx) (bool, error) {
				return tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: "k", Command: "c", Result: []byte("{}"), Recorded: time.Unix(0, 0)})
			}
			second := make(chan bool, 1)
			err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
				ok, err := claim(ctx, tx)
				require.NoError(t, err)
				require.True(t, ok)
				go func() {
					var ok bool
					err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) (err error) {
						if ok, err = claim(ctx, tx); err == nil && !ok { // the transaction goes on
							err = take(ctx, tx, "after")
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
					second <- ok
				}()
				select {
				case <-second:
					t.Error("didn't wait")
				case <-time.After(150 * time.Millisecond):
				}
				if !commit {
					return undone
				}
				return nil
			})
			if !commit {
				require.ErrorIs(t, err, undone)
			}
			require.Equal(t, !commit, <-second)
			if commit {
				require.EqualValues(t, 1, taken(t, store, "after"))
			}
		}
	})
}

// TestNumbersNeverRepeat lets writers begin the same series at once.
func TestNumbersNeverRepeat(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		store, _ := d.store(t, nil)
		var mu sync.Mutex
		seen := map[int64]bool{}
		retries := 0
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					var n int64
					err := fault.ErrRetry
					for errors.Is(err, fault.ErrRetry) {
						err = store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) (err error) {
							n, err = tx.Numbers().Take(ctx, "acme", "s", 3)
							return err
						})
						if errors.Is(err, fault.ErrRetry) {
							mu.Lock()
							retries++
							mu.Unlock()
						}
					}
					mu.Lock()
					if err != nil || seen[n] {
						t.Errorf("%d: %v", n, err)
					}
					seen[n] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		require.Len(t, seen, 160)
		require.EqualValues(t, 480, taken(t, store, "s"))
		require.Less(t, retries, 20, "one statement that begins or moves a series doesn't deadlock with itself")
	})
}

// TestO01_NoUpdateIsLost: at each database's default isolation, on MariaDB with a
// snapshot that is older than what the guard sees.
func TestO01_NoUpdateIsLost(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		store, _ := d.store(t, nil)
		w := newWorld(t, store)
		a := w.record("one", 0)
		eng, err := pursuit.New(store, &pursuit.Options{Attempts: 100})
		require.NoError(t, err)
		before, err := w.s.Opportunities().Get(w.ctx, a.ID, 0)
		require.NoError(t, err)
		s := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					text := time.Now().String()
					if _, err := s.Opportunities().Update(w.ctx, a.ID, opportunity.UpdateInput{Description: &text}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		after, err := w.s.Opportunities().Get(w.ctx, a.ID, 0)
		require.NoError(t, err)
		require.EqualValues(t, before.Version+80, after.Version)
	})
}
