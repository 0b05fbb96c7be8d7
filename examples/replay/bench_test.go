package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkReplay imports the real set, or a made one where it isn't there, into
// an empty store, and reports opportunities a second.
func BenchmarkReplay(b *testing.B) {
	open := generate(1, 8800).open
	if dir, ok := realFolder(); ok {
		open = folder(dir)
	}
	d, err := read(open)
	require.NoError(b, err)
	for _, kind := range []string{"memory", "sqlite"} {
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			var n int64
			var seconds float64
			for b.Loop() {
				b.StopTimer()
				db := ""
				if kind == "sqlite" {
					db = filepath.Join(b.TempDir(), "replay.db")
				}
				store, closeStore, err := openStore(b.Context(), kind, db, "")
				require.NoError(b, err)
				b.StartTimer()
				out, err := replay(b.Context(), store, d, options{}, quiet)
				b.StopTimer()
				require.NoError(b, err)
				require.NoError(b, closeStore())
				n, seconds = n+out.Opportunities, seconds+out.Seconds
				b.StartTimer()
			}
			b.ReportMetric(float64(n)/seconds, "opportunities/s")
		})
	}
}
