package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

// TestOnAWorld orders what the test kit's world won, in the ERP's own sales system; at
// the end the kit audits the tenant.
func TestOnAWorld(t *testing.T) {
	e, err := start(t.Context(), filepath.Join(t.TempDir(), "erp.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.db.Close()) })
	w := pursuittest.New(t, pursuittest.On(e.store), pursuittest.Tenant(clerk.Tenant), pursuittest.With(pursuit.Options{SalesSystem: plug}))
	e.engine = w.Engine
	w.Sales()
	deal := w.Deal().Line("pump", "5", "200").Won()
	_, err = e.order(w.Ctx, deal, false)
	require.NoError(t, err)
	require.Zero(t, w.Get(deal).Counts.Orders, "the ERP rolled back")
	id, err := e.order(w.Ctx, deal, true)
	require.NoError(t, err)
	require.Equal(t, 1, w.Get(deal).Counts.LiveOrders)
	require.Equal(t, "1000.00 CNY", w.Get(deal).Ordered.String())
	got, err := w.Admin.Orders().Get(w.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, pursuittest.Start, got.Updated.Truncate(time.Second), "by the world's clock")
}
