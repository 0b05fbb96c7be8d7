package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// overdue lists the numbers of overdue lines.
func overdue(x order.Execution) []int {
	var out []int
	for _, l := range x.Lines {
		if l.Overdue {
			out = append(out, l.Line.Number)
		}
	}
	return out
}

func TestS8_OverdueDeliveries(t *testing.T) {
	due := order.CreateInput{Due: []order.LineDue{{Line: 1, On: day(5)}, {Line: 2, On: day(6)}}}
	b := create(t, source(money.CNY, line(1, "2", "3", money.CNY), line(2, "1", "3", money.CNY), line(3, "1", "3", money.CNY)), due)
	require.Empty(t, overdue(b.view().AsOf(day(20))), "a draft promises nothing")
	b.confirm()
	for _, x := range []struct {
		on   calendar.Date
		want []int
	}{{day(5), nil}, {day(6), []int{1}}, {day(7), []int{1, 2}}, {calendar.Date{}, nil}} {
		got := b.view().AsOf(x.on)
		require.Equal(t, x.want, overdue(got), x.on)
		require.Equal(t, len(x.want), got.Overdue)
		require.Equal(t, x.on, got.On)
	}
	require.NoError(t, b.execute(deliver("d", 1, "2"), deliver("d", 2, "1"), takeBack("r", 2, "0.5")))
	require.Equal(t, []int{2}, overdue(b.view().AsOf(day(20))), "what came back is to be delivered again")
	require.Empty(t, overdue(b.view()), "the view itself stays as it is")
	require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: "gone"}, at) }))
	require.Empty(t, overdue(b.view().AsOf(day(20))))
}

func TestS8_SummaryByCurrency(t *testing.T) {
	due := order.CreateInput{Due: []order.LineDue{{Line: 1, On: day(5)}}}
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	// 113.00 with tax: 3 of 5 delivered, 1 back, 40.00 invoiced, 30.00 received.
	running := create(t, source(money.CNY, taxed(line(1, "5", "20", money.CNY), "13")), due).confirm()
	require.NoError(t, running.execute(deliver("d", 1, "3"), takeBack("r", 1, "1"), pay("i", order.Invoice, 1, cny("40")), pay("p", order.Receipt, 0, cny("30"))))
	given := into(t, order.Completed) // by command: 1 of 5 pieces at 2.00
	gone := into(t, order.Cancelled)  // likewise
	draft := into(t, order.Draft)
	yen := create(t, source(money.JPY, line(1, "1", "300", money.JPY)), order.CreateInput{}).confirm()

	x, err := order.Summarise([]order.Snapshot{yen.s, running.s, given.s, gone.s, draft.s}, day(9))
	require.NoError(t, err)
	require.Len(t, x.Orders, 5)
	require.Len(t, x.Currencies, 2)
	c := x.Currencies[0]
	require.Equal(t, []int{2, 1, 1, 1, 1}, []int{c.Binding, c.Drafts, c.Cancelled, c.OverdueLines, c.OverdueOrders})
	var got []string
	for _, m := range []money.Money{c.Ordered, c.Payable, c.Delivered, c.Returned, c.Invoiced, c.Received, c.ToDeliver, c.ToInvoice, c.ToReceive, c.Kept} {
		got = append(got, m.Amount())
	}
	// Delivered 40 + 2; to deliver 60 of the running one only; to invoice 73 of it, and
	// of each of those that ended the 2 that it delivered (Q13).
	require.Equal(t, []string{"110.00", "123.00", "42.00", "20.00", "40.00", "30.00", "60.00", "77.00", "10.00", "2.00"}, got)
	// 42 ÷ 110 = 38.18…, 40 ÷ 123 = 32.52…, 30 ÷ 123 = 24.39…
	require.Equal(t, []string{"38.18", "32.52", "24.39"}, []string{text(c.DeliveredPercent), text(c.InvoicedPercent), text(c.ReceivedPercent)})
	require.Equal(t, money.JPY, x.Currencies[1].Currency)
	require.Equal(t, "300", x.Currencies[1].ToDeliver.Amount())

	empty, err := order.Summarise(nil, day(9))
	require.NoError(t, err)
	require.Empty(t, empty.Currencies)
	s := running.s
	s.EventsLoaded = false
	_, err = order.Summarise([]order.Snapshot{s}, day(9))
	require.ErrorIs(t, err, fault.ErrInternal)
	big := into(t, order.Confirmed).s
	big.Items[0].Amount = money.FromMinor(1<<62, money.CNY)
	_, err = order.Summarise([]order.Snapshot{big, big}, day(9))
	require.ErrorIs(t, err, fault.ErrLimit)
}
