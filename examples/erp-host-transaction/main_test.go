package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestOutput(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b))
	require.Regexp(t, `^1\. The invoice and the win are committed together\.
   OPP-\d{4}-000001 is won; invoices: 1; journal: 2 entries, whole
2\. The ERP's own rule fails after the win: both are rolled back\.
   OPP-\d{4}-\d+ is open; invoices: 0; journal: 1 entries, whole
3\. The library refuses the win, as the deal is won already: the invoice is rolled back too\.
   opportunity\.win\.status: .*
   OPP-\d{4}-000001 is won; invoices: 1; journal: 2 entries, whole
$`, b.String())
}

// TestERPRowFails: what the library did goes with the ERP's own failure, here a
// number that is taken, wherever in the transaction it comes.
func TestERPRowFails(t *testing.T) {
	ctx := t.Context()
	e, err := start(ctx, filepath.Join(t.TempDir(), "erp.db"))
	require.NoError(t, err)
	defer e.db.Close()
	a, err := e.offer(ctx, "A", 100)
	require.NoError(t, err)
	b, err := e.offer(ctx, "B", 100)
	require.NoError(t, err)
	require.NoError(t, e.bill(ctx, "INV-1", a))
	require.Error(t, e.bill(ctx, "INV-1", b))
	s := e.engine.As(e.clerk)
	o, err := s.Opportunities().Get(ctx, b, 0)
	require.NoError(t, err)
	require.Equal(t, opportunity.Open, o.Status)
	require.EqualValues(t, 1, o.Version)

	// The other way round: the library's refusal leaves the ERP to decide.
	err = e.bill(ctx, "INV-2", a)
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	var n int
	require.NoError(t, e.db.QueryRowContext(ctx, `SELECT count(*) FROM erp_invoice`).Scan(&n))
	require.Equal(t, 1, n)
	require.NoError(t, e.bill(ctx, "INV-3", b), "nothing is left of what was rolled back")
}
