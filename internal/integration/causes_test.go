package integration

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// TestB24_TheCausesOfRealDrivers: what an operator's log shows of a database's error
// has its codes, and neither values, statements nor data sources.
func TestB24_TheCausesOfRealDrivers(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		db := opened(t, d.fresh(t))
		_, err := db.Exec("CREATE TABLE people (name VARCHAR(50) NOT NULL PRIMARY KEY)")
		require.NoError(t, err)
		_, err = db.Exec("INSERT INTO people VALUES ('Ann Lee')")
		require.NoError(t, err)
		for _, c := range []struct {
			statement string
			tells     string
			want      map[string]string
		}{
			{"INSERT INTO people VALUES ('Ann Lee')", "people|Ann Lee", map[string]string{
				"sqlite":   "*sqlite.Error: code 1555 (constraint)",
				"postgres": "*pgconn.PgError: SQLSTATE 23505 (integrity constraint), constraint people_pkey, table people",
				"mariadb":  "*mysql.MySQLError: number 1062, SQLSTATE 23000 (integrity constraint)",
			}},
			{"INSERT INTO Ann Lee", "Lee", map[string]string{
				"sqlite":   "*sqlite.Error: code 1 (error)",
				"postgres": "*pgconn.PgError: SQLSTATE 42601 (syntax or access rule)",
				"mariadb":  "*mysql.MySQLError: number 1064, SQLSTATE 42000 (syntax or access rule)",
			}},
		} {
			_, err := db.Exec(c.statement)
			require.Regexp(t, c.tells, err.Error(), "the driver's own text")
			err = fault.Wrap(fault.ErrInternal, fault.StorageFailed, "the database failed", err)
			require.Equal(t, []string{"storage.failed: the database failed", c.want[d.name]}, fault.Chain(err))
			var log bytes.Buffer
			slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "err", err)
			for _, s := range []string{fmt.Sprintf("%+v", err), log.String()} {
				require.NotRegexp(t, "Ann|Lee", s)
				require.Contains(t, s, c.want[d.name])
			}
		}
	})
}

// TestB24_TheCausesOfNoConnection: a server that isn't there, and a data source
// with a name and a password.
func TestB24_TheCausesOfNoConnection(t *testing.T) {
	for driver, dsn := range map[string]string{
		"pgx":   "postgres://ann:secret@127.0.0.1:1/lee?sslmode=disable",
		"mysql": "ann:secret@tcp(127.0.0.1:1)/lee",
	} {
		db, err := sql.Open(driver, dsn)
		require.NoError(t, err)
		err = db.Ping()
		require.Error(t, err)
		require.NoError(t, db.Close())
		text := fmt.Sprintf("%+v", fault.Wrap(fault.ErrInternal, fault.StorageConnection, "the connection was lost", err))
		for _, secret := range []string{"ann", "lee", "secret", "127.0.0.1"} {
			require.NotContains(t, text, secret)
		}
		require.Contains(t, text, "syscall.Errno: connection refused")
	}
}
