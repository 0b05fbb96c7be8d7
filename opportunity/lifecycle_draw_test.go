package opportunity_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
)

var updateDrawings = flag.Bool("update-drawings", false, "write the golden drawings of the lifecycle anew")

func TestO02_LifecycleIsDrawn(t *testing.T) {
	table := opportunity.Lifecycle()
	require.NotNil(t, table, "the definition is accepted")
	for name, got := range map[string]string{"lifecycle.mermaid": table.Mermaid(), "lifecycle.dot": table.DOT()} {
		path := filepath.Join("testdata", name+".golden")
		if *updateDrawings {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), got, "run with -update-drawings if the change is meant")
	}
}

// BenchmarkLifecycleNext: at most 10 ns, 0 allocations.
func BenchmarkLifecycleNext(b *testing.B) {
	table := opportunity.Lifecycle()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := table.Next(opportunity.Open, opportunity.CommandWin); !ok {
			b.Fatal("refused")
		}
	}
}
