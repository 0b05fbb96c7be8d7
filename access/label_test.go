package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
)

// Labels are by language; what has none is called by its stable name.
func TestLabels(t *testing.T) {
	require.Equal(t, "sales manager", access.Manager.Label("en"))
	require.Equal(t, "销售经理", access.Manager.Label("zh-CN"))
	require.Equal(t, "sales manager", access.Manager.Label("de"))
	require.Equal(t, "auditor", access.Role("auditor").Label("zh"))
	require.Equal(t, "writer", access.Writer.Label("en"))
	require.Equal(t, "负责人", access.Owner.Label("zh"))
}
