package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
)

// dsns gives a new database on each server, as -dsn names it.
func dsns(t *testing.T) map[string]string {
	t.Helper()
	ctx := context.Background()
	pg, err := servers.Postgres(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pg.Stop()) })
	maria, err := servers.MariaDB(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, maria.Stop()) })
	name := fmt.Sprintf("replay_%d", os.Getpid())
	create := func(driver, dsn string) {
		db, err := sql.Open(driver, dsn)
		require.NoError(t, err)
		defer db.Close()
		_, err = db.ExecContext(ctx, "CREATE DATABASE "+name)
		require.NoError(t, err)
	}
	create("pgx", pg.PostgresURL("postgres"))
	create("mysql", maria.MariaDBDSN("mysql"))
	return map[string]string{
		"postgres": pg.PostgresURL(name),
		"mariadb":  fmt.Sprintf("mariadb://%s:%s@%s:%d/%s", maria.User, maria.Password, maria.Host, maria.Port, name),
	}
}

// TestAllStoresAgree: the figures are equal on all four stores, in CI of the real
// set, elsewhere of a made one, which is quicker.
func TestAllStoresAgree(t *testing.T) {
	t.Parallel()
	args := []string{"-json", "-as-of", "2017-08-01", "-group-by", "product"}
	if os.Getenv("CI") != "" {
		args = append(args, "-data", realData(t))
	} else {
		args = append(args, "-seed", "3", "-rows", "500")
	}
	figure := func(more ...string) (f figures) {
		code, out, errs := call(t, append(more, args...)...)
		require.Zero(t, code, errs)
		require.NoError(t, json.Unmarshal([]byte(out), &f))
		f.Seconds = 0
		return f
	}
	want := figure("-store", "memory")
	require.Equal(t, want, figure("-store", "sqlite"))
	for name, dsn := range dsns(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, want, figure("-dsn", dsn))
			code, _, errs := call(t, append([]string{"-dsn", dsn}, args...)...)
			require.Zero(t, code, errs)
			require.Equal(t, "Everything is there already; nothing was changed.\n", errs)
		})
	}
}

func TestADSNsPasswordIsNotShown(t *testing.T) {
	for _, dsn := range []string{"postgres://ann:secret@127.0.0.1:1/x?connect_timeout=1", "mysql://ann:secret@127.0.0.1:1/x"} {
		code, out, errs := call(t, "-dsn", dsn, "-rows", "1")
		require.Equal(t, 1, code)
		require.Empty(t, out)
		require.Contains(t, errs, "replay: ")
		require.False(t, strings.Contains(errs, "secret"), errs)
	}
}
