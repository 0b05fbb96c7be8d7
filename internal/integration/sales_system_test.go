package integration

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/order/ordertest"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// TestQ04_SalesSystemsOnEveryStore runs the suite of sales systems on the
// embedded one.
func TestQ04_SalesSystemsOnEveryStore(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, r := range ordertest.Rules() {
			t.Run(r.Name, func(t *testing.T) {
				store, _ := open(t)
				eng, err := pursuit.New(store, nil)
				require.NoError(t, err)
				require.NoError(t, r.Check(t.Context(), eng))
			})
		}
	})
}

// ailing is a host's sales system that fails in some way.
type ailing struct {
	order.SalesSystem
	get func(s order.Snapshot) (order.Snapshot, error)
	do  func(p order.Plan) order.Plan
}

func (b ailing) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (order.Snapshot, error) {
	s, err := b.SalesSystem.Get(ctx, tenant, id, events)
	if b.get != nil && err == nil {
		return b.get(s)
	}
	return s, err
}

func (b ailing) Do(ctx context.Context, before order.Snapshot, t order.Task, at journal.Moment) (order.Plan, error) {
	p, err := b.SalesSystem.Do(ctx, before, t, at)
	if b.do != nil && err == nil {
		p = b.do(p)
	}
	return p, err
}

// What a host's sales system does wrong changes nothing, and no panic of its
// crosses the API.
func TestJ08_AHostsSalesSystemThatFails(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		before, version := w.order(id), w.get(deal).Version
		boom := errors.New("SELECT secret FROM erp")
		for name, x := range map[string]struct {
			bad  ailing
			kind error
			code string
		}{
			"panics":               {ailing{get: func(order.Snapshot) (order.Snapshot, error) { panic("x") }}, fault.ErrHost, "host.panic"},
			"fails":                {ailing{get: func(s order.Snapshot) (order.Snapshot, error) { return s, boom }}, fault.ErrHost, "sales_system.failed"},
			"another tenant's":     {ailing{get: func(s order.Snapshot) (order.Snapshot, error) { s.Tenant = "b"; return s, nil }}, fault.ErrNotFound, "order.not_found"},
			"another order":        {ailing{get: func(s order.Snapshot) (order.Snapshot, error) { s.ID = uuid.Max; return s, nil }}, fault.ErrHost, "sales_system.answer"},
			"plans another order":  {ailing{do: func(p order.Plan) order.Plan { p.Order.ID = uuid.Max; return p }}, fault.ErrHost, "sales_system.answer"},
			"plans two versions":   {ailing{do: func(p order.Plan) order.Plan { p.Order.Version++; return p }}, fault.ErrHost, "sales_system.answer"},
			"writes nothing":       {ailing{do: func(p order.Plan) order.Plan { p.Write = nil; return p }}, fault.ErrHost, "sales_system.answer"},
			"panics while writing": {ailing{do: func(p order.Plan) order.Plan { p.Write = func(context.Context) error { panic("x") }; return p }}, fault.ErrHost, "host.panic"},
			"fails after writing": {ailing{do: func(p order.Plan) order.Plan {
				write := p.Write
				p.Write = func(ctx context.Context) error { return errors.Join(write(ctx), boom) }
				return p
			}}, fault.ErrHost, "sales_system.failed"},
		} {
			eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, SalesSystem: func(_ string, tx storage.Tx) order.SalesSystem {
				b := x.bad
				b.SalesSystem = order.Embedded(tx.Orders(), time.UTC, uuid.New)
				return b
			}})
			require.NoError(t, err)
			_, err = eng.As(w.s.Actor()).Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "gone"})
			require.ErrorIs(t, err, x.kind, name)
			require.Equal(t, x.code, fault.CodeOf(err), name)
			require.NotContains(t, err.Error(), "secret")
			require.Equal(t, before, w.order(id), name)
			require.Equal(t, version, w.get(deal).Version, name)
		}
		eng, err := pursuit.New(w.store, &pursuit.Options{SalesSystem: func(string, storage.Tx) order.SalesSystem { panic("x") }})
		require.NoError(t, err)
		_, err = eng.As(w.s.Actor()).Orders().Get(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrHost)
		eng, err = pursuit.New(w.store, &pursuit.Options{SalesSystem: func(string, storage.Tx) order.SalesSystem { return nil }})
		require.NoError(t, err)
		got, err := eng.As(w.s.Actor()).Orders().Get(w.ctx, id)
		require.NoError(t, err)
		require.Equal(t, before, got, "the embedded one")
	})
}

// TestJ08_ConnOf holds what the connection of a transaction promises.
func TestJ08_ConnOf(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		ours := false
		err := w.store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			c, ok := sqlstore.ConnOf(tx)
			if ours = ok; !ok {
				return nil
			}
			_, err := c.Exec(ctx, "UPDATE nothing SET x = 1")
			require.Error(t, err)
			_, err = c.Query(ctx, "SELECT 1")
			require.ErrorIs(t, err, fault.ErrTxAborted, "after an error all is refused")
			return nil
		})
		if !ours { // the store in memory
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, fault.ErrTxAborted)
		require.NoError(t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			c, _ := sqlstore.ConnOf(tx)
			_, err := c.Exec(ctx, "DELETE FROM pursuit_sales_order")
			require.ErrorIs(t, err, fault.ErrNotAllowed, "a view doesn't write")
			rows, err := c.Query(ctx, "SELECT 1")
			require.NoError(t, err)
			require.True(t, rows.Next())
			return rows.Close()
		}))
	})
}
