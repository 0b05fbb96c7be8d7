package opportunity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/sharing"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestCloneSharesNothing(t *testing.T) {
	t.Run("Snapshot", func(t *testing.T) {
		var v opportunity.Snapshot
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
	t.Run("LedgerRow", func(t *testing.T) {
		var v opportunity.LedgerRow
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
}
