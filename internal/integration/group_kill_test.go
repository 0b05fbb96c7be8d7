package integration

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// killed names the file that a child process works on until it is killed.
const killed = "PURSUIT_TEST_GROUP_CHILD"

// TestGroupSurvivesAKill kills a process in which eight callers write, at any
// moment: what it had acknowledged is stored, and of what it hadn't, all or
// nothing.
func TestGroupSurvivesAKill(t *testing.T) {
	if path := os.Getenv(killed); path != "" {
		writeUntilKilled(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "p.db")
	db := sqliteDB(t, path)
	require.NoError(t, mustStore(t, db).Migrate(context.Background()))
	acknowledged := 0
	for round := 0; round < 6 || acknowledged <= 100 && round < 100; round++ { // a busy machine acknowledges less
		said := runAndKill(t, path, round)
		acknowledged += len(said)
		stored := seriesOf(t, db)
		for _, name := range said {
			require.EqualValues(t, 1, stored[name], "%s was acknowledged", name)
		}
		for name := range stored {
			base := strings.TrimSuffix(name, "'")
			require.EqualValues(t, 1, stored[base], "half of %s", base)
			require.EqualValues(t, 1, stored[base+"'"], "half of %s", base)
		}
		var ok string
		require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&ok))
		require.Equal(t, "ok", ok)
	}
	require.Greater(t, acknowledged, 100)
}

// runAndKill gives what the child had acknowledged when it was killed.
func runAndKill(t *testing.T, path string, round int) (said []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestGroupSurvivesAKill$")
	cmd.Env = append(os.Environ(), killed+"="+path, fmt.Sprintf("%s_ROUND=%d", killed, round))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var timer *time.Timer
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if timer == nil {
			timer = time.AfterFunc(time.Duration(100+rand.IntN(200))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
		if name, ok := strings.CutPrefix(lines.Text(), "done "); ok && strings.HasSuffix(name, ".") {
			said = append(said, strings.TrimSuffix(name, "."))
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "the child ended by itself")
	require.False(t, exit.Exited(), "the child ended by itself: %v", err)
	return said
}

func writeUntilKilled(t *testing.T, path string) {
	db, err := sql.Open("sqlite", sqliteSource(path))
	require.NoError(t, err)
	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	round := os.Getenv(killed + "_ROUND")
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%s-%d-%d", round, w, i)
				err := store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
					err := takes(name)(ctx, tx)
					if i%5 == 4 {
						return errors.Join(err, errRefused)
					}
					return err
				})
				if err == nil {
					fmt.Printf("done %s.\n", name)
				} else if !errors.Is(err, errRefused) {
					fmt.Fprintln(os.Stderr, err)
				}
			}
		}()
	}
	time.Sleep(time.Minute)
}
