package integration

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// foreign gives a store on a file on which another store, such as another
// process has, holds the lock for writing until release is called.
func foreign(t *testing.T, wait int, more string, opts *sqlstore.Options) (store *sqlstore.Store, db *sql.DB, release func()) {
	path := filepath.Join(t.TempDir(), "p.db")
	holder := mustStore(t, sqliteDB(t, path))
	require.NoError(t, holder.Migrate(context.Background()))
	db, err := sql.Open("sqlite", strings.Replace(sqliteSource(path), "busy_timeout(5000)", fmt.Sprintf("busy_timeout(%d)", wait), 1)+more)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	store, err = sqlstore.New(db, sqlstore.SQLite(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	held, let, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- holder.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			err := take(ctx, tx, "a")
			close(held)
			<-let
			return err
		})
	}()
	<-held
	return store, db, func() {
		close(let)
		assert.NoError(t, <-ended)
	}
}

// givenUp says how long an Update that waits for somebody else's lock takes to
// return once its context has ended; the lock is let go after a second.
func givenUp(t *testing.T, wait int, more string, opts *sqlstore.Options) time.Duration {
	store, db, release := foreign(t, wait, more, opts)
	ctx, cancel := context.WithCancel(context.Background())
	answer := make(chan error, 1)
	go func() {
		answer <- store.Update(ctx, func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "b") })
	}()
	time.Sleep(50 * time.Millisecond)
	start := time.Now()
	cancel()
	returned, released := make(chan struct{}), make(chan struct{})
	go func() {
		select {
		case <-returned:
		case <-time.After(time.Second):
		}
		release()
		close(released)
	}()
	require.ErrorIs(t, <-answer, context.Canceled)
	took := time.Since(start)
	close(returned)
	<-released
	require.Zero(t, db.Stats().InUse)
	require.Zero(t, taken(t, store, "b"))
	return took
}

func TestB21_AForeignLockCanBeGivenUp(t *testing.T) {
	for _, more := range []string{"", "&_txlock=immediate"} {
		for _, opts := range []*sqlstore.Options{nil, {NoGroups: true}} {
			t.Run(fmt.Sprintf("%v%s", opts == nil, more), func(t *testing.T) {
				for _, wait := range []int{50, 5000} { // BEGIN that waits, and a statement, hear their context
					soon(t, 250*time.Millisecond, func() time.Duration { return givenUp(t, wait, more, opts) })
				}
			})
		}
	}
}

// A short busy_timeout doesn't make an Update less patient.
func TestAForeignLockIsWaitedFor(t *testing.T) {
	for _, opts := range []*sqlstore.Options{nil, {NoGroups: true}} {
		store, _, release := foreign(t, 1, "", opts)
		released := make(chan struct{})
		time.AfterFunc(300*time.Millisecond, func() { release(); close(released) })
		require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			return take(ctx, tx, "b")
		}))
		<-released
		require.EqualValues(t, 1, taken(t, store, "b"))
	}
}
