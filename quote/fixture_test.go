package quote_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/fixture"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// item makes a line as given; no rate is "".
func item(quantity, price, discount, rate string) opportunity.LineInput {
	l := opportunity.LineInput{Product: "P", Quantity: dec(quantity), Unit: "pcs", Price: dec(price), Discount: dec(discount)}
	if rate != "" {
		t := dec(rate)
		l.Tax = &t
	}
	return l
}

var (
	id, dec, at, ids, day = fixture.ID, fixture.Dec, fixture.At, fixture.IDs, fixture.Day
	amount, line          = fixture.Amount, fixture.Line
	paths, text           = fixture.Paths, fixture.Text
)

// open is an open deal.
func open(c money.Currency, treatment money.TaxTreatment, lines ...opportunity.Line) quote.Source {
	return quote.Source{TaxTreatment: treatment, Opportunity: opportunity.Snapshot{Root: opportunity.Root{
		ID: id(1), Tenant: "acme", Number: "OPP-2026-000001", Customer: id(2), BillTo: id(3), EndUser: id(4), Owner: "ann", Department: "east",
		Status: opportunity.Open, Currency: c,
	}, Loaded: opportunity.PartLines, Lines: lines}}
}

// offerBook keeps a quote's stored state and journal, as a store would.
type offerBook struct {
	t       *testing.T
	s       quote.Snapshot
	entries []journal.Entry
	hour    int
	zone    *time.Location
}

func offerOf(t *testing.T, from quote.Source, in quote.CreateInput) *offerBook {
	t.Helper()
	b := &offerBook{t: t, zone: from.Zone}
	q, err := quote.New(id(7), "QUO-2026-000001", from, in, at(0))
	require.NoError(t, err)
	b.save(q)
	return b
}

// save stores a change and wants replaying the journal to give the same (J05, J06).
func (b *offerBook) save(q *quote.Quote) {
	b.t.Helper()
	c, ok, err := q.Change(ids(100 * (b.hour + 1)))
	require.NoError(b.t, err)
	require.True(b.t, ok)
	require.Equal(b.t, b.s.Version, c.Expected)
	require.Equal(b.t, b.s.Version+1, c.Root.Version)
	b.entries = append(b.entries, c.Entries...)
	b.s = q.Snapshot()
	require.Equal(b.t, b.s.Root, c.Root)
	require.NoError(b.t, journal.Verify(b.entries, b.s.Head))
	got, err := quote.Replay(b.entries)
	require.NoError(b.t, err)
	require.Equal(b.t, b.s, got)
}

// do runs a command on the stored quote; a refusal must change nothing.
func (b *offerBook) do(f func(q *quote.Quote, at journal.Moment) error) error {
	b.t.Helper()
	b.hour++
	before := b.s
	q, err := quote.Restore(b.s, b.zone)
	require.NoError(b.t, err)
	if err := f(q, at(b.hour)); err != nil {
		require.Equal(b.t, before, q.Snapshot(), "a refused command changes nothing")
		_, ok, err2 := q.Change(ids(0))
		require.NoError(b.t, err2)
		require.False(b.t, ok)
		return err
	}
	b.save(q)
	return nil
}

// command gives one of the lifecycle, as right as it can be.
func command(c quote.Command) func(q *quote.Quote, at journal.Moment) error {
	return func(q *quote.Quote, at journal.Moment) error {
		switch c {
		case quote.Send:
			return q.Send(id(2), at)
		case quote.Accept:
			return q.Accept(quote.AcceptInput{Note: "by mail"}, at)
		case quote.Reject:
			return q.Reject(quote.EndInput{Reason: "too dear"}, at)
		case quote.Withdraw:
			return q.Withdraw(quote.EndInput{Reason: "a mistake"}, at)
		case quote.Expire:
			return q.Expire(day(31), at)
		case quote.Extend:
			return q.Extend(quote.ExtendInput{Until: q.Snapshot().ValidUntil.AddDays(1)}, q.Snapshot().Customer, at)
		case quote.Revise:
			return q.Revise(quote.ReviseInput{Reason: "another price"}, at)
		default:
			return q.Supersede(id(8), at)
		}
	}
}

func (b *offerBook) must(list ...quote.Command) *offerBook {
	b.t.Helper()
	for _, c := range list {
		require.NoError(b.t, b.do(command(c)), c.String())
	}
	return b
}
