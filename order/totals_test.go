package order_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

func taxed(l opportunity.Line, rate string) opportunity.Line {
	d := dec(rate)
	l.Tax = &d
	return l
}

// mixed has 110.00 at 13 %, 10.00 at 6 %, and 7.00 without tax.
func mixed() []opportunity.Line {
	return []opportunity.Line{
		taxed(line(1, "3", "33.33", money.CNY), "13"), taxed(line(2, "2", "5", money.CNY), "6"),
		taxed(line(3, "1", "10.01", money.CNY), "13"), line(4, "1", "7", money.CNY),
	}
}

func rates(x order.Totals) []string {
	out := []string{x.Net.Amount() + " + " + x.Tax.Amount() + " = " + x.Gross.Amount()}
	for _, r := range x.Rates {
		out = append(out, text(r.Rate)+": "+r.Net.Amount()+" + "+r.Tax.Amount()+" = "+r.Gross.Amount())
	}
	return out
}

func TestQ07_TotalsPerTaxRate(t *testing.T) {
	t.Run("Q07/exclusive", func(t *testing.T) {
		b := create(t, source(money.CNY, mixed()...), order.CreateInput{})
		x, err := order.TotalsOf(b.s)
		require.NoError(t, err)
		require.Equal(t, []string{"127.00 + 14.90 = 141.90", "nil: 7.00 + 0.00 = 7.00", "6: 10.00 + 0.60 = 10.60", "13: 110.00 + 14.30 = 124.30"}, rates(x))
		require.Equal(t, []string{"127.00", "141.90"}, []string{b.s.Total.Amount(), b.s.Gross.Amount()})
		// 14.30 shared: 12.9987… and 1.3013…; the cent left goes to the larger remainder.
		var payable []string
		for _, l := range b.view().Lines {
			payable = append(payable, l.Payable.Amount())
		}
		require.Equal(t, []string{"112.99", "10.60", "11.31", "7.00"}, payable)
		require.Equal(t, "141.90", b.view().Total.Payable.Amount())
	})
	t.Run("Q07/inclusive", func(t *testing.T) {
		from := source(money.CNY, mixed()...)
		from.Settings.TaxTreatment = money.TaxInclusive
		b := create(t, from, order.CreateInput{})
		x, err := order.TotalsOf(b.s)
		require.NoError(t, err)
		// 110 × 13 ÷ 113 = 12.654…; 10 × 6 ÷ 106 = 0.566…
		require.Equal(t, []string{"113.78 + 13.22 = 127.00", "nil: 7.00 + 0.00 = 7.00", "6: 9.43 + 0.57 = 10.00", "13: 97.35 + 12.65 = 110.00"}, rates(x))
		require.Equal(t, b.s.Total, b.s.Gross)
	})
	t.Run("Q07/orders that are older than tax", func(t *testing.T) {
		s := create(t, source(money.CNY, mixed()...), order.CreateInput{}).s
		s.TaxTreatment = ""
		x, err := order.TotalsOf(s)
		require.NoError(t, err)
		require.Equal(t, "127.00 + 0.00 = 127.00", rates(x)[0])
	})
	t.Run("Q07/yen and dinars", func(t *testing.T) {
		yen := create(t, source(money.JPY, taxed(line(1, "3", "333", money.JPY), "10"), taxed(line(2, "1", "6", money.JPY), "10")), order.CreateInput{})
		require.Equal(t, "1106", yen.s.Gross.Amount()) // 1005 + 100.5, rounded once
		kwd := create(t, source(money.KWD, taxed(line(1, "3", "3.3333", money.KWD), "5")), order.CreateInput{})
		require.Equal(t, "10.500", kwd.s.Gross.Amount())
	})
	t.Run("Q07/what overflows", func(t *testing.T) {
		l := taxed(line(1, "1", "1", money.CNY), "13")
		l.Amount = money.FromMinor(math.MaxInt64, money.CNY)
		_, err := order.New(id(9), "A", source(money.CNY, l), order.CreateInput{}, at(0))
		require.ErrorIs(t, err, fault.ErrLimit)
		s := create(t, source(money.CNY, mixed()...), order.CreateInput{}).s
		s.Items[0].Amount = l.Amount
		_, err = order.TotalsOf(s)
		require.ErrorIs(t, err, fault.ErrLimit)
	})
}

// An old journal has no gross amount: replaying it gives that of its time (J05).
func TestJ05_OrdersOlderThanTax(t *testing.T) {
	b := create(t, source(money.CNY, line(1, "5", "2", money.CNY)), order.CreateInput{})
	e := b.entries[0]
	e.Payload = []byte(`{"root":{"id":"00000000-0000-0000-0000-000000000009","tenant":"acme","number":"A","currency":"CNY","status":"draft","total":{"amount":"10.00","currency":"CNY"}},"lines":[]}`)
	s, err := order.Replay([]journal.Entry{e})
	require.NoError(t, err)
	require.Equal(t, "10.00", s.Gross.Amount())
}

// 5 pieces at 20.00 and 13 % tax, 113.00 together; a fifth more may be delivered.
func TestQ07_WorkedExampleWithTax(t *testing.T) {
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	from := source(money.CNY, taxed(line(1, "5", "20", money.CNY), "13"))
	from.Settings.OverDelivery = dec("20")
	b := create(t, from, order.CreateInput{}).confirm()
	adv := pay("a", order.Receipt, 0, cny("30"))
	adv.Advance = true
	require.NoError(t, b.execute(adv, deliver("d1", 1, "3"), deliver("d2", 1, "2")))
	require.Equal(t, "30.00", b.s.Received.Amount(), "in advance of any invoice")
	require.ErrorIs(t, b.execute(deliver("d3", 1, "2")), fault.ErrNotAllowed, "7 are more than 6")
	require.NoError(t, b.execute(deliver("d4", 1, "1")), "6 are allowed")
	require.Equal(t, []string{"120.00", "120"}, []string{b.s.Delivered.Amount(), text(b.view().Lines[0].DeliveredPercent)})
	require.NoError(t, b.execute(takeBack("r1", 1, "1"), takeBack("r2", 1, "1")))
	bill, credit := pay("i", order.Invoice, 1, cny("113")), pay("c", order.CreditNote, 1, cny("22.60"))
	bill.Quantity, credit.Quantity = dec("5"), dec("1")
	require.NoError(t, b.execute(bill, credit, pay("p", order.Receipt, 0, cny("83"))))
	x := b.view().Total
	// 90.40 are invoiced: beside the advance of 30, 60.40 of the 83 count.
	require.Equal(t, []string{"90.40", "22.60"}, []string{x.Received.Amount(), x.Ahead.Received.Amount()})
	require.NoError(t, b.execute(pay("f", order.Refund, 0, cny("22.60"))))
	x = b.view().Total
	require.Equal(t, []string{
		"ordered 5 100.00", "delivered 6 120.00", "returned 2 40.00", "net 4 80.00", "invoiced 4 90.40", "received 90.40", "to deliver 1 20.00",
		"to invoice 1 22.60", "to receive 0.00", "percent 80 80 80",
	}, figures(x))
	require.False(t, b.view().Waiting)
	require.Equal(t, order.Executing, b.s.Status)
	// What is left: one piece, its invoice, and the money.
	require.NoError(t, b.execute(deliver("d5", 1, "1"), pay("i2", order.Invoice, 1, cny("22.60")), pay("p2", order.Receipt, 1, cny("22.60"))))
	require.Equal(t, order.Completed, b.s.Status)
}
