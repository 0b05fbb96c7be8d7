package integration

import (
	"context"
	"database/sql/driver"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
)

// counter wraps a driver and notes every statement that is run.
type counter struct {
	mu       sync.Mutex
	runs     []string
	prepared atomic.Int64
}

func (c *counter) note(q string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs = append(c.runs, q)
}

// take gives what was run since, without BEGIN, COMMIT and the lock.
func (c *counter) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, q := range c.runs {
		if !strings.Contains(q, "last_number = last_number WHERE tenant = ''") {
			out = append(out, q)
		}
	}
	c.runs = nil
	return out
}

// sqliteConn is what modernc.org/sqlite's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

// watchedSource opens watched connections. The hooks, if set, answer in the
// driver's place.
type watchedSource struct {
	source   string           // of SQLite, or
	open     driver.Connector // of any other
	c        *counter
	rollback func() error
	commit   func(driver.Tx) error
	closed   *atomic.Int64
}

func (k watchedSource) Driver() driver.Driver { return &sqlite.Driver{} }

func (k watchedSource) Connect(ctx context.Context) (driver.Conn, error) {
	if k.open == nil {
		k.open = sqliteConnector{k.source}
	}
	conn, err := k.open.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return watchedConn{conn.(sqliteConn), k.c, &k}, nil
}

type watchedConn struct {
	sqliteConn
	c *counter
	k *watchedSource
}

func (w watchedConn) Close() error {
	if w.k.closed != nil {
		w.k.closed.Add(1)
	}
	return w.sqliteConn.Close()
}

func (w watchedConn) ResetSession(ctx context.Context) error {
	if r, ok := w.sqliteConn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (w watchedConn) IsValid() bool {
	v, ok := w.sqliteConn.(driver.Validator)
	return !ok || v.IsValid()
}

func (w watchedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := w.sqliteConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return watchedTx{tx, w.k}, nil
}

type watchedTx struct {
	driver.Tx
	k *watchedSource
}

func (w watchedTx) Commit() error {
	if w.k.commit != nil {
		return w.k.commit(w.Tx)
	}
	return w.Tx.Commit()
}

func (w watchedTx) Rollback() error {
	if w.k.rollback != nil {
		return w.k.rollback()
	}
	return w.Tx.Rollback()
}

func (w watchedConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	r, err := w.sqliteConn.ExecContext(ctx, q, args)
	if err != driver.ErrSkip { // it is prepared, and comes again
		w.c.note(q)
	}
	return r, err
}

func (w watchedConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	r, err := w.sqliteConn.QueryContext(ctx, q, args)
	if err != driver.ErrSkip {
		w.c.note(q)
	}
	return r, err
}

func (w watchedConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	w.c.prepared.Add(1)
	st, err := w.sqliteConn.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	return watchedStmt{st.(sqliteStmt), w.c, q}, nil
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type watchedStmt struct {
	sqliteStmt
	c *counter
	q string
}

func (k watchedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	k.c.note(k.q)
	return k.sqliteStmt.ExecContext(ctx, args)
}

func (k watchedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	k.c.note(k.q)
	return k.sqliteStmt.QueryContext(ctx, args)
}
