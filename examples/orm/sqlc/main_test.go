package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOutput: the ERP's row and the library's command commit and roll back together.
func TestOutput(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b))
	require.Equal(t, `committed: won; invoices: 1; journal entries: 2
the ERP's rule refused: open; invoices: 0; journal entries: 1
the library refused: won; invoices: 1; journal entries: 2
`, b.String())
}
