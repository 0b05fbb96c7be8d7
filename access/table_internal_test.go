package access

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A role that the table doesn't know reaches nothing, whatever the action.
func TestJ01_UnknownRolesReachNothing(t *testing.T) {
	for _, r := range table {
		for _, role := range []Role{"", "root", "Administrator", "janitor"} {
			require.Equal(t, never, r.of(role), "%s %s", role, r.action)
		}
	}
}
