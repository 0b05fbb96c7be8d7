package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
	"github.com/pursuit-crm/pursuit/examples/orm/erp/erptest"
)

func TestMain(m *testing.M) { erptest.Main(m) }

const told = `committed: won; invoices: 1; journal entries: 2
the ERP's rule refused: open; invoices: 0; journal entries: 1
the library refused: won; invoices: 1; journal entries: 2
`

// TestOutput: the ERP's row and the library's command commit and roll back
// together, on every database.
func TestOutput(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b))
	require.Equal(t, told, b.String())
	erptest.OnEach(t, func(t *testing.T, d erp.Database) {
		var b bytes.Buffer
		require.NoError(t, erp.Tell(t.Context(), &b, d, use))
		require.Equal(t, told, b.String())
	})
}

func TestRefused(t *testing.T) { erptest.Refused(t, use) }
