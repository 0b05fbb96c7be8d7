package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
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

// open is an open deal.
func open(c money.Currency, treatment order.TaxTreatment, lines ...opportunity.Line) order.Source {
	s := source(c, lines...)
	s.Opportunity.Status = opportunity.Open
	s.Settings.TaxTreatment = treatment
	return s
}

// offerBook keeps a quote's stored state and journal, as a store would.
type offerBook struct {
	t       *testing.T
	s       order.QuoteSnapshot
	entries []journal.Entry
	hour    int
	zone    *time.Location
}

func offerOf(t *testing.T, from order.Source, in order.QuoteInput) *offerBook {
	t.Helper()
	b := &offerBook{t: t, zone: from.Zone}
	q, err := order.NewQuote(id(7), "QUO-2026-000001", from, in, at(0))
	require.NoError(t, err)
	b.save(q)
	return b
}

// save stores a change and wants replaying the journal to give the same (J05, J06).
func (b *offerBook) save(q *order.Quote) {
	b.t.Helper()
	c, ok, err := q.Change(ids(100 * (b.hour + 1)))
	require.NoError(b.t, err)
	require.True(b.t, ok)
	require.Equal(b.t, b.s.Version, c.Expected)
	require.Equal(b.t, b.s.Version+1, c.Root.Version)
	b.entries = append(b.entries, c.Entries...)
	b.s = q.Snapshot()
	require.Equal(b.t, b.s.QuoteRoot, c.Root)
	require.NoError(b.t, journal.Verify(b.entries, b.s.Head))
	got, err := order.ReplayQuote(b.entries)
	require.NoError(b.t, err)
	require.Equal(b.t, b.s, got)
}

// do runs a command on the stored quote; a refusal must change nothing.
func (b *offerBook) do(f func(q *order.Quote, at journal.Moment) error) error {
	b.t.Helper()
	b.hour++
	before := b.s
	q, err := order.RestoreQuote(b.s, b.zone)
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
func command(c order.QuoteCommand) func(q *order.Quote, at journal.Moment) error {
	return func(q *order.Quote, at journal.Moment) error {
		switch c {
		case order.QuoteSend:
			return q.Send(id(2), at)
		case order.QuoteAccept:
			return q.Accept(order.AcceptInput{Note: "by mail"}, at)
		case order.QuoteReject:
			return q.Reject(order.EndInput{Reason: "too dear"}, at)
		case order.QuoteWithdraw:
			return q.Withdraw(order.EndInput{Reason: "a mistake"}, at)
		case order.QuoteExpire:
			return q.Expire(day(31), at)
		case order.QuoteExtend:
			return q.Extend(order.ExtendInput{Until: q.Snapshot().ValidUntil.AddDays(1)}, q.Snapshot().Customer, at)
		case order.QuoteRevise:
			return q.Revise(order.ReviseInput{Reason: "another price"}, at)
		default:
			return q.Supersede(id(8), at)
		}
	}
}

func (b *offerBook) must(list ...order.QuoteCommand) *offerBook {
	b.t.Helper()
	for _, c := range list {
		require.NoError(b.t, b.do(command(c)), c.String())
	}
	return b
}
