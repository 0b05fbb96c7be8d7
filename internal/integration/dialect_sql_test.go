package integration

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// scripted connects so that a whole text of several statements may be run at once.
func scripted(t *testing.T, d database) driver.Connector {
	switch c := d.fresh(t); d.name {
	case "postgres":
		var name string
		require.NoError(t, opened(t, c).QueryRow("SELECT current_database()").Scan(&name))
		cfg, err := pgx.ParseConfig(postgres.get(t).PostgresURL(name))
		require.NoError(t, err)
		cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
		return stdlib.GetConnector(*cfg)
	case "mariadb":
		var name string
		require.NoError(t, opened(t, c).QueryRow("SELECT DATABASE()").Scan(&name))
		cfg := mariaConfig(t, name)
		cfg.MultiStatements = true
		return mariaConnector(t, cfg)
	default:
		return c
	}
}

// TestPlainSQLByHand applies each version's text as it is, takes it back, and
// applies it again; in a schema, where there are any.
func TestPlainSQLByHand(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		all := []*sqlstore.Options{nil, {Prefix: "erp_"}}
		if d.name == "postgres" {
			all = append(all, &sqlstore.Options{Prefix: "erp_", Schema: "order"})
		}
		db := opened(t, scripted(t, d))
		if d.name == "postgres" {
			execAll(t, db, []string{`CREATE SCHEMA "order"`})
		}
		for _, opts := range all {
			s, err := sqlstore.New(db, d.dialect, opts)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, s.Close()) })
			ups, downs := plain(t, d, opts, sqlstore.Up), plain(t, d, opts, sqlstore.Down)
			execAll(t, db, ups)
			require.NoError(t, s.Check(context.Background()))
			newWorld(t, s).lifecycle()
			execAll(t, db, downs)
			require.ErrorIs(t, s.Check(context.Background()), fault.ErrNotAllowed)
			execAll(t, db, ups)
			require.NoError(t, s.Check(context.Background()))
		}
		require.Equal(t, len(all)*countTables(t, d, "opportunity"), tables(t, d, db))
	})
}

// plain are the texts of all versions, downwards from the last.
func plain(t *testing.T, d database, opts *sqlstore.Options, dir sqlstore.Direction) (out []string) {
	t.Helper()
	for v := 1; ; v++ {
		q, err := sqlstore.SQL(d.dialect, opts, v, dir)
		if v > 1 && fault.CodeOf(err) == "storage.migration" {
			return out
		}
		require.NoError(t, err)
		require.NotContains(t, q, "+goose")
		if opts != nil {
			require.NotContains(t, q, sqlstore.DefaultPrefix)
		}
		if dir == sqlstore.Up {
			out = append(out, q)
		} else {
			out = append([]string{q}, out...)
		}
	}
}

// countTables counts the tables that the texts create whose name holds a word.
func countTables(t *testing.T, d database, word string) (n int) {
	for _, q := range plain(t, d, nil, sqlstore.Up) {
		q = strings.ReplaceAll(q, "IF NOT EXISTS ", "")
		n += strings.Count(q, "CREATE TABLE "+sqlstore.DefaultPrefix+word)
	}
	require.Positive(t, n)
	return n
}

func tables(t *testing.T, d database, db *sql.DB) (n int) {
	q := "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE '%opportunity%'"
	if d.name == "mariadb" {
		q += " AND table_schema = DATABASE()"
	}
	if d.name == "sqlite" {
		q = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name LIKE '%opportunity%'"
	}
	require.NoError(t, db.QueryRow(q).Scan(&n))
	return n
}

// TestPlainSQLThatIsNotThere names what is wrong.
func TestPlainSQLThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, v := range []int{-1, 0, 99, 100_000} {
		_, err := sqlstore.SQL(sqlstore.SQLite(), nil, v, sqlstore.Up)
		require.ErrorIs(t, err, fault.ErrNotFound, "%d", v)
	}
	_, err := sqlstore.SQL(sqlstore.SQLite(), nil, 1, 0)
	require.Equal(t, []string{"/direction"}, pathsOf(err))
	_, err = sqlstore.SQL(sqlstore.Dialect{}, &sqlstore.Options{Prefix: "A"}, 1, sqlstore.Up)
	require.Equal(t, []string{"/dialect", "/prefix"}, pathsOf(err))
}
