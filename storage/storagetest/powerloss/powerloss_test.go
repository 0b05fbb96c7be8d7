package powerloss_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver"
	_ "github.com/ncruces/go-sqlite3/embed"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage/storagetest/powerloss"
)

func open(t *testing.T, d *powerloss.Disk, sync string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", d.Source("p.db", "synchronous("+sync+")"))
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	return db
}

// fail writes rows until the power fails, and says how many were acknowledged
// and how many of them are there afterwards.
func fail(t *testing.T, seed uint64, sync string, lies bool) (acknowledged, there int) {
	chance := rand.New(rand.NewPCG(seed, 0))
	d := powerloss.New()
	db := open(t, d, sync)
	_, err := db.Exec("CREATE TABLE r (n INTEGER PRIMARY KEY, filler BLOB)")
	require.NoError(t, err)
	d.Lies = lies
	d.CutAfter(1 + chance.IntN(60))
	for !d.Off() {
		if _, err := db.ExecContext(context.Background(), "INSERT INTO r VALUES (?, zeroblob(3000))", acknowledged); err != nil {
			require.True(t, d.Off(), err)
			break
		}
		acknowledged++
	}
	db.Close()
	d.Close()
	after := d.Restart(chance)
	defer after.Close()
	db = open(t, after, "FULL")
	defer db.Close()
	if err := db.QueryRow("SELECT COUNT(*) FROM r WHERE n < ?", acknowledged).Scan(&there); err != nil {
		return acknowledged, 0
	}
	return acknowledged, there
}

func lost(t *testing.T, sync string, lies bool) (lost, acknowledged int) {
	for seed := range uint64(40) {
		a, n := fail(t, seed, sync, lies)
		acknowledged += a
		if n < a {
			lost++
		}
	}
	require.Greater(t, acknowledged, 40)
	return lost, acknowledged
}

func TestB8_FullLosesNothing(t *testing.T) {
	n, _ := lost(t, "FULL", false)
	require.Zero(t, n)
}

// The two ways to lose are seen to lose: otherwise the disk would be too kind.
func TestB8_UnsafeModesLose(t *testing.T) {
	n, _ := lost(t, "NORMAL", false)
	require.Greater(t, n, 10)
	n, _ = lost(t, "FULL", true)
	require.Greater(t, n, 10)
}

func TestRestartIsRepeatable(t *testing.T) {
	for range 2 {
		a, b := fail(t, 7, "NORMAL", false)
		c, d := fail(t, 7, "NORMAL", false)
		require.Equal(t, fmt.Sprint(a, b), fmt.Sprint(c, d))
	}
}
