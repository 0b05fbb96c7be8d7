package lifecycle

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgxSite is PostgreSQL where the library and a hand-written contender have pools
// of pgx; all others are on database/sql, as on postgresSite.
type pgxSite struct{ postgresSite }

func (p pgxSite) through(x *proxy) site { return pgxSite{postgresSite{behind(p.s, x), p.made}} }

// pools says whether a contender has a pool of pgx there.
func (pgxSite) pools(contender string) bool { return contender == Ours || contender == HandPgx }

// pool makes a new, empty database, and a pool with as many connections as others
// have. The statements that are run are counted, not the trips: the proxy sees
// these.
func (p pgxSite) pool(ctx context.Context, contender string, goroutines int, count *counter) (*pgxpool.Pool, *sql.DB, error) {
	name, err := create(ctx, p.connector, "postgres", contender, p.made)
	if err != nil {
		return nil, nil, err
	}
	cfg, err := pgxpool.ParseConfig(p.s.PostgresURL(name))
	if err != nil {
		return nil, nil, err
	}
	cfg.MaxConns = int32(goroutines)
	cfg.MaxConnIdleTime = time.Hour
	if count != nil {
		cfg.ConnConfig.Tracer = pgxCounter{count}
		// A ping after a second of idleness would count as a trip.
		cfg.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	return pool, stdlib.OpenDBFromPool(pool), nil
}

// pgxCounter counts the statements that pgx runs, by themselves or in batches.
type pgxCounter struct{ c *counter }

func (k pgxCounter) note(query string) {
	switch word, _, _ := strings.Cut(strings.ToUpper(query), " "); word {
	case "BEGIN", "COMMIT", "ROLLBACK":
	default:
		k.c.statements.Add(1)
	}
}

func (k pgxCounter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	k.note(q.SQL)
	return ctx
}

func (pgxCounter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (pgxCounter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (k pgxCounter) TraceBatchQuery(_ context.Context, _ *pgx.Conn, q pgx.TraceBatchQueryData) {
	k.note(q.SQL)
}

func (pgxCounter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
