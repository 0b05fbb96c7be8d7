package pgxconn

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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
	commit      = "COMMIT"
)

// Begin returns a transaction that takes a connection and begins with its first
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

// first sends BEGIN with the first statements, and, if last is set, COMMIT; then
// done ends what watches the context. A connection that the server closed while it
// was idle shows that only now: the next one is tried, unless it may have
// committed.
func (t *own) first(ctx context.Context, list []sqlstore.Statement, last bool) (res pgx.BatchResults, done func(), err error) {
	for stale := 0; ; stale++ {
		c, err := t.p.Acquire(ctx)
		if err != nil {
			return nil, nil, err
		}
		b := &pgx.Batch{} // each connection has its own: pgx keeps things in it
		b.Queue(t.begin)
		queued(b, list)
		send, done := ctx, func() {}
		if last {
			b.Queue(commit)
			send, done = context.WithoutCancel(ctx), watch(ctx, c)
		}
		res := c.SendBatch(send, b)
		if _, err = res.Exec(); err == nil {
			t.c = c
			return res, done, nil
		}
		_ = res.Close()
		done()
		dead := c.Conn().IsClosed()
		end(context.WithoutCancel(ctx), c)
		if !dead || last && !untouched(err) || stale >= maxStale || ctx.Err() != nil {
			return nil, nil, err
		}
	}
}

// untouched says that nothing was run: nothing was sent, or BEGIN itself was
// refused.
func untouched(err error) bool {
	var answer *pgconn.PgError
	return pgconn.SafeToRetry(err) || errors.As(err, &answer)
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
	res, _, err := t.first(ctx, []sqlstore.Statement{{Query: query, Args: args}}, false)
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
	res, _, err := t.first(ctx, list, false)
	if err != nil {
		return nil, err
	}
	return read(res, len(list))
}

// CommitAfter sends COMMIT along, and BEGIN if nothing was run before: a statement
// that fails lets PostgreSQL pass over what follows it in the same batch.
func (t *own) CommitAfter(ctx context.Context, list []sqlstore.Statement) ([]int64, error) {
	var res pgx.BatchResults
	var done func()
	if t.c == nil {
		var err error
		if res, done, err = t.first(ctx, list, true); err != nil {
			return nil, err
		}
	} else {
		b := queued(&pgx.Batch{}, list)
		b.Queue(commit)
		done = watch(ctx, t.c)
		res = t.c.SendBatch(context.WithoutCancel(ctx), b)
	}
	defer done()
	touched, err := numbers(res, len(list))
	if err == nil {
		err = committed(res.Exec())
	}
	if e := res.Close(); err == nil {
		err = e
	}
	return touched, err
}

// How long a cancellation may take: to be told to the server, and until the server
// answers to what was cancelled.
const (
	cancelWait = time.Second
	answerWait = time.Second
)

// watch asks the server to cancel what it runs when the context ends, so that the
// outcome is known in spite of that, and lets go of the connection if it doesn't
// answer. What it returns ends that.
func watch(ctx context.Context, c *pgxpool.Conn) (done func()) {
	pg := c.Conn().PgConn()
	asked := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(asked)
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelWait)
		defer cancel()
		wait := answerWait
		if pg.CancelRequest(short) != nil {
			wait = 0
		}
		_ = pg.Conn().SetDeadline(time.Now().Add(wait))
	})
	return func() {
		if !stop() {
			<-asked
			// The request may still be on its way, to whatever comes next.
			_ = c.Conn().Close(context.WithoutCancel(ctx))
		}
	}
}

// Commit commits, if anything was run.
func (t *own) Commit(ctx context.Context) error {
	if t.c == nil {
		return nil
	}
	return committed(t.c.Exec(ctx, commit))
}

// committed looks at the answer to a COMMIT: a transaction that had failed is
// rolled back without an error.
func committed(tag pgconn.CommandTag, err error) error {
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
