package integration

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// watched makes a store on a watched file; hook may set its hooks once the
// tables are there.
func watched(t *testing.T, hook func(*watchedSource)) (*sqlstore.Store, *sqlstore.Store, *watchedSource) {
	path := filepath.Join(t.TempDir(), "p.db")
	plain := mustStore(t, sqliteDB(t, path))
	require.NoError(t, plain.Migrate(context.Background()))
	k := &watchedSource{source: sqliteSource(path), c: &counter{}, closed: &atomic.Int64{}}
	hook(k)
	db := sql.OpenDB(k)
	t.Cleanup(func() { db.Close() })
	return mustStore(t, db), plain, k
}

func TestConnectionIsThrownAwayWhenRollbackFails(t *testing.T) {
	t.Parallel()
	store, plain, k := watched(t, func(k *watchedSource) {
		k.rollback = func() error { return errors.New("the server didn't answer") }
	})
	refused := errors.New("refused")
	err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
		require.NoError(t, take(ctx, tx, "a"))
		return refused
	})
	require.ErrorIs(t, err, refused)
	require.EqualValues(t, 1, k.closed.Load(), "or the next transaction would commit the half-done one")
	require.Zero(t, taken(t, store, "b"))
	require.Zero(t, taken(t, plain, "a"))
}

func TestCommitWithoutAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		err  error
		kind error
	}{
		{"lost", driver.ErrBadConn, fault.ErrOutcomeUnknown},
		{"busy", errors.New("database is locked (5) (SQLITE_BUSY)"), fault.ErrRetry},
		{"other", errors.New("disk I/O error"), fault.ErrInternal},
	} {
		t.Run(x.name, func(t *testing.T) {
			store, plain, _ := watched(t, func(k *watchedSource) { k.commit = func(driver.Tx) error { return x.err } })
			err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "a") })
			require.ErrorIs(t, err, x.kind)
			require.ErrorIs(t, err, x.err)
			require.Zero(t, taken(t, plain, "a"), "the connection let go of the lock")
		})
	}
}

// A caller who gives up while COMMIT is on its way gets its answer.
func TestCommitIsNotCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	store, plain, _ := watched(t, func(k *watchedSource) {
		k.commit = func(tx driver.Tx) error { cancel(); return tx.Commit() }
	})
	require.NoError(t, store.Update(ctx, func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "a") }))
	require.EqualValues(t, 1, taken(t, plain, "a"))
}
