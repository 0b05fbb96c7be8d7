package order_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// figures lists a progress as text, to compare with sums done by hand.
func figures(p order.Progress) []string {
	m := func(x order.Measure) string { return text(x.Quantity) + " " + x.Amount.Amount() }
	return []string{"ordered " + m(p.Ordered), "delivered " + m(p.Delivered), "returned " + m(p.Returned), "net " + m(p.NetDelivered),
		"invoiced " + m(p.Invoiced), "received " + p.Received.Amount(), "to deliver " + m(p.ToDeliver), "to invoice " + m(p.ToInvoice),
		"to receive " + p.ToReceive.Amount(), "percent " + text(p.DeliveredPercent) + " " + text(p.InvoicedPercent) + " " + text(p.ReceivedPercent)}
}

// 5 pieces at 333 yen less 10 % cost 1498.5, 1499 yen. 3 + 2 delivered, 1 returned:
// 5 are worth 1499, the 4 that stay 1499 × 4 ÷ 5 = 1199.2, 1199; so 300 came back.
func TestQ07_WorkedExampleInYen(t *testing.T) {
	l := line(1, "5", "333", money.JPY)
	l.Discount, l.Amount = dec("10"), amount("1499", money.JPY)
	b := create(t, source(money.JPY, l), order.CreateInput{}).confirm()
	require.NoError(t, b.execute(deliver("d1", 1, "3")))
	require.Equal(t, "899", b.s.Delivered.Amount()) // 1499 × 3 ÷ 5 = 899.4
	require.NoError(t, b.execute(deliver("d2", 1, "2")))
	require.Equal(t, "1499", b.s.Delivered.Amount()) // the last one takes the remainder
	bill := pay("i1", order.Invoice, 1, amount("899", money.JPY))
	bill.Quantity = dec("3")
	require.NoError(t, b.execute(takeBack("r1", 1, "1"), bill, pay("p1", order.Receipt, 0, amount("500", money.JPY))))
	x := b.view()
	require.Equal(t, []string{
		"ordered 5 1499", "delivered 5 1499", "returned 1 300", "net 4 1199", "invoiced 3 899", "received 0", "to deliver 1 300",
		"to invoice 2 600", "to receive 899", "percent 80 59.97 0", // 899 ÷ 1499 = 59.973 %
	}, figures(x.Lines[0].Progress))
	require.Equal(t, []string{
		"ordered 5 1499", "delivered 5 1499", "returned 1 300", "net 4 1199", "invoiced 3 899", "received 500", "to deliver 1 300",
		"to invoice 2 600", "to receive 399", "percent 79.98 59.97 33.35", // 1199 ÷ 1499 = 79.987 %, 500 ÷ 1499 = 33.356 %
	}, figures(x.Total))
	require.False(t, x.Done)
}

// Three litres at 3.3333 dinars and one hour for nothing: KWD has 3 decimals,
// 9.9999 is 10.000; each litre is worth 3.333, two 6.667, three 10.000.
func TestQ07_WorkedExampleInDinars(t *testing.T) {
	a, free := line(1, "3", "3.3333", money.KWD), line(2, "1", "0", money.KWD)
	a.Unit, free.Unit = "l", "h"
	b := create(t, source(money.KWD, a, free), order.CreateInput{}).confirm()
	for i, want := range []string{"3.333", "6.667", "10.000"} {
		require.NoError(t, b.execute(deliver(string(rune('a'+i)), 1, "1")))
		require.Equal(t, want, b.s.Delivered.Amount())
	}
	x := b.view()
	require.Equal(t, []string{
		"ordered nil 10.000", "delivered nil 10.000", "returned nil 0.000", "net nil 10.000", "invoiced nil 0.000", "received 0.000",
		"to deliver nil 0.000", "to invoice nil 10.000", "to receive 0.000", "percent 100 0 0",
	}, figures(x.Total), "litres and hours don't add up")
	require.Equal(t, "nil", text(x.Total.Ahead.Returned))
	require.Equal(t, "percent 0 nil nil", figures(x.Lines[1].Progress)[9], "undefined of nothing")
	require.False(t, x.Done, "the hour isn't delivered")
	require.NoError(t, b.execute(deliver("h", 2, "1"), pay("i", order.Invoice, 1, amount("10.000", money.KWD)), pay("p", order.Receipt, 1, amount("10.000", money.KWD))))
	require.True(t, b.view().Done)
	require.Equal(t, order.Completed, b.s.Status)
	require.Equal(t, "10.000", b.view().Lines[0].Received.Amount())
}

// A percentage is rounded down: 2 of 3 are 66.66, and 2.999999 of 3 aren't 100.
func TestPercentagesNeverClaimMore(t *testing.T) {
	b := create(t, source(money.CNY, line(1, "3", "100", money.CNY)), order.CreateInput{}).confirm()
	require.NoError(t, b.execute(deliver("a", 1, "2")))
	require.Equal(t, "66.66", text(b.view().Lines[0].DeliveredPercent))
	require.NoError(t, b.execute(deliver("b", 1, "0.999999")))
	require.Equal(t, "99.99", text(b.view().Lines[0].DeliveredPercent))
	require.Equal(t, "300.00", b.s.Delivered.Amount())
	require.False(t, b.view().Done)
}

func TestExecutionOfWhatDoesNotFit(t *testing.T) {
	b := into(t, order.Executing)
	for name, spoil := range map[string]func(s *order.Snapshot){
		"a line that isn't there": func(s *order.Snapshot) { s.Events[0].Line = 7 },
		"the whole":               func(s *order.Snapshot) { s.Events[0].Line = 0 },
		"an unknown kind":         func(s *order.Snapshot) { s.Events[0].Kind = "gift" },
		"no quantity":             func(s *order.Snapshot) { s.Items[0].Quantity = decimal.Decimal{} },
	} {
		s := b.s
		s.Events = append([]order.ExecutionEvent(nil), s.Events...)
		s.Items = append([]order.Line(nil), s.Items...)
		spoil(&s)
		_, err := order.ExecutionOf(s)
		require.ErrorIs(t, err, fault.ErrCorrupt, name)
	}
	s := b.s
	s.Events = append([]order.ExecutionEvent(nil), s.Events...)
	s.Events[0].Quantity = dec("99999999999999999999")
	_, err := order.ExecutionOf(s)
	require.ErrorIs(t, err, fault.ErrLimit)
	s.Events[0] = order.ExecutionEvent{Kind: order.Invoice, Line: 1, Amount: amount("1.00", money.USD)}
	_, err = order.ExecutionOf(s)
	require.ErrorIs(t, err, fault.ErrInvalid)
}
