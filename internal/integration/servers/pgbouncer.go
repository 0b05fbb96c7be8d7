package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// PgBouncer starts a pgbouncer in transaction mode in front of a PostgreSQL
// server, with so many connections to it for each database, however many come in.
// It lets the server's own user in without asking for a password. Stop it before the server.
func PgBouncer(ctx context.Context, behind *Server, poolSize int) (*Server, error) {
	if err := Install(ctx, "pgbouncer"); err != nil {
		return nil, err
	}
	return start(ctx, &spec{
		name: "pgbouncer", account: "postgres", stop: syscall.SIGINT,
		run: func(dir string, port int) (*exec.Cmd, error) {
			bin, err := mariadbBin("pgbouncer")
			if err != nil {
				return nil, err
			}
			// The folder is closed to others; the files aren't, as we don't run the server.
			users, file := filepath.Join(dir, "users"), filepath.Join(dir, "ini")
			text := fmt.Sprintf("[databases]\n* = host=%s port=%d\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"+
				"auth_type = trust\nauth_file = %s\npool_mode = transaction\ndefault_pool_size = %d\nmax_client_conn = 200\n",
				behind.Host, behind.Port, port, users, poolSize)
			err = errors.Join(os.WriteFile(file, []byte(text), 0o644), os.WriteFile(users, fmt.Appendf(nil, "%q %q\n", behind.User, behind.Password), 0o644))
			if err != nil {
				return nil, err
			}
			return exec.Command(bin, file), nil
		},
		ready: postgres.ready,
	}, behind.User)
}
