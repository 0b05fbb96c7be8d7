package integration

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// TestSumsBeyond64BitsAreRefused: never a wrapped or rounded sum.
func TestSumsBeyond64BitsAreRefused(t *testing.T) { onSQL(t, hugeSums) }

func hugeSums(t *testing.T, d database) {
	store, _ := d.store(t, nil)
	w := newWorld(t, store)
	for range 2 {
		in := w.input("huge", 0)
		in.Estimated = money.FromMinor(math.MaxInt64-1, money.USD)
		_, err := w.s.Opportunities().Record(w.ctx, in)
		require.NoError(t, err)
	}
	_, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{})
	require.ErrorIs(t, err, fault.ErrLimit)
	require.Equal(t, "pipeline.overflow", fault.CodeOf(err))
}
