package pursuit

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// Orders makes orders of won opportunities and follows their execution. Every
// method, queries too, fails with ErrSalesSystemDisabled or
// ErrSalesSystemNotInitialised unless the tenant's sales system is ready (Q01);
// and, as those of Opportunities do, with ErrInvalid for a malformed actor or
// option, ErrForbidden, ErrHost, and the store's errors; those on one order also
// with ErrNotFound (J03) and, with IfVersion, ErrConflict (O11). What else is
// named at the method.
//
// An order is seen, and worked on, by those who see and work on its opportunity.
type Orders struct{ s *Session }

// Orders gives the handle of orders.
func (s *Session) Orders() Orders { return Orders{s} }

// sales wants the sales system to be ready (Q01).
func (s *Session) sales(ctx context.Context, tx storage.Tx) (order.Settings, error) {
	st, err := tx.Orders().Settings(ctx, s.actor.Tenant)
	if err != nil {
		return order.Settings{}, err
	}
	return st, st.Ready()
}

// Create makes a draft order of a won opportunity: customer, currency, lines and
// amounts are the opportunity's (S6; Q04, Q07). The opportunity notes what was
// ordered, and a prospect is promoted if the input says so (O18), in the same
// transaction. IfVersion means the opportunity's version. Errors: ErrNotFound,
// ErrInvalid, ErrNotAllowed listing what forbids it.
func (h Orders) Create(ctx context.Context, opportunityID uuid.UUID, in order.CreateInput, opts ...CallOption) (Result, error) {
	s := h.s
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmpErr(s.err, err)
	}
	// The RequestID is looked up and the policy asked before a number is taken
	// (J01); neither is repeated by the transaction that follows, unless what the
	// policy was told has changed meanwhile.
	cmd := command{s: s, call: cl, name: "order.create", input: in, target: opportunityID}
	var first *Result
	var asked access.Subject
	var prefix string
	err = s.view(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if cl.requested {
			c := cmd
			c.tx = tx
			if first, err = c.repeated(ctx); err != nil || first != nil {
				return err
			}
		}
		st, err := s.sales(ctx, tx)
		if err != nil {
			return err
		}
		prefix = st.NumberPrefix
		rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, opportunityID, opportunity.Load{Viewer: s.actor.User})
		if err != nil {
			return err
		}
		asked = subject(&rec)
		return s.allowOrder(ctx, asked)
	})
	if err == nil && first != nil {
		return *first, nil
	}
	cmd.looked = true
	if err != nil {
		return Result{}, err
	}
	on := cl.at
	if !cl.dated {
		on = s.eng.now()
	}
	number, err := s.number(ctx, prefix, on)
	if err != nil {
		return Result{}, err
	}
	return s.try(ctx, cmd, func(ctx context.Context, c *command) (Result, error) {
		st, err := s.sales(ctx, c.tx)
		if err != nil {
			return Result{}, err
		}
		rec, err := c.tx.Opportunities().Get(ctx, s.actor.Tenant, opportunityID, opportunity.Load{Parts: opportunity.PartLines, Viewer: s.actor.User})
		if err != nil {
			return Result{}, err
		}
		if now := subject(&rec); now != asked {
			if err := s.allowOrder(ctx, now); err != nil {
				return Result{}, err
			}
		}
		if err := c.expect(rec.Snapshot.Version, "opportunity.changed"); err != nil {
			return Result{}, err
		}
		return c.createOrder(ctx, rec, st, number, in)
	})
}

// allowOrder asks whether orders may be made of an opportunity; one that is
// hidden isn't there (J03).
func (s *Session) allowOrder(ctx context.Context, of access.Subject) error {
	err := s.allow(ctx, access.OrderCreate, of)
	if errors.Is(err, fault.ErrNotFound) {
		return fault.NotFound("opportunity.not_found")
	}
	return err
}

func (c *command) createOrder(ctx context.Context, rec opportunity.Record, st order.Settings, number string, in order.CreateInput) (Result, error) {
	s := c.s
	snap := &rec.Snapshot
	cust, err := c.tx.Customers().Get(ctx, s.actor.Tenant, snap.Customer, false)
	if err != nil {
		return Result{}, err
	}
	rules, err := c.rules(ctx, snap.ProcessVersion)
	if err != nil {
		return Result{}, err
	}
	op, err := opportunity.Restore(rec, rules)
	if err != nil {
		return Result{}, err
	}
	at := c.moment(snap.Updated, latest(snap.Ledger.Recorded, cust.Customer.Updated))
	buyer := customer.Open(cust)
	promoted := in.Promote && buyer.Customer.Status == customer.Prospect
	if promoted {
		if err := buyer.SetStatus(customer.Active, at); err != nil {
			return Result{}, err
		}
	}
	from := order.Source{Opportunity: *snap, Customer: buyer.Customer, Settings: st, Zone: rules.Zone}
	ord, err := order.New(c.id(), number, from, in, at)
	if err != nil {
		return Result{}, err
	}
	made := ord.Snapshot()
	if err := op.OrderMade(made.ID, made.Total, at); err != nil {
		return Result{}, err
	}
	res := Result{ID: made.ID, Number: made.Number, Version: 1}
	for _, l := range made.Items {
		res.Lines = append(res.Lines, l.Number)
	}
	if err := c.finish(ctx, res); err != nil {
		return Result{}, err
	}
	// The opportunity comes first: its version keeps two orders from being made
	// side by side (Q04).
	if err := c.save(ctx, op); err != nil {
		return Result{}, err
	}
	if promoted {
		if err := c.saveCustomer(ctx, buyer); err != nil {
			return Result{}, err
		}
	}
	return res, c.saveOrder(ctx, ord)
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (c *command) saveOrder(ctx context.Context, o *order.Order) error {
	ch, ok, err := o.Change(c.s.eng.opts.NewID)
	if err != nil || !ok {
		return err
	}
	return c.tx.Orders().Save(ctx, ch)
}

// loadOrder reads an order with its opportunity's root, and asks the policy.
func (s *Session) loadOrder(ctx context.Context, tx storage.Tx, id uuid.UUID, events bool, action access.Action) (order.Snapshot, opportunity.Record, error) {
	if _, err := s.sales(ctx, tx); err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	snap, relation, err := tx.Orders().Get(ctx, s.actor.Tenant, id, events, s.actor.User)
	if err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, snap.Opportunity, opportunity.Load{})
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.New(fault.ErrCorrupt, "order.corrupt", "a stored order's opportunity isn't there")
	}
	if err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	sub := access.Subject{ID: id, Department: rec.Snapshot.Department, Owner: rec.Snapshot.Owner, Relation: relation}
	if err := s.allow(ctx, action, sub); err != nil {
		if errors.Is(err, fault.ErrNotFound) {
			err = fault.NotFound("order.not_found")
		}
		return order.Snapshot{}, opportunity.Record{}, err
	}
	return snap, rec, nil
}

// on runs a command on one order: load, ask, change, save. If it ends the
// order, the opportunity notes that in the same transaction (Q08, Q09).
func (h Orders) on(ctx context.Context, id uuid.UUID, name string, action access.Action, events bool, input any, opts []CallOption, change func(o *order.Order, at journal.Moment) error) (Result, error) {
	s := h.s
	return s.do(ctx, name, id, input, opts, func(ctx context.Context, c *command) (Result, error) {
		before, rec, err := s.loadOrder(ctx, c.tx, id, events, action)
		if err != nil {
			return Result{}, err
		}
		if err := c.expect(before.Version, "order.changed"); err != nil {
			return Result{}, err
		}
		ord, err := order.Restore(before, s.eng.zone(s.actor.Tenant))
		if err != nil {
			return Result{}, err
		}
		at := c.moment(latest(rec.Snapshot.Updated, before.Updated), latest(rec.Snapshot.Ledger.Recorded, before.Updated))
		if err := change(ord, at); err != nil {
			return Result{}, err
		}
		ch, ok, err := ord.Change(s.eng.opts.NewID)
		if err != nil {
			return Result{}, err
		}
		res := Result{ID: id, Number: before.Number, Version: before.Version}
		if !ok { // everything was known already (Q06)
			return res, c.finish(ctx, res)
		}
		res.Version = ch.Root.Version
		var op *opportunity.Opportunity
		if before.Status.Live() && !ch.Root.Status.Live() {
			rules, err := c.rules(ctx, rec.Snapshot.ProcessVersion)
			if err != nil {
				return Result{}, err
			}
			if op, err = opportunity.Restore(rec, rules); err != nil {
				return Result{}, err
			}
			if err := op.OrderEnded(id, before.Total, ch.Root.Status == order.Cancelled, at); err != nil {
				return Result{}, err
			}
		}
		if err := c.finish(ctx, res); err != nil {
			return Result{}, err
		}
		if op != nil {
			if err := c.save(ctx, op); err != nil {
				return Result{}, err
			}
		}
		return res, c.tx.Orders().Save(ctx, ch)
	})
}

// Update changes the reference and due dates of a draft. The policy is asked
// for OrderCreate. Errors: ErrInvalid, ErrNotAllowed (Q05).
func (h Orders) Update(ctx context.Context, id uuid.UUID, in order.Update, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, "order.update", access.OrderCreate, false, in, opts,
		func(o *order.Order, at journal.Moment) error { return o.Update(in, at) })
}

// Confirm makes a draft binding; its lines never change again (Q05). Errors:
// ErrNotAllowed.
func (h Orders) Confirm(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, "order.confirm", access.OrderConfirm, false, nil, opts,
		func(o *order.Order, at journal.Moment) error { return o.Confirm(at) })
}

// Execute takes in what the sales system reports: deliveries, invoices, receipts,
// and what takes them back; all of it or nothing. Reports that are known already
// change nothing, not even the version, and the order of arrival doesn't matter
// (Q06); package order says what waits and what is refused (Q07). The order
// completes by itself when all is done (Q08). Errors: ErrInvalid, ErrDuplicate,
// ErrNotAllowed, ErrLimit; see order.Order.Execute.
func (h Orders) Execute(ctx context.Context, id uuid.UUID, events []order.EventInput, opts ...CallOption) (Result, error) {
	// What would be slow to encode, for a RequestID, is refused before that.
	if len(events) > order.MaxEvents {
		return Result{}, fault.New(fault.ErrLimit, "order.execute.too_many", "a command has at most 500 events",
			fault.Field{Path: "/events", Code: "too_many", Message: "has too many events"})
	}
	var f fault.Fields
	for i, e := range events {
		f.Merge(fault.Index("/events", i)+"/quantity", money.CheckDecimal(e.Quantity, opportunity.MaxQuantityDigits, opportunity.MaxLineDecimals))
	}
	if err := f.Invalid("order.execute.invalid"); err != nil {
		return Result{}, err
	}
	return h.on(ctx, id, "order.execute", access.OrderExecute, true, events, opts,
		func(o *order.Order, at journal.Moment) error { return o.Execute(events, at) })
}

// Complete ends an order in execution for a reason, although not all of it is
// done (Q08). Errors: ErrInvalid, ErrNotAllowed (Q05).
func (h Orders) Complete(ctx context.Context, id uuid.UUID, reason string, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, "order.complete", access.OrderComplete, false, reason, opts,
		func(o *order.Order, at journal.Moment) error { return o.Complete(reason, at) })
}

// Cancel ends a live order for a reason. What was delivered stays recorded; the
// opportunity stays won, is flagged, and can be reopened (Q09). Errors:
// ErrInvalid, ErrNotAllowed (Q05).
func (h Orders) Cancel(ctx context.Context, id uuid.UUID, reason string, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, "order.cancel", access.OrderCancel, false, reason, opts,
		func(o *order.Order, at journal.Moment) error { return o.Cancel(reason, at) })
}
