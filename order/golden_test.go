package order_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

var updateGolden = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *updateGolden {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// settingsEntries are of a sales system that is set up twice, and switched off.
func settingsEntries(t *testing.T) []journal.Entry {
	s, newID := order.Settings{Tenant: "acme"}, ids(50)
	var all []journal.Entry
	for i, f := range []func(x *order.SettingsAggregate, at journal.Moment) error{
		func(x *order.SettingsAggregate, at journal.Moment) error { return x.Enable(at) },
		func(x *order.SettingsAggregate, at journal.Moment) error {
			return x.Initialise(order.InitialiseInput{BaseCurrency: money.CNY, OverDelivery: dec("2.5")}, at)
		},
		func(x *order.SettingsAggregate, at journal.Moment) error { return x.Disable(at) },
	} {
		x := order.OpenSettings(s)
		require.NoError(t, f(x, at(i)))
		c, _, err := x.Change(newID)
		require.NoError(t, err)
		s, all = c.Settings, append(all, c.Entries...)
	}
	return all
}

// TestGoldenForms holds what is stored and sent: fields are only ever added.
func TestGoldenForms(t *testing.T) {
	l := line(1, "5", "2", money.CNY)
	tax := dec("13")
	l.Tax = &tax
	b := create(t, source(money.CNY, l), order.CreateInput{Reference: "PO 7", Due: []order.LineDue{{Line: 1, On: day(9)}}})
	ref := "PO 8"
	require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error {
		return o.Update(order.UpdateInput{Reference: &ref, Due: []order.LineDue{{Line: 1, On: calendar.Date{}}}}, at)
	}))
	b.confirm()
	adv := pay("RC-1", order.Receipt, 0, amount("3.00", money.CNY))
	adv.Advance, adv.Note = true, "by cheque"
	require.NoError(t, b.execute(deliver("DN-1", 1, "2.5"), adv))
	c := *b
	require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error {
		return o.Complete(order.CompleteInput{Reason: "enough"}, at)
	}))
	require.NoError(t, c.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: "gone"}, at) }))

	m := create(t, source(money.CNY, l), order.CreateInput{})
	require.NoError(t, m.run(func(o *order.Order, at journal.Moment) error { return o.CustomerMerged(id(2), id(5), at) }))
	all := slices.Concat(b.entries, c.entries[len(c.entries)-1:], m.entries, settingsEntries(t))
	journalled.Forms(t, "testdata/events.golden", order.Events(), all, *updateGolden)
	x, err := json.MarshalIndent(b.view(), "", "  ")
	require.NoError(t, err)
	golden(t, "execution.golden", append(x, '\n'))
	golden(t, "lifecycle.mermaid.golden", []byte(order.Lifecycle().Mermaid()))
}
