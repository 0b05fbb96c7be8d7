package integration

import (
	"context"
	"database/sql"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func TestMigrateIsIdempotentForSeveralAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.db")
	sqliteDB(t, path).Exec("SELECT 1")
	var wg sync.WaitGroup
	for range 4 {
		s, err := sqlstore.New(sqliteDB(t, path), sqlstore.SQLite(), nil)
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
}

func TestTwoInstancesInOneFile(t *testing.T) {
	t.Parallel()
	db := sqliteDB(t, filepath.Join(t.TempDir(), "p.db"))
	var worlds []*world
	for _, prefix := range []string{"", "b_", "pursuit2_"} {
		s, err := sqlstore.New(db, sqlstore.SQLite(), &sqlstore.Options{Prefix: prefix})
		require.NoError(t, err)
		require.NoError(t, s.Migrate(context.Background()))
		require.NoError(t, s.Check(context.Background()))
		worlds = append(worlds, newWorld(t, s))
	}
	a := worlds[1].record("only in b", 1)
	_, err := worlds[0].s.Opportunities().Get(context.Background(), a.ID, 0)
	require.ErrorIs(t, err, fault.ErrNotFound)
	_, err = worlds[1].s.Opportunities().Get(context.Background(), a.ID, 0)
	require.NoError(t, err)
}

func TestHostilePrefixesAreRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"x; DROP TABLE y--", "Ab_", "1a", "a-b", `a"`, "a.b", "sqlite_", "pg_x", "ä", "aaaaaaaaaaaaaaaaaaaaaaaaa", " ", "a\n"} {
		_, err := sqlstore.New(nil, sqlstore.SQLite(), &sqlstore.Options{Prefix: p})
		require.ErrorIs(t, err, fault.ErrInvalid, "%q", p)
		_, err = sqlstore.Migrations(sqlstore.SQLite(), &sqlstore.Options{Prefix: p})
		require.ErrorIs(t, err, fault.ErrInvalid, "%q", p)
	}
	_, err := sqlstore.New(nil, sqlstore.Dialect{}, nil)
	require.ErrorIs(t, err, fault.ErrInvalid)
}

func TestMigrationsCarryThePrefix(t *testing.T) {
	t.Parallel()
	files, err := sqlstore.Migrations(sqlstore.SQLite(), &sqlstore.Options{Prefix: "erp_"})
	require.NoError(t, err)
	b, err := fs.ReadFile(files, "00001_core.sql")
	require.NoError(t, err)
	require.Contains(t, string(b), "-- +goose Up\nCREATE TABLE erp_archive_entry")
	require.NotContains(t, string(b), "pursuit_")
	f, err := files.Open("00001_core.sql")
	require.NoError(t, err)
	info, err := f.Stat()
	require.NoError(t, err)
	require.EqualValues(t, len(b), info.Size())
}

func TestCheckNamesEverySetting(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(OFF)&_pragma=busy_timeout(0)")
	require.NoError(t, err)
	defer db.Close()
	s, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	err = s.Check(context.Background())
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	var paths []string
	for _, f := range fault.FieldsOf(err) {
		paths = append(paths, f.Path)
	}
	require.Equal(t, []string{"/foreign_keys", "/journal_mode", "/synchronous", "/busy_timeout", "/schema_version"}, paths)
	require.ErrorContains(t, err, "/schema_version: the tables aren't there, or aren't of version", "a host learns that Migrate is missing")
	require.ErrorIs(t, mustStore(t, nil).Migrate(context.Background()), fault.ErrInternal)

	// A file may keep its journal in memory as well: a crash then ruins it.
	ram, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "q.db")+"?_pragma=journal_mode(MEMORY)&_pragma=synchronous(OFF)&_pragma=busy_timeout(10)&_pragma=foreign_keys(1)")
	require.NoError(t, err)
	defer ram.Close()
	m := mustStore(t, ram)
	require.NoError(t, m.Migrate(context.Background()))
	err = m.Check(context.Background())
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Len(t, fault.FieldsOf(err), 2)
}

func mustStore(t *testing.T, db *sql.DB) *sqlstore.Store {
	s, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	return s
}

// A host's own tool may take the tables away again: in an order that foreign keys
// permit, and all of them.
func TestDownTakesEverythingAway(t *testing.T) {
	t.Parallel()
	store, db := sqliteStore(t, nil)
	newWorld(t, store).lifecycle()
	execAll(t, db, statements(t, databases[0], nil, false))
	var left int
	require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'pursuit%' AND name <> 'pursuit_schema_version'").Scan(&left))
	require.Zero(t, left)
}
