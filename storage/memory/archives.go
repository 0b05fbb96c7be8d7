package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// archivesOf returns copies of those entries that exist.
func (b *books) archivesOf(ids []uuid.UUID) []archive.Entry {
	var out []archive.Entry
	for _, id := range ids {
		if e := b.archives[id]; e != nil {
			out = append(out, e.Entry.Clone())
		}
	}
	return out
}

type archives struct{ t *tx }

func (r archives) Get(ctx context.Context, tenant string, id uuid.UUID) (archive.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return archive.Record{}, err
	}
	rec := b.archives[id]
	if rec == nil {
		return archive.Record{}, fault.NotFound("archive.not_found")
	}
	return archive.Record{Entry: rec.Entry.Clone(), Head: rec.Head}, nil
}

func (r archives) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]archive.Entry, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return b.archivesOf(ids), nil
}

func (r archives) Coded(ctx context.Context, tenant string, kind archive.Kind, codes []string) ([]archive.Entry, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []archive.Entry
	for _, rec := range b.archives {
		if rec.Entry.Kind == kind && slices.Contains(codes, rec.Entry.Code) {
			out = append(out, rec.Entry.Clone())
		}
	}
	return out, nil
}

func (r archives) List(ctx context.Context, tenant string, q archive.Query) ([]archive.Entry, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	compare := func(ak archive.Kind, a string, bk archive.Kind, b string) int {
		return cmp.Or(cmp.Compare(ak, bk), strings.Compare(a, b))
	}
	var hits []*archive.Record
	for _, rec := range b.archives {
		e := &rec.Entry
		if (q.Kind == "" || q.Kind == e.Kind) && (q.Status == "" || q.Status == e.Status) &&
			(q.AfterCode == "" || compare(e.Kind, e.Code, q.AfterKind, q.AfterCode) > 0) {
			hits = append(hits, rec)
		}
	}
	slices.SortFunc(hits, func(a, b *archive.Record) int {
		return compare(a.Entry.Kind, a.Entry.Code, b.Entry.Kind, b.Entry.Code)
	})
	var out []archive.Entry
	for _, rec := range hits[:min(q.Limit, len(hits))] {
		out = append(out, rec.Entry.Clone())
	}
	return out, nil
}

func (r archives) Save(ctx context.Context, c archive.Change) error {
	t, id := r.t, c.Entry.ID
	b, err := t.change(ctx, c.Entry.Tenant)
	if err != nil {
		return err
	}
	old := b.archives[id]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Entry.Version != c.Expected) {
		return t.fail(conflict("archive.changed"))
	}
	if old != nil {
		del(t, b.entries, entryCode{old.Entry.Kind, old.Entry.Code})
	}
	if c.Delete {
		del(t, b.archives, id)
		del(t, b.cards, id)
		t.log(b, c.Entries)
		return nil
	}
	code := entryCode{c.Entry.Kind, c.Entry.Code}
	if _, taken := b.entries[code]; taken {
		return t.fail(duplicate("archive.code.taken"))
	}
	set(t, b.entries, code, id)
	set(t, b.archives, id, &archive.Record{Entry: c.Entry.Clone(), Head: c.Head})
	if c.Scorecard != nil {
		set(t, b.cards, id, append(slices.Clone(b.cards[id]), c.Scorecard.Clone()))
	}
	t.log(b, c.Entries)
	return nil
}

func (r archives) ScorecardVersion(ctx context.Context, tenant string, scorecard uuid.UUID, number int) (archive.ScorecardVersion, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return archive.ScorecardVersion{}, err
	}
	list := b.cards[scorecard]
	for i := len(list) - 1; i >= 0; i-- {
		if number == 0 || list[i].Number == number {
			return list[i].Clone(), nil
		}
	}
	return archive.ScorecardVersion{}, fault.NotFound("scorecard.not_found")
}

func (r archives) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return false, err
	}
	in := func(o *opportunity.Outcome) bool {
		return o != nil && (o.Competitor == id || slices.ContainsFunc(o.Reasons, func(c opportunity.Choice) bool { return c.Reason == id }))
	}
	for _, d := range b.deals {
		if d.Source == id || in(d.Outcome) ||
			slices.ContainsFunc(d.Competitors, func(c opportunity.DealCompetitor) bool { return c.Competitor == id }) ||
			slices.ContainsFunc(d.Expenses, func(x opportunity.Expense) bool { return x.Category == id }) ||
			slices.ContainsFunc(d.Documents, func(x opportunity.Document) bool { return x.Kind == id }) ||
			slices.ContainsFunc(d.Evaluations, func(x opportunity.Evaluation) bool { return x.Scorecard == id }) ||
			slices.ContainsFunc(d.Cycles, func(c opportunity.Cycle) bool { return in(&c.Outcome) }) {
			return true, nil
		}
	}
	return false, nil
}
