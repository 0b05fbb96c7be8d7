package pursuit_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

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
	w := newTenant(t)
	w.Sales()
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
}

// misread is a host's sales system whose lists and new orders aren't what was asked for.
type misread struct {
	order.SalesSystem
	roots func([]order.Root) []order.Root
	whole func([]order.Snapshot) []order.Snapshot
	made  func(*order.Plan)
}

func (m misread) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	list, err := m.SalesSystem.List(ctx, tenant, q)
	if m.roots != nil {
		list = m.roots(list)
	}
	return list, err
}

func (m misread) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	list, err := m.SalesSystem.Snapshots(ctx, tenant, q)
	if m.whole != nil {
		list = m.whole(list)
	}
	return list, err
}

func (m misread) Create(ctx context.Context, in order.CreateRequest) (order.Plan, error) {
	p, err := m.SalesSystem.Create(ctx, in)
	if m.made != nil && err == nil {
		m.made(&p)
	}
	return p, err
}

// TestJ03_J08_AHostsSalesSystemIsRead: a list with another tenant's order or with more than
// was asked for is refused, and so is a new order that isn't the one that was asked for.
func TestJ03_J08_AHostsSalesSystemIsRead(t *testing.T) {
	w := newTenant(t)
	_, first := w.ordered()
	won := w.won()
	through := func(m misread) pursuit.Orders {
		return w.With(pursuit.Options{SalesSystem: func(_ string, tx storage.Tx) order.SalesSystem {
			m.SalesSystem = order.Embedded(tx.Orders(), time.UTC, uuid.New)
			return m
		}}).Engine.As(w.s.Actor()).Orders()
	}
	list, err := through(misread{}).List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})
	require.NoError(t, err)
	require.Equal(t, first, list.Items[0].ID)
	views, err := through(misread{}).Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})
	require.NoError(t, err)
	require.Equal(t, first, views.Items[0].Order)
	before := w.written()
	for name, m := range map[string]misread{
		"another tenant's": {
			roots: func(l []order.Root) []order.Root { l[0].Tenant = "evil"; return l },
			whole: func(l []order.Snapshot) []order.Snapshot { l[0].Tenant = "evil"; return l },
			made:  func(p *order.Plan) { p.Order.Tenant = "evil" },
		},
		"too many": {
			roots: func(l []order.Root) []order.Root { return slices.Repeat(l, pursuit.MaxPage+2) },
			whole: func(l []order.Snapshot) []order.Snapshot { return slices.Repeat(l, pursuit.MaxPage+2) },
			made:  func(p *order.Plan) { p.Write = nil },
		},
		"panics": {
			roots: func([]order.Root) []order.Root { panic("x") },
			whole: func([]order.Snapshot) []order.Snapshot { panic("x") },
			made:  func(*order.Plan) { panic("x") },
		},
	} {
		want := "sales_system.answer"
		if name == "panics" {
			want = "host.panic"
		}
		h := through(m)
		_, err := h.List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})
		require.Equal(t, want, fault.CodeOf(err), name)
		_, err = h.Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})
		require.Equal(t, want, fault.CodeOf(err), name)
		_, err = h.Create(w.ctx, won, order.CreateInput{})
		require.Equal(t, want, fault.CodeOf(err), name)
		require.Equal(t, before, w.written(), name)
	}
	w.must(through(misread{}).Create(w.ctx, won, order.CreateInput{}))
}
