package integration

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/order"
)

// restless is a set of reports with replaced goods, early receipts, credit notes
// and refunds, which ends with all done.
func restless() []order.EventInput {
	out := everythingDone()
	return append(out,
		order.EventInput{External: "RET", Kind: order.Return, Line: 1, Quantity: dec("1"), On: onDay()},
		order.EventInput{External: "D3", Kind: order.Delivery, Line: 1, Quantity: dec("1"), On: onDay()},
		order.EventInput{External: "I2", Kind: order.Invoice, Line: 2, Amount: usd("5.00"), On: onDay()},
		order.EventInput{External: "C2", Kind: order.CreditNote, Line: 2, Amount: usd("5.00"), On: onDay()},
		order.EventInput{External: "A1", Kind: order.Receipt, Amount: usd("20.00"), Advance: true, On: onDay()},
		order.EventInput{External: "F1", Kind: order.Refund, Amount: usd("20.00"), On: onDay()},
	)
}

// shuffled reports events in a random order, in batches, some of them twice; what
// is refused as delivered too early is reported again later.
func (w *tenant) shuffled(id uuid.UUID, events []order.EventInput, seed uint64) {
	w.t.Helper()
	pick := rand.New(rand.NewPCG(seed, 6))
	queue := append(slices.Clone(events), events[pick.IntN(len(events))], events[pick.IntN(len(events))])
	shuffle := func() { pick.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] }) }
	shuffle()
	for tries := 0; len(queue) > 0; tries++ {
		require.Less(w.t, tries, 500, "never all taken in")
		n := 1 + pick.IntN(min(4, len(queue)))
		_, err := w.s.Orders().Execute(w.ctx, id, queue[:n])
		if errors.Is(err, fault.ErrNotAllowed) {
			shuffle()
			continue
		}
		require.NoError(w.t, err)
		queue = queue[n:]
	}
}

func TestQ06_ArrivalDecidesNothingInAnyStore(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		plain := func(id uuid.UUID) order.Execution {
			x, err := w.s.Orders().Execution(w.ctx, id)
			require.NoError(t, err)
			x.Order, x.Number = uuid.Nil, ""
			return x
		}
		_, whole := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, whole))
		w.must(w.s.Orders().Execute(w.ctx, whole, restless()))
		want := plain(whole)
		require.True(t, want.Done)
		require.Equal(t, order.Completed, want.Status)
		for seed := range uint64(3) {
			_, id := w.ordered()
			w.must(w.s.Orders().Confirm(w.ctx, id))
			w.shuffled(id, restless(), seed)
			require.Equal(t, want, plain(id), "seed %d", seed)
			require.Len(t, w.order(id).Events, len(restless()))
			w.sameOrder(id)
		}
		t.Run("a store that loses an event is found", func(t *testing.T) {
			s := w.order(whole)
			s.Events = slices.DeleteFunc(s.Events, func(e order.ExecutionEvent) bool { return e.External == "RET" })
			x, err := order.ExecutionOf(s)
			require.NoError(t, err)
			require.NotEqual(t, want.Total, x.Total)
		})
	})
}

// TestS8_ExecutionOfSeveralOrders checks the views of a deal and of a customer,
// by currency, inside the actor's scope, with what is overdue in the tenant's zone.
func TestS8_ExecutionOfSeveralOrders(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{SeveralOrders: true, OverDelivery: dec("10")})
		deal := w.won()
		due := calendar.Of(w.now, nil)
		create := func(deal uuid.UUID) uuid.UUID {
			r, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{Due: []order.LineDue{{Line: 1, On: due}}})
			require.NoError(t, err)
			w.must(w.s.Orders().Confirm(w.ctx, r.ID))
			return r.ID
		}
		first, second := create(deal), create(deal)
		third := create(w.won())
		h := w.s.Orders()
		w.must(h.Execute(w.ctx, first, []order.EventInput{{External: "D", Kind: order.Delivery, Line: 2, Quantity: dec("1"), On: due}}))
		w.must(h.Execute(w.ctx, third, everythingDone()))
		w.must(h.Cancel(w.ctx, second, order.CancelInput{Reason: "too much"}))

		got, err := h.ExecutionOfOpportunity(w.ctx, deal)
		require.NoError(t, err)
		require.Equal(t, due, got.On)
		require.Len(t, got.Orders, 2)
		c := got.Currencies[0]
		require.Equal(t, []any{1, 1, "300.00", "18.65", "281.35", "6.21", 0}, []any{c.Binding, c.Cancelled, c.Ordered.Amount(), c.Delivered.Amount(), c.ToDeliver.Amount(), c.DeliveredPercent.String(), c.OverdueLines})
		one, err := h.Execution(w.ctx, first)
		require.NoError(t, err)
		require.Equal(t, one, got.Orders[0])

		all, err := h.ExecutionOfCustomer(w.ctx, w.customer)
		require.NoError(t, err)
		require.Len(t, all.Orders, 3)
		require.Equal(t, "600.00", all.Currencies[0].Ordered.Amount())

		page, err := h.Executions(w.ctx, pursuit.OrderQuery{Customer: w.customer}, pursuit.Page{Size: 2})
		require.NoError(t, err)
		rest, err := h.Executions(w.ctx, pursuit.OrderQuery{Customer: w.customer}, pursuit.Page{Size: 2, Cursor: page.Next})
		require.NoError(t, err)
		require.Equal(t, all.Orders, append(page.Items, rest.Items...))
		_, err = h.Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{Size: pursuit.MaxExecutions + 1})
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = h.Executions(w.ctx, pursuit.OrderQuery{Statuses: []order.Status{99}}, pursuit.Page{})
		require.ErrorIs(t, err, fault.ErrInvalid)

		// A day later in the tenant's zone, though not in UTC, the delivery is overdue.
		w.now = time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)
		east, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Zone: func(string) *time.Location { return time.FixedZone("CST", 8*3600) }})
		require.NoError(t, err)
		for eng, want := range map[*pursuit.Engine]int{w.eng: 0, east: 1} {
			x, err := eng.As(w.s.Actor()).Orders().ExecutionOfOpportunity(w.ctx, deal)
			require.NoError(t, err)
			require.Equal(t, want, x.Currencies[0].OverdueLines)
			require.Equal(t, want, x.Currencies[0].OverdueOrders)
		}

		// Another salesperson sees none of it (J02), and unknown ids nothing.
		bob := w.eng.As(pursuit.Actor{Tenant: "acme", User: "bob", Department: "west", Roles: []access.Role{access.Sales}})
		for _, id := range []uuid.UUID{deal, uuid.Nil, uuid.Max} {
			x, err := bob.Orders().ExecutionOfOpportunity(w.ctx, id)
			require.NoError(t, err)
			require.Empty(t, x.Orders)
			require.Empty(t, x.Currencies)
		}
		x, err := bob.Orders().ExecutionOfCustomer(w.ctx, w.customer)
		require.NoError(t, err)
		require.Empty(t, x.Orders)
		x, err = h.ExecutionOfCustomer(w.ctx, uuid.Nil)
		require.NoError(t, err)
		require.Empty(t, x.Orders)
	})
}

func TestS8_EventsPageByPage(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		_, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		for i := range 3 {
			var batch []order.EventInput
			for n := range 3 { // one report of several lines, ids that begin alike
				batch = append(batch, order.EventInput{External: fmt.Sprint("R", i), Kind: order.Invoice, Line: n + 1, Amount: usd("1.00"), On: onDay()},
					order.EventInput{External: fmt.Sprint("R", i, "-x"), Kind: order.Invoice, Line: n + 1, Amount: usd("1.00"), On: onDay()})
			}
			w.must(w.s.Orders().Execute(w.ctx, id, batch))
		}
		want := w.order(id).Events
		require.Len(t, want, 18)
		for _, size := range []int{1, 4, 18, 100} {
			var got []order.ExecutionEvent
			cursor := ""
			for {
				p, err := w.s.Orders().Events(w.ctx, id, pursuit.Page{Size: size, Cursor: cursor})
				require.NoError(t, err)
				require.LessOrEqual(t, len(p.Items), size)
				got = append(got, p.Items...)
				if cursor = p.Next; cursor == "" {
					break
				}
			}
			require.Equal(t, want, got, size)
		}
		p, err := w.s.Orders().Events(w.ctx, id, pursuit.Page{Size: 1})
		require.NoError(t, err)
		_, other := w.ordered()
		_, err = w.s.Orders().Events(w.ctx, other, pursuit.Page{Cursor: p.Next})
		require.ErrorIs(t, err, fault.ErrInvalid, "the cursor of another order")
		_, err = w.s.Orders().Events(w.ctx, uuid.Nil, pursuit.Page{})
		require.ErrorIs(t, err, fault.ErrNotFound)
	})
}

func TestQ05_WhatACancelledOrderDeliveredIsKept(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		w.must(w.s.Orders().Execute(w.ctx, id, []order.EventInput{{External: "D", Kind: order.Delivery, Line: 1, Quantity: dec("2"), On: onDay()}}))
		w.must(w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "they went elsewhere"}))
		x, err := w.s.Orders().ExecutionOfOpportunity(w.ctx, deal)
		require.NoError(t, err)
		require.Equal(t, "180.90", x.Currencies[0].Kept.Amount(), "what was delivered is kept") // 271.35 × 2 ÷ 3
	})
}
