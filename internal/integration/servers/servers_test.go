package servers

import (
	"context"
	"errors"
	"net"
	"os"
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
			require.False(t, answers(s))
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
