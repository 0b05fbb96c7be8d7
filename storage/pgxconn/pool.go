package pgxconn

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// New makes a store on a pool, whose own transactions go through pgx. The caller
// closes the pool. It doesn't touch the database: see Store.Migrate and
// Store.Check. Errors: ErrInvalid for a bad prefix or schema.
func New(p *pgxpool.Pool, opts *sqlstore.Options) (*sqlstore.Store, error) {
	return sqlstore.NewOn(pool{p}, sqlstore.PostgreSQL(), opts)
}

type pool struct{ p *pgxpool.Pool }

func (p pool) OpenDB() *sql.DB { return stdlib.OpenDBFromPool(p.p) }

const (
	beginUpdate = "BEGIN"
	beginView   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

// Begin gives a transaction that takes a connection and begins with its first
// statement.
func (p pool) Begin(_ context.Context, write bool) (sqlstore.OwnTx, error) {
	t := &own{p: p.p, begin: beginView}
	if write {
		t.begin = beginUpdate
	}
	return t, nil
}

// own is one of the store's own transactions.
type own struct {
	p     *pgxpool.Pool
	begin string
	c     *pgxpool.Conn // nil: not begun
}

// maxStale is how many connections that turn out to be closed are passed over.
const maxStale = 4

// first sends BEGIN with the first statements. A connection that the server closed
// while it was idle shows that only now, and nothing was committed: the next one
// is tried.
func (t *own) first(ctx context.Context, b *pgx.Batch) (pgx.BatchResults, error) {
	for stale := 0; ; stale++ {
		c, err := t.p.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		whole := &pgx.Batch{}
		whole.Queue(t.begin)
		whole.QueuedQueries = append(whole.QueuedQueries, b.QueuedQueries...)
		res := c.SendBatch(ctx, whole)
		if _, err = res.Exec(); err == nil {
			t.c = c
			return res, nil
		}
		_ = res.Close()
		dead := c.Conn().IsClosed()
		end(context.WithoutCancel(ctx), c)
		if !dead || stale >= maxStale || ctx.Err() != nil {
			return nil, err
		}
	}
}

func (t *own) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if t.c != nil {
		return conn{t.c}.Exec(ctx, query, args...)
	}
	n, err := t.Batch(ctx, []sqlstore.Statement{{Query: query, Args: args}})
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

func (t *own) Query(ctx context.Context, query string, args ...any) (sqlstore.Rows, error) {
	if t.c != nil {
		return conn{t.c}.Query(ctx, query, args...)
	}
	b := &pgx.Batch{}
	b.Queue(query, args...)
	res, err := t.first(ctx, b)
	if err != nil {
		return nil, err
	}
	r, err := res.Query()
	if err != nil {
		_ = res.Close() // the same error
		return nil, err
	}
	return rows{r, res}, nil
}

func (t *own) Batch(ctx context.Context, list []sqlstore.Statement) ([]int64, error) {
	if t.c != nil {
		return conn{t.c}.Batch(ctx, list)
	}
	res, err := t.first(ctx, queued(&pgx.Batch{}, list))
	if err != nil {
		return nil, err
	}
	return read(res, len(list))
}

// Commit commits, if anything was run.
func (t *own) Commit(ctx context.Context) error {
	if t.c == nil {
		return nil
	}
	tag, err := t.c.Exec(ctx, "COMMIT")
	if err == nil && tag.String() == "ROLLBACK" {
		err = pgx.ErrTxCommitRollback
	}
	return err
}

func (t *own) Release(ctx context.Context) {
	c := t.c
	t.c = nil
	if c != nil {
		end(ctx, c)
	}
}

// end leaves a transaction, if there is still one, and gives the connection back;
// the pool throws away one that is closed or still inside.
func end(ctx context.Context, c *pgxpool.Conn) {
	if pg := c.Conn().PgConn(); !pg.IsClosed() && !pg.IsBusy() && pg.TxStatus() != idle {
		_, _ = c.Exec(ctx, "ROLLBACK")
	}
	c.Release()
}

// idle is the state of a connection that is in no transaction.
const idle = 'I'
