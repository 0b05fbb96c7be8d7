package order_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/internal/fixture"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

var (
	id, dec, at, ids, day = fixture.ID, fixture.Dec, fixture.At, fixture.IDs, fixture.Day
	amount, line          = fixture.Amount, fixture.Line
	paths                 = fixture.Paths
	text                  = fixture.Text
)

func ready() order.Settings {
	return order.Settings{Tenant: "acme", Enabled: true, Initialised: true, BaseCurrency: money.CNY, NumberPrefix: "ORD", TaxTreatment: money.TaxExclusive, Version: 2}
}

// source is a won deal of an active customer.
func source(c money.Currency, lines ...opportunity.Line) order.Source {
	return order.Source{
		Opportunity: opportunity.Snapshot{Root: opportunity.Root{
			ID: id(1), Tenant: "acme", Number: "OPP-2026-000001", Customer: id(2), BillTo: id(3), EndUser: id(4), Owner: "ann", Department: "east",
			Status: opportunity.Won, Currency: c,
		}, Loaded: opportunity.PartLines, Lines: lines},
		Customer: customer.Customer{ID: id(2), Status: customer.Active},
		Settings: ready(),
	}
}

// book keeps an order's stored state and journal, as a store would.
type book struct {
	t       *testing.T
	s       order.Snapshot
	entries []journal.Entry
	hour    int
	newID   func() uuid.UUID
}

func create(t *testing.T, from order.Source, in order.CreateInput) *book {
	t.Helper()
	b := &book{t: t, newID: ids(0)}
	o, err := order.New(id(9), "ORD-2026-000001", from, in, at(0))
	require.NoError(t, err)
	b.save(o)
	return b
}

// save stores a change and wants replaying the journal to give the same (J05, J06).
func (b *book) save(o *order.Order) bool {
	b.t.Helper()
	c, ok, err := o.Change(b.newID)
	require.NoError(b.t, err)
	if !ok {
		return false
	}
	require.Equal(b.t, b.s.Version, c.Expected)
	require.Equal(b.t, b.s.Version+1, c.Root.Version)
	require.NotEmpty(b.t, c.Entries)
	b.entries = append(b.entries, c.Entries...)
	b.s = o.Snapshot()
	require.Equal(b.t, b.s.Root, c.Root)
	require.NoError(b.t, journal.Verify(b.entries, b.s.Head))
	got, err := order.Replay(b.entries)
	require.NoError(b.t, err)
	require.Equal(b.t, b.s, got)
	return true
}

// run runs a command on the stored order; a refusal must change nothing.
func (b *book) run(f func(o *order.Order, at journal.Moment) error) error {
	b.t.Helper()
	b.hour++
	before := b.s
	o, err := order.Restore(b.s, nil)
	require.NoError(b.t, err)
	if err := f(o, at(b.hour)); err != nil {
		require.Equal(b.t, before, o.Snapshot(), "a refused command changes nothing")
		_, ok, err2 := o.Change(b.newID)
		require.NoError(b.t, err2)
		require.False(b.t, ok)
		return err
	}
	b.save(o)
	return nil
}

func (b *book) confirm() *book {
	b.t.Helper()
	require.NoError(b.t, b.run(func(o *order.Order, at journal.Moment) error { return o.Confirm(at) }))
	return b
}

func (b *book) execute(in ...order.EventInput) error {
	b.t.Helper()
	return b.run(func(o *order.Order, at journal.Moment) error { return o.Execute(in, at) })
}

func (b *book) view() order.Execution {
	b.t.Helper()
	x, err := order.ExecutionOf(b.s)
	require.NoError(b.t, err)
	return x
}

func deliver(ext string, line int, q string) order.EventInput {
	return order.EventInput{External: ext, Kind: order.Delivery, Line: line, Quantity: dec(q), On: day(2)}
}

func takeBack(ext string, line int, q string) order.EventInput {
	return order.EventInput{External: ext, Kind: order.Return, Line: line, Quantity: dec(q), On: day(2)}
}

func pay(ext string, kind order.EventKind, line int, m money.Money) order.EventInput {
	return order.EventInput{External: ext, Kind: kind, Line: line, Amount: m, On: day(2)}
}
