package order_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// wild makes a set of events that keeps the limits as a whole, replaced goods
// included; complete makes it end with everything done.
func wild(pick *rand.Rand, complete bool) []order.EventInput {
	var out []order.EventInput
	cny := func(n int64) money.Money { return money.FromMinor(n, money.CNY) }
	for l, line := range []struct{ n, gross int64 }{{5, 1665}, {4, 76}} {
		l++
		ext := func(k string, i int) string { return fmt.Sprint(k, l, "-", i) }
		n := int(line.n)
		if !complete {
			n = pick.IntN(n + 1)
		}
		back := pick.IntN(3)
		for i := range n + back { // what comes back is sent again
			out = append(out, deliver(ext("d", i), l, "1"))
		}
		for i := range back {
			out = append(out, takeBack(ext("r", i), l, "1"))
		}
		part := 1 + pick.Int64N(line.gross-1)
		out = append(out, pay(ext("i", 0), order.Invoice, l, cny(part)))
		if complete || pick.IntN(2) == 0 {
			over := pick.Int64N(20)
			out = append(out, pay(ext("i", 1), order.Invoice, l, cny(line.gross-part+over)))
			if over > 0 {
				out = append(out, pay(ext("c", 0), order.CreditNote, l, cny(over)))
			}
		}
		for i := range pick.IntN(3) {
			e := pay(ext("p", i), order.Receipt, l*pick.IntN(2), cny(1+pick.Int64N(900)))
			e.Advance = pick.IntN(3) == 0
			out = append(out, e)
		}
		for i := range pick.IntN(2) {
			out = append(out, pay(ext("f", i), order.Refund, l*pick.IntN(2), cny(1+pick.Int64N(300))))
		}
	}
	return out
}

// arrive reports events in a random order, in random batches, some twice; what
// is refused as delivered too early is sent again later. It says whether the
// order was ever done.
func arrive(t *testing.T, pick *rand.Rand, b *book, events []order.EventInput, each func(x order.Execution)) (wasDone bool) {
	queue := slices.Clone(events)
	for range pick.IntN(len(events)) {
		queue = append(queue, events[pick.IntN(len(events))])
	}
	pick.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	for tries := 0; len(queue) > 0; tries++ {
		require.Less(t, tries, 10_000, "never all taken in")
		n := 1 + pick.IntN(min(3, len(queue)))
		err := b.execute(queue[:n]...)
		if errors.Is(err, fault.ErrNotAllowed) {
			pick.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
			continue
		}
		require.NoError(t, err)
		queue = queue[n:]
		x := view(t, b.s)
		wasDone = wasDone || x.Done
		each(x)
	}
	return wasDone
}

func wildOrder(t *testing.T) *book {
	return create(t, source(money.CNY, line(1, "5", "3.33", money.CNY), line(2, "4", "0.19", money.CNY)), order.CreateInput{}).confirm()
}

// TestQ06_ArrivalDecidesNothing permutes and repeats sets of events: the view is
// the same, the limits hold at every step, and the status is what the package's
// comment says.
func TestQ06_ArrivalDecidesNothing(t *testing.T) {
	done := 0
	for seed := range uint64(60) {
		pick := rand.New(rand.NewPCG(seed, 7))
		events := wild(pick, seed%2 == 0)
		whole := wildOrder(t)
		require.NoError(t, whole.execute(events...))
		want := view(t, whole.s)
		if seed%2 == 0 && !want.Done { // pay what is due, so that it is
			if m := want.Total.ToReceive; m.Sign() > 0 {
				events = append(events, pay("last", order.Receipt, 0, m))
			}
			whole = wildOrder(t)
			require.NoError(t, whole.execute(events...))
			want = view(t, whole.s)
		}
		if want.Done {
			done++
		}
		for range 4 {
			b := wildOrder(t)
			was := arrive(t, pick, b, events, func(x order.Execution) { inLimits(t, x) })
			require.Equal(t, want, view(t, b.s), "seed %d", seed)
			status := order.Executing
			if was {
				status = order.Completed
			}
			require.Equal(t, status, b.s.Status, "seed %d", seed)
			if want.Done {
				require.Equal(t, order.Completed, b.s.Status)
			}
		}
	}
	require.Greater(t, done, 10, "some sets complete the order")
}

// inLimits adds to limits what holds of receipts (Q07).
func inLimits(t *testing.T, x order.Execution) {
	t.Helper()
	limits(t, x)
	for _, l := range x.Lines {
		require.GreaterOrEqual(t, l.Received.Sign(), 0)
		require.GreaterOrEqual(t, l.Ahead.Received.Sign(), 0)
	}
	require.GreaterOrEqual(t, x.Total.Ahead.Received.Sign(), 0)
	require.GreaterOrEqual(t, x.Total.Ahead.Refunded.Sign(), 0)
}

// The twin: books that settle a receipt against what is invoiced when it comes,
// as a careless ledger would, depend on the order of arrival, and the
// permutations find it.
func TestQ06_ArrivalDecidesNothing_FindsACarelessLedger(t *testing.T) {
	careless := func(events []order.EventInput) int64 {
		var invoiced, received int64
		for _, e := range events {
			switch e.Kind {
			case order.Invoice:
				invoiced += e.Amount.Minor()
			case order.CreditNote:
				invoiced = max(0, invoiced-e.Amount.Minor())
			case order.Receipt:
				if received += e.Amount.Minor(); !e.Advance {
					received = min(received, invoiced)
				}
			case order.Refund:
				received = max(0, received-e.Amount.Minor())
			}
		}
		return received
	}
	found := false
	for seed := range uint64(20) {
		pick := rand.New(rand.NewPCG(seed, 7))
		events := wild(pick, true)
		want := careless(events)
		pick.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		found = found || careless(events) != want
	}
	require.True(t, found)
}

// A receipt that names a line counts up to what that line is invoiced, whatever
// the others are.
func TestQ07_ReceiptsPerLine(t *testing.T) {
	cny := func(s string) money.Money { return amount(s, money.CNY) }
	b := wildOrder(t) // 16.65 and 0.76
	require.NoError(t, b.execute(pay("i1", order.Invoice, 1, cny("10")), pay("p2", order.Receipt, 2, cny("0.50"))))
	x := b.view()
	require.Equal(t, []string{"0.00", "0.50", "0.00", "0.50"},
		[]string{x.Lines[1].Received.Amount(), x.Lines[1].Ahead.Received.Amount(), x.Total.Received.Amount(), x.Total.Ahead.Received.Amount()})
	require.True(t, x.Waiting)
	require.NoError(t, b.execute(pay("i2", order.Invoice, 2, cny("0.30"))))
	x = b.view()
	require.Equal(t, []string{"0.30", "0.20", "0.30", "0.20"},
		[]string{x.Lines[1].Received.Amount(), x.Lines[1].Ahead.Received.Amount(), x.Total.Received.Amount(), x.Total.Ahead.Received.Amount()})
	require.NoError(t, b.execute(pay("f2", order.Refund, 2, cny("0.20")))) // 0.50 − 0.20 = 0.30
	x = b.view()
	require.Equal(t, []string{"0.30", "0.00", "0.30", "0.00"},
		[]string{x.Lines[1].Received.Amount(), x.Lines[1].Ahead.Received.Amount(), x.Total.Received.Amount(), x.Total.Ahead.Received.Amount()})
	adv := pay("a2", order.Receipt, 2, cny("5"))
	adv.Advance = true
	require.NoError(t, b.execute(adv))
	x = b.view()
	// 5.00 in advance leave no room for the 0.50; 0.20 of the advance went back.
	require.Equal(t, []string{"4.80", "0.50", "4.80"}, []string{x.Lines[1].Received.Amount(), x.Lines[1].Ahead.Received.Amount(), x.Total.Received.Amount()})
}
