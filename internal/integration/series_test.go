package integration

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestO01_TheSeriesGoesOnBehindWhatWasGiven: an import of numbers of the series' own form
// stops nobody.
func TestO01_TheSeriesGoesOnBehindWhatWasGiven(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		for i := range 20 {
			in := w.input()
			in.Number = fmt.Sprintf("OPP-2026-%06d", i+1)
			r, err := w.s.Opportunities().Record(w.ctx, in)
			w.must(r, err)
		}
		seen := map[string]bool{}
		var ids []uuid.UUID
		for range 5 {
			r := w.record()
			require.False(t, seen[r.Number])
			seen[r.Number] = true
			require.Greater(t, r.Number, "OPP-2026-000020")
			ids = append(ids, r.ID)
		}
		w.same(ids[0])
	})
}
