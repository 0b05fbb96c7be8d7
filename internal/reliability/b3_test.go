package reliability

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestR3_EveryCommandIsDrawn has two twins: a command that isn't among those that
// can be drawn, and runs too few to draw all.
func TestR3_EveryCommandIsDrawn(t *testing.T) {
	_, err := newTally(slices.Concat(Commands[:7], Commands[8:]))
	require.EqualError(t, err, Commands[7].Name+" is never drawn")

	drawn := func(runs int) error {
		tally, err := newTally(Commands)
		require.NoError(t, err)
		for run := range runs {
			for k := range long {
				tally.count(tally.draw(rand.New(rand.NewPCG(uint64(run), uint64(k))), run, k), nil)
			}
		}
		for m := range tally.ats {
			tally.ats[m][0]++
		}
		tally.taken[1]++
		return tally.enough()
	}
	require.NoError(t, drawn(fewest))
	require.ErrorContains(t, drawn(1), "was never drawn")
}
