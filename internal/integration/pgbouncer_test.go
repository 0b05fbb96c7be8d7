package integration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/internal/integration/servers"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/migrate"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// bounced connects to an empty database through a pgbouncer in transaction mode.
func bounced(t *testing.T, poolSize int, mode string) func() *sql.DB {
	t.Helper()
	var name string
	require.NoError(t, opened(t, freshPostgres(t)).QueryRow("SELECT current_database()").Scan(&name))
	b, err := servers.PgBouncer(context.Background(), postgres.get(t), poolSize)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Stop()) })
	return func() *sql.DB {
		cfg, err := pgx.ParseConfig(b.PostgresURL(name) + mode)
		require.NoError(t, err)
		return opened(t, stdlib.GetConnector(*cfg))
	}
}

// TestPgBouncerInTransactionMode: more connections come in than go on to the
// server, so that each transaction may meet another session.
func TestPgBouncerInTransactionMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) { inTransactionMode(t, mode) })
	}
}

func inTransactionMode(t *testing.T, mode string) {
	d := databases[1]
	db := bounced(t, 3, "&default_query_exec_mode="+mode)()
	db.SetMaxOpenConns(8)
	s := d.on(t, db, nil)
	require.NoError(t, s.Check(context.Background()))
	e := newERP(t, d, s, db)
	e.lifecycle()
	goose, err := migrate.New(db, d.dialect, &migrate.Options{Options: sqlstore.Options{Prefix: "other_"}})
	require.NoError(t, err)
	_, err = goose.Up(context.Background())
	require.NoError(t, err)

	eng, err := pursuit.New(s, nil) // with a clock that many may read
	require.NoError(t, err)
	many := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
	in := e.input("", 2)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 5 {
				in := in
				in.Name = fmt.Sprint("deal ", g, " ", i)
				r, err := many.Opportunities().Record(e.ctx, in)
				if err == nil {
					_, err = many.Opportunities().Win(e.ctx, r.ID, opportunity.WinInput{Summary: "won", Reasons: choose(e.world.win)})
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	var won int
	require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM pursuit_opportunity WHERE status = 'won' AND name LIKE 'deal %'").Scan(&won))
	require.Equal(t, 40, won)

	for _, commit := range []bool{false, true} {
		a := e.record(fmt.Sprint("host ", commit), 1)
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		e.invoice(tx, a.ID)
		require.NoError(t, e.win(tx, a.ID))
		if commit {
			require.NoError(t, tx.Commit())
		} else {
			require.NoError(t, tx.Rollback())
		}
		status, n := e.state(a.ID)
		require.Equal(t, commit, status == opportunity.Won)
		require.Equal(t, commit, n == 1)
	}
}

// TestPgBouncerNeedsTheMode: with pgx's default, two connections that meet the
// same session prepare the same statement in it; and that is told, not hidden.
func TestPgBouncerNeedsTheMode(t *testing.T) {
	t.Parallel()
	d := databases[1]
	open := bounced(t, 1, "")
	var err error
	for range 2 {
		db := open()
		db.SetMaxOpenConns(1)
		var s *sqlstore.Store
		s, err = sqlstore.New(db, d.dialect, nil)
		require.NoError(t, err)
		if err = errors.Join(s.Migrate(context.Background()), s.Check(context.Background())); err != nil {
			break
		}
	}
	var answer *pgconn.PgError
	require.ErrorAs(t, err, &answer, "of the driver's default mode")
	require.Equal(t, "42P05", answer.Code, "the prepared statement exists already")
}
