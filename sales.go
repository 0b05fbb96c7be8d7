package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// SalesSystem sets up the tenant's sales system 销售系统, which quotes and orders
// need: enable 启用 it first and then initialise 初始化 it (Q01). Every method may
// fail like those of [Opportunities], with IfVersion also with ErrConflict; each
// method documents further errors.
type SalesSystem struct{ handle }

// SalesSystem returns the handle of the tenant's sales system.
func (s *Session) SalesSystem() SalesSystem { return SalesSystem{handle{s}} }

func (h SalesSystem) change(ctx context.Context, name string, action access.Action, input any, opts []CallOption, f func(x *order.SettingsAggregate, at journal.Moment) error) (Result, error) {
	s := h.s()
	return s.do(ctx, name, uuid.Nil, input, opts, func(ctx context.Context, c *command) (Result, error) {
		if err := s.allow(ctx, action, access.Subject{}); err != nil {
			return Result{}, err
		}
		st, err := c.tx.Orders().Settings(ctx, s.actor.Tenant)
		if err != nil {
			return Result{}, err
		}
		if err := c.expect(st.Version, "sales_system.changed"); err != nil {
			return Result{}, err
		}
		at, err := c.momentAfter(ctx, st.Updated)
		if err != nil {
			return Result{}, err
		}
		x := order.OpenSettings(st)
		if err := f(x, at); err != nil {
			return Result{}, err
		}
		ch, ok, err := x.Change(s.eng.newID)
		if err != nil {
			return Result{}, err
		}
		res := Result{Version: x.Settings().Version}
		if ok {
			if err := c.tx.Orders().SaveSettings(ctx, ch); err != nil {
				return Result{}, err
			}
		}
		return res, c.finish(ctx, res)
	})
}

// Enable enables the sales system; if it was initialised before, it is ready at
// once. Errors: ErrNotAllowed if it is enabled.
func (h SalesSystem) Enable(ctx context.Context, opts ...CallOption) (Result, error) {
	return h.change(ctx, "sales_system.enable", access.SalesSystemEnable, nil, opts,
		func(x *order.SettingsAggregate, at journal.Moment) error { return x.Enable(at) })
}

// Initialise sets base currency, number prefix, tax treatment, and the rules for
// orders; repeat it to change settings that aren't fixed. Errors:
// ErrSalesSystemDisabled, ErrInvalid, ErrNotAllowed.
func (h SalesSystem) Initialise(ctx context.Context, in order.InitialiseInput, opts ...CallOption) (Result, error) {
	var f fault.Fields // before a RequestID's fingerprint prints it
	f.Merge("/over_delivery", money.CheckDecimal(in.OverDelivery, 3, 4))
	if err := f.Invalid("sales_system.invalid"); err != nil {
		return Result{}, err
	}
	return h.change(ctx, "sales_system.initialise", access.SalesSystemInitialise, in, opts,
		func(x *order.SettingsAggregate, at journal.Moment) error { return x.Initialise(in, at) })
}

// Disable disables it: quotes and orders can't be worked on or queried until it
// is enabled again; nothing is lost. The policy decides on SalesSystemEnable.
// Errors: ErrSalesSystemDisabled if it is already disabled.
func (h SalesSystem) Disable(ctx context.Context, opts ...CallOption) (Result, error) {
	return h.change(ctx, "sales_system.disable", access.SalesSystemEnable, nil, opts,
		func(x *order.SettingsAggregate, at journal.Moment) error { return x.Disable(at) })
}

// Settings returns the tenant's settings, even while it is disabled.
func (h SalesSystem) Settings(ctx context.Context) (order.Settings, error) {
	return h.read(ctx, access.SalesSystemRead, nil)
}

// Journal returns the verified journal of the sales system (J06). Errors:
// ErrCorrupt if it was tampered with.
func (h SalesSystem) Journal(ctx context.Context) ([]journal.Entry, error) {
	var out []journal.Entry
	_, err := h.read(ctx, access.JournalRead, func(ctx context.Context, tx storage.Tx, st order.Settings) (err error) {
		out, err = h.s().chain(ctx, tx, journal.KindSales, uuid.Nil, st.Head)
		return err
	})
	return out, err
}

func (h SalesSystem) read(ctx context.Context, action access.Action, also func(context.Context, storage.Tx, order.Settings) error) (order.Settings, error) {
	var out order.Settings
	err := h.s().view(ctx, "sales_system.read", func(ctx context.Context, tx storage.Tx) (err error) {
		if err := h.s().allow(ctx, action, access.Subject{}); err != nil {
			return err
		}
		if out, err = tx.Orders().Settings(ctx, h.s().actor.Tenant); err != nil || also == nil {
			return err
		}
		return also(ctx, tx, out)
	})
	if err != nil {
		return order.Settings{}, err
	}
	return out, nil
}
