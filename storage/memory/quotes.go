package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/quote"
)

type quotes struct{ t *tx }

func (r quotes) Get(ctx context.Context, tenant string, id uuid.UUID, load quote.Load) (quote.Snapshot, access.Relation, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return quote.Snapshot{}, "", err
	}
	q := b.quotes[id]
	if q == nil {
		return quote.Snapshot{}, "", fault.NotFound("quote.not_found")
	}
	out := quote.Snapshot{Root: q.Root, ItemsLoaded: load.Items, PastLoaded: load.Past}
	if load.Items {
		out.Items = q.Items
	}
	if load.Past {
		out.Past = q.Past
	}
	return out.Clone(), b.relation(q.Opportunity, load.Viewer), nil
}

func (r quotes) List(ctx context.Context, tenant string, q quote.Query) ([]quote.Root, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var hits []*quote.Snapshot
	for _, x := range b.quotes {
		d := b.deals[x.Opportunity]
		if d != nil && q.Scope.Sees(d.Department, d.Owner, d.member(q.Scope.User) != nil) && (len(q.Statuses) == 0 || slices.Contains(q.Statuses, x.Status)) &&
			(q.Opportunity == uuid.Nil || q.Opportunity == x.Opportunity) && (q.Customer == uuid.Nil || q.Customer == x.Customer) && (q.Number == "" || q.Number == x.Number) &&
			(q.ValidBefore.IsZero() || !x.ValidUntil.IsZero() && x.ValidUntil.Before(q.ValidBefore)) &&
			(q.AfterNumber == "" || x.Number > q.AfterNumber) {
			hits = append(hits, x)
		}
	}
	slices.SortFunc(hits, func(a, b *quote.Snapshot) int { return strings.Compare(a.Number, b.Number) })
	var out []quote.Root
	for _, x := range hits[:min(q.Limit, len(hits))] {
		out = append(out, x.Root.Clone())
	}
	return out, nil
}

func (r quotes) Save(ctx context.Context, c quote.Change) error {
	t, id := r.t, c.Root.ID
	b, err := t.change(ctx, c.Root.Tenant)
	if err != nil {
		return err
	}
	old := b.quotes[id]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(conflict("quote.changed"))
	}
	if owner, taken := b.quoteNos[c.Root.Number]; taken && owner != id {
		return t.fail(duplicate("quote.number.taken"))
	}
	var s quote.Snapshot
	if old != nil {
		s = *old
	}
	if c.Past != nil {
		past := *c.Past
		past.Items, s.Items = s.Items, nil
		s.Past = append(slices.Clone(s.Past), past.Clone())
	}
	s.Root = c.Root.Clone()
	s.Items = merge(s.Items, c.Lines, quote.Line.Clone, func(l quote.Line) int { return l.Number }, cmp.Compare[int], c.RemovedLines)
	if old != nil && old.Number != s.Number {
		del(t, b.quoteNos, old.Number)
	}
	set(t, b.quoteNos, s.Number, id)
	set(t, b.quotes, id, &s)
	t.log(b, c.Entries)
	return nil
}
