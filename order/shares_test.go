package order_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// pair is an order of A and B, 100 of each at 10.00; a tenth more may be delivered.
func pair(t *testing.T) *book {
	from := source(money.CNY, line(1, "100", "10", money.CNY), line(2, "100", "10", money.CNY))
	from.Settings.OverDelivery = dec("10")
	return create(t, from, order.CreateInput{}).confirm()
}

func shares(p order.Progress) []string {
	return []string{text(p.DeliveredPercent), text(p.InvoicedPercent), text(p.ReceivedPercent)}
}

func outstanding(p order.Progress) []string {
	return []string{p.ToDeliver.Amount.Amount(), p.ToInvoice.Amount.Amount(), p.ToReceive.Amount()}
}

// TestQ12_NoSurplusHidesALack holds the shares and the totals of an order, and of a
// customer's orders, where one line has more than it was to have.
func TestQ12_NoSurplusHidesALack(t *testing.T) {
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	advance := func(ext string, line int, m money.Money) order.EventInput {
		e := pay(ext, order.Receipt, line, m)
		e.Advance = true
		return e
	}
	for name, x := range map[string]struct {
		events              []order.EventInput
		shares, outstanding []string
	}{
		"delivered 110 and 90": {[]order.EventInput{deliver("a", 1, "110"), deliver("b", 2, "90")},
			[]string{"95", "0", "0"}, []string{"100.00", "2000.00", "0.00"}},
		"delivered 110 and 50": {[]order.EventInput{deliver("a", 1, "110"), deliver("b", 2, "50")},
			[]string{"75", "0", "0"}, []string{"500.00", "2000.00", "0.00"}},
		"110, 20 of which came back, and 100": {[]order.EventInput{deliver("a", 1, "110"), deliver("b", 2, "100"), takeBack("r", 1, "20")},
			[]string{"95", "0", "0"}, []string{"100.00", "2000.00", "0.00"}},
		"invoiced 1,100 and 900": {[]order.EventInput{pay("a", order.Invoice, 1, cny("1100")), pay("b", order.Invoice, 2, cny("900"))},
			[]string{"0", "95", "0"}, []string{"2000.00", "100.00", "2000.00"}},
		"invoiced and paid 1,100 and 900": {[]order.EventInput{pay("a", order.Invoice, 1, cny("1100")), pay("b", order.Invoice, 2, cny("900")),
			pay("pa", order.Receipt, 1, cny("1100")), pay("pb", order.Receipt, 2, cny("900"))},
			[]string{"0", "95", "95"}, []string{"2000.00", "100.00", "0.00"}},
		"1,100 in advance for A, 900 for B, and 1,000 invoiced of each": {[]order.EventInput{advance("pa", 1, cny("1100")), pay("pb", order.Receipt, 2, cny("900")),
			pay("a", order.Invoice, 1, cny("1000")), pay("b", order.Invoice, 2, cny("1000"))},
			[]string{"0", "100", "95"}, []string{"2000.00", "0.00", "100.00"}},
		"and 100 for the whole pays B": {[]order.EventInput{advance("pa", 1, cny("1100")), pay("pb", order.Receipt, 2, cny("900")), pay("p", order.Receipt, 0, cny("100")),
			pay("a", order.Invoice, 1, cny("1000")), pay("b", order.Invoice, 2, cny("1000"))},
			[]string{"0", "100", "100"}, []string{"2000.00", "0.00", "0.00"}},
		"a refund of the whole takes the surplus first": {[]order.EventInput{advance("pa", 1, cny("1100")), pay("pb", order.Receipt, 2, cny("1000")), pay("f", order.Refund, 0, cny("100")),
			pay("a", order.Invoice, 1, cny("1000")), pay("b", order.Invoice, 2, cny("1000"))},
			[]string{"0", "100", "100"}, []string{"2000.00", "0.00", "0.00"}},
		"and then what was paid": {[]order.EventInput{advance("pa", 1, cny("1100")), pay("pb", order.Receipt, 2, cny("1000")), pay("f", order.Refund, 0, cny("150")),
			pay("a", order.Invoice, 1, cny("1000")), pay("b", order.Invoice, 2, cny("1000"))},
			[]string{"0", "100", "97.5"}, []string{"2000.00", "0.00", "50.00"}},
	} {
		t.Run("Q12/"+name, func(t *testing.T) {
			b := pair(t)
			require.NoError(t, b.execute(x.events...))
			v := b.view()
			require.Equal(t, x.shares, shares(v.Total))
			require.Equal(t, x.outstanding, outstanding(v.Total))
			require.False(t, v.Waiting)
			sum, err := order.Summarise([]order.Snapshot{b.s}, day(9))
			require.NoError(t, err)
			c := sum.Currencies[0]
			require.Equal(t, x.shares, []string{text(c.DeliveredPercent), text(c.InvoicedPercent), text(c.ReceivedPercent)})
			require.Equal(t, v.Total.Covered, c.Covered)
		})
	}
	t.Run("Q12/a line that was paid too much in advance doesn't complete the order", func(t *testing.T) {
		b := pair(t)
		require.NoError(t, b.execute(deliver("a", 1, "100"), deliver("b", 2, "100"), pay("ia", order.Invoice, 1, cny("1000")), pay("ib", order.Invoice, 2, cny("1000")),
			advance("pa", 1, cny("1100")), pay("pb", order.Receipt, 2, cny("900"))))
		require.Equal(t, order.Executing, b.s.Status)
		require.NoError(t, b.execute(pay("pc", order.Receipt, 2, cny("100"))))
		require.Equal(t, order.Completed, b.s.Status)
	})
	t.Run("Q12/one order's surplus doesn't hide another's lack", func(t *testing.T) {
		more, less := pair(t), pair(t)
		require.NoError(t, more.execute(deliver("a", 1, "110"), deliver("b", 2, "110")))
		require.NoError(t, less.execute(deliver("a", 1, "90"), deliver("b", 2, "90")))
		sum, err := order.Summarise([]order.Snapshot{more.s, less.s}, day(9))
		require.NoError(t, err)
		require.Equal(t, []string{"4000.00", "3800.00", "200.00", "95"}, []string{sum.Currencies[0].Delivered.Amount(), sum.Currencies[0].Covered.Delivered.Amount(),
			sum.Currencies[0].ToDeliver.Amount(), text(sum.Currencies[0].DeliveredPercent)})
	})
}

// TestQ12_SharesAndOutstandingAgree takes random events, and wants of each view what
// must hold of shares and of what is outstanding, whatever they are.
func TestQ12_SharesAndOutstandingAgree(t *testing.T) {
	hidden := 0
	for seed := range uint64(300) {
		pick := rand.New(rand.NewPCG(seed, 12))
		b := wildOrder(t)
		arrive(t, pick, b, wild(pick, seed%2 == 0), func(order.Execution) {})
		x, z := view(t, b.s), money.Zero(money.CNY)
		own, lack, lacked := z, z, z // what lines received, and what they lack of their invoices and of what they come to
		for _, l := range x.Lines {
			own, lack = sum(t, own, l.Received), sum(t, lack, l.ToReceive)
			require.Equal(t, sum(t, l.Covered.Invoiced, l.ToInvoice.Amount), l.Payable)
			require.Equal(t, sum(t, l.Covered.Delivered, l.ToDeliver.Amount), l.Ordered.Amount)
			lacked = sum(t, lacked, money.FromMinor(max(0, l.Payable.Minor()-l.Received.Minor()), money.CNY))
		}
		p := x.Total
		require.Equal(t, sum(t, p.Covered.Delivered, p.ToDeliver.Amount), p.Ordered.Amount, "what isn't covered is outstanding")
		require.Equal(t, sum(t, p.Covered.Invoiced, p.ToInvoice.Amount), p.Payable)
		whole := max(0, p.Received.Minor()-own.Minor()) // received for all lines
		require.GreaterOrEqual(t, p.ToReceive.Minor(), lack.Minor()-whole, "seed %d", seed)
		require.GreaterOrEqual(t, p.Payable.Minor()-p.Covered.Received.Minor(), lacked.Minor()-whole, "seed %d", seed)
		require.GreaterOrEqual(t, p.ToReceive.Minor(), max(0, p.Invoiced.Amount.Minor()-p.Received.Minor()))
		for _, m := range []money.Money{p.Received, p.ToReceive, p.Covered.Received, p.Ahead.Received, p.Ahead.Refunded} {
			require.GreaterOrEqual(t, m.Sign(), 0)
		}
		// The twin: shares of plain sums, as they were, hide what is lacking.
		if p.ToReceive.Minor() > max(0, p.Invoiced.Amount.Minor()-p.Received.Minor()) {
			hidden++
		}
	}
	require.Positive(t, hidden, "some sets have a surplus that would hide a lack")
}

func sum(t *testing.T, a, b money.Money) money.Money {
	t.Helper()
	m, err := a.Add(b)
	require.NoError(t, err)
	return m
}

func (b *book) cancel() error {
	return b.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: "gone"}, at) })
}

func (b *book) complete() error {
	return b.run(func(o *order.Order, at journal.Moment) error {
		return o.Complete(order.CompleteInput{Reason: "enough"}, at)
	})
}

// TestQ13_AnEndedOrderIsPaid reports what concerns deliveries and invoices before
// and after the end: the result is the same.
func TestQ13_AnEndedOrderIsPaid(t *testing.T) {
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	start := func() *book {
		b := create(t, source(money.CNY, line(1, "10", "10", money.CNY), line(2, "10", "10", money.CNY)), order.CreateInput{}).confirm()
		require.NoError(t, b.execute(deliver("d", 1, "4"), pay("i", order.Invoice, 1, cny("30"))))
		return b
	}
	for name, end := range map[string]func(*book) error{"cancelled": (*book).cancel, "completed": (*book).complete} {
		t.Run("Q13/"+name+" and paid", func(t *testing.T) {
			late := start()
			require.NoError(t, end(late))
			require.Equal(t, []string{"0.00", "10.00", "30.00"}, outstanding(late.view().Total), "delivered and not invoiced, invoiced and not paid")
			require.NoError(t, late.execute(pay("p", order.Receipt, 0, cny("30"))))
			require.Equal(t, "30.00", late.s.Received.Amount())
			require.Equal(t, []string{"0.00", "10.00", "0.00"}, outstanding(late.view().Total))
			early := start()
			require.NoError(t, early.execute(pay("p", order.Receipt, 0, cny("30"))))
			require.NoError(t, end(early))
			require.Equal(t, early.view(), late.view())
		})
		t.Run("Q13/"+name+", in any order of arrival", func(t *testing.T) {
			advance := pay("a", order.Receipt, 0, cny("8"))
			advance.Advance = true
			about := []order.EventInput{pay("p1", order.Receipt, 1, cny("20")), pay("p2", order.Receipt, 0, cny("15")), advance, takeBack("r", 1, "1"),
				pay("c", order.CreditNote, 1, cny("5")), pay("f", order.Refund, 0, cny("6")), pay("i2", order.Invoice, 1, cny("11"))}
			want := start()
			require.NoError(t, want.execute(about...))
			require.NoError(t, end(want))
			for seed := range uint64(60) {
				pick := rand.New(rand.NewPCG(seed, 13))
				b, queue := start(), slices.Clone(about)
				pick.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
				ends := pick.IntN(len(queue) + 1)
				for i := 0; i <= len(queue); i++ {
					if i == ends {
						require.NoError(t, end(b))
					}
					if i < len(queue) {
						require.NoError(t, b.execute(queue[i]))
					}
				}
				require.Equal(t, want.view(), b.view(), "seed %d", seed)
				require.Equal(t, []money.Money{want.s.Delivered, want.s.Invoiced, want.s.Received}, []money.Money{b.s.Delivered, b.s.Invoiced, b.s.Received})
			}
		})
	}
	t.Run("Q13/nothing new comes of a cancelled one", func(t *testing.T) {
		b := start()
		require.NoError(t, b.cancel())
		require.Equal(t, []string{"/events/0/kind cancelled"}, paths(b.execute(deliver("d2", 1, "1"))))
		require.Equal(t, []string{"/events/1/kind cancelled"}, paths(b.execute(pay("ok", order.Invoice, 1, cny("10")), pay("i2", order.Invoice, 2, cny("10")))), "of B nothing was delivered")
		draft := into(t, order.Draft)
		require.NoError(t, draft.cancel())
		err := draft.execute(pay("p", order.Receipt, 0, cny("1")))
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, []string{"/status cancelled"}, paths(err), "it never was more than a draft")
	})
	t.Run("Q13/the customer's sums", func(t *testing.T) {
		gone, over := start(), start()
		require.NoError(t, gone.cancel())
		require.NoError(t, over.complete())
		x, err := order.Summarise([]order.Snapshot{gone.s, over.s}, day(9))
		require.NoError(t, err)
		c := x.Currencies[0]
		require.Equal(t, []string{"0.00", "20.00", "60.00", "20.00", "40.00", "30.00", "0.00", "200.00"},
			[]string{c.ToDeliver.Amount(), c.ToInvoice.Amount(), c.ToReceive.Amount(), c.Gross.NotInvoiced.Amount(), c.Kept.Amount(), c.KeptInvoiced.Amount(), c.KeptReceived.Amount(), c.Ordered.Amount()})
	})
}

// TestQ13_NothingIsOutstandingOfWhatEnded is an order of 100 at 10.00 and 13 %: all
// delivered, 90 of them invoiced, ten returned, and what was invoiced paid.
func TestQ13_NothingIsOutstandingOfWhatEnded(t *testing.T) {
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	b := create(t, source(money.CNY, taxed(line(1, "100", "10", money.CNY), "13")), order.CreateInput{}).confirm()
	require.NoError(t, b.execute(deliver("d", 1, "100"), pay("i", order.Invoice, 1, cny("1017.00")), takeBack("r", 1, "10"), pay("p", order.Receipt, 0, cny("1017.00"))))
	require.Equal(t, []string{"100.00", "113.00", "0.00"}, outstanding(b.view().Total), "while it goes on")
	require.NoError(t, b.complete())
	x := b.view()
	require.Equal(t, []string{"0.00", "0.00", "0.00"}, outstanding(x.Total))
	require.Equal(t, []string{"0", "0"}, []string{text(x.Lines[0].ToDeliver.Quantity), text(x.Lines[0].ToInvoice.Quantity)})
	require.Equal(t, []string{"90", "90", "90"}, shares(x.Total), "the shares say what was left")
	require.False(t, x.Done)
	sum, err := order.Summarise([]order.Snapshot{b.s}, day(9))
	require.NoError(t, err)
	require.Equal(t, []string{"0.00", "0.00", "0.00"}, []string{sum.Currencies[0].ToDeliver.Amount(), sum.Currencies[0].ToInvoice.Amount(), sum.Currencies[0].ToReceive.Amount()})
}

// TestQ07_GoodsAndInvoicesOnOneFooting gives delivered and invoiced without tax and
// with it, and what was delivered and isn't invoiced.
func TestQ07_GoodsAndInvoicesOnOneFooting(t *testing.T) {
	list := func(f order.Footing) []string {
		return []string{f.Ordered.Amount(), f.Delivered.Amount(), f.Returned.Amount(), f.NetDelivered.Amount(), f.Invoiced.Amount(), f.NotInvoiced.Amount()}
	}
	for name, x := range map[string]struct {
		treatment  money.TaxTreatment
		price      string
		net, gross []string
	}{
		// 10 at 10.00 and 13 %: 6 delivered, 1 back, 33.90 with tax invoiced.
		"prices without tax": {money.TaxExclusive, "10", []string{"100.00", "60.00", "10.00", "50.00", "30.00", "20.00"}, []string{"113.00", "67.80", "11.30", "56.50", "33.90", "22.60"}},
		"prices with tax":    {money.TaxInclusive, "11.3", []string{"100.00", "60.00", "10.00", "50.00", "30.00", "20.00"}, []string{"113.00", "67.80", "11.30", "56.50", "33.90", "22.60"}},
		"no tax known":       {"", "10", []string{"100.00", "60.00", "10.00", "50.00", "33.90", "16.10"}, []string{"100.00", "60.00", "10.00", "50.00", "33.90", "16.10"}},
	} {
		t.Run("Q07/"+name, func(t *testing.T) {
			from := source(money.CNY, taxed(line(1, "10", x.price, money.CNY), "13"))
			if x.treatment != "" {
				from.Settings.TaxTreatment = x.treatment
			}
			b := create(t, from, order.CreateInput{}).confirm()
			require.NoError(t, b.execute(deliver("d", 1, "6"), takeBack("r", 1, "1"), pay("i", order.Invoice, 1, amount("33.90", money.CNY))))
			b.s.TaxTreatment = x.treatment // orders of old have none
			v := b.view()
			require.Equal(t, x.net, list(v.Total.Net))
			require.Equal(t, x.gross, list(v.Total.Gross))
			require.Equal(t, v.Total.Net, v.Lines[0].Net)
		})
	}
	t.Run("Q07/line by line, to the last cent", func(t *testing.T) {
		// Three lines of 0.33 at 19 %: 0.99 and 0.19 tax, shared out 0.07, 0.06, 0.06.
		b := create(t, source(money.CNY, taxed(line(1, "3", "0.11", money.CNY), "19"), taxed(line(2, "3", "0.11", money.CNY), "19"), taxed(line(3, "3", "0.11", money.CNY), "19")), order.CreateInput{}).confirm()
		require.NoError(t, b.execute(deliver("a", 1, "3"), deliver("b", 2, "3"), deliver("c", 3, "1"), pay("i", order.Invoice, 1, amount("0.50", money.CNY)), pay("i", order.Invoice, 2, amount("0.39", money.CNY))))
		v := b.view()
		require.Equal(t, []string{"0.99", "0.77", "0.00", "0.77"}, list(v.Total.Net)[:4])
		require.Equal(t, []string{"1.18", "0.92", "0.00", "0.92"}, list(v.Total.Gross)[:4])
		require.Equal(t, "0.13", v.Total.Gross.NotInvoiced.Amount(), "what A was invoiced too much doesn't pay for C")
		require.Equal(t, "0.33", v.Lines[1].Net.Invoiced.Amount())
		require.True(t, v.Lines[1].Net.NotInvoiced.IsZero())
	})
	t.Run("Q07/freight on free goods bears their tax", func(t *testing.T) {
		b := create(t, source(money.CNY, taxed(line(1, "1", "0", money.CNY), "13")), order.CreateInput{}).confirm()
		require.NoError(t, b.execute(pay("i", order.Invoice, 1, amount("11.30", money.CNY))))
		require.Equal(t, "10.00", b.view().Total.Net.Invoiced.Amount())
	})
}
