package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/sharing"
	"github.com/pursuit-crm/pursuit/order"
)

func TestCloneSharesNothing(t *testing.T) {
	t.Run("Snapshot", func(t *testing.T) {
		var v order.Snapshot
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
	t.Run("Settings", func(t *testing.T) {
		var v order.Settings
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
}
