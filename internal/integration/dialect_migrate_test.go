package integration

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// statements takes one half of all migrations apart, as goose does: downwards from
// the last.
func statements(t testing.TB, d database, opts *sqlstore.Options, up bool) (out []string) {
	t.Helper()
	files, err := sqlstore.Migrations(d.dialect, opts)
	require.NoError(t, err)
	names, err := fs.Glob(files, "*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	if !up {
		slices.Reverse(names)
	}
	for _, name := range names {
		out = append(out, statementsOf(t, files, name, up)...)
	}
	return out
}

func statementsOf(t testing.TB, files fs.FS, name string, up bool) (out []string) {
	t.Helper()
	b, err := fs.ReadFile(files, name)
	require.NoError(t, err)
	half, down, ok := strings.Cut(string(b), "-- +goose Down")
	require.True(t, ok)
	if !up {
		half = down
	}
	var text strings.Builder
	for line := range strings.Lines(half) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			text.WriteString(line)
		}
	}
	for q := range strings.SplitSeq(text.String(), ";\n") {
		if strings.TrimSpace(q) != "" {
			out = append(out, q)
		}
	}
	return out
}

func execAll(t testing.TB, db *sql.DB, qs []string) {
	t.Helper()
	for _, q := range qs {
		_, err := db.Exec(q)
		require.NoError(t, err, q)
	}
}

// TestMigrateBySeveralAtOnce: goroutines with pools of their own, and another
// process.
func TestMigrateBySeveralAtOnce(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		where := d.fresh(t)
		var name string
		require.NoError(t, opened(t, where).QueryRow(map[string]string{"postgres": "SELECT current_database()", "mariadb": "SELECT DATABASE()"}[d.name]).Scan(&name))
		var wg sync.WaitGroup
		other := exec.Command(os.Args[0], "-test.run=^TestMigrateAsAnotherProcess$", "-test.v")
		source := map[string]func() string{
			"postgres": func() string { return postgres.get(t).PostgresURL(name) },
			"mariadb":  func() string { return mariadb.get(t).MariaDBDSN(name) },
		}[d.name]()
		other.Env = append(os.Environ(), "PURSUIT_MIGRATE="+d.name+" "+source)
		wg.Go(func() {
			out, err := other.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "PASS: TestMigrateAsAnotherProcess") {
				t.Errorf("%v: %s", err, out)
			}
		})
		for range 4 {
			s, err := sqlstore.New(opened(t, where), d.dialect, nil)
			require.NoError(t, err)
			wg.Go(func() {
				for range 2 {
					if err := s.Migrate(context.Background()); err != nil {
						t.Error(err)
					}
				}
				if err := s.Check(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		newWorld(t, d.on(t, opened(t, where), nil)).lifecycle()
	})
}

// TestMigrateAsAnotherProcess is the other process, if it is told to be.
func TestMigrateAsAnotherProcess(t *testing.T) {
	t.Parallel()
	name, source, ok := strings.Cut(os.Getenv("PURSUIT_MIGRATE"), " ")
	if !ok {
		require.Empty(t, name)
		return
	}
	driver, d := "pgx", databases[1]
	if name == "mariadb" {
		driver, d = "mysql", databases[2]
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	defer db.Close()
	d.on(t, db, nil)
}

// TestMigrateGoesOnWhereItWasInterrupted: DDL commits by itself on MariaDB, so a
// process that dies leaves half of the tables. PostgreSQL leaves none.
func TestMigrateGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	d := databases[2]
	db := opened(t, d.fresh(t))
	execAll(t, db, statements(t, d, nil, true)[:7])
	s := d.on(t, db, nil)
	require.NoError(t, s.Check(context.Background()))
	newWorld(t, s).lifecycle()
}

// TestMigrationsGoDownAndUp: with a tool of the host's, with the prefix.
func TestMigrationsGoDownAndUp(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		opts := &sqlstore.Options{Prefix: "erp_"}
		db := opened(t, d.fresh(t))
		s, err := sqlstore.New(db, d.dialect, opts)
		require.NoError(t, err)
		require.ErrorIs(t, s.Check(context.Background()), fault.ErrNotAllowed, "there are no tables")
		for range 2 {
			execAll(t, db, statements(t, d, opts, true))
			require.NoError(t, s.Check(context.Background()), "the host's tool doesn't write our table of versions")
			newWorld(t, s).lifecycle()
			execAll(t, db, statements(t, d, opts, false))
			require.ErrorIs(t, s.Check(context.Background()), fault.ErrNotAllowed)
		}
		require.Empty(t, lists(t, db, "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'erp%'"))
	})
}

// TestNewerTablesAreRefused: an old version of the library mustn't go on.
func TestNewerTablesAreRefused(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		db := opened(t, d.fresh(t))
		s := d.on(t, db, nil)
		execAll(t, db, []string{"INSERT INTO pursuit_schema_version VALUES (99)"})
		err := s.Migrate(context.Background())
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "storage.schema.newer", fault.CodeOf(err))
		require.Equal(t, []string{"/schema_version"}, pathsOf(s.Check(context.Background())))
		require.ErrorContains(t, s.Check(context.Background()), "of a newer version of the library")
	})
}

// TestSeveralInstancesInOneDatabase keeps them apart by prefix, and on PostgreSQL
// by schema, also one that is named after a word of SQL.
func TestSeveralInstancesInOneDatabase(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		db := opened(t, d.fresh(t))
		all := []*sqlstore.Options{{}, {Prefix: "b_"}, {Prefix: "pursuit2_"}, {Prefix: strings.Repeat("p", 24)}}
		if d.name == "postgres" {
			execAll(t, db, []string{`CREATE SCHEMA "order"`, `CREATE SCHEMA erp`})
			all = append(all, &sqlstore.Options{Schema: "order"}, &sqlstore.Options{Schema: "erp"}, &sqlstore.Options{Schema: "erp", Prefix: "c_"})
		}
		var worlds []*world
		for _, opts := range all {
			s := d.on(t, db, opts)
			require.NoError(t, s.Check(context.Background()))
			w := newWorld(t, s)
			w.lifecycle()
			worlds = append(worlds, w)
		}
		a := worlds[1].record("only in the second", 1)
		for i, w := range worlds {
			if i != 1 {
				_, err := w.s.Opportunities().Get(w.ctx, a.ID, 0)
				require.ErrorIs(t, err, fault.ErrNotFound)
			}
		}
		if d.name == "postgres" {
			require.Len(t, lists(t, db, `SELECT tablename FROM pg_tables WHERE schemaname = 'erp' AND tablename LIKE 'c\_%'`), countTables(t, d, "")+1) // and that of versions
			require.Empty(t, lists(t, db, `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'c\_%'`))
		}
	})
}

// TestHostileSchemasAreRefused, and those of databases that have none.
func TestHostileSchemasAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`x"; DROP TABLE y--`, "Ab", "1a", "a-b", `a"`, "a.b", "pg_catalog", "ä", strings.Repeat("a", 49), " ", "a\n", "a?"} {
		_, err := sqlstore.New(nil, sqlstore.PostgreSQL(), &sqlstore.Options{Schema: name})
		require.ErrorIs(t, err, fault.ErrInvalid, "%q", name)
		require.Equal(t, []string{"/schema"}, pathsOf(err))
		_, err = sqlstore.Migrations(sqlstore.PostgreSQL(), &sqlstore.Options{Schema: name})
		require.ErrorIs(t, err, fault.ErrInvalid, "%q", name)
	}
	for _, d := range []sqlstore.Dialect{sqlstore.SQLite(), sqlstore.MySQL()} {
		_, err := sqlstore.New(nil, d, &sqlstore.Options{Schema: "erp"})
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
}

// TestMigrateBeginsTogether lets several create the table of versions in the same
// moment, again and again: PostgreSQL answers that with one of several errors.
func TestMigrateBeginsTogether(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		db := opened(t, d.fresh(t))
		for _, prefix := range []string{"a_", "b_", "c_", "d_", "e_", "f_"} {
			s, err := sqlstore.New(db, d.dialect, &sqlstore.Options{Prefix: prefix})
			require.NoError(t, err)
			begin := make(chan struct{})
			var wg sync.WaitGroup
			for range 6 {
				wg.Go(func() {
					<-begin
					if err := s.Migrate(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			close(begin)
			wg.Wait()
			require.NoError(t, s.Check(context.Background()))
		}
	})
}
