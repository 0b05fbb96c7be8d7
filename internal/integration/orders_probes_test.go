package integration

import (
	"maps"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// evilSales makes the sales system of the probes' other tenant ready, so that it
// is asked for what isn't there, and not refused before.
func evilSales(w *tenant) {
	s := w.eng.As(pursuit.Actor{Tenant: "evil", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
	w.must(s.SalesSystem().Enable(w.ctx))
	w.must(s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
}

func wonDeal(w *tenant) uuid.UUID {
	w.sales(order.InitialiseInput{})
	evilSales(w)
	return w.won()
}

// orderIn brings an order into a status.
func orderIn(status order.Status) func(w *tenant) uuid.UUID {
	return func(w *tenant) uuid.UUID {
		r, err := w.s.Orders().Create(w.ctx, wonDeal(w), order.CreateInput{})
		w.must(r, err)
		if status >= order.Confirmed {
			w.must(w.s.Orders().Confirm(w.ctx, r.ID))
		}
		if status >= order.Executing {
			w.must(w.s.Orders().Execute(w.ctx, r.ID, everythingDone()[:1]))
		}
		return r.ID
	}
}

func ready(w *tenant) uuid.UUID {
	w.sales(order.InitialiseInput{})
	return uuid.Nil
}

func enabled(w *tenant) uuid.UUID {
	w.must(w.s.SalesSystem().Enable(w.ctx))
	return uuid.Nil
}

var orderProbes = map[string]probe{
	"Orders.Create": {changes, wonDeal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Create(w.ctx, id, order.CreateInput{}))
	}},
	"Orders.Update": {changes, orderIn(order.Draft), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		ref := "PO 7"
		return some(s.Orders().Update(w.ctx, id, order.Update{Reference: &ref}))
	}},
	"Orders.Confirm": {changes, orderIn(order.Draft), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Confirm(w.ctx, id))
	}},
	"Orders.Execute": {changes, orderIn(order.Confirmed), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Execute(w.ctx, id, everythingDone()))
	}},
	"Orders.Complete": {changes, orderIn(order.Executing), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Complete(w.ctx, id, "enough"))
	}},
	"Orders.Cancel": {changes, orderIn(order.Executing), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Cancel(w.ctx, id, "withdrawn"))
	}},
	"Orders.Get": {reads, orderIn(order.Executing), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Get(w.ctx, id))
	}},
	"Orders.Execution": {reads, orderIn(order.Executing), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Execution(w.ctx, id))
	}},
	"Orders.Journal": {reads, orderIn(order.Executing), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Journal(w.ctx, id))
	}},
	"Orders.List": {searches, orderIn(order.Draft), func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		l, err := s.Orders().List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})
		return len(l.Items), err
	}},
	"Orders.All": {searches, orderIn(order.Draft), func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		n := 0
		for _, err := range s.Orders().All(w.ctx, pursuit.OrderQuery{}) {
			if err != nil {
				return 0, err
			}
			n++
		}
		return n, nil
	}},
	"Orders.ByOpportunity": {searches, func(w *tenant) uuid.UUID {
		deal := wonDeal(w)
		w.must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{}))
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		n := 0
		for _, err := range s.Orders().ByOpportunity(w.ctx, id) {
			if err != nil {
				return 0, err
			}
			n++
		}
		return n, nil
	}},
	"SalesSystem.Enable": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return some(s.SalesSystem().Enable(w.ctx))
	}},
	"SalesSystem.Initialise": {creates, enabled, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return some(s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
	}},
	"SalesSystem.Disable": {creates, ready, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return some(s.SalesSystem().Disable(w.ctx))
	}},
	"SalesSystem.Settings": {asks, ready, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		st, err := s.SalesSystem().Settings(w.ctx)
		return int(st.Version), err
	}},
	"SalesSystem.Journal": {asks, ready, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		list, err := s.SalesSystem().Journal(w.ctx)
		return len(list), err
	}},
}

// With the others, so that every test of probes tries them.
var _ = func() bool { maps.Copy(probes, orderProbes); return true }()
