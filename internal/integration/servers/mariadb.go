package servers

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

var mariadb = &spec{
	name: "mariadb", env: "PURSUIT_MARIADB", packages: []string{"mariadb-server"}, account: "mysql", stop: syscall.SIGTERM,
	initial: func(dir string) (*exec.Cmd, error) {
		bin, err := exec.LookPath("mariadb-install-db")
		if err != nil {
			return nil, err
		}
		return exec.Command(bin, "--no-defaults", "--datadir="+filepath.Join(dir, "data"), "--auth-root-authentication-method=normal", "--skip-test-db"), nil
	},
	run: func(dir string, port int) (*exec.Cmd, error) {
		bin, err := mariadbBin("mariadbd")
		if err != nil {
			return nil, err
		}
		return exec.Command(bin, "--no-defaults", "--datadir="+filepath.Join(dir, "data"), "--port="+strconv.Itoa(port), "--bind-address=127.0.0.1",
			"--socket="+filepath.Join(dir, "s"), "--pid-file="+filepath.Join(dir, "pid"), "--max-connections=200", "--skip-name-resolve",
			"--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1", "--innodb-buffer-pool-size=256M", "--innodb-log-file-size=128M"), nil
	},
	ready: func(dir string, port int) (*exec.Cmd, error) {
		bin, err := exec.LookPath("mariadb-admin")
		if err != nil {
			return nil, err
		}
		return exec.Command(bin, "--no-defaults", "--protocol=tcp", "-h", "127.0.0.1", "-P", strconv.Itoa(port), "-u", "root", "--silent", "ping"), nil
	},
}

// mariadbBin finds a program that may stand outside of a user's path.
func mariadbBin(name string) (string, error) {
	if bin, err := exec.LookPath(name); err == nil {
		return bin, nil
	}
	return exec.LookPath("/usr/sbin/" + name)
}

// MariaDB starts a MariaDB server.
func MariaDB(ctx context.Context) (*Server, error) {
	if err := Install(ctx, mariadb.packages[0]); err != nil {
		return nil, err
	}
	return start(ctx, mariadb, "root")
}

// MariaDBDSN is the data source name of one of its databases, as go-sql-driver reads it.
func (s *Server) MariaDBDSN(database string) string {
	return fmt.Sprintf("%s:%s@tcp(%s:%d)/%s?multiStatements=false", s.User, s.Password, s.Host, s.Port, database)
}
