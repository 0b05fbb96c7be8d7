package pgxconn

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// Querier is what pgx.Tx, *pgx.Conn, *pgxpool.Tx and *pgxpool.Conn have in common.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// Tx makes a sqlstore.Conn of a host's pgx.Tx, a nested one (a savepoint) too, or
// of a *pgx.Conn or *pgxpool.Conn inside a transaction:
//
//	eng.In(store.Bind(pgxconn.Tx(tx)))
//
// On a *pgxpool.Pool, or outside of a transaction, every statement would commit by
// itself. It begins, commits and sets nothing. Errors are pgx's own.
func Tx(q Querier) sqlstore.Batcher { return conn{q} }

type conn struct{ q Querier }

func (c conn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := c.q.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

func (c conn) Query(ctx context.Context, query string, args ...any) (sqlstore.Rows, error) {
	r, err := c.q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return rows{r, nil}, nil
}

func (c conn) Batch(ctx context.Context, list []sqlstore.Statement) ([]int64, error) {
	b := &pgx.Batch{}
	return read(c.q.SendBatch(ctx, queued(b, list)), len(list))
}

func queued(b *pgx.Batch, list []sqlstore.Statement) *pgx.Batch {
	for _, s := range list {
		b.Queue(s.Query, s.Args...)
	}
	return b
}

// read reads the results of n statements, up to the first that failed, and no more.
func read(res pgx.BatchResults, n int) ([]int64, error) {
	touched, err := numbers(res, n)
	if e := res.Close(); err == nil {
		err = e
	}
	return touched, err
}

func numbers(res pgx.BatchResults, n int) ([]int64, error) {
	touched := make([]int64, 0, n)
	for range n {
		tag, err := res.Exec()
		if err != nil {
			return touched, err
		}
		touched = append(touched, tag.RowsAffected())
	}
	return touched, nil
}

// rows are a query's; with a batch it ends when they do.
type rows struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r rows) Close() error {
	r.Rows.Close()
	err := r.Err()
	if r.batch != nil {
		if e := r.batch.Close(); err == nil {
			err = e
		}
	}
	return err
}
