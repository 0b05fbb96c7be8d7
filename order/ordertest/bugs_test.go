package ordertest_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/order/ordertest"
	"github.com/pursuit-crm/pursuit/storage"
)

// faulty is the embedded sales system with one mistake.
type faulty struct {
	order.SalesSystem
	get    func(s *order.Snapshot)
	query  func(q *order.Query)
	roots  func(list []order.Root) []order.Root
	whole  func(list []order.Snapshot)
	create func(in *order.CreateRequest)
	do     func(s *order.Snapshot, t *order.Task)
	plan   func(p *order.Plan)
	failed func(err error) bool // taken for success
}

func (f faulty) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (order.Snapshot, error) {
	s, err := f.SalesSystem.Get(ctx, tenant, id, events)
	if f.get != nil && err == nil {
		f.get(&s)
	}
	return s, err
}

func (f faulty) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	if f.query != nil {
		f.query(&q)
	}
	list, err := f.SalesSystem.List(ctx, tenant, q)
	if f.roots != nil {
		list = f.roots(list)
	}
	return list, err
}

func (f faulty) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	list, err := f.SalesSystem.Snapshots(ctx, tenant, q)
	if f.whole != nil {
		f.whole(list)
	}
	return list, err
}

func (f faulty) Create(ctx context.Context, in order.CreateRequest) (order.Plan, error) {
	if f.create != nil {
		f.create(&in)
	}
	return f.SalesSystem.Create(ctx, in)
}

func (f faulty) Do(ctx context.Context, before order.Snapshot, t order.Task, at journal.Moment) (order.Plan, error) {
	changed := before
	if f.do != nil {
		changed.Items, changed.Events = slices.Clone(before.Items), slices.Clone(before.Events)
		f.do(&changed, &t)
	}
	p, err := f.SalesSystem.Do(ctx, changed, t, at)
	if f.failed != nil && err != nil && f.failed(err) {
		return order.Plan{Order: before}, nil
	}
	if f.plan != nil && err == nil {
		f.plan(&p)
	}
	return p, err
}

type bug struct {
	name, rule string
	make       func() func(tx storage.Tx) order.SalesSystem
}

// with makes a bug of the embedded one.
func with(name, rule string, f faulty) bug {
	return bug{name, rule, func() func(storage.Tx) order.SalesSystem {
		return func(tx storage.Tx) order.SalesSystem {
			f := f
			f.SalesSystem = embedded(tx)
			return f
		}
	}}
}

func without(kind order.EventKind) func(s *order.Snapshot, t *order.Task) {
	return func(_ *order.Snapshot, t *order.Task) {
		t.Events = slices.DeleteFunc(slices.Clone(t.Events), func(e order.EventInput) bool { return e.Kind == kind })
	}
}

func bugs() []bug {
	list := []bug{
		with("drops the reference", "Q04/made-of-the-deal", faulty{create: func(in *order.CreateRequest) { in.Input.Reference = "" }}),
		with("drops a due date", "Q04/made-of-the-deal", faulty{create: func(in *order.CreateRequest) { in.Input.Due = nil }}),
		with("forgets the tax", "Q04/made-of-the-deal", faulty{create: func(in *order.CreateRequest) {
			in.Source.Opportunity.Lines = slices.Clone(in.Source.Opportunity.Lines)
			in.Source.Opportunity.Lines[0].Tax = nil
		}}),
		with("lets every deal have several orders", "Q04/made-of-the-deal", faulty{create: func(in *order.CreateRequest) { in.Source.Settings.SeveralOrders = true }}),
		with("takes an id of its own", "Q04/made-of-the-deal", faulty{create: func(in *order.CreateRequest) { in.ID = uuid.New() }}),
		with("doesn't count versions", "O11/version", faulty{get: func(s *order.Snapshot) { s.Version = 1 }}),
		with("executes drafts", "Q05/status", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if t.Kind == order.TaskExecute && s.Status == order.Draft {
				s.Status = order.Confirmed
			}
		}}),
		with("swallows refusals", "Q05/status", faulty{failed: func(err error) bool { return errors.Is(err, fault.ErrNotAllowed) }}),
		with("leaves late reports out", "Q09/cancelling", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if s.Status == order.Cancelled {
				t.Events = t.Events[:1]
			}
		}}),
		with("completes what is cancelled", "Q09/cancelling", faulty{do: func(_ *order.Snapshot, t *order.Task) {
			if t.Kind == order.TaskCancel {
				t.Kind = order.TaskComplete
			}
		}}),
		with("takes no payment of what is cancelled", "Q13/ended", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if s.Status == order.Cancelled {
				without(order.Receipt)(s, t)
			}
		}}),
		with("settles receipts when they come", "Q06/arrival", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if t.Kind == order.TaskExecute && s.Invoiced.IsZero() && len(t.Events) <= 3 {
				t.Events = slices.DeleteFunc(slices.Clone(t.Events), func(e order.EventInput) bool { return e.Kind == order.Receipt && !e.Advance })
			}
		}}),
		with("takes any known id for a repetition", "Q06/once", faulty{failed: func(err error) bool { return errors.Is(err, fault.ErrDuplicate) }}),
		with("writes though nothing changes", "Q06/once", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if t.Kind == order.TaskExecute && len(t.Events) == 1 && len(s.Events) > 0 {
				t.Events = slices.Clone(t.Events)
				t.Events[0].External += "'"
			}
		}}),
		with("allows any delivery", "Q07/limits", faulty{do: func(s *order.Snapshot, _ *order.Task) { s.OverDelivery = s.OverDelivery.Shift(2) }}),
		with("takes returns in silence", "Q07/figures", faulty{do: without(order.Return)}),
		with("takes credit notes in silence", "Q07/figures", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if len(t.Events) > 1 {
				without(order.CreditNote)(s, t)
			}
		}}),
		with("never completes", "Q08/completing", faulty{do: func(s *order.Snapshot, t *order.Task) {
			if t.Kind == order.TaskExecute {
				s.Items[0].Quantity = s.Items[0].Quantity.Shift(1)
			}
		}}),
		with("ignores the scope", "J02/scope", faulty{query: func(q *order.Query) { q.Scope = access.Scope{All: true} }}),
		with("ignores the statuses", "J02/filters", faulty{query: func(q *order.Query) { q.Statuses = nil }}),
		with("ignores the customer", "J02/filters", faulty{query: func(q *order.Query) { q.Customer = uuid.Nil }}),
		with("ignores the cursor", "J02/filters", faulty{query: func(q *order.Query) {
			if q.AfterNumber > "ORD-2020-000003" {
				q.AfterNumber = ""
			}
		}, roots: func(list []order.Root) []order.Root { return list[:min(len(list), 2)] }}),
		with("leaves events out of lists", "J02/whole", faulty{whole: func(list []order.Snapshot) {
			for i := range list {
				list[i].Events = nil
			}
		}}),
		with("gives events to another order", "J02/whole", faulty{whole: func(list []order.Snapshot) {
			for i := range list[:max(0, len(list)-1)] {
				list[i].Events, list[i+1].Events = list[i+1].Events, list[i].Events
			}
		}}),
		with("drops notes", "Q06/kept", faulty{get: func(s *order.Snapshot) {
			s.Events = slices.Clone(s.Events)
			for i := range s.Events {
				s.Events[i].Note = ""
			}
		}}),
		with("forgets to write", "J08/all-or-nothing", faulty{plan: func(p *order.Plan) { p.Write = func(context.Context) error { return nil } }}),
	}
	return append(list, bug{"remembers what was rolled back", "J08/all-or-nothing", remembering}, bug{"finds what isn't there", "J03/tenants", inventing})
}

// remembering keeps orders that it made beside the transaction.
func remembering() func(storage.Tx) order.SalesSystem {
	var mu sync.Mutex
	made := map[uuid.UUID]order.Snapshot{}
	return func(tx storage.Tx) order.SalesSystem { return &cache{embedded(tx), &mu, made} }
}

type cache struct {
	order.SalesSystem
	mu   *sync.Mutex
	made map[uuid.UUID]order.Snapshot
}

func (c *cache) Create(ctx context.Context, in order.CreateRequest) (order.Plan, error) {
	p, err := c.SalesSystem.Create(ctx, in)
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.made[in.ID] = p.Order
	}
	return p, err
}

func (c *cache) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (order.Snapshot, error) {
	s, err := c.SalesSystem.Get(ctx, tenant, id, events)
	if errors.Is(err, fault.ErrNotFound) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if old, ok := c.made[id]; ok {
			old.EventsLoaded = events
			return old, nil
		}
	}
	return s, err
}

// inventing answers with another kind of error for what isn't there.
func inventing() func(storage.Tx) order.SalesSystem {
	return func(tx storage.Tx) order.SalesSystem { return invents{embedded(tx)} }
}

type invents struct{ order.SalesSystem }

func (i invents) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (order.Snapshot, error) {
	s, err := i.SalesSystem.Get(ctx, tenant, id, events)
	if err != nil {
		err = fault.NotAllowed("erp.locked", "the order is locked")
	}
	return s, err
}

// Every seeded bug is caught by the rule that is about it.
func TestSeededBugsAreCaught(t *testing.T) {
	rules := map[string]ordertest.Rule{}
	for _, r := range ordertest.Rules() {
		rules[r.Name] = r
	}
	caught := map[string]bool{}
	for _, b := range bugs() {
		t.Run(b.name, func(t *testing.T) {
			system := b.make()
			eng := engine(t, func(_ string, tx storage.Tx) order.SalesSystem { return system(tx) })
			r, ok := rules[b.rule]
			require.True(t, ok, b.rule)
			err := r.Check(t.Context(), eng)
			require.Error(t, err)
			require.Contains(t, err.Error(), b.rule+": ")
			t.Log(err)
			caught[b.rule] = true
		})
	}
	for name := range rules {
		require.True(t, caught[name] || name == "Q04/once-per-request", "no bug is seeded for %s", name) // the engine's own
	}
}
