package sqlstore

import (
	"context"
	"database/sql"
	"time"
)

// lockPause is how long an Update waits before it asks again for a lock that
// somebody outside of the Store has.
const lockPause = 5 * time.Millisecond

// patience asks again while SQLite's lock for writing is somebody else's, for
// turnWait in all: SQLite itself waits for busy_timeout each time, and may not hear
// in between that the context ended. Other databases are asked once.
type patience struct{ limit *time.Timer }

func (s *Store) patience() (p patience) {
	if s.lock != "" {
		p.limit = time.NewTimer(turnWait)
	}
	return p
}

func (p patience) end() {
	if p.limit != nil {
		p.limit.Stop()
	}
}

// over says whether all of it is used up.
func (p patience) over() bool {
	if p.limit == nil {
		return false
	}
	select {
	case <-p.limit.C:
		return true
	default:
		return false
	}
}

// again waits a little, and says whether to try once more after an error.
func (p patience) again(ctx context.Context, s *Store, err error) bool {
	if err == nil || p.limit == nil || s.class(err) != classRetry {
		return false
	}
	pause := time.NewTimer(lockPause)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-p.limit.C:
		return false
	case <-pause.C:
		return ctx.Err() == nil
	}
}

// opening begins a transaction of one Update, and takes the lock for writing if
// there is one.
func (s *Store) opening(ctx, base context.Context, opts *sql.TxOptions) (conn *sql.Conn, o *owned, err error) {
	p := s.patience()
	defer p.end()
	for {
		conn, o, err = s.openOnce(ctx, base, nil, opts)
		if !p.again(ctx, s, err) {
			return conn, o, err
		}
	}
}

// openOnce is one attempt, on a connection or, if it is nil, on one of the pool's.
// If it fails, it lets the connection go.
func (s *Store) openOnce(ctx, base context.Context, conn *sql.Conn, opts *sql.TxOptions) (_ *sql.Conn, o *owned, err error) {
	o = &owned{s: s}
	begin, began := base, func() bool { return true }
	if s.lock != "" {
		begin, began = heard(ctx, base)
	}
	if conn == nil {
		conn, o.tx, err = s.begin(ctx, begin, opts)
	} else if o.tx, err = conn.BeginTx(begin, opts); err != nil {
		conn.Close()
	}
	if err != nil || s.lock == "" {
		return conn, o, err
	}
	if !began() { // the context ended as BEGIN did
		s.rollback(base, conn, o.tx)
		conn.Close()
		return nil, nil, ctx.Err()
	}
	if _, err = o.exec(ctx, s.lock); err != nil {
		s.rollback(base, conn, o.tx)
		conn.Close()
	}
	return conn, o, err
}

// heard gives a context for BEGIN, which may wait for a lock, that ends with ctx
// until began is called. From then on it never ends, and with it neither does the
// transaction, which database/sql would roll back at any moment. began says false if
// it was too late for that.
func heard(ctx, base context.Context) (begin context.Context, began func() bool) {
	if ctx.Done() == nil {
		return base, func() bool { return true }
	}
	begin, end := context.WithCancel(base)
	return begin, context.AfterFunc(ctx, end)
}
