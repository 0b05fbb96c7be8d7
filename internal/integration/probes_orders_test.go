package integration

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// orderProbes are those on orders, quotes and the sales system.
var orderProbes = map[string]probe{
	"Orders.Create": {changes, func(w *tenant) uuid.UUID { w.selling(); return w.won() }, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Create(w.ctx, id, order.CreateInput{}))
	}},
	"Orders.Update": {changes, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		reference := "PO-1"
		return one(s.Orders().Update(w.ctx, id, order.UpdateInput{Reference: &reference}))
	}},
	"Orders.Confirm": {changes, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Confirm(w.ctx, id))
	}},
	"Orders.Execute": {changes, confirmed, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Execute(w.ctx, id, []order.EventInput{w.delivered()}))
	}},
	"Orders.Complete": {changes, executing, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "the rest was given up"}))
	}},
	"Orders.Cancel": {changes, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "they changed their mind"}))
	}},
	"Orders.Get": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Get(w.ctx, id))
	}},
	"Orders.ByNumber": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		number := "ORD-2026-999999"
		if o, err := w.s.Orders().Get(w.ctx, id); err == nil {
			number = o.Number
		}
		return some(s.Orders().ByNumber(w.ctx, number))
	}},
	"Orders.Execution": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Execution(w.ctx, id))
	}},
	"Orders.Journal": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Journal(w.ctx, id))
	}},
	"Orders.List": {searches, draft, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Orders().List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
	}},
	"Orders.All": {searches, draft, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Orders().All(w.ctx, pursuit.OrderQuery{}))
	}},
	"Orders.ByOpportunity": {searches, func(w *tenant) uuid.UUID {
		w.selling()
		deal, _ := w.ordered()
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return walk(s.Orders().ByOpportunity(w.ctx, id))
	}},
	"Quotes.Create": {changes, quotable, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Create(w.ctx, id, quote.CreateInput{}))
	}},
	"Quotes.Copy": {changes, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Copy(w.ctx, id, pursuit.CopyQuoteInput{}))
	}},
	"Quotes.Update": {changes, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		title := "Offer"
		return one(s.Quotes().Update(w.ctx, id, quote.UpdateInput{Title: &title}))
	}},
	"Quotes.Send": {changes, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Send(w.ctx, id))
	}},
	"Quotes.Accept": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Accept(w.ctx, id, quote.AcceptInput{}))
	}},
	"Quotes.Reject": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Reject(w.ctx, id, quote.EndInput{Reason: "too dear"}))
	}},
	"Quotes.Withdraw": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Withdraw(w.ctx, id, quote.EndInput{Reason: "a mistake"}))
	}},
	"Quotes.Extend": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Extend(w.ctx, id, quote.ExtendInput{Until: onDay().AddDays(60)}))
	}},
	"Quotes.Revise": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Revise(w.ctx, id, quote.ReviseInput{}))
	}},
	"Quotes.ExpireQuotes": {creates, func(w *tenant) uuid.UUID {
		offered(w)
		w.pass(40 * 24 * time.Hour)
		return uuid.Nil
	}, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return s.Quotes().ExpireQuotes(w.ctx, calendar.Date{})
	}},
	"Quotes.Get": {reads, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Quotes().Get(w.ctx, id))
	}},
	"Quotes.ByNumber": {reads, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		number := "QUO-2026-999999"
		if q, err := w.s.Quotes().Get(w.ctx, id); err == nil {
			number = q.Number
		}
		return some(s.Quotes().ByNumber(w.ctx, number))
	}},
	"Quotes.Journal": {reads, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Quotes().Journal(w.ctx, id))
	}},
	"Quotes.List": {searches, drafted, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Quotes().List(w.ctx, pursuit.QuoteQuery{}, pursuit.Page{}))
	}},
	"Quotes.All": {searches, drafted, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Quotes().All(w.ctx, pursuit.QuoteQuery{}))
	}},
	"Quotes.ByOpportunity": {searches, func(w *tenant) uuid.UUID {
		deal := quotable(w)
		w.quote(deal, quote.CreateInput{})
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return walk(s.Quotes().ByOpportunity(w.ctx, id))
	}},
	"Orders.Events": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return page(s.Orders().Events(w.ctx, id, pursuit.Page{}))
	}},
	"Orders.Executions": {searches, draft, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Orders().Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
	}},
	"Orders.ExecutionOfOpportunity": {searches, func(w *tenant) uuid.UUID {
		w.selling()
		deal, _ := w.ordered()
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		x, err := s.Orders().ExecutionOfOpportunity(w.ctx, id)
		return len(x.Orders), err
	}},
	"Orders.ExecutionOfCustomer": {searches, func(w *tenant) uuid.UUID {
		draft(w)
		return w.customer
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		x, err := s.Orders().ExecutionOfCustomer(w.ctx, id)
		return len(x.Orders), err
	}},
	"SalesSystem.Enable": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.SalesSystem().Enable(w.ctx))
	}},
	"SalesSystem.Initialise": {creates, func(w *tenant) uuid.UUID {
		w.must(w.s.SalesSystem().Enable(w.ctx))
		return uuid.Nil
	}, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
	}},
	"SalesSystem.Disable": {creates, func(w *tenant) uuid.UUID {
		w.selling()
		return uuid.Nil
	}, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.SalesSystem().Disable(w.ctx))
	}},
	"SalesSystem.Settings": {asks, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return some(s.SalesSystem().Settings(w.ctx))
	}},
	"SalesSystem.Journal": {asks, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		list, err := s.SalesSystem().Journal(w.ctx)
		return len(list), err
	}},
}
