package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order/ordertest"
)

func TestOutput(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b))
	require.Equal(t, `1. The ERP rolls its transaction back: neither order nor opportunity has changed.
   the ERP's orders: 0; the library's: 0; the opportunity knows of 0, ordered 0.00 CNY
2. It commits: the ERP's rows and the opportunity's event are there together.
   the ERP's orders: 1; the library's: 0; the opportunity knows of 1, ordered 1000.00 CNY
3. The order is cancelled: the opportunity is won still, and flagged: true
`, b.String())
}

func TestSalesSystem(t *testing.T) {
	ordertest.Run(t, func(t testing.TB) *pursuit.Engine {
		e, err := start(t.Context(), filepath.Join(t.TempDir(), "erp.db"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, e.db.Close()) })
		return e.engine
	})
}

// The ERP keeps its own journal: the library's is empty, and whole.
func TestJournal(t *testing.T) {
	e, err := start(t.Context(), filepath.Join(t.TempDir(), "erp.db"))
	require.NoError(t, err)
	defer e.db.Close()
	deal, err := e.prepare(t.Context())
	require.NoError(t, err)
	id, err := e.order(t.Context(), deal, true)
	require.NoError(t, err)
	entries, err := e.engine.As(clerk).Orders().Journal(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, entries)
}

// What the library shows of a deal holds the ERP's orders. Its customer can't go up
// in another one, since they can't move, but another one in it.
func TestViewAndMerge(t *testing.T) {
	ctx := t.Context()
	e, err := start(ctx, filepath.Join(t.TempDir(), "erp.db"))
	require.NoError(t, err)
	defer e.db.Close()
	deal, err := e.prepare(ctx)
	require.NoError(t, err)
	id, err := e.order(ctx, deal, true)
	require.NoError(t, err)
	s := e.engine.As(clerk)
	v, err := s.Opportunities().View(ctx, deal)
	require.NoError(t, err)
	require.Len(t, v.Orders, 1)
	require.Equal(t, id, v.Orders[0].ID)

	buyer := v.Opportunity.Customer
	other, err := s.Customers().Create(ctx, customer.CreateInput{Name: "Buyer Ltd"})
	require.NoError(t, err)
	_, err = s.Customers().Merge(ctx, other.ID, customer.MergeInput{Loser: buyer, Reason: "the same"})
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "customer.merge.orders", fault.CodeOf(err))
	o, err := s.Opportunities().Get(ctx, deal, opportunity.AllParts)
	require.NoError(t, err)
	require.Equal(t, v.Opportunity, opportunity.ViewOf(o), "nothing has moved")
	_, err = s.Customers().Merge(ctx, buyer, customer.MergeInput{Loser: other.ID, Reason: "the same"})
	require.NoError(t, err)
}
