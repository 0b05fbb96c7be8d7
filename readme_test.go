package pursuit_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// The diagram in the README is drawn from the table that runs.
func TestReadmeShowsTheLifecycle(t *testing.T) {
	b, err := os.ReadFile("README.md")
	require.NoError(t, err)
	require.Contains(t, string(b), "```mermaid\n"+opportunity.Lifecycle().Mermaid()+"```\n")
}
