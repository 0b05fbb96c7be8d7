// Package erptest runs the programs' tests on every database: SQLite, and
// PostgreSQL and MariaDB on throw-away servers.
package erptest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
	"github.com/pursuit-crm/pursuit/internal/integration/servers"
)

var (
	postgres = sync.OnceValues(func() (*servers.Server, error) { return servers.Postgres(context.Background()) })
	mariaDB  = sync.OnceValues(func() (*servers.Server, error) { return servers.MariaDB(context.Background()) })
	made     atomic.Int64
)

// Main runs a package's tests, and stops the servers after them.
func Main(m *testing.M) {
	code := m.Run()
	for _, start := range []func() (*servers.Server, error){postgres, mariaDB} {
		if s, err := start(); err == nil && s.Stop() != nil {
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// OnEach runs a test on a new database of each kind, which it has to close.
func OnEach(t *testing.T, test func(t *testing.T, d erp.Database)) {
	for _, kind := range []erp.Kind{erp.SQLite, erp.Postgres, erp.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, open(t, kind)) })
	}
}

func open(t *testing.T, kind erp.Kind) erp.Database {
	t.Helper()
	var d erp.Database
	var err error
	switch kind {
	case erp.SQLite:
		d, err = erp.OpenFile(filepath.Join(t.TempDir(), "erp.db"))
	case erp.Postgres:
		s, e := postgres()
		require.NoError(t, e)
		d, err = erp.OpenPostgres(s.PostgresURL(create(t, "pgx", s.PostgresURL("postgres"))))
	case erp.MariaDB:
		s, e := mariaDB()
		require.NoError(t, e)
		d, err = erp.OpenMariaDB(s.MariaDBDSN(create(t, "mysql", s.MariaDBDSN("mysql"))))
	}
	require.NoError(t, err)
	return d
}

// create makes a database.
func create(t *testing.T, driver, dsn string) string {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	defer db.Close()
	name := fmt.Sprintf("orm_%d_%d", os.Getpid(), made.Add(1))
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	return name
}
