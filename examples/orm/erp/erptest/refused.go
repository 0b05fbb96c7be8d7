package erptest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

// Refused tests a program's refusals: the library's reach the ERP as they are through
// the ORM, with kind and code, and leave nothing.
func Refused(t *testing.T, use func(*erp.ERP) (erp.Bill, error)) {
	OnEach(t, func(t *testing.T, d erp.Database) {
		e, err := erp.Open(t.Context(), d)
		require.NoError(t, err)
		defer e.Close()
		bill, err := use(e)
		require.NoError(t, err)
		deal, err := e.Offer(t.Context(), "Pumps", 100)
		require.NoError(t, err)
		require.NoError(t, bill(t.Context(), "INV-1", deal))
		pursuittest.RequireRefused(t, bill(t.Context(), "INV-2", deal), fault.ErrNotAllowed, fault.OpportunityWinStatus)
		world := pursuittest.World{T: t, Ctx: t.Context(), Store: e.Store, Tenant: "acme"}
		require.Len(t, world.Events(deal), 2, "recorded and won")
		pursuittest.RequireIntact(t, &world)
	})
}
