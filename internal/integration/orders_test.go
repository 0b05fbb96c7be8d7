package integration

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// sales makes the tenant's sales system ready.
func (w *tenant) sales(in order.InitialiseInput) {
	w.t.Helper()
	w.must(w.s.SalesSystem().Enable(w.ctx))
	if in.BaseCurrency == "" {
		in.BaseCurrency = money.CNY
	}
	w.must(w.s.SalesSystem().Initialise(w.ctx, in))
}

// won records a deal of three lines, together 300.00 dollars, and wins it.
func (w *tenant) won() uuid.UUID {
	w.t.Helper()
	id := w.record().ID // 3 × 100.50 less 10 %: 271.35
	w.must(w.s.Lines().Add(w.ctx, id, []opportunity.LineInput{
		{Description: "Service", Quantity: dec("1"), Price: dec("18.65")},
		{Description: "Cable", Quantity: dec("2.5"), Unit: "m", Price: dec("4")},
	}))
	require.NoError(w.t, w.command(id, opportunity.CommandWin))
	return id
}

func (w *tenant) ordered() (deal, id uuid.UUID) {
	w.t.Helper()
	deal = w.won()
	r, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{})
	require.NoError(w.t, err)
	return deal, r.ID
}

func (w *tenant) order(id uuid.UUID) order.Snapshot {
	w.t.Helper()
	s, err := w.s.Orders().Get(w.ctx, id)
	require.NoError(w.t, err)
	return s
}

// sameOrder wants the journal to replay to the stored order and to its deal (J05).
func (w *tenant) sameOrder(id uuid.UUID) {
	w.t.Helper()
	entries, err := w.s.Orders().Journal(w.ctx, id)
	require.NoError(w.t, err)
	got, err := order.Replay(entries)
	require.NoError(w.t, err)
	stored := w.order(id)
	require.Equal(w.t, stored, got)
	w.same(stored.Opportunity)
}

func usd(s string) money.Money {
	m, err := money.Parse(s, money.USD)
	if err != nil {
		panic(err)
	}
	return m
}

func onDay() calendar.Date { return calendar.Of(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), nil) }

// everythingDone reports all that the order of won needs to complete (Q08).
func everythingDone() []order.EventInput {
	return []order.EventInput{
		{External: "D1", Kind: order.Delivery, Line: 1, Quantity: dec("3"), On: onDay()},
		{External: "D1", Kind: order.Delivery, Line: 2, Quantity: dec("1"), On: onDay()},
		{External: "D2", Kind: order.Delivery, Line: 3, Quantity: dec("2.5"), On: onDay()},
		{External: "I1", Kind: order.Invoice, Line: 1, Amount: usd("271.35"), On: onDay()},
		{External: "I1", Kind: order.Invoice, Line: 2, Amount: usd("18.65"), On: onDay()},
		{External: "I1", Kind: order.Invoice, Line: 3, Amount: usd("10.00"), On: onDay()},
		{External: "R1", Kind: order.Receipt, Amount: usd("300.00"), On: onDay()},
	}
}

func TestQ01_EverythingIsRefusedUntilTheSalesSystemIsReady(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		h := w.s.Orders()
		one := func(seq func(func(order.Root, error) bool)) (err error) {
			for _, e := range seq {
				err = e
			}
			return err
		}
		calls := map[string]func() error{
			"create": func() error { _, err := h.Create(w.ctx, deal, order.CreateInput{}); return err },
			"update": func() error {
				ref := "x"
				_, err := h.Update(w.ctx, id, order.UpdateInput{Reference: &ref})
				return err
			},
			"confirm":   func() error { _, err := h.Confirm(w.ctx, id); return err },
			"execute":   func() error { _, err := h.Execute(w.ctx, id, everythingDone()); return err },
			"complete":  func() error { _, err := h.Complete(w.ctx, id, order.CompleteInput{Reason: "x"}); return err },
			"cancel":    func() error { _, err := h.Cancel(w.ctx, id, order.CancelInput{Reason: "x"}); return err },
			"get":       func() error { _, err := h.Get(w.ctx, id); return err },
			"execution": func() error { _, err := h.Execution(w.ctx, id); return err },
			"journal":   func() error { _, err := h.Journal(w.ctx, id); return err },
			"list":      func() error { _, err := h.List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}); return err },
			"all":       func() error { return one(h.All(w.ctx, pursuit.OrderQuery{})) },
			"events":    func() error { _, err := h.Events(w.ctx, id, pursuit.Page{}); return err },
			"views":     func() error { _, err := h.Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}); return err },
			"of deal":   func() error { _, err := h.ExecutionOfOpportunity(w.ctx, deal); return err },
			"of buyer":  func() error { _, err := h.ExecutionOfCustomer(w.ctx, w.customer); return err },
			"deal's":    func() error { return one(h.ByOpportunity(w.ctx, deal)) },
		}
		w.must(w.s.SalesSystem().Disable(w.ctx))
		for name, call := range calls {
			require.ErrorIs(t, call(), fault.ErrSalesSystemDisabled, name)
		}
		w.record() // everything else works
		w.must(w.s.SalesSystem().Enable(w.ctx))
		require.Equal(t, order.Draft, w.order(id).Status)

		// Another tenant, enabled but not initialised.
		b := w.eng.As(pursuit.Actor{Tenant: "b", User: "ann", Roles: []access.Role{access.Administrator}})
		w.must(b.SalesSystem().Enable(w.ctx))
		h = b.Orders()
		for name, call := range calls {
			require.ErrorIs(t, call(), fault.ErrSalesSystemNotInitialised, name)
		}
		_, err := w.as(access.Sales).SalesSystem().Disable(w.ctx)
		require.ErrorIs(t, err, fault.ErrForbidden)
		_, err = w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
		entries, err := w.s.SalesSystem().Journal(w.ctx)
		require.NoError(t, err)
		replayed, err := order.ReplaySettings(entries)
		require.NoError(t, err)
		st, err := w.s.SalesSystem().Settings(w.ctx)
		require.NoError(t, err)
		require.Equal(t, st, replayed) // J05
	})
}

func TestQ04_AnOrderOfAWonOpportunity(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{NumberPrefix: "SO"})
		open := w.record().ID
		_, err := w.s.Orders().Create(w.ctx, open, order.CreateInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		deal := w.won()
		r, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{Reference: "PO 7"}, pursuit.RequestID("k"))
		require.NoError(t, err)
		require.Regexp(t, `^SO-2026-00000\d$`, r.Number)
		require.Equal(t, []int{1, 2, 3}, r.Lines)
		again, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{Reference: "PO 7"}, pursuit.RequestID("k"))
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Equal(t, r.ID, again.ID)
		_, err = w.s.Orders().Create(w.ctx, deal, order.CreateInput{}, pursuit.RequestID("k"))
		require.ErrorIs(t, err, fault.ErrRequestReused)

		s, o := w.order(r.ID), w.get(deal)
		require.Equal(t, "300.00", s.Total.Amount())
		require.Equal(t, o.LineTotal, s.Total) // Q07
		require.Equal(t, s.Total, o.Ordered)
		require.Equal(t, 1, o.Counts.LiveOrders)
		for i, l := range o.Lines {
			require.Equal(t, l.Amount, s.Items[i].Amount)
			require.Equal(t, money.Text(l.Quantity), money.Text(s.Items[i].Quantity))
		}
		_, err = w.s.Orders().Create(w.ctx, deal, order.CreateInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "once, by default")
		w.must(w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY, SeveralOrders: true}))
		second, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{}, pursuit.IfVersion(w.get(deal).Version))
		require.NoError(t, err)
		require.Equal(t, "600.00", w.get(deal).Ordered.Amount())
		var found []uuid.UUID
		for x, err := range w.s.Orders().ByOpportunity(w.ctx, deal) {
			require.NoError(t, err)
			found = append(found, x.ID)
		}
		require.ElementsMatch(t, []uuid.UUID{r.ID, second.ID}, found)
		for range w.s.Orders().ByOpportunity(w.ctx, uuid.Nil) {
			t.Fatal("no opportunity has no orders")
		}
		w.sameOrder(r.ID)
		w.sameOrder(second.ID)
	})
}

func TestO18_AProspectIsPromotedOrRefused(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		c, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Fabrikam", Status: customer.Prospect})
		require.NoError(t, err)
		in := w.input()
		in.Customer = c.ID
		r, err := w.s.Opportunities().Record(w.ctx, in)
		require.NoError(t, err)
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
		before := w.written()
		_, err = w.s.Orders().Create(w.ctx, r.ID, order.CreateInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "/customer/status", fault.FieldsOf(err)[0].Path)
		require.Equal(t, before, w.written())
		_, err = w.s.Orders().Create(w.ctx, r.ID, order.CreateInput{Promote: true})
		require.NoError(t, err)
		got, err := w.s.Customers().Get(w.ctx, c.ID)
		require.NoError(t, err)
		require.Equal(t, customer.Active, got.Status)
		require.Equal(t, before+3, w.written(), "customer, opportunity and order, in one")
	})
}

func TestQ06_Q08_ExecutionThroughTheEngine(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		h := w.s.Orders()
		_, err := h.Execute(w.ctx, id, everythingDone())
		require.ErrorIs(t, err, fault.ErrNotAllowed, "a draft isn't executed (Q05)")
		due := calendar.Of(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), nil)
		w.must(h.Update(w.ctx, id, order.UpdateInput{Due: []order.LineDue{{Line: 2, On: due}}}))
		require.Equal(t, due, w.order(id).Items[1].Due)
		w.must(h.Confirm(w.ctx, id))
		events := everythingDone()
		slices.Reverse(events)
		for i, e := range events {
			before := w.order(id)
			require.Equal(t, order.Status(min(int(order.Executing), int(order.Confirmed)+i)), before.Status)
			_, err := w.s.Opportunities().Close(w.ctx, deal, opportunity.CloseInput{})
			require.ErrorIs(t, err, fault.ErrNotAllowed, "O09: an order is in execution")
			_, err = w.s.Opportunities().Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "x"})
			require.ErrorIs(t, err, fault.ErrNotAllowed, "O10: an order is live")
			r, err := h.Execute(w.ctx, id, []order.EventInput{e})
			require.NoError(t, err)
			require.Equal(t, before.Version+1, r.Version)
			again, err := h.Execute(w.ctx, id, []order.EventInput{e}, pursuit.RequestID(fmt.Sprint("again", i)))
			require.NoError(t, err)
			require.Equal(t, r.Version, again.Version, "Q06: nothing changes")
		}
		s := w.order(id)
		require.Equal(t, order.Completed, s.Status)
		require.Equal(t, []string{"300.00", "300.00", "300.00"}, []string{s.Delivered.Amount(), s.Invoiced.Amount(), s.Received.Amount()})
		x, err := h.Execution(w.ctx, id)
		require.NoError(t, err)
		require.True(t, x.Done)
		require.Equal(t, "100", x.Total.ReceivedPercent.String())
		o := w.get(deal)
		require.Equal(t, []int{0, 1}, []int{o.Counts.LiveOrders, o.Counts.DoneOrders})
		require.False(t, o.OrderCancelled)
		w.sameOrder(id)
		w.must(w.s.Opportunities().Close(w.ctx, deal, opportunity.CloseInput{}))
		changed := everythingDone()[:1]
		changed[0].Quantity = dec("2")
		_, err = h.Execute(w.ctx, id, changed)
		require.ErrorIs(t, err, fault.ErrDuplicate)
	})
}

func TestQ07_HostileEventsThroughTheEngine(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		_, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		bad := everythingDone()[:1]
		bad[0].Quantity = hugeDecimal()
		for range 2 { // also when the RequestID is known
			_, err := w.s.Orders().Execute(w.ctx, id, bad, pursuit.RequestID("h"))
			require.ErrorIs(t, err, fault.ErrInvalid)
			w.must(w.s.Orders().Execute(w.ctx, id, everythingDone()[1:2], pursuit.RequestID("h")))
		}
		_, err := w.s.Orders().Execute(w.ctx, id, make([]order.EventInput, order.MaxEvents+1))
		require.ErrorIs(t, err, fault.ErrLimit)
		tomorrow := everythingDone()[:1]
		tomorrow[0].On = tomorrow[0].On.AddDays(1)
		_, err = w.s.Orders().Execute(w.ctx, id, tomorrow)
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

func TestQ08_CompletedByCommand(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		w.must(w.s.Orders().Execute(w.ctx, id, everythingDone()[:1]))
		_, err := w.s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: " "})
		require.ErrorIs(t, err, fault.ErrInvalid)
		w.must(w.s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "they need no more"}))
		require.Equal(t, "they need no more", w.order(id).Reason)
		require.Equal(t, 1, w.get(deal).Counts.DoneOrders)
		w.sameOrder(id)
	})
}

func TestQ09_CancellationNeverChangesTheWin(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		w.must(w.s.Orders().Execute(w.ctx, id, everythingDone()[:1]))
		before := w.get(deal)
		w.must(w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "the customer withdrew"}))
		s, o := w.order(id), w.get(deal)
		require.Equal(t, order.Cancelled, s.Status)
		require.Equal(t, "271.35", s.Delivered.Amount(), "what was delivered is kept")
		require.Len(t, s.Events, 1)
		require.Equal(t, opportunity.Won, o.Status)
		require.Equal(t, before.Outcome, o.Outcome)
		require.True(t, o.OrderCancelled)
		require.True(t, o.Ordered.IsZero())
		require.Zero(t, o.Counts.LiveOrders)
		w.sameOrder(id)
		w.must(w.s.Opportunities().Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "start again"}))
		require.NoError(t, w.command(deal, opportunity.CommandWin))
		w.must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{}))
		require.False(t, w.get(deal).OrderCancelled)
		w.sameOrder(id)
	})
}

func TestO11_OrdersAreGuardedByVersion(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		_, err := w.s.Orders().Confirm(w.ctx, id, pursuit.IfVersion(7))
		require.ErrorIs(t, err, fault.ErrConflict)
		_, err = w.s.Orders().Create(w.ctx, deal, order.CreateInput{}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
		_, err = w.s.Orders().Confirm(w.ctx, id, pursuit.At(w.now.Add(-time.Hour)))
		require.ErrorIs(t, err, fault.ErrInvalid) // O12
		w.must(w.s.Orders().Confirm(w.ctx, id, pursuit.IfVersion(1)))
	})
}
