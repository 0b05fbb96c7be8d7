package order_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// sent is a quote that was sent for a deal before it was won.
func sent(t *testing.T, from order.Source, treatment money.TaxTreatment) quote.Snapshot {
	t.Helper()
	tax := func(rate string) *decimal.Decimal { d := dec(rate); return &d }
	deal := from.Opportunity
	deal.Status = opportunity.Open
	q, err := quote.New(id(7), "QUO-2026-000001", quote.Source{Opportunity: deal, TaxTreatment: treatment}, quote.CreateInput{Discount: dec("7.7"), Lines: []opportunity.LineInput{
		{Product: "P", Quantity: dec("3"), Unit: "pcs", Price: dec("33.335"), Discount: dec("10"), Tax: tax("13")},
		{Product: "P", Quantity: dec("7"), Unit: "pcs", Price: dec("1.115"), Tax: tax("13")},
		{Product: "P", Quantity: dec("1"), Unit: "pcs", Price: dec("100.50"), Tax: tax("6")},
	}}, at(0))
	require.NoError(t, err)
	_, _, err = q.Change(ids(100))
	require.NoError(t, err)
	require.NoError(t, q.Send(deal.Customer, at(1)))
	_, _, err = q.Change(ids(200))
	require.NoError(t, err)
	return q.Snapshot()
}

// TestQ04_AnOrderOfAnAcceptedQuote agrees with the quote exactly: with its net, or,
// where prices hold the tax, with its gross.
func TestQ04_AnOrderOfAnAcceptedQuote(t *testing.T) {
	for _, treatment := range []money.TaxTreatment{money.TaxExclusive, money.TaxInclusive} {
		from := source(money.CNY)
		offered := sent(t, from, treatment)
		from.Quote = &offered
		_, err := order.New(id(9), "ORD-1", from, order.CreateInput{}, at(3))
		require.Equal(t, []string{"/quote/status sent"}, paths(err))
		q, err := quote.Restore(offered, nil)
		require.NoError(t, err)
		require.NoError(t, q.Accept(quote.AcceptInput{}, at(2)))
		offered = q.Snapshot()
		o, err := order.New(id(9), "ORD-1", from, order.CreateInput{Due: []order.LineDue{{Line: 3, On: day(9)}}}, at(3))
		require.NoError(t, err)
		s := o.Snapshot()
		require.Equal(t, treatment, s.TaxTreatment, "as it was agreed")
		require.Equal(t, offered.Gross, s.Gross)
		if treatment == money.TaxExclusive {
			require.Equal(t, offered.Net, s.Total)
		} else {
			require.Equal(t, offered.Gross, s.Total)
		}
		for i, l := range s.Items {
			want := offered.Items[i].Net
			if treatment == money.TaxInclusive {
				want, err = want.Add(offered.Items[i].TaxAmount)
				require.NoError(t, err)
			}
			require.Equal(t, want, l.Amount)
		}
		offered.Opportunity = id(77)
		_, err = order.New(id(9), "ORD-1", from, order.CreateInput{}, at(3))
		require.Equal(t, []string{"/quote mismatch"}, paths(err))
	}
}
