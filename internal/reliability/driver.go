package reliability

import (
	"context"
	"database/sql/driver"
)

// tapped is a connector whose connections ask before everything that they send,
// and may be told to do something else. It fits all drivers that work here.
type tapped struct {
	driver.Connector
	// before is asked before BEGIN, COMMIT, ROLLBACK, PREPARE and each statement; an
	// error is the answer, and nothing is sent.
	before func(ctx context.Context, what string) error
	// rollback, if set, is done in place of ROLLBACK.
	rollback func(driver.Tx) error
	// rewrite, if set, is what is sent in place of a statement, and answered is told
	// how it went.
	rewrite  func(query string) string
	answered func(query string, err error)
	// ran, if set, is told of each run of a statement that was prepared before.
	ran func(query string)
}

func (t *tapped) rewritten(query string) string {
	if t.rewrite == nil {
		return query
	}
	return t.rewrite(query)
}

func (t *tapped) answer(query string, err error) {
	if t.answered != nil {
		t.answered(query, err)
	}
}

func (t *tapped) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := t.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &tappedConn{c, t}, nil
}

func (t *tapped) ask(ctx context.Context, what string) error {
	if t.before == nil {
		return nil
	}
	return t.before(ctx, what)
}

type tappedConn struct {
	driver.Conn
	t *tapped
}

func (c *tappedConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *tappedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.t.ask(ctx, "PREPARE"); err != nil {
		return nil, err
	}
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, c.t.rewritten(query))
	c.t.answer(query, err)
	if err != nil {
		return nil, err
	}
	return &tappedStmt{st, c.t, query}, nil
}

func (c *tappedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if err := c.t.ask(ctx, "BEGIN"); err != nil {
		return nil, err
	}
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return tappedTx{tx, c.t}, nil
}

func (c *tappedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.t.ask(ctx, query); err != nil {
		return nil, err
	}
	r, err := c.Conn.(driver.ExecerContext).ExecContext(ctx, c.t.rewritten(query), args)
	c.t.answer(query, err)
	return r, err
}

func (c *tappedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.t.ask(ctx, query); err != nil {
		return nil, err
	}
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, c.t.rewritten(query), args)
	c.t.answer(query, err)
	return rows, err
}

func (c *tappedConn) ResetSession(ctx context.Context) error {
	if r, ok := c.Conn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *tappedConn) IsValid() bool {
	v, ok := c.Conn.(driver.Validator)
	return !ok || v.IsValid()
}

func (c *tappedConn) CheckNamedValue(v *driver.NamedValue) error {
	if k, ok := c.Conn.(driver.NamedValueChecker); ok {
		return k.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type tappedTx struct {
	driver.Tx
	t *tapped
}

func (x tappedTx) Commit() error {
	if err := x.t.ask(context.Background(), "COMMIT"); err != nil {
		return err
	}
	return x.Tx.Commit()
}

func (x tappedTx) Rollback() error {
	if x.t.rollback != nil {
		return x.t.rollback(x.Tx)
	}
	return x.Tx.Rollback()
}

type tappedStmt struct {
	driver.Stmt
	t     *tapped
	query string
}

func (s *tappedStmt) noted() {
	if s.t.ran != nil {
		s.t.ran(s.query)
	}
}

func (s *tappedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.noted()
	if err := s.t.ask(ctx, s.query); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (s *tappedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.noted()
	if err := s.t.ask(ctx, s.query); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (s *tappedStmt) CheckNamedValue(v *driver.NamedValue) error {
	if k, ok := s.Stmt.(driver.NamedValueChecker); ok {
		return k.CheckNamedValue(v)
	}
	return driver.ErrSkip
}
