package stage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/sharing"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestCloneSharesNothing(t *testing.T) {
	t.Run("Process", func(t *testing.T) {
		var v stage.Process
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
}
