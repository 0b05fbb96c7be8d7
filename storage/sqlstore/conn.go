package sqlstore

import (
	"context"
	"database/sql"
)

// Conn is what the store asks of a host's transaction. Std makes one of
// database/sql's types; a host with another driver writes its own. It doesn't keep
// args, which are the store's again once it returns.
type Conn interface {
	// Exec runs a statement and says how many rows it touched.
	Exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	// Query runs a statement that gives rows.
	Query(ctx context.Context, query string, args ...any) (Rows, error)
}

// Rows are the rows of a query; *sql.Rows is one.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// StdConn is what *sql.Tx, *sql.Conn and *sql.DB have in common.
type StdConn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Std makes a Conn of a *sql.Tx, or of a *sql.Conn inside a transaction. On a
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
