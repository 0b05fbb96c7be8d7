package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

type orders struct{ t *tx }

func (r orders) Get(ctx context.Context, tenant string, id uuid.UUID, events bool, viewer string) (order.Snapshot, access.Relation, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return order.Snapshot{}, "", err
	}
	o := b.orders[id]
	if o == nil {
		return order.Snapshot{}, "", fault.NotFound("order.not_found")
	}
	out := *o
	out.EventsLoaded = events
	if !events {
		out.Events = nil
	}
	return out.Clone(), b.relation(o.Opportunity, viewer), nil
}

// relation is what a viewer is to a deal.
func (b *books) relation(deal uuid.UUID, viewer string) access.Relation {
	if d := b.deals[deal]; d != nil {
		if m := d.member(viewer); m != nil {
			if m.Role == opportunity.RoleOwner {
				return access.Owner
			}
			return access.Relation(m.Access)
		}
	}
	return access.Stranger
}

func (r orders) Basis(ctx context.Context, tenant string, id uuid.UUID, viewer string) (order.Basis, error) {
	var out order.Basis
	var err error
	out.Opportunity, err = opportunities(r).Get(ctx, tenant, id, opportunity.Load{Parts: opportunity.PartLines, Viewer: viewer})
	if err == nil {
		out.Customer, err = customers(r).Get(ctx, tenant, out.Opportunity.Snapshot.Customer, false)
	}
	if err == nil {
		out.Settings, err = r.Settings(ctx, tenant)
	}
	if err != nil {
		return order.Basis{}, err
	}
	return out, nil
}

func (r orders) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	hits, err := r.page(ctx, tenant, q)
	var out []order.Root
	for _, o := range hits {
		out = append(out, o.Root.Clone())
	}
	return out, err
}

func (r orders) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	hits, err := r.page(ctx, tenant, q)
	var out []order.Snapshot
	for _, o := range hits {
		s := o.Clone()
		s.EventsLoaded = true
		out = append(out, s)
	}
	return out, err
}

func (r orders) page(ctx context.Context, tenant string, q order.Query) ([]*order.Snapshot, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var hits []*order.Snapshot
	for _, o := range b.orders {
		d := b.deals[o.Opportunity]
		if d != nil && q.Scope.Sees(d.Department, d.Owner, d.member(q.Scope.User) != nil) && (len(q.Statuses) == 0 || slices.Contains(q.Statuses, o.Status)) &&
			(q.Opportunity == uuid.Nil || q.Opportunity == o.Opportunity) && (q.Customer == uuid.Nil || q.Customer == o.Customer) && (q.Number == "" || q.Number == o.Number) &&
			(q.AfterNumber == "" || o.Number > q.AfterNumber) {
			hits = append(hits, o)
		}
	}
	slices.SortFunc(hits, func(a, b *order.Snapshot) int { return strings.Compare(a.Number, b.Number) })
	return hits[:min(q.Limit, len(hits))], nil
}

func (r orders) Save(ctx context.Context, c order.Change) error {
	t, id := r.t, c.Root.ID
	b, err := t.change(ctx, c.Root.Tenant)
	if err != nil {
		return err
	}
	old := b.orders[id]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(conflict("order.changed"))
	}
	var s order.Snapshot
	if old != nil {
		s = *old
	}
	if owner, taken := b.orderNos[c.Root.Number]; taken && owner != id {
		return t.fail(duplicate("order.number.taken"))
	}
	for i, x := range c.Events {
		twin := func(y order.ExecutionEvent) bool { return y.External == x.External && y.Line == x.Line }
		if slices.ContainsFunc(s.Events, twin) || slices.ContainsFunc(c.Events[:i], twin) {
			return t.fail(duplicate("order.event.exists"))
		}
	}
	s.Root = c.Root.Clone()
	s.Items = merge(s.Items, c.Lines, order.Line.Clone, func(l order.Line) int { return l.Number }, cmp.Compare[int], c.RemovedLines)
	if len(c.Events) > 0 {
		s.Events = slices.Clone(s.Events)
		for _, x := range c.Events {
			s.Events = append(s.Events, x.Clone())
		}
		slices.SortFunc(s.Events, func(a, b order.ExecutionEvent) int {
			return cmp.Or(a.Recorded.Compare(b.Recorded), strings.Compare(a.External, b.External), cmp.Compare(a.Line, b.Line))
		})
	}
	if old != nil && old.Number != s.Number {
		del(t, b.orderNos, old.Number)
	}
	set(t, b.orderNos, s.Number, id)
	set(t, b.orders, id, &s)
	t.log(b, c.Entries)
	return nil
}

func (r orders) Settings(ctx context.Context, tenant string) (order.Settings, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return order.Settings{}, err
	}
	if s, ok := b.settings[""]; ok {
		return s.Clone(), nil
	}
	return order.Settings{Tenant: tenant}, nil
}

func (r orders) SaveSettings(ctx context.Context, c order.SettingsChange) error {
	b, err := r.t.change(ctx, c.Settings.Tenant)
	if err != nil {
		return err
	}
	if b.settings[""].Version != c.Expected {
		return r.t.fail(conflict("sales_system.changed"))
	}
	set(r.t, b.settings, "", c.Settings.Clone())
	r.t.log(b, c.Entries)
	return nil
}
