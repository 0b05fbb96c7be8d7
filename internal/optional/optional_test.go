package optional_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/optional"
)

func TestSet(t *testing.T) {
	to, zero := "old", ""
	optional.Set(&to, nil)
	require.Equal(t, "old", to)
	optional.Set(&to, &zero)
	require.Empty(t, to)
}
