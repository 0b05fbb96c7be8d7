package servers

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

var postgres = &spec{
	name: "postgres", env: "PURSUIT_POSTGRES", packages: []string{"postgresql"}, account: "postgres", stop: syscall.SIGINT,
	initial: func(dir string) (*exec.Cmd, error) {
		bin, err := postgresBin("initdb")
		if err != nil {
			return nil, err
		}
		return exec.Command(bin, "-D", filepath.Join(dir, "data"), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"), nil
	},
	run: func(dir string, port int) (*exec.Cmd, error) {
		bin, err := postgresBin("postgres")
		if err != nil {
			return nil, err
		}
		return exec.Command(bin, "-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1",
			"-c", "unix_socket_directories="+dir, "-c", "max_connections=200", "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on"), nil
	},
	ready: func(_ string, port int) (*exec.Cmd, error) {
		bin, err := postgresBin("pg_isready")
		if err != nil {
			return nil, err
		}
		return exec.Command(bin, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-q"), nil
	},
}

// postgresBin finds a program of the newest version that Debian installed.
func postgresBin(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return exec.LookPath(name)
	}
	slices.SortFunc(found, func(a, b string) int { return versionOf(a) - versionOf(b) })
	return found[len(found)-1], nil
}

func versionOf(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// Postgres starts a PostgreSQL server.
func Postgres(ctx context.Context) (*Server, error) {
	if err := Install(ctx, postgres.packages[0]); err != nil {
		return nil, err
	}
	return start(ctx, postgres, "postgres")
}

// PostgresURL is the URL of one of its databases.
func (s *Server) PostgresURL(database string) string {
	return fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=disable", s.User, s.Password, s.Host, s.Port, database)
}
