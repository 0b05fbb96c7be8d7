package lifecycle

import (
	"context"
	"database/sql/driver"
	"sync/atomic"
)

// counter counts what a driver is asked to do: statements that are run, and
// round trips, which are these and BEGIN, COMMIT, ROLLBACK and the preparing of
// statements.
type counter struct{ statements, trips atomic.Int64 }

func (c *counter) statement() { c.statements.Add(1); c.trips.Add(1) }

// take gives the counts since, and begins again.
func (c *counter) take() (statements, trips int64) { return c.statements.Swap(0), c.trips.Swap(0) }

// opener makes a connector of a driver that has none.
type opener struct {
	d      driver.Driver
	source string
}

func (o opener) Driver() driver.Driver                        { return o.d }
func (o opener) Connect(context.Context) (driver.Conn, error) { return o.d.Open(o.source) }

// counted wraps a connector's connections; without a counter it is left alone.
func counted(k driver.Connector, c *counter) driver.Connector {
	if c == nil {
		return k
	}
	return countedConnector{k, c}
}

type countedConnector struct {
	driver.Connector
	c *counter
}

func (k countedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &countedConn{conn.(fullConn), k.c}, nil
}

// fullConn is what the three drivers' connections can do.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
}

type countedConn struct {
	fullConn
	c *counter
}

// CheckNamedValue lets the driver choose how it takes arguments, where it does.
func (k *countedConn) CheckNamedValue(v *driver.NamedValue) error {
	if x, ok := k.fullConn.(driver.NamedValueChecker); ok {
		return x.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

func (k *countedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := k.fullConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	k.c.trips.Add(1)
	return countedTx{tx, k.c}, nil
}

func (k *countedConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	r, err := k.fullConn.ExecContext(ctx, q, args)
	if err != driver.ErrSkip {
		k.c.statement()
	}
	return r, err
}

func (k *countedConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	r, err := k.fullConn.QueryContext(ctx, q, args)
	if err != driver.ErrSkip {
		k.c.statement()
	}
	return r, err
}

func (k *countedConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	st, err := k.fullConn.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	k.c.trips.Add(1)
	return &countedStmt{st.(fullStmt), k.c}, nil
}

type countedTx struct {
	driver.Tx
	c *counter
}

func (t countedTx) Commit() error   { t.c.trips.Add(1); return t.Tx.Commit() }
func (t countedTx) Rollback() error { t.c.trips.Add(1); return t.Tx.Rollback() }

type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type countedStmt struct {
	fullStmt
	c *counter
}

func (s *countedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.c.statement()
	return s.fullStmt.ExecContext(ctx, args)
}

func (s *countedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.c.statement()
	return s.fullStmt.QueryContext(ctx, args)
}
