package ordertest

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// figures are a progress' numbers as text.
func figures(p order.Progress) string {
	q := func(m order.Measure) string {
		if m.Quantity == nil {
			return m.Amount.Amount()
		}
		return m.Quantity.String() + "/" + m.Amount.Amount()
	}
	return strings.Join([]string{q(p.Delivered), q(p.Returned), q(p.NetDelivered), q(p.Invoiced), p.Received.Amount(), q(p.ToDeliver), q(p.ToInvoice), p.ToReceive.Amount(), p.Ahead.Received.Amount()}, " ")
}

func executing() []Rule {
	return []Rule{
		{"Q06/arrival", "goes by the order of arrival would keep other books than the ERP", func(w *world) {
			events := append(everything(), goods("B1", order.Return, 1, "1"), goods("D3", order.Delivery, 1, "1"),
				paper("I2", order.Invoice, 2, 500), paper("C2", order.CreditNote, 2, 500), paper("F1", order.Refund, 0, 300))
			advance := paper("A1", order.Receipt, 0, 300)
			advance.Advance = true
			events = append(events, advance)
			books := func(id uuid.UUID) string {
				x := w.view(id)
				x.Order, x.Number = uuid.Nil, ""
				s := w.get(id)
				return text([]any{x, s.Delivered, s.Invoiced, s.Received, len(s.Events)})
			}
			_, whole := w.confirmed()
			must(0, w.execute(whole, events...))
			want := books(whole)
			for seed := range uint64(3) {
				pick := rand.New(rand.NewPCG(seed, 1))
				_, id := w.confirmed()
				queue := append(slices.Clone(events), events[pick.IntN(len(events))], events[pick.IntN(len(events))])
				pick.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
				for len(queue) > 0 { // a fifth more may be delivered: none is refused
					n := 1 + pick.IntN(min(3, len(queue)))
					must(0, w.execute(id, queue[:n]...))
					queue = queue[n:]
				}
				same("the books", books(id), want)
			}
		}},
		{"Q06/once", "counts a repeated report twice, or takes another one for it, would bill twice", func(w *world) {
			_, id := w.confirmed()
			must(0, w.execute(id, goods("D1", order.Delivery, 1, "2"), goods("D1", order.Delivery, 2, "1.5")))
			before := w.get(id)
			must(0, w.execute(id, goods("D1", order.Delivery, 1, "2.00")))
			same("after a repeated report", plain(w.get(id)), plain(before))
			same("the events", []any{len(before.Events), before.Version}, []any{2, int64(3)})
			w.refused("another report of that id", id, fault.ErrDuplicate, func() error {
				return w.execute(id, goods("D9", order.Delivery, 1, "1"), goods("D1", order.Delivery, 1, "1"))
			})
			must(0, w.execute(id, goods("d1", order.Delivery, 1, "1")))
			same("an id of another case", len(w.get(id).Events), 3)
		}},
		{"Q07/limits", "takes in more than may be delivered, or what doesn't fit, would report nonsense", func(w *world) {
			_, id := w.confirmed()
			must(0, w.execute(id, goods("D1", order.Delivery, 1, "5")))
			w.refused("more than a fifth more", id, fault.ErrNotAllowed, func() error {
				return w.execute(id, goods("D2", order.Delivery, 1, "0.5"), goods("D3", order.Delivery, 1, "0.500001"))
			})
			must(0, w.execute(id, goods("D2", order.Delivery, 1, "1")))
			same("a fifth more", figures(w.view(id).Lines[0].Progress), "6/120.00 0/0.00 6/120.00 0/0.00 0.00 0/0.00 5/113.00 0.00 0.00")
			for what, e := range map[string]order.EventInput{
				"an unknown line":  goods("X", order.Delivery, 9, "1"),
				"no line":          paper("X", order.Invoice, 0, 100),
				"no quantity":      goods("X", order.Delivery, 1, "0"),
				"another currency": {External: "X", Kind: order.Invoice, Line: 1, Amount: money.FromMinor(100, money.USD), On: day(2)},
				"a hostile id":     goods("a\x00b", order.Delivery, 1, "1"),
				"an unknown kind":  goods("X", "gift", 1, "1"),
			} {
				w.refused(what, id, fault.ErrInvalid, func() error { return w.execute(id, e) })
			}
		}},
		{"Q07/figures", "adds up wrongly would show what isn't so", func(w *world) {
			_, id := w.confirmed()
			// 3 + 2 delivered, 1 back; 67.80 of 113.00 invoiced, 22.60 credited; 10.00 paid
			// in advance, 50.00 afterwards, of which 35.20 count.
			advance := paper("A1", order.Receipt, 0, 1000)
			advance.Advance = true
			must(0, w.execute(id, goods("D1", order.Delivery, 1, "3"), goods("D2", order.Delivery, 1, "2"), goods("R1", order.Return, 1, "1"),
				paper("I1", order.Invoice, 1, 6780), paper("C1", order.CreditNote, 1, 2260), advance, paper("P1", order.Receipt, 0, 5000)))
			x := w.view(id)
			same("the line", figures(x.Lines[0].Progress), "5/100.00 1/20.00 4/80.00 0/45.20 0.00 1/20.00 5/67.80 45.20 0.00")
			same("the total", figures(x.Total), "100.00 20.00 80.00 45.20 45.20 30.00 77.80 0.00 14.80")
			must(0, w.execute(id, paper("F1", order.Refund, 0, 1480)))
			same("after the refund", figures(w.view(id).Total), "100.00 20.00 80.00 45.20 45.20 30.00 77.80 0.00 0.00")
			s := w.get(id)
			same("the root", []any{s.Delivered, s.Invoiced, s.Received}, []any{cny(8000), cny(4520), cny(4520)})
		}},
		{"Q08/completing", "doesn't end an order that is done would keep its deal from being closed", func(w *world) {
			deal, id := w.confirmed()
			all := everything()
			for i, e := range all {
				same("before all is reported", []any{w.get(id).Status == order.Completed, w.deal(deal).Counts.LiveOrders}, []any{false, 1})
				must(0, w.execute(id, e))
				same("progress", len(w.get(id).Events), i+1)
			}
			s, o := w.get(id), w.deal(deal)
			same("the order", []any{s.Status, s.Reason, s.CompletedAt.IsZero(), w.view(id).Done}, []any{order.Completed, "", false, true})
			same("the deal", []any{o.Counts.LiveOrders, o.Counts.DoneOrders, o.OrderCancelled, o.Ordered}, []any{0, 1, false, cny(11000)})
		}},
	}
}
