package reliability

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	Child()
	code := m.Run()
	if err := Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// TestBar runs each check on each of its stores, with its twin: TestBar/B5/sqlite.
func TestBar(t *testing.T) {
	share := Short
	if testing.Short() {
		share = 0.01
	}
	size, err := SizeFromEnv(share)
	require.NoError(t, err)
	for _, c := range Bar() {
		t.Run(c.ID, func(t *testing.T) {
			for _, site := range c.Sites {
				t.Run(site.Name, func(t *testing.T) {
					if !c.Alone {
						t.Parallel()
					}
					row := c.Do(t.Context(), site, size, t.TempDir())
					t.Logf("%s, seed %d: %d of %d %s; %s; %s; %.1f s", c.Name, row.Seed, row.Size, row.Full, row.Unit, row.Figure, row.Twin, row.Seconds)
					require.NoError(t, row.Err)
				})
			}
		})
	}
}
