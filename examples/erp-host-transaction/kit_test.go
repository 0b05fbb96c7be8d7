package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

// TestOnAWorld bills opportunities of the test kit's world in the ERP's database; at
// the end the kit audits the tenant.
func TestOnAWorld(t *testing.T) {
	e, err := start(t.Context(), filepath.Join(t.TempDir(), "erp.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.db.Close()) })
	w := pursuittest.New(t, pursuittest.On(e.store), pursuittest.Tenant("kit"))
	e.engine, e.reason = w.Engine, w.WinReason
	e.clerk = pursuit.Actor{Tenant: w.Tenant, User: "clerk", Roles: []access.Role{access.Administrator}}

	deal := w.Deal().Amount(money.FromMinor(creditLimit, money.CNY)).Record()
	require.NoError(t, e.bill(w.Ctx, "INV-1", deal), "the limit itself is allowed")
	pursuittest.RequireEvents(t, w, deal, opportunity.EventRecorded, opportunity.EventWon)
	pursuittest.RequireRefused(t, e.bill(w.Ctx, "INV-2", deal), fault.ErrNotAllowed, fault.OpportunityWinStatus)

	big := w.Deal().Amount(money.FromMinor(creditLimit+1, money.CNY)).Record()
	require.ErrorIs(t, e.bill(w.Ctx, "INV-3", big), errCreditLimit)
	pursuittest.RequireEvents(t, w, big, opportunity.EventRecorded)
	require.Equal(t, opportunity.Open, w.Get(big).Status)
}
