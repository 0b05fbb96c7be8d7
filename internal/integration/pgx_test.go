package integration

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/pgxconn"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// pgxPool gives a pool of pgx on a database with tables.
func pgxPool(t testing.TB, set ...func(*pgxpool.Config)) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(postgres.get(t).PostgresURL(pgPool.name(t)))
	require.NoError(t, err)
	for _, f := range set {
		f(cfg)
	}
	p, err := pgxpool.NewWithConfig(context.Background(), cfg)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// onPgx makes a store on a pool, with its tables.
func onPgx(t testing.TB, p *pgxpool.Pool) *sqlstore.Store {
	t.Helper()
	s, err := pgxconn.New(p, nil)
	require.NoError(t, err)
	require.NoError(t, s.Migrate(context.Background()))
	return s
}

// pgxStore is the adapter for the table of stores.
func pgxStore(t *testing.T) (storage.Store, func() hostTx) {
	p := pgxPool(t)
	s := onPgx(t, p)
	return s, func() hostTx {
		tx, err := p.Begin(context.Background())
		require.NoError(t, err)
		t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
		return hostTx{s.Bind(pgxconn.Tx(tx)), pgxEnd(tx.Commit), pgxEnd(tx.Rollback)}
	}
}

func pgxEnd(f func(context.Context) error) func() error {
	return func() error {
		if err := f(context.Background()); !errors.Is(err, pgx.ErrTxClosed) {
			return err
		}
		return nil
	}
}

// pgxHarness runs the conformance suite through pgx, in transactions of the
// store's own and of a host.
func pgxHarness(set ...func(*pgxpool.Config)) storagetest.Harness {
	var made sync.Map // store to pool
	return storagetest.Harness{
		Open: func(rule storagetest.T) storage.Store {
			t, ok := rule.(testing.TB)
			if !ok {
				rule.Fatalf("the suite runs under go test, not with %T", rule)
			}
			p := pgxPool(t, set...)
			s := onPgx(t, p)
			made.Store(s, p)
			return s
		},
		Begin: func(rule storagetest.T, s storage.Store) storagetest.HostTx {
			p, _ := made.Load(s)
			tx, err := p.(*pgxpool.Pool).Begin(context.Background())
			if err != nil {
				rule.Fatalf("begin: %v", err)
			}
			return storagetest.HostTx{Bound: s.(*sqlstore.Store).Bind(pgxconn.Tx(tx)), Commit: pgxEnd(tx.Commit), Rollback: pgxEnd(tx.Rollback)}
		},
	}
}

// TestConformanceOfModes runs the suite in the mode that a pooler in transaction
// mode needs.
func TestConformanceOfModes(t *testing.T) {
	t.Parallel()
	h := pgxHarness(func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec })
	h.Parallel = true
	storagetest.Run(t, h)
}
