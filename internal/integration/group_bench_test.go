package integration

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// BenchmarkGroups runs lives, of nine commands each, on one store with groups and
// one without, in turn, with so many people at once. lives/s are with groups;
// ratio is by how much that is faster.
func BenchmarkGroups(b *testing.B) {
	for _, g := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("g=%d", g), func(b *testing.B) {
			var firms [2]*firm
			for i := range firms {
				store, db := sqliteStore(b, &sqlstore.Options{NoGroups: i == 1})
				db.SetMaxIdleConns(2 * g) // or connections are opened all the time
				firms[i] = newFirm(b, store)
				lives(b, firms[i], 4*g, g)
			}
			var took [2]time.Duration
			b.ReportAllocs()
			b.ResetTimer()
			const rounds = 10
			for r := range rounds {
				n := b.N*(r+1)/rounds - b.N*r/rounds
				for k := range firms {
					i := (r + k) % 2
					start := time.Now()
					lives(b, firms[i], n, g)
					took[i] += time.Since(start)
				}
			}
			b.ReportMetric(float64(b.N)/took[0].Seconds(), "lives/s")
			b.ReportMetric(float64(b.N)/took[1].Seconds(), "lives/s-alone")
			b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
		})
	}
}

// lives runs n lives, g at a time.
func lives(t testing.TB, f *firm, n, g int) {
	var left, failed atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	for range g {
		wg.Go(func() {
			for {
				i := left.Add(-1)
				if i < 0 {
					return
				}
				if err := f.life(context.Background(), fmt.Sprint("Northwind ", i)); err != nil {
					failed.Add(1)
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Zero(t, failed.Load())
}

// BenchmarkFsync is what a durable append of a WAL frame costs on this machine.
func BenchmarkFsync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "f"))
	require.NoError(b, err)
	defer f.Close()
	frame := make([]byte, 4096+24)
	for b.Loop() {
		_, err := f.Write(frame)
		require.NoError(b, err)
		require.NoError(b, f.Sync())
	}
}
