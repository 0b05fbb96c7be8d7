package lifecycle

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBudgets holds what the library does for a life on SQLite: statements and
// trips don't vary. The lock that SQLite takes with a statement counts here. That
// the counting is right shows the hand-written one, whose numbers are known.
func TestBudgets(t *testing.T) {
	made := 0
	res := &Result{Statements: map[string]float64{}, Trips: map[string]float64{}}
	require.NoError(t, count(context.Background(), folder{t.TempDir(), "NORMAL", &made}, res))
	require.Equal(t, 49.0, res.Statements[Hand], "3 customer, 6 record, 4 × 5 advance, 7 win, 8 order, 5 close")
	require.Equal(t, 49.0+2*commands, res.Trips[Hand])
	// 40, as on other databases, and the lock of each command: within what the design
	// allows, which is 3 for the customer, 7 for the record, 5 for each move, 6 for the
	// order.
	require.Equal(t, 40.0+commands, res.Statements[Ours])
	require.Equal(t, res.Statements[Ours]+2*commands, res.Trips[Ours])
	for _, name := range contenders {
		require.Greater(t, res.Statements[name], 30.0, name)
	}
}

// TestProxy counts changes of direction, whatever the sizes, and delays them.
func TestProxy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 1)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
			if buf[0] == '?' { // other bytes want no answer
				if _, err := c.Write([]byte("!")); err != nil {
					return
				}
			}
		}
	}()
	const delay = 5 * time.Millisecond
	p, err := startProxy(l.Addr().String(), delay)
	require.NoError(t, err)
	c, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", portOf(p)), time.Second)
	require.NoError(t, err)
	defer c.Close()
	began := time.Now()
	answer := make([]byte, 1)
	for range 4 {
		for _, b := range []byte("ab?") { // three writes, one trip
			_, err := c.Write([]byte{b})
			require.NoError(t, err)
		}
		_, err := c.Read(answer)
		require.NoError(t, err)
	}
	require.EqualValues(t, 4, p.take())
	require.GreaterOrEqual(t, time.Since(began), 4*delay)
	require.NoError(t, p.stop())
}

func portOf(p *proxy) string {
	_, port, _ := net.SplitHostPort(p.l.Addr().String())
	return port
}

// TestRun runs a small case to its end.
func TestRun(t *testing.T) {
	b, err := New(Options{Rounds: 2, Slice: 20 * time.Millisecond, Dir: t.TempDir()})
	require.NoError(t, err)
	r, err := b.Run(context.Background(), Cases[0])
	require.NoError(t, err)
	require.NoError(t, b.Close())
	text, err := json.Marshal(Objects([]*Result{r}))
	require.NoError(t, err)
	var got []map[string]any
	require.NoError(t, json.Unmarshal(text, &got))
	require.Len(t, got, 1)
	require.Equal(t, "sqlite-normal-g1", got[0]["case"])
	for _, key := range []string{"ours_per_s", "ratio_hand", "ratio_gorm", "ratio_gorm_tuned", "ratio_bun", "allocs", "allocs_hand", "statements", "trips"} {
		require.Greater(t, got[0][key], 0.0, key)
	}
	require.Len(t, got[0], 10)
	var md strings.Builder
	Markdown(&md, []*Result{r})
	require.Contains(t, md.String(), "| sqlite-normal-g1 | ")
	require.Contains(t, md.String(), "| statements | SQLite | ")
	require.NotContains(t, md.String(), "NaN")
}

func TestMedian(t *testing.T) {
	require.Equal(t, 2.0, median([]float64{3, 1, 2}))
	require.Equal(t, 2.5, median([]float64{4, 1, 3, 2}))
	require.Zero(t, median(nil))
}
