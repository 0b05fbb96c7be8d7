package pursuit

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// Orders creates orders of won opportunities and follows their execution. Every
// method, queries included, fails with ErrSalesSystemDisabled or
// ErrSalesSystemNotInitialised unless the tenant's sales system is ready (Q01);
// and, like those of [Opportunities], with ErrInvalid for a malformed actor or
// option, ErrForbidden, ErrHost, and the store's errors. Methods on one order may
// also fail with ErrNotFound (J03) and, with IfVersion, ErrConflict (O11). Each
// method documents further errors.
//
// The rights to an order are those to its opportunity.
type Orders struct{ handle }

// Orders returns the handle of orders.
func (s *Session) Orders() Orders { return Orders{handle{s}} }

// sales requires that the sales system is ready (Q01).
func (s *Session) sales(ctx context.Context, tx storage.Tx) (order.Settings, error) {
	st, err := tx.Orders().Settings(ctx, s.actor.Tenant)
	if err != nil {
		return order.Settings{}, err
	}
	return st, st.Ready()
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// hidden turns a policy's ErrNotFound into the exact error of a missing record
// (J03).
func hidden(err error, code string) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fault.NotFound(code)
	}
	return err
}

// readOrder reads an order with its opportunity's root.
func (s *Session) readOrder(ctx context.Context, tx storage.Tx, id uuid.UUID, events bool) (order.Snapshot, opportunity.Record, error) {
	if _, err := s.sales(ctx, tx); err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	snap, err := s.system(tx).Get(ctx, s.actor.Tenant, id, events)
	if err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, snap.Opportunity, s.asking(opportunity.Load{}))
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.New(fault.ErrCorrupt, "order.corrupt", "a stored order's opportunity isn't there")
	}
	if err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	return snap, rec, nil
}

// loadOrder is readOrder if the policy allows an action.
func (s *Session) loadOrder(ctx context.Context, tx storage.Tx, id uuid.UUID, events bool, action access.Action) (order.Snapshot, opportunity.Record, error) {
	snap, rec, err := s.readOrder(ctx, tx, id, events)
	if err != nil {
		return order.Snapshot{}, opportunity.Record{}, err
	}
	sub := subject(&rec)
	sub.ID = id
	if err := s.allow(ctx, action, sub); err != nil {
		return order.Snapshot{}, opportunity.Record{}, hidden(err, "order.not_found")
	}
	return snap, rec, nil
}

// on runs a task on one order: load, ask, decide, save. If it ends the order, the
// opportunity records that in the same transaction (Q08, Q09).
func (h Orders) on(ctx context.Context, id uuid.UUID, action access.Action, t order.Task, input any, opts []CallOption) (Result, error) {
	s := h.s()
	return s.do(ctx, "order."+string(t.Kind), id, input, opts, func(ctx context.Context, c *command) (Result, error) {
		before, rec, err := s.loadOrder(ctx, c.tx, id, t.Kind == order.TaskExecute, action)
		if err != nil {
			return Result{}, err
		}
		if err := c.expect(before.Version, "order.changed"); err != nil {
			return Result{}, err
		}
		at := c.moment(latest(rec.Snapshot.Effective, before.Effective), latest(rec.Snapshot.Updated, before.Updated))
		plan, err := s.system(c.tx).Do(ctx, before, t, at)
		if err != nil {
			return Result{}, err
		}
		res := Result{ID: id, Number: before.Number, Version: before.Version}
		if plan.Write == nil { // everything was already known (Q06)
			return res, c.finish(ctx, res)
		}
		after := &plan.Order
		res.Version = after.Version
		if before.Status.Live() && !after.Status.Live() {
			rules, err := c.rules(ctx, rec.Snapshot.ProcessVersion)
			if err != nil {
				return Result{}, err
			}
			op, err := opportunity.Restore(rec, rules)
			if err != nil {
				return Result{}, err
			}
			if err := op.OrderEnded(id, before.Total, after.Status == order.Cancelled, at); err != nil {
				return Result{}, err
			}
			if err := c.save(ctx, op); err != nil {
				return Result{}, err
			}
		}
		if err := plan.Write(ctx); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	})
}

// Update changes the reference and due dates of a draft. The policy decides on
// OrderCreate. Errors: ErrInvalid, ErrNotAllowed (Q05).
func (h Orders) Update(ctx context.Context, id uuid.UUID, in order.UpdateInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, access.OrderCreate, order.Task{Kind: order.TaskUpdate, Update: in}, in, opts)
}

// Confirm makes a draft binding; its lines never change again (Q05). Errors:
// ErrNotAllowed.
func (h Orders) Confirm(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, access.OrderConfirm, order.Task{Kind: order.TaskConfirm}, nil, opts)
}

// Execute records the reports of the sales system: deliveries, invoices,
// receipts, and their reversals; all or none. Known reports change nothing, not
// even the version, and the order of arrival doesn't matter (Q06); package order
// documents which wait and which are refused (Q07). The order completes
// automatically when everything is done (Q08). Errors: ErrInvalid, ErrDuplicate,
// ErrNotAllowed, ErrLimit; see order.Order.Execute.
func (h Orders) Execute(ctx context.Context, id uuid.UUID, events []order.EventInput, opts ...CallOption) (Result, error) {
	// Refuse input that would be slow to encode for a RequestID first.
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
	return h.on(ctx, id, access.OrderExecute, order.Task{Kind: order.TaskExecute, Events: events}, events, opts)
}

// Complete completes an order in execution for a reason, although not everything
// is done (Q08). Errors: ErrInvalid, ErrNotAllowed (Q05).
func (h Orders) Complete(ctx context.Context, id uuid.UUID, in order.CompleteInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, access.OrderComplete, order.Task{Kind: order.TaskComplete, Reason: in.Reason}, in, opts)
}

// Cancel cancels a live order for a reason. Deliveries stay recorded; the
// opportunity stays won, is flagged, and can be reopened (Q09). Errors:
// ErrInvalid, ErrNotAllowed (Q05).
func (h Orders) Cancel(ctx context.Context, id uuid.UUID, in order.CancelInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, access.OrderCancel, order.Task{Kind: order.TaskCancel, Reason: in.Reason}, in, opts)
}
