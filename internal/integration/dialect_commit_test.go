package integration

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// killOthers ends all other connections to a database, as a server that goes down
// does.
func killOthers(t *testing.T, d database, db *sql.DB) {
	t.Helper()
	conn, err := db.Conn(context.Background())
	require.NoError(t, err)
	defer conn.Close()
	list := map[string]string{
		"postgres": "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
		"mariadb":  "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
	}[d.name]
	rows, err := conn.QueryContext(context.Background(), list)
	require.NoError(t, err)
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		require.NoError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, ids)
	for _, id := range ids {
		_, err := conn.ExecContext(context.Background(), map[string]string{"postgres": "SELECT pg_terminate_backend($1)", "mariadb": "KILL ?"}[d.name], id)
		require.NoError(t, err)
	}
}

// TestCommitThatGetsNoAnswer: the connection is lost while COMMIT is on its way.
// Without a kind of its own the caller couldn't tell it from a refusal, and would
// not ask again with the same RequestID.
func TestCommitThatGetsNoAnswer(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		where := d.made(t)
		admin := opened(t, where)
		plain := d.on(t, admin, nil)
		var before atomic.Bool
		var hooked atomic.Bool
		db := opened(t, watchedSource{open: where, c: &counter{}, commit: func(tx driver.Tx) error {
			if !hooked.Load() {
				return tx.Commit()
			}
			if !before.Load() {
				if err := tx.Commit(); err != nil {
					return err
				}
				killOthers(t, d, admin)
				return driver.ErrBadConn // the answer got lost
			}
			killOthers(t, d, admin)
			return tx.Commit() // the driver finds out
		}})
		w := newWorld(t, d.on(t, db, nil))
		for _, early := range []bool{true, false} {
			before.Store(early)
			hooked.Store(true)
			key := pursuit.RequestID(map[bool]string{true: "early", false: "late"}[early])
			_, err := w.s.Opportunities().Record(w.ctx, w.input("one", 1), key)
			require.ErrorIs(t, err, fault.ErrOutcomeUnknown)
			hooked.Store(false)
			r, err := w.s.Opportunities().Record(w.ctx, w.input("one", 1), key)
			require.NoError(t, err, "the pool goes on")
			require.Equal(t, !early, r.Repeated, "it had been committed if the answer was lost")
			again, err := w.s.Opportunities().Record(w.ctx, w.input("one", 1), key)
			require.NoError(t, err)
			require.Equal(t, r.ID, again.ID)
		}
		_ = plain
	})
}

// TestStaleConnectionsArePassedOver: the server closed idle connections. Without
// trying the next one the first commands after its restart would fail.
func TestStaleConnectionsArePassedOver(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		where := d.made(t)
		admin := opened(t, where)
		db := opened(t, where)
		db.SetMaxIdleConns(4)
		store := d.on(t, db, nil)
		for range 3 {
			var conns []*sql.Conn
			for range 4 {
				c, err := db.Conn(context.Background())
				require.NoError(t, err)
				conns = append(conns, c)
			}
			for _, c := range conns {
				require.NoError(t, c.Close())
			}
			killOthers(t, d, admin)
			require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "a") }))
		}
	})
}

// TestConnectionOfAFailedRollback: database/sql would put it back into the pool,
// and the next BEGIN would commit what is half-done on MariaDB.
func TestConnectionOfAFailedRollback(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		where := d.made(t)
		k := watchedSource{open: where, c: &counter{}, closed: &atomic.Int64{}}
		plain := d.on(t, opened(t, where), nil)
		k.rollback = func() error { return errors.New("the server didn't answer") }
		db := opened(t, k)
		store := d.on(t, db, nil)
		refused := errors.New("refused")
		closed := k.closed.Load()
		err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "a"))
			return refused
		})
		require.ErrorIs(t, err, refused)
		require.EqualValues(t, closed+1, k.closed.Load(), "thrown away")
		require.Zero(t, taken(t, store, "b"))
		require.Zero(t, taken(t, plain, "a"))
	})
}
