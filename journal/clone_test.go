package journal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/sharing"
	"github.com/pursuit-crm/pursuit/journal"
)

func TestCloneSharesNothing(t *testing.T) {
	t.Run("Entry", func(t *testing.T) {
		var v journal.Entry
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
}
