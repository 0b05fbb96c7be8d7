package order_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

func TestQ01_EnableInitialiseDisable(t *testing.T) {
	s := order.Settings{Tenant: "acme"}
	require.ErrorIs(t, s.Ready(), fault.ErrSalesSystemDisabled)
	var all []journal.Entry
	newID, hour := ids(0), 0
	run := func(f func(x *order.SettingsAggregate, at journal.Moment) error) error {
		t.Helper()
		hour++
		x := order.OpenSettings(s)
		before := x.Settings()
		if err := f(x, at(hour)); err != nil {
			require.Equal(t, before, x.Settings())
			_, ok, err2 := x.Change(newID)
			require.NoError(t, err2)
			require.False(t, ok)
			return err
		}
		c, ok, err := x.Change(newID)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, s.Version, c.Expected)
		s = c.Settings
		all = append(all, c.Entries...)
		require.NoError(t, journal.Verify(all, s.Head))
		got, err := order.ReplaySettings(all)
		require.NoError(t, err)
		require.Equal(t, s, got) // J05
		return nil
	}
	enable := func(x *order.SettingsAggregate, at journal.Moment) error { return x.Enable(at) }
	disable := func(x *order.SettingsAggregate, at journal.Moment) error { return x.Disable(at) }
	initialise := func(in order.InitialiseInput) func(x *order.SettingsAggregate, at journal.Moment) error {
		return func(x *order.SettingsAggregate, at journal.Moment) error { return x.Initialise(in, at) }
	}
	in := order.InitialiseInput{BaseCurrency: money.CNY}
	require.ErrorIs(t, run(disable), fault.ErrSalesSystemDisabled)
	require.ErrorIs(t, run(initialise(in)), fault.ErrSalesSystemDisabled)
	require.NoError(t, run(enable))
	require.ErrorIs(t, s.Ready(), fault.ErrSalesSystemNotInitialised)
	require.ErrorIs(t, run(enable), fault.ErrNotAllowed)
	err := run(initialise(order.InitialiseInput{BaseCurrency: "XAU", NumberPrefix: "ORD ORD ORD ORD ORD", TaxTreatment: "some", OverDelivery: dec("100.1")}))
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/base_currency unknown", "/number_prefix bad_code", "/number_prefix too_long", "/tax_treatment unknown", "/over_delivery out_of_range"}, paths(err))
	require.ErrorIs(t, run(initialise(order.InitialiseInput{BaseCurrency: money.CNY, OverDelivery: decimal.New(1, math.MaxInt32)})), fault.ErrInvalid)
	require.NoError(t, run(initialise(in)))
	require.NoError(t, s.Ready())
	require.Equal(t, "ORD", s.NumberPrefix)
	require.Equal(t, money.TaxExclusive, s.TaxTreatment)
	err = run(initialise(order.InitialiseInput{BaseCurrency: money.USD, TaxTreatment: money.TaxInclusive}))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/base_currency fixed", "/tax_treatment fixed"}, paths(err))
	require.NoError(t, run(initialise(order.InitialiseInput{BaseCurrency: money.CNY, NumberPrefix: "SO", SeveralOrders: true, OverDelivery: dec("2.50")})))
	require.True(t, s.SeveralOrders)
	require.Equal(t, "2.5", money.Text(s.OverDelivery))
	require.NoError(t, run(disable))
	require.ErrorIs(t, s.Ready(), fault.ErrSalesSystemDisabled)
	require.NoError(t, run(enable))
	require.NoError(t, s.Ready(), "it stays initialised")
	require.EqualValues(t, 5, s.Version)

	past := at(hour)
	past.Effective = past.Effective.AddDate(0, 0, -1)
	require.ErrorIs(t, order.OpenSettings(s).Disable(past), fault.ErrInvalid)
	require.ErrorIs(t, order.OpenSettings(s).Enable(past), fault.ErrInvalid)
	future := at(hour)
	future.Effective = future.Effective.AddDate(0, 0, 1)
	require.ErrorIs(t, order.OpenSettings(s).Initialise(in, future), fault.ErrInvalid)

	all[0].Type = "sales_system.painted.v1"
	_, err = order.ReplaySettings(all)
	require.ErrorIs(t, err, fault.ErrCorrupt)
	all[0].Type, all[0].Payload = order.EventInitialised, []byte("{")
	_, err = order.ReplaySettings(all)
	require.ErrorIs(t, err, fault.ErrCorrupt)
}

func TestJ05_ReplayRefusesWhatDoesNotFit(t *testing.T) {
	b := into(t, order.Cancelled)
	for name, spoil := range map[string]func(e []journal.Entry) []journal.Entry{
		"nothing":      func([]journal.Entry) []journal.Entry { return nil },
		"no beginning": func(e []journal.Entry) []journal.Entry { return e[1:] },
		"two":          func(e []journal.Entry) []journal.Entry { return append(e, e[0]) },
		"type":         func(e []journal.Entry) []journal.Entry { e[1].Type = "order.painted.v1"; return e },
		"payload":      func(e []journal.Entry) []journal.Entry { e[0].Payload = []byte("{"); return e },
		"kind":         func(e []journal.Entry) []journal.Entry { e[1].Kind = journal.KindCustomer; return e },
	} {
		_, err := order.Replay(spoil(append([]journal.Entry(nil), b.entries...)))
		require.ErrorIs(t, err, fault.ErrCorrupt, name)
	}
}
