package ordertest

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

func creating() []Rule {
	return []Rule{
		{"Q04/made-of-the-deal", "loses or changes what the opportunity gives would deliver something else than was sold", func(w *world) {
			deal := w.won()
			id := must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{Reference: "PO '7' 号", Due: []order.LineDue{{Line: 2, On: day(9)}}})).ID
			s, o := w.get(id), w.deal(deal)
			same("the order", []any{s.Opportunity, s.Customer, s.Currency, s.Owner, s.Status, s.Reference, s.TaxTreatment, s.Total, s.Gross, s.Lines, s.Version},
				[]any{deal, o.Customer, o.Currency, o.Owner, order.Draft, "PO '7' 号", money.TaxExclusive, cny(11000), cny(12300), 2, int64(1)})
			same("lines", len(s.Items), 2)
			l := s.Items
			same("line 1", text([]any{l[0].Number, l[0].Product, l[0].Quantity, l[0].Unit, l[0].Price, l[0].Tax, l[0].Amount, l[0].Due}),
				text([]any{1, "pump", "5", "pcs", "20", "13", cny(10000), ""}))
			same("line 2", text([]any{l[1].Number, l[1].Description, l[1].Quantity, l[1].Unit, l[1].Price, l[1].Tax, l[1].Amount, l[1].Due}),
				text([]any{2, "cable, 'blue' 电缆", "2.5", "m", "4", nil, cny(1000), "2020-03-09"}))
			same("the deal's orders", []any{o.Counts.LiveOrders, o.Ordered}, []any{1, cny(11000)})
			if _, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{}); !errors.Is(err, fault.ErrNotAllowed) {
				fail("a second order: %v", err)
			}
			w.sell(order.InitialiseInput{SeveralOrders: true})
			must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{}))
			same("orders", count(w, deal), 2)
		}},
		{"Q04/once-per-request", "makes two orders of one request would deliver twice", func(w *world) {
			w.sell(order.InitialiseInput{SeveralOrders: true})
			deal := w.won()
			a := must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{}, pursuit.RequestID("r")))
			b := must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{}, pursuit.RequestID("r")))
			same("the second result", []any{b.ID, b.Number, b.Repeated}, []any{a.ID, a.Number, true})
			same("orders", count(w, deal), 1)
		}},
		{"J08/all-or-nothing", "writes outside the transaction would keep orders of deals that were never changed", func(w *world) {
			deal := w.won()
			other, id := w.confirmed()
			before, flagged := plain(w.get(id)), w.deal(other).Version
			var made uuid.UUID
			err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
				made = must(b.Orders().Create(ctx, deal, order.CreateInput{})).ID
				must(b.Orders().Confirm(ctx, made))
				same("the order inside", must(b.Orders().Get(ctx, made)).Status, order.Confirmed)
				must(b.Orders().Execute(ctx, id, []order.EventInput{goods("D", order.Delivery, 1, "1")}))
				must(b.Orders().Cancel(ctx, id, order.CancelInput{Reason: "gone"}))
				return errStop
			})
			if !errors.Is(err, errStop) {
				fail("the batch: %v", err)
			}
			same("orders of the deal", []any{count(w, deal), w.deal(deal).Counts.LiveOrders}, []any{0, 0})
			if _, err := w.s.Orders().Get(w.ctx, made); !errors.Is(err, fault.ErrNotFound) {
				fail("the order that was rolled back: %v", err)
			}
			same("the other order", plain(w.get(id)), before)
			same("the other deal", w.deal(other).Version, flagged)
		}},
		{"O11/version", "takes changes of an old version would lose one of two", func(w *world) {
			_, id := w.confirmed()
			v := w.get(id).Version
			must(w.s.Orders().Execute(w.ctx, id, []order.EventInput{goods("D1", order.Delivery, 1, "1")}, pursuit.IfVersion(v)))
			same("the version", w.get(id).Version, v+1)
			w.refused("an old version", id, fault.ErrConflict, func() error {
				_, err := w.s.Orders().Execute(w.ctx, id, []order.EventInput{goods("D2", order.Delivery, 1, "1")}, pursuit.IfVersion(v))
				return err
			})
		}},
		{"Q05/status", "lets an order do what its status forbids would change what is binding", func(w *world) {
			_, id := w.ordered()
			h := w.s.Orders()
			update := func(ref string) error { _, err := h.Update(w.ctx, id, order.UpdateInput{Reference: &ref}); return err }
			confirm := func() error { _, err := h.Confirm(w.ctx, id); return err }
			execute := func() error { return w.execute(id, goods("X", order.Delivery, 1, "1")) }
			complete := func() error { _, err := h.Complete(w.ctx, id, order.CompleteInput{Reason: "enough"}); return err }
			cancel := func() error { _, err := h.Cancel(w.ctx, id, order.CancelInput{Reason: "gone"}); return err }
			w.refused("executing a draft", id, fault.ErrNotAllowed, execute)
			w.refused("completing a draft", id, fault.ErrNotAllowed, complete)
			must(0, update("PO 8"))
			same("the reference", w.get(id).Reference, "PO 8")
			must(0, confirm())
			items := text(w.get(id).Items)
			w.refused("changing what is confirmed", id, fault.ErrNotAllowed, func() error { return update("PO 9") })
			w.refused("confirming twice", id, fault.ErrNotAllowed, confirm)
			w.refused("completing what isn't executing", id, fault.ErrNotAllowed, complete)
			must(0, execute())
			s := w.get(id)
			same("executing", []any{s.Status, text(s.Items), s.ConfirmedAt.IsZero()}, []any{order.Executing, items, false})
			w.refused("completing without a reason", id, fault.ErrInvalid, func() error {
				_, err := h.Complete(w.ctx, id, order.CompleteInput{Reason: " "})
				return err
			})
			must(0, complete())
			s = w.get(id)
			same("completed", []any{s.Status, s.Reason, s.CompletedAt.IsZero()}, []any{order.Completed, "enough", false})
			w.refused("cancelling what is completed", id, fault.ErrNotAllowed, cancel)
			w.refused("completing twice", id, fault.ErrNotAllowed, complete)
			must(0, w.execute(id, goods("Y", order.Return, 1, "1")))
			same("after a late return", w.get(id).Status, order.Completed)
		}},
		{"Q09/cancelling", "forgets what was delivered, or the deal, when it cancels would hide a win that was undone", func(w *world) {
			deal, id := w.confirmed()
			must(0, w.execute(id, goods("D1", order.Delivery, 1, "2"), paper("I1", order.Invoice, 1, 4520)))
			must(w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "they withdrew"}))
			s, o := w.get(id), w.deal(deal)
			same("the order", []any{s.Status, s.Reason, s.CancelledAt.IsZero(), len(s.Events), s.Delivered, s.Invoiced}, []any{order.Cancelled, "they withdrew", false, 2, cny(4000), cny(4520)})
			same("the deal", []any{o.Status, o.OrderCancelled, o.Counts.LiveOrders, o.Ordered.IsZero()}, []any{opportunity.Won, true, 0, true})
			w.refused("a new delivery", id, fault.ErrNotAllowed, func() error { return w.execute(id, goods("D2", order.Delivery, 1, "1")) })
			must(0, w.execute(id, goods("R1", order.Return, 1, "2"), paper("C1", order.CreditNote, 1, 4520)))
			s = w.get(id)
			same("wound up", []any{s.Status, s.Delivered, s.Invoiced}, []any{order.Cancelled, cny(0), cny(0)})
			must(w.s.Opportunities().Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "again"}))
			must(w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: w.reason}}}))
			must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{}))
			same("orders", count(w, deal), 2)
		}},
		{"Q13/ended", "refuses what there is to say about an order that ended would keep its payments out of the books", func(w *world) {
			for what, end := range map[string]func(id uuid.UUID) error{
				"cancelled": func(id uuid.UUID) error {
					_, err := w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "gone"})
					return err
				},
				"completed": func(id uuid.UUID) error {
					_, err := w.s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "enough"})
					return err
				},
			} {
				// 6 of 5 and 1 of 2.5 delivered: 100 and 4 of 110; 113.00 invoiced of 135.60.
				about := []order.EventInput{paper("P1", order.Receipt, 0, 6000), paper("P2", order.Receipt, 1, 5300), paper("C1", order.CreditNote, 1, 1130),
					goods("R1", order.Return, 1, "0.5"), paper("F1", order.Refund, 0, 1130), paper("I2", order.Invoice, 2, 400)}
				begin := func() uuid.UUID {
					_, id := w.confirmed()
					must(0, w.execute(id, goods("D1", order.Delivery, 1, "6"), goods("D2", order.Delivery, 2, "1"), paper("I1", order.Invoice, 1, 11300)))
					return id
				}
				books := func(id uuid.UUID) string {
					x, s := w.view(id), w.get(id)
					x.Order, x.Number = uuid.Nil, ""
					return text([]any{x, s.Delivered, s.Invoiced, s.Received, len(s.Events)})
				}
				early := begin()
				same("the share that is delivered", text(w.view(early).Total.DeliveredPercent), text("94.54"))
				must(0, w.execute(early, about...))
				must(0, end(early))
				late := begin()
				must(0, end(late))
				same("outstanding when "+what, figures(w.view(late).Total), "124.00 0.00 124.00 113.00 0.00 0.00 26.60 113.00 0.00")
				for _, e := range about {
					must(0, w.execute(late, e))
				}
				same("the books of an order that was "+what, books(late), books(early))
				same("received", w.get(late).Received, cny(10170))
			}
		}},
	}
}

// count is how many orders of a deal are listed.
func count(w *world, deal uuid.UUID) (n int) {
	for _, err := range w.as("acme", "boss", access.Administrator).Orders().ByOpportunity(w.ctx, deal) {
		must(0, err)
		n++
	}
	return n
}
