package migrate

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
)

// rowLock is a lock that is a row: who holds it, and how often it was taken.
// goose's provider calls it for one at a time.
type rowLock struct {
	names       string
	numbered    bool
	poll, stale time.Duration
	holder      string
}

// attempts is how often in a row a statement may fail while others do the same:
// tables that are created at once, a certification failure on Galera.
const attempts = 5

// SessionLock waits until the lock is ours, or the context ends. A holder that
// died is known by a lock that doesn't change for as long as stale; that is
// counted in looks at it, so clocks needn't agree.
func (l *rowLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	if err := l.create(ctx, conn); err != nil {
		return fault.Wrap(fault.ErrInternal, "storage.migrate.lock", "the lock can't be made", err)
	}
	me := rand.Text()
	last, lastTurn, waited, failed := "", int64(-1), time.Duration(0), 0
	for {
		got, holder, turn, err := l.take(ctx, conn, me, last, lastTurn, waited)
		switch {
		case got:
			l.holder = me
			if err := l.unmixed(ctx, conn); err != nil {
				_ = l.SessionUnlock(context.WithoutCancel(ctx), conn)
				return err
			}
			return nil
		case err == nil:
			failed = 0
		default:
			if failed++; failed == attempts || ctx.Err() != nil {
				return fault.Wrap(fault.ErrInternal, "storage.migrate.lock", "the lock can't be taken", err)
			}
		}
		if err == nil && (holder != last || turn != lastTurn) {
			last, lastTurn, waited = holder, turn, 0
		}
		select {
		case <-ctx.Done():
			return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "another process migrates", ctx.Err())
		case <-time.After(l.poll):
			waited += l.poll
		}
	}
}

// take tries once: the lock is free, or stayed with the same holder for too long.
func (l *rowLock) take(ctx context.Context, conn *sql.Conn, me, last string, lastTurn int64, waited time.Duration) (got bool, holder string, turn int64, err error) {
	if err := conn.QueryRowContext(ctx, "SELECT holder, turn FROM "+l.names+"goose_lock WHERE id = 1").Scan(&holder, &turn); err != nil {
		return false, "", 0, err
	}
	if holder != "" && (holder != last || turn != lastTurn || waited < l.stale) {
		return false, holder, turn, nil
	}
	set, where := "holder = ?, turn = turn + 1", "id = 1 AND turn = ?"
	if l.numbered {
		set, where = "holder = $1, turn = turn + 1", "id = 1 AND turn = $2"
	}
	r, err := conn.ExecContext(ctx, "UPDATE "+l.names+"goose_lock SET "+set+" WHERE "+where, me, turn)
	if err != nil {
		return false, holder, turn, err
	}
	n, err := r.RowsAffected()
	return n == 1, holder, turn, err
}

// create makes the table and its row. Of several at once PostgreSQL lets all but
// one fail in spite of IF NOT EXISTS.
func (l *rowLock) create(ctx context.Context, conn *sql.Conn) error {
	for try := 1; ; try++ {
		_, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+l.names+"goose_lock (id INTEGER NOT NULL PRIMARY KEY, holder VARCHAR(64) NOT NULL, turn BIGINT NOT NULL)")
		var n int
		if err == nil {
			err = conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+l.names+"goose_lock").Scan(&n)
		}
		if err == nil && n == 0 {
			_, err = conn.ExecContext(ctx, "INSERT INTO "+l.names+"goose_lock (id, holder, turn) VALUES (1, '', 0)")
		}
		if err == nil || try == attempts || ctx.Err() != nil {
			return err
		}
	}
}

// unmixed refuses tables that Store.Migrate made and counts.
func (l *rowLock) unmixed(ctx context.Context, conn *sql.Conn) error {
	var at sql.NullInt64
	err := conn.QueryRowContext(ctx, "SELECT MAX(version) FROM "+l.names+"schema_version").Scan(&at)
	if err != nil || at.Int64 == 0 {
		return nil // no such table: what else may be wrong shows in the next statement
	}
	return fault.NotAllowed("storage.migrate.mixed", "the tables were made by Store.Migrate, which must go on with them",
		fault.Field{Path: "/schema_version", Code: "mixed", Message: "is kept by Store.Migrate"})
}

// SessionUnlock returns the lock back, if it is still ours.
func (l *rowLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	mark := "?"
	if l.numbered {
		mark = "$1"
	}
	_, err := conn.ExecContext(ctx, "UPDATE "+l.names+"goose_lock SET holder = '' WHERE id = 1 AND holder = "+mark, l.holder)
	if err != nil {
		return fault.Wrap(fault.ErrInternal, "storage.migrate.lock", "the lock can't be given back", err)
	}
	return nil
}
