package sqlstore

import (
	"context"
	"database/sql"
	"slices"

	"github.com/pursuit-crm/pursuit/storage"
)

// Conn is the store's view of a host's transaction. Std makes one from
// database/sql's types; a host with another driver implements its own. It must
// not keep args, which the store reuses after the call.
type Conn interface {
	// Exec runs a statement and returns the number of rows affected.
	Exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	// Query runs a statement that returns rows.
	Query(ctx context.Context, query string, args ...any) (Rows, error)
}

// Rows are the rows of a query; *sql.Rows is one.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// StdConn is the common interface of *sql.Tx, *sql.Conn and *sql.DB.
type StdConn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Std returns a Conn for a *sql.Tx, or for a *sql.Conn inside a transaction. On a
// *sql.DB every statement would commit by itself: use it for reading only.
func Std(x StdConn) Conn { return std{x} }

type std struct{ x StdConn }

func (s std) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := s.x.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (s std) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	rows, err := s.x.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// ConnOf returns the connection of a transaction of this package's stores, for
// the host's own statements in it, such as those of its sales system. The
// statements are in the database's own dialect. Writes that the transaction holds
// back are sent first. After an error the transaction refuses every call, as
// after a failed write. The Conn ends with the closure that got the transaction,
// and so do rows that weren't closed; on MariaDB and on pgx a connection runs
// nothing else while rows are open. ok is false for other stores' transactions.
func ConnOf(x storage.Tx) (c Conn, ok bool) {
	t, ok := x.(*tx)
	if !ok {
		return nil, false
	}
	return guest{t}, true
}

type guest struct{ t *tx }

func (g guest) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := g.ready(ctx, true); err != nil {
		return 0, err
	}
	g.t.wrote = true
	n, err := g.t.c.Exec(ctx, query, args...)
	if err != nil {
		return 0, g.t.fail(g.t.s.fault(ctx, err))
	}
	return n, nil
}

func (g guest) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	if err := g.ready(ctx, false); err != nil {
		return nil, err
	}
	rows, err := g.t.c.Query(ctx, query, args...)
	if err != nil {
		return nil, g.t.fail(g.t.s.fault(ctx, err))
	}
	r := &guestRows{Rows: rows, t: g.t}
	g.t.guests = append(g.t.guests, r)
	return r, nil
}

// guestRows are closed at the end of their closure, if the host forgot to: a
// statement that COMMIT closes must have none.
type guestRows struct {
	Rows
	t      *tx
	closed bool
}

func (r *guestRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.t.guests = slices.DeleteFunc(r.t.guests, func(x *guestRows) bool { return x == r })
	return r.Rows.Close()
}

func (g guest) ready(ctx context.Context, write bool) error {
	if err := g.t.can(ctx, write); err != nil {
		return err
	}
	return g.t.flush(ctx)
}
