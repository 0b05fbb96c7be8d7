package integration

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestCancelAtAnyMomentIsAllOrNothing ends the context sooner or later while a
// large opportunity is being recorded.
func TestCancelAtAnyMomentIsAllOrNothing(t *testing.T) {
	t.Parallel()
	store, db := sqliteStore(t, nil)
	w := newWorld(t, store)
	w.record("takes a block of numbers", 0)
	count := func() int64 {
		n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
		require.NoError(t, err)
		return n
	}
	done, given := 0, 0
	before := count()
	limit := 150 * time.Microsecond
	for i := 0; i < 2000 && (given < 40 || done < 10); i++ {
		ctx, cancel := context.WithTimeout(w.ctx, limit)
		r, err := w.s.Opportunities().Record(ctx, w.input("big", 400))
		cancel()
		if err != nil {
			given++
			limit = limit * 21 / 20 // a machine may be slow
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, before, count(), "nothing of it")
			continue
		}
		done++
		limit = limit * 2 / 3
		before++
		require.Equal(t, before, count())
		s, err := w.s.Opportunities().Get(w.ctx, r.ID, opportunity.AllParts)
		require.NoError(t, err)
		require.Len(t, s.Lines, 400, "all of it")
	}
	require.NotZero(t, given)
	require.NotZero(t, done)
	require.Zero(t, db.Stats().InUse)
	for _, table := range []string{"line", "member", "ledger"} {
		var n int
		require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM pursuit_opportunity_"+table+" p WHERE NOT EXISTS (SELECT 1 FROM pursuit_opportunity o WHERE o.id = p.opportunity_id)").Scan(&n))
		require.Zero(t, n, "orphans")
	}
}

// A source that begins every transaction with IMMEDIATE, and a pool of one
// connection, work as well.
func TestOtherSources(t *testing.T) {
	t.Parallel()
	t.Run("immediate", func(t *testing.T) {
		db, err := sql.Open("sqlite", sqliteSource(filepath.Join(t.TempDir(), "p.db"))+"&_txlock=immediate")
		require.NoError(t, err)
		defer db.Close()
		store := mustStore(t, db)
		require.NoError(t, store.Migrate(context.Background()))
		require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "a"))
			return store.View(ctx, func(ctx context.Context, tx storage.Tx) error { // readers don't wait
				_, err := tx.Opportunities().Count(ctx, "acme", opportunity.Query{Scope: access.Scope{All: true}})
				return err
			})
		}))
		newWorld(t, store).lifecycle()
	})
	t.Run("in memory, one connection", func(t *testing.T) {
		db, err := sql.Open("sqlite", "file::memory:?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)")
		require.NoError(t, err)
		defer db.Close()
		db.SetMaxOpenConns(1)
		store := mustStore(t, db)
		require.NoError(t, store.Migrate(context.Background()))
		require.NoError(t, store.Check(context.Background()))
		w := newWorld(t, store)
		for range 3 {
			w.record("one", 1)
		}
		ctx, cancel := context.WithCancel(w.ctx)
		err = store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "a"))
			cancel()
			return take(ctx, tx, "a")
		})
		require.ErrorIs(t, err, context.Canceled)
		w.record("the database is still there", 1)
	})
}
