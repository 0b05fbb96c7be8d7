package integration

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// BenchmarkSQLiteReplay records, reprices and wins opportunities, each with
// RequestIDs, 300 in a transaction.
func BenchmarkSQLiteReplay(b *testing.B) {
	store, _ := sqliteStore(b, nil)
	w := newWorld(b, store)
	b.ResetTimer()
	for done := 0; done < b.N; {
		n := min(300, b.N-done)
		err := w.s.Batch(context.Background(), func(ctx context.Context, s *pursuit.Session) error {
			for range n {
				key := func(x string) pursuit.CallOption { w.ids.Add(1); return pursuit.RequestID(fmt.Sprint(x, w.ids.Load())) }
				r, err := s.Opportunities().Record(ctx, w.input("deal", 1), key("a"))
				if err != nil {
					return err
				}
				if _, err := s.Lines().Update(ctx, r.ID, 1, w.input("", 1).Lines[0].Update(), key("b")); err != nil {
					return err
				}
				if _, err := s.Opportunities().Win(ctx, r.ID, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)}, key("c")); err != nil {
					return err
				}
			}
			return nil
		})
		require.NoError(b, err)
		done += n
	}
}
