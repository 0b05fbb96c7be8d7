package servers

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func answers(s *Server) bool {
	c, err := net.DialTimeout("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), time.Second)
	if err == nil {
		c.Close()
	}
	return err == nil
}

// TestServersStartDieAndComeBack wants no process and no file to be left.
func TestServersStartDieAndComeBack(t *testing.T) {
	for name, begin := range map[string]func(context.Context) (*Server, error){"postgres": Postgres, "mariadb": MariaDB} {
		t.Run(name, func(t *testing.T) {
			s, err := begin(t.Context())
			require.NoError(t, err)
			if s.spec == nil {
				require.True(t, answers(s), "an existing server answers")
				return
			}
			defer s.Stop()
			require.True(t, answers(s))
			s.Kill()
			// A child that was being started may hold the port for a moment.
			require.Eventually(t, func() bool { return !answers(s) }, patience, 10*time.Millisecond)
			require.NoError(t, s.Start(t.Context()))
			require.True(t, answers(s))
			pid, dir := s.Pid(), s.dir
			require.NoError(t, s.Stop())
			require.True(t, errors.Is(syscall.Kill(pid, 0), syscall.ESRCH), "the process is gone")
			_, err = os.Stat(dir)
			require.ErrorIs(t, err, os.ErrNotExist)
		})
	}
}

// TestB7_StartsOnceTheLastOnesChildrenAreGone: a start that finds the shared memory
// of a killed server held is tried again; any other failure isn't.
func TestB7_StartsOnceTheLastOnesChildrenAreGone(t *testing.T) {
	dir := t.TempDir()
	failing := func(text, times string) *Server {
		script := `n=$(cat ` + dir + `/n 2>/dev/null || echo 0); echo $((n+1)) >` + dir + `/n
			if [ $n -lt ` + times + ` ]; then echo "` + text + `"; exit 1; fi; exec sleep 60`
		require.NoError(t, errors.Join(os.RemoveAll(dir+"/n"), os.RemoveAll(dir+"/log")))
		return &Server{Host: "127.0.0.1", Port: 1, dir: dir, spec: &spec{name: "false", account: "nobody", stop: syscall.SIGTERM,
			run: func(string, int) (*exec.Cmd, error) { return exec.Command("sh", "-c", script), nil },
			ready: func(string, int) (*exec.Cmd, error) {
				return exec.Command("sh", "-c", "test $(cat "+dir+"/n) -gt "+times), nil
			}}}
	}
	require.NoError(t, os.Chmod(dir, 0o777))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	s := failing("FATAL: pre-existing shared memory block (key 1, ID 2) is still in use", "5")
	require.NoError(t, s.Start(t.Context()))
	s.Kill()
	require.ErrorContains(t, failing("FATAL: something else", "5").Start(t.Context()), "something else")
}
