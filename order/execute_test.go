package order_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// view is an execution without the status, which isn't execution; what is
// outstanding is that of an order that hasn't ended.
func view(t *testing.T, s order.Snapshot) order.Execution {
	s.Status = order.Executing
	x, err := order.ExecutionOf(s)
	require.NoError(t, err)
	x.Status = 0
	return x
}

// TestQ06_AnyOrderOfArrival makes sets of events that are within the limits as
// a whole, and reports each in random orders, in random batches, with random
// repetitions: nothing is refused, and the execution is the same.
func TestQ06_AnyOrderOfArrival(t *testing.T) {
	for seed := range uint64(60) {
		pick := rand.New(rand.NewPCG(seed, 6))
		from := source(money.CNY, line(1, "5", "3.33", money.CNY), line(2, "7.5", "0.19", money.CNY))
		var events []order.EventInput
		for l, n := range map[int]int{1: 5, 2: 7} {
			ext := func(k string, i int) string { return fmt.Sprint(k, l, "-", i) }
			for i := range pick.IntN(n + 1) { // at most what is ordered
				events = append(events, deliver(ext("d", i), l, "1"))
			}
			for i := range pick.IntN(3) {
				events = append(events, takeBack(ext("r", i), l, "1"))
			}
			for i := range pick.IntN(4) {
				events = append(events, pay(ext("i", i), order.Invoice, l, money.FromMinor(1+pick.Int64N(900), money.CNY)))
			}
			for i := range pick.IntN(2) {
				events = append(events, pay(ext("c", i), order.CreditNote, l, money.FromMinor(1+pick.Int64N(900), money.CNY)))
			}
			for i := range pick.IntN(4) {
				e := pay(ext("p", i), order.Receipt, l*pick.IntN(2), money.FromMinor(1+pick.Int64N(900), money.CNY))
				e.Advance = pick.IntN(3) == 0
				events = append(events, e)
			}
			for i := range pick.IntN(2) {
				events = append(events, pay(ext("f", i), order.Refund, l*pick.IntN(2), money.FromMinor(1+pick.Int64N(900), money.CNY)))
			}
		}
		if len(events) == 0 {
			continue
		}
		whole := create(t, from, order.CreateInput{}).confirm()
		require.NoError(t, whole.execute(events...))
		want := view(t, whole.s)
		for range 4 {
			b := create(t, from, order.CreateInput{}).confirm()
			queue := append([]order.EventInput(nil), events...)
			for range pick.IntN(len(events)) {
				queue = append(queue, events[pick.IntN(len(events))])
			}
			pick.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
			for len(queue) > 0 {
				n := 1 + pick.IntN(min(3, len(queue)))
				require.NoError(t, b.execute(queue[:n]...))
				limits(t, view(t, b.s)) // Q07 holds at every step
				queue = queue[n:]
			}
			require.Len(t, b.s.Events, len(events))
			require.Equal(t, want, view(t, b.s), "seed %d", seed)
			require.Equal(t, whole.s.Delivered, b.s.Delivered)
			require.Equal(t, whole.s.Invoiced, b.s.Invoiced)
			require.Equal(t, whole.s.Received, b.s.Received)
		}
	}
	t.Run("a ledger that drops what comes too early is caught", func(t *testing.T) {
		// The seeded bug: returns are cut to what has been delivered when they come.
		naive := func(events []order.ExecutionEvent) int64 {
			var delivered, returned int64
			for _, e := range events {
				if e.Kind == order.Delivery {
					delivered += e.Quantity.IntPart()
				} else {
					returned = min(delivered, returned+e.Quantity.IntPart())
				}
			}
			return delivered - returned
		}
		b := create(t, source(money.CNY, line(1, "5", "3.33", money.CNY)), order.CreateInput{}).confirm()
		require.NoError(t, b.execute(deliver("d", 1, "2"), takeBack("r", 1, "1")))
		turned := b.s
		turned.Events = []order.ExecutionEvent{b.s.Events[1], b.s.Events[0]}
		require.NotEqual(t, naive(b.s.Events), naive(turned.Events))
		require.Equal(t, view(t, b.s), view(t, turned))
	})
}

// limits wants what counts to keep the limits of Q07.
func limits(t *testing.T, x order.Execution) {
	t.Helper()
	for _, l := range x.Lines {
		require.False(t, l.Returned.Quantity.IsNegative())
		require.False(t, l.Returned.Quantity.GreaterThan(*l.Delivered.Quantity))
		require.False(t, l.NetDelivered.Quantity.GreaterThan(*l.Ordered.Quantity))
		require.GreaterOrEqual(t, l.Invoiced.Amount.Sign(), 0)
		require.GreaterOrEqual(t, l.Returned.Amount.Sign(), 0)
	}
	require.GreaterOrEqual(t, x.Total.Received.Sign(), 0)
}

func TestQ06_KnownEventsChangeNothing(t *testing.T) {
	b := into(t, order.Confirmed)
	require.NoError(t, b.execute(deliver("d", 1, "2"), deliver("d", 1, "2.00")), "twice in one command is once")
	before := b.s
	same := deliver("d", 1, "2.0")
	same.Note = "  "
	require.NoError(t, b.execute(same))
	require.Equal(t, before, b.s)
	for name, other := range map[string]order.EventInput{
		"quantity": deliver("d", 1, "1"), "kind": takeBack("d", 1, "2"),
		"date": {External: "d", Kind: order.Delivery, Line: 1, Quantity: dec("2"), On: day(1)},
		"note": {External: "d", Kind: order.Delivery, Line: 1, Quantity: dec("2"), On: day(2), Note: "x"},
	} {
		err := b.execute(deliver("new", 1, "1"), other)
		require.ErrorIs(t, err, fault.ErrDuplicate, name)
		require.Equal(t, []string{"/events/1/external taken"}, paths(err))
	}
	require.ErrorIs(t, b.execute(deliver("x", 1, "1"), deliver("x", 1, "2")), fault.ErrDuplicate, "in one command as well")
}

func TestQ06_ReplacedGoods(t *testing.T) {
	// 5 ordered and delivered, 1 returned, 1 sent again.
	b := into(t, order.Confirmed)
	require.NoError(t, b.execute(deliver("d1", 1, "5")))
	err := b.execute(deliver("d2", 1, "1"))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/lines/1 over_delivered"}, paths(err))
	require.NoError(t, b.execute(deliver("d2", 1, "1"), takeBack("r", 1, "1")), "a command's events are checked as a whole")
	c := into(t, order.Confirmed)
	require.NoError(t, c.execute(takeBack("r", 1, "1")))
	require.True(t, c.view().Waiting)
	require.NoError(t, c.execute(deliver("d2", 1, "1")))
	require.NoError(t, c.execute(deliver("d1", 1, "5")))
	require.Equal(t, b.view(), c.view())
	require.False(t, c.view().Waiting)
}

func TestQ07_OverDelivery(t *testing.T) {
	from := source(money.CNY, line(1, "8", "2", money.CNY))
	from.Settings.OverDelivery = dec("12.5") // 8 × 1.125 = 9
	b := create(t, from, order.CreateInput{}).confirm()
	require.ErrorIs(t, b.execute(deliver("d", 1, "9.000001")), fault.ErrNotAllowed)
	require.NoError(t, b.execute(deliver("d", 1, "9")))
	x := b.view()
	require.Equal(t, "112.5", text(x.Lines[0].DeliveredPercent))
	require.Equal(t, "0", text(x.Lines[0].ToDeliver.Quantity))
	require.Equal(t, "18.00", x.Total.Delivered.Amount.Amount()) // 16.00 × 9 ÷ 8
	require.True(t, x.Total.ToDeliver.Amount.IsZero())
}

func TestQ07_ReceiptsAndInvoices(t *testing.T) {
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	b := into(t, order.Confirmed)
	want := func(invoiced, received, waits, toReceive string) {
		t.Helper()
		x := b.view().Total
		require.Equal(t, []string{invoiced, received, waits, toReceive},
			[]string{x.Invoiced.Amount.Amount(), x.Received.Amount(), x.Ahead.Received.Amount(), x.ToReceive.Amount()})
	}
	require.NoError(t, b.execute(pay("p1", order.Receipt, 0, cny("4"))))
	want("0.00", "0.00", "4.00", "0.00") // it waits for its invoice
	require.NoError(t, b.execute(pay("i1", order.Invoice, 1, cny("6"))))
	want("6.00", "4.00", "0.00", "2.00")
	adv := pay("a1", order.Receipt, 0, cny("3"))
	adv.Advance = true
	require.NoError(t, b.execute(adv))
	want("6.00", "6.00", "1.00", "0.00") // 3 in advance leave room for 3 of the 4
	require.NoError(t, b.execute(pay("c1", order.CreditNote, 1, cny("2"))))
	want("4.00", "4.00", "3.00", "0.00")
	require.NoError(t, b.execute(pay("f1", order.Refund, 0, cny("3"))))
	want("4.00", "4.00", "0.00", "0.00") // 4 + 3 − 3
	require.NoError(t, b.execute(pay("f2", order.Refund, 0, cny("9"))))
	require.Equal(t, "5.00", b.view().Total.Ahead.Refunded.Amount()) // 12 refunded of 7
	require.True(t, b.view().Total.Received.IsZero())
	require.NoError(t, b.execute(pay("c2", order.CreditNote, 1, cny("5"))))
	require.Equal(t, "1.00", b.view().Lines[0].Ahead.Credited.Amount()) // 7 credited of 6
	require.True(t, b.view().Waiting)
}

func TestQ07_HostileEvents(t *testing.T) {
	cny := amount("1.00", money.CNY)
	ok := deliver("d", 1, "1")
	with := func(f func(e *order.EventInput)) order.EventInput { e := ok; f(&e); return e }
	bill := pay("i", order.Invoice, 1, cny)
	for want, e := range map[string]order.EventInput{
		"/events/0/external required":      with(func(e *order.EventInput) { e.External = "" }),
		"/events/0/external too_long":      with(func(e *order.EventInput) { e.External = strings.Repeat("x", 129) }),
		"/events/0/external blank_ends":    with(func(e *order.EventInput) { e.External = " d" }),
		"/events/0/external control":       with(func(e *order.EventInput) { e.External = "a\x00" }),
		"/events/0/external bad_utf8":      with(func(e *order.EventInput) { e.External = "\xff" }),
		"/events/0/kind unknown":           with(func(e *order.EventInput) { e.Kind = "gift" }),
		"/events/0/line unknown":           with(func(e *order.EventInput) { e.Line = 0 }),
		"/events/0/quantity not_positive":  with(func(e *order.EventInput) { e.Quantity = decimal.Decimal{} }),
		"/events/0/quantity too_precise":   with(func(e *order.EventInput) { e.Quantity = dec("0.0000001") }),
		"/events/0/quantity too_large":     with(func(e *order.EventInput) { e.Quantity = decimal.New(1, math.MaxInt32) }),
		"/events/0/quantity bad_exponent":  with(func(e *order.EventInput) { e.Quantity = decimal.New(0, math.MinInt32) }),
		"/events/0/amount not_zero":        with(func(e *order.EventInput) { e.Amount = cny }),
		"/events/0/amount currency":        pay("i", order.Invoice, 1, amount("1.00", money.USD)),
		"/events/0/amount not_positive":    pay("i", order.Invoice, 1, money.Zero(money.CNY)),
		"/events/0/on required":            with(func(e *order.EventInput) { e.On = calendar.Date{} }),
		"/events/0/on future":              with(func(e *order.EventInput) { e.On = day(3) }),
		"/events/0/advance not_receipt":    with(func(e *order.EventInput) { e.Advance = true }),
		"/events/0/note too_long":          with(func(e *order.EventInput) { e.Note = strings.Repeat("x", 4001) }),
		"/events/0/quantity negative":      {External: "i", Kind: order.Invoice, Line: 1, Amount: cny, Quantity: dec("-1"), On: day(2)},
		"/events/0/quantity not_zero":      {External: "p", Kind: order.Receipt, Amount: cny, Quantity: dec("1"), On: day(2)},
		"/events/0/quantity too_precise ":  {External: "p", Kind: order.Receipt, Amount: cny, Quantity: decimal.New(1, math.MinInt32), On: day(2)},
		"/events/0/amount not_positive ":   pay("p", order.Receipt, 0, money.FromMinor(-1, money.CNY)),
		"/events/0/amount currency ":       pay("p", order.Receipt, 0, money.Money{}),
		"/events/0/line unknown ":          pay("p", order.Receipt, 8, cny),
		"/events/0/line unknown (invoice)": pay("i", order.Invoice, 0, cny),
	} {
		b := into(t, order.Confirmed)
		err := b.execute(e)
		require.ErrorIs(t, err, fault.ErrInvalid, want)
		got := paths(err)
		require.Len(t, got, 1, want)
		require.True(t, strings.HasPrefix(want, got[0]), "%s: %v", want, got)
	}
	b := into(t, order.Confirmed)
	require.ErrorIs(t, b.execute(), fault.ErrInvalid)
	require.ErrorIs(t, b.execute(make([]order.EventInput, order.MaxEvents+1)...), fault.ErrLimit)
	require.ErrorIs(t, into(t, order.Draft).execute(ok), fault.ErrNotAllowed)
	bill.Amount = money.FromMinor(math.MaxInt64, money.CNY)
	require.NoError(t, b.execute(bill))
	more := bill
	more.External = "i2"
	require.ErrorIs(t, b.execute(more), fault.ErrLimit, "overflow is an error")
	unloaded := b.s
	unloaded.Events, unloaded.EventsLoaded = nil, false
	o, err := order.Restore(unloaded, nil)
	require.NoError(t, err)
	require.ErrorIs(t, o.Execute([]order.EventInput{ok}, at(20)), fault.ErrInternal)
	_, err = order.ExecutionOf(unloaded)
	require.ErrorIs(t, err, fault.ErrInternal)
}

func TestEventsAreBounded(t *testing.T) {
	b := into(t, order.Confirmed)
	s := b.s
	for i := range order.MaxOrderEvents {
		s.Events = append(s.Events, order.ExecutionEvent{External: fmt.Sprint("p", i), Kind: order.Receipt, Amount: amount("0.01", money.CNY), On: day(2)})
	}
	o, err := order.Restore(s, nil)
	require.NoError(t, err)
	require.ErrorIs(t, o.Execute([]order.EventInput{deliver("d", 1, "1")}, at(2)), fault.ErrLimit)
}

func TestQ08_CompletesByItself(t *testing.T) {
	ten := amount("10.00", money.CNY)
	steps := []order.EventInput{deliver("d1", 1, "3"), deliver("d2", 1, "2"), pay("i1", order.Invoice, 1, ten), pay("p1", order.Receipt, 0, ten)}
	for first := range steps {
		b := into(t, order.Confirmed)
		for i := range steps {
			require.NotEqual(t, order.Completed, b.s.Status)
			require.NoError(t, b.execute(steps[(first+i)%len(steps)]))
		}
		require.Equal(t, order.Completed, b.s.Status)
		require.Empty(t, b.s.Reason)
		require.Equal(t, []string{order.EventExecuted, order.EventCompleted}, []string{b.entries[len(b.entries)-2].Type, b.entries[len(b.entries)-1].Type})
		require.Equal(t, b.s.Updated, b.s.CompletedAt)
		require.NoError(t, b.execute(takeBack("r", 1, "1")), "execution goes on")
		require.Equal(t, order.Completed, b.s.Status)
		require.Equal(t, "8.00", b.s.Delivered.Amount())
	}
	t.Run("Q08/all at once", func(t *testing.T) {
		b := into(t, order.Confirmed)
		require.NoError(t, b.execute(steps...))
		require.Equal(t, order.Completed, b.s.Status)
	})
	t.Run("Q08/not while a return is open", func(t *testing.T) {
		b := into(t, order.Confirmed)
		require.NoError(t, b.execute(append(steps, takeBack("r", 1, "1"))...))
		require.Equal(t, order.Executing, b.s.Status)
		require.NoError(t, b.execute(deliver("d3", 1, "1")))
		require.Equal(t, order.Completed, b.s.Status)
	})
	t.Run("Q08/by command with a reason", func(t *testing.T) {
		b := into(t, order.Executing)
		require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error {
			return o.Complete(order.CompleteInput{Reason: " the rest isn't needed "}, at)
		}))
		require.Equal(t, "the rest isn't needed", b.s.Reason)
	})
}
