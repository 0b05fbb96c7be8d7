package integration

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// taken says how far a series went, in a transaction of its own.
func taken(t testing.TB, s storage.Store, series string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, s.Update(context.Background(), func(ctx context.Context, tx storage.Tx) (err error) {
		n, err = tx.Numbers().Take(ctx, "acme", series, 1)
		return err
	}))
	return n - 1
}

func take(ctx context.Context, tx storage.Tx, series string) error {
	_, err := tx.Numbers().Take(ctx, "acme", series, 1)
	return err
}

func TestCancelledWriteEndsTheTransaction(t *testing.T) { onSQL(t, cancelledWriteEndsTheTransaction) }

func cancelledWriteEndsTheTransaction(t *testing.T, d database) {
	store, db := d.store(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	err := store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, take(ctx, tx, "a"))
		cancel()
		err := take(ctx, tx, "a")
		require.ErrorIs(t, err, fault.ErrCancelled)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, "storage.cancelled", fault.CodeOf(err))
		require.ErrorIs(t, take(context.WithoutCancel(ctx), tx, "b"), fault.ErrTxAborted)
		_, err = tx.Requests().Find(context.WithoutCancel(ctx), "acme", "k")
		require.ErrorIs(t, err, fault.ErrTxAborted)
		return nil // swallowed
	})
	require.ErrorIs(t, err, fault.ErrTxAborted)
	require.Zero(t, taken(t, store, "a"))
	require.Zero(t, taken(t, store, "b"))
	require.Zero(t, db.Stats().InUse)

	ctx, cancel = context.WithCancel(context.Background())
	err = store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, take(ctx, tx, "c"))
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, taken(t, store, "c"))
	require.ErrorIs(t, store.View(ctx, func(context.Context, storage.Tx) error { return nil }), context.Canceled)
}

func TestBusyIsToBeRetried(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.db")
	first, err := sqlstore.New(sqliteDB(t, path), sqlstore.SQLite(), nil)
	require.NoError(t, err)
	require.NoError(t, first.Migrate(context.Background()))
	hasty, err := sql.Open("sqlite", strings.Replace(sqliteSource(path), "busy_timeout(5000)", "busy_timeout(20)", 1))
	require.NoError(t, err)
	defer hasty.Close()
	second, err := sqlstore.New(hasty, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	require.NoError(t, first.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, take(ctx, tx, "a"))
		err := second.Update(ctx, func(context.Context, storage.Tx) error { t.Fatal("two writers at once"); return nil })
		require.ErrorIs(t, err, fault.ErrRetry)
		// Readers go on, and see the state before.
		return second.View(ctx, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Find(ctx, "acme", "k")
			require.ErrorIs(t, err, fault.ErrNotFound)
			return nil
		})
	}))
	require.EqualValues(t, 1, taken(t, second, "a"))
}

// Writers that read first don't fail with SQLITE_BUSY_SNAPSHOT: the lock is
// taken before they read.
func TestWritersQueueUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.db")
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]bool{}
	for i := range 2 {
		store, err := sqlstore.New(sqliteDB(t, path), sqlstore.SQLite(), nil)
		require.NoError(t, err)
		if i == 0 {
			require.NoError(t, store.Migrate(context.Background()))
		}
		for range 4 {
			wg.Go(func() {
				for range 25 {
					err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
						if _, err := tx.Requests().Find(ctx, "acme", "k"); !errors.Is(err, fault.ErrNotFound) {
							return err
						}
						n, err := tx.Numbers().Take(ctx, "acme", "s", 1)
						mu.Lock()
						defer mu.Unlock()
						if err == nil && seen[n] {
							t.Errorf("%d twice", n)
						}
						seen[n] = true
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	require.Len(t, seen, 200)
}

// TestFullDiskEndsTheTransaction: after SQLITE_FULL the engine has ended the
// transaction, and what comes next would commit by itself.
func TestFullDiskEndsTheTransaction(t *testing.T) {
	t.Parallel()
	full := func(t *testing.T) (*sqlstore.Store, *sql.DB) {
		store, db := sqliteStore(t, nil)
		db.SetMaxOpenConns(1) // the limit is the connection's
		_, err := db.Exec("PRAGMA cache_size = 5; PRAGMA max_page_count = 1")
		require.NoError(t, err)
		return store, db
	}
	big := strings.Repeat("x", 100_000)
	t.Run("bare", func(t *testing.T) { // the seeded bug: what a *sql.Tx alone does
		_, db := full(t)
		tx, err := db.Begin()
		require.NoError(t, err)
		_, err = tx.Exec("INSERT INTO pursuit_request VALUES ('acme', 'k', 'c', x'00', ?, 0)", big)
		require.ErrorContains(t, err, "full")
		_, err = tx.Exec("INSERT INTO pursuit_number_series VALUES ('acme', 'after', 7)")
		require.NoError(t, err)
		_ = tx.Rollback()
		var n int
		require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM pursuit_number_series WHERE series = 'after'").Scan(&n))
		require.Equal(t, 1, n, "survived its rollback")
	})
	t.Run("store", func(t *testing.T) {
		store, db := full(t)
		err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "before"))
			_, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: "k", Result: []byte(big)})
			require.ErrorIs(t, err, fault.ErrInternal)
			require.Equal(t, "storage.full", fault.CodeOf(err))
			require.NotContains(t, err.Error(), "INSERT")
			require.ErrorIs(t, take(ctx, tx, "after"), fault.ErrTxAborted)
			return nil // swallowed
		})
		require.ErrorIs(t, err, fault.ErrTxAborted)
		var n int
		require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM pursuit_number_series WHERE series IN ('before', 'after')").Scan(&n))
		require.Zero(t, n)
		require.Zero(t, taken(t, store, "before"), "the store goes on")
	})
}

func TestPanicRollsBackAndGoesOn(t *testing.T) { onSQL(t, panicRollsBackAndGoesOn) }

func panicRollsBackAndGoesOn(t *testing.T, d database) {
	store, db := d.store(t, nil)
	require.PanicsWithValue(t, "boom", func() {
		_ = store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "a"))
			panic("boom")
		})
	})
	require.Zero(t, db.Stats().InUse)
	require.Zero(t, taken(t, store, "a"))
}

func TestViewOnlyReads(t *testing.T) { onSQL(t, viewOnlyReads) }

func viewOnlyReads(t *testing.T, d database) {
	store, _ := d.store(t, nil)
	w := newWorld(t, store)
	a := w.record("one", 0)
	var kept storage.Tx
	require.NoError(t, store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
		kept = tx
		err := take(ctx, tx, "a")
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "storage.read_only", fault.CodeOf(err))
		count := func() int64 {
			n, err := tx.Opportunities().Count(ctx, "acme", opportunity.Query{Scope: access.Scope{All: true}})
			require.NoError(t, err)
			return n
		}
		require.EqualValues(t, 1, count())
		w.record("two", 0)
		require.EqualValues(t, 1, count(), "one consistent state")
		_, err = tx.Opportunities().Get(ctx, "other", a.ID, opportunity.Load{})
		require.ErrorIs(t, err, fault.ErrNotFound)
		return nil
	}))
	_, err := kept.Opportunities().ByNumber(w.ctx, "acme", a.Number)
	require.ErrorIs(t, err, fault.ErrTxAborted, "the transaction has ended")
}

func TestConflictAndDuplicateEndTheTransaction(t *testing.T) {
	onSQL(t, conflictAndDuplicateEndTheTransaction)
}

func conflictAndDuplicateEndTheTransaction(t *testing.T, d database) {
	store, _ := d.store(t, nil)
	w := newWorld(t, store)
	a := w.record("one", 0)
	snap, err := w.s.Opportunities().Get(w.ctx, a.ID, 0)
	require.NoError(t, err)
	save := func(c opportunity.Change) error {
		return store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			err := tx.Opportunities().Save(ctx, c)
			require.Error(t, err)
			require.ErrorIs(t, take(ctx, tx, "x"), fault.ErrTxAborted)
			return err
		})
	}
	root := snap.Root
	err = save(opportunity.Change{Root: root, Expected: 7})
	require.ErrorIs(t, err, fault.ErrConflict)
	require.Equal(t, "opportunity.changed", fault.CodeOf(err))
	err = save(opportunity.Change{Root: root})
	require.ErrorIs(t, err, fault.ErrConflict, "the id is there")
	root.ID = uuid.Max
	err = save(opportunity.Change{Root: root})
	require.ErrorIs(t, err, fault.ErrDuplicate)
	require.Equal(t, "opportunity.number.taken", fault.CodeOf(err))
	require.Zero(t, taken(t, store, "x"))
}
