package servers

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPgBouncerComesAndGoes: no process and no file are left.
func TestPgBouncerComesAndGoes(t *testing.T) {
	s, err := Postgres(t.Context())
	require.NoError(t, err)
	defer s.Stop()
	b, err := PgBouncer(t.Context(), s, 1)
	require.NoError(t, err)
	defer b.Stop()
	require.True(t, answers(b))
	pid, dir := b.Pid(), b.dir
	require.NoError(t, b.Stop())
	require.True(t, errors.Is(syscall.Kill(pid, 0), syscall.ESRCH), "the process is gone")
	_, err = os.Stat(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.True(t, answers(s), "the server behind it goes on")
}
