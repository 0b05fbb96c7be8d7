package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// selection is a scope and a filter, ready to be asked about many rows.
type selection struct {
	scope, customers access.Scope
	f                *opportunity.Filter
	// what is searched
	folded, prefix string
	b              *books
}

func (b *books) selecting(sc, customers access.Scope, f *opportunity.Filter) selection {
	s := selection{scope: sc, customers: customers, f: f, b: b}
	if f.Search != "" {
		s.folded = text.Fold(f.Search)
	}
	if f.Prefix != "" {
		s.prefix = text.Fold(f.Prefix)
	}
	return s
}

// among reports whether a list is empty or has the value.
func among[T comparable](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }

// between reports whether from ≤ t < to; a zero end is open, and the zero time is
// only between two open ends.
func between(t, from, to time.Time) bool {
	if from.IsZero() && to.IsZero() {
		return true
	}
	return !t.IsZero() && (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
}

func (s *selection) timely(d *deal) bool {
	f, decided := s.f, d.WonAt
	if decided.IsZero() {
		decided = d.LostAt
	}
	return between(d.Created, f.CreatedFrom, f.CreatedTo) && between(d.Updated, f.UpdatedFrom, f.UpdatedTo) &&
		between(decided, f.DecidedFrom, f.DecidedTo) && between(d.ClosedAt, f.ClosedFrom, f.ClosedTo) &&
		(f.StageEnteredTo.IsZero() || s.b.stale(d, f.StageEnteredTo)) && between(d.NextActivity, f.NextFrom, f.NextTo) &&
		(!f.NoNext || d.NextActivity.IsZero()) && (f.IdleSince.IsZero() || d.idle(f.IdleSince)) &&
		(f.ResumeTo.IsZero() || (!d.ResumeOn.IsZero() && !d.ResumeOn.After(f.ResumeTo)))
}

func (s *selection) parties(d *deal) bool {
	f := s.f
	return (f.Party == uuid.Nil || f.Party == d.Customer || f.Party == d.BillTo || f.Party == d.EndUser) &&
		(f.Contact == uuid.Nil || slices.ContainsFunc(d.Contacts, func(c opportunity.DealContact) bool { return c.Contact == f.Contact })) &&
		(f.Competitor == uuid.Nil || slices.ContainsFunc(d.Competitors, func(c opportunity.DealCompetitor) bool { return c.Competitor == f.Competitor })) &&
		(f.Reason == uuid.Nil || d.names(f.Reason))
}

// names reports whether the outcome of the current cycle names a reason.
func (d *deal) names(reason uuid.UUID) bool {
	return d.Outcome != nil && slices.ContainsFunc(d.Outcome.Reasons, func(c opportunity.Choice) bool { return c.Reason == reason })
}

// idle reports whether nothing was done since a moment, the creation being the
// first.
func (d *deal) idle(since time.Time) bool {
	return d.Status != opportunity.OnHold && d.Created.Before(since) && d.LastActivity.Before(since)
}

// stale reports whether a deal has been in its stage since before a moment, its
// time on hold there taken out.
func (b *books) stale(d *deal, since time.Time) bool {
	from := d.StageEntered
	if d.Status == opportunity.OnHold || !from.Before(since) {
		return false
	}
	for _, x := range b.ledger[d.ID] {
		if x.Status == opportunity.OnHold && !x.EffectiveTo.IsZero() && !x.EffectiveFrom.Before(d.StageEntered) {
			from = from.Add(x.EffectiveTo.Sub(x.EffectiveFrom))
		}
	}
	return from.Before(since)
}

// found looks at the name, the number, and the customer's name.
func (s *selection) found(d *deal, what string, fits func(s, what string) bool) bool {
	c := s.b.customers[d.Customer]
	return fits(d.folded, what) || fits(strings.ToLower(d.Number), what) || c != nil && s.customers.Sees(c.Customer.Department, c.Customer.Owner, false) && fits(c.key, what)
}

// sees reports whether the scope and those filters select a row that apply to the
// current state and to the ledger alike. What may be seen is decided by the deal
// as it is now, also of the past (J02); once it was deleted, by its last row.
func (s *selection) sees(x *opportunity.LedgerRow, d *deal, last *opportunity.LedgerRow) bool {
	f, minor := s.f, x.Amount.Minor()
	return (s.scope.All || d != nil && s.scope.Sees(d.Department, d.Owner, d.member(s.scope.User) != nil) ||
		d == nil && s.scope.Sees(last.Department, last.Owner, false)) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, x.Status)) &&
		(f.Process == uuid.Nil || f.Process == x.Process) &&
		(len(f.Stages) == 0 || slices.Contains(f.Stages, x.Stage)) &&
		(f.Owner == "" || f.Owner == x.Owner) && among(f.Owners, x.Owner) &&
		(f.Department == "" || f.Department == x.Department) && among(f.Departments, x.Department) &&
		among(f.Categories, x.Category) &&
		(f.ProbabilityFrom == nil || x.Probability >= *f.ProbabilityFrom) && (f.ProbabilityTo == nil || x.Probability <= *f.ProbabilityTo) &&
		(f.Customer == uuid.Nil || f.Customer == x.Customer) &&
		(f.Source == uuid.Nil || f.Source == x.Source) &&
		(f.Currency == "" || f.Currency == x.Amount.Currency()) &&
		(f.AmountFrom == nil || minor >= *f.AmountFrom) && (f.AmountTo == nil || minor <= *f.AmountTo) &&
		(f.ExpectedFrom.IsZero() || (!x.ExpectedClose.IsZero() && !x.ExpectedClose.Before(f.ExpectedFrom))) &&
		(f.ExpectedTo.IsZero() || (!x.ExpectedClose.IsZero() && !x.ExpectedClose.After(f.ExpectedTo)))
}

// selects reports whether scope and filter select an opportunity as it is now.
func (s *selection) selects(x *opportunity.LedgerRow, d *deal) bool {
	f := s.f
	return s.sees(x, d, x) &&
		(f.Member == "" || d.member(f.Member) != nil) &&
		(f.Product == "" || slices.ContainsFunc(d.Lines, func(l opportunity.Line) bool { return l.Product == f.Product })) &&
		among(f.Ratings, d.Rating) && s.timely(d) && s.parties(d) &&
		(f.Search == "" || s.found(d, s.folded, strings.Contains)) && (f.Prefix == "" || s.found(d, s.prefix, strings.HasPrefix)) &&
		(!f.OrderCancelled || d.OrderCancelled) &&
		(f.Version == uuid.Nil || f.Version == d.ProcessVersion) && (f.Number == "" || f.Number == d.Number)
}

// now is an opportunity's current state as the ledger would show it.
func (d *deal) now() opportunity.LedgerRow {
	return opportunity.LedgerRow{
		Status: d.Status, Stage: d.Stage, Owner: d.Owner, Department: d.Department, Customer: d.Customer, Source: d.Source, Process: d.Process,
		Amount: d.Amount(), Probability: d.Probability, Category: d.Category, ExpectedClose: d.ExpectedClose, CycleDays: d.CycleDays,
	}
}

// current calls fn for each opportunity that is selected, in any order.
func (b *books) current(sc, customers access.Scope, f *opportunity.Filter, fn func(x *opportunity.LedgerRow, d *deal)) {
	s := b.selecting(sc, customers, f)
	for _, d := range b.deals {
		if x := d.now(); s.selects(&x, d) {
			fn(&x, d)
		}
	}
}

func (r opportunities) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	type hit struct {
		key string
		d   *deal
	}
	compare := func(ak string, a uuid.UUID, bk string, b uuid.UUID) int {
		c := strings.Compare(ak, bk)
		switch {
		case (ak == "") != (bk == ""): // what lacks the value is the last both ways
			c = -c
		case q.Desc:
			c = -c
		}
		if c == 0 {
			c = compareIDs(a, b)
		}
		return c
	}
	var hits []hit
	b.current(q.Scope, q.Customers, &q.Filter, func(_ *opportunity.LedgerRow, d *deal) {
		h := hit{d.folded, d}
		if q.Sort != opportunity.ByName {
			h.key = opportunity.KeyOf(q.Sort, &d.Root)
		}
		if q.AfterID == uuid.Nil || compare(h.key, d.ID, q.After, q.AfterID) > 0 {
			hits = append(hits, h)
		}
	})
	slices.SortFunc(hits, func(a, b hit) int { return compare(a.key, a.d.ID, b.key, b.d.ID) })
	var out []opportunity.Root
	for _, h := range hits[:min(q.Limit, len(hits))] {
		out = append(out, h.d.Root.Clone())
	}
	return out, nil
}

func (r opportunities) OfContact(ctx context.Context, tenant string, q opportunity.ContactQuery) ([]opportunity.ContactDeal, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	before := func(a uuid.UUID, ar opportunity.ContactRole, b uuid.UUID, br opportunity.ContactRole) int {
		return cmp.Or(compareIDs(b, a), cmp.Compare(br, ar))
	}
	var hits []opportunity.ContactDeal
	b.current(q.Scope, access.Scope{}, &opportunity.Filter{}, func(_ *opportunity.LedgerRow, d *deal) {
		for _, c := range d.Contacts {
			if c.Contact == q.Contact && (q.AfterID == uuid.Nil || before(d.ID, c.Role, q.AfterID, q.AfterRole) > 0) {
				hits = append(hits, opportunity.ContactDeal{Deal: d.Root, Contact: c})
			}
		}
	})
	slices.SortFunc(hits, func(x, y opportunity.ContactDeal) int {
		return before(x.Deal.ID, x.Contact.Role, y.Deal.ID, y.Contact.Role)
	})
	out := hits[:min(q.Limit, len(hits))]
	for i := range out {
		out[i].Deal = out[i].Deal.Clone()
	}
	return out, nil
}

func (r opportunities) Count(ctx context.Context, tenant string, q opportunity.Query) (int64, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return 0, err
	}
	var n int64
	b.current(q.Scope, q.Customers, &q.Filter, func(*opportunity.LedgerRow, *deal) { n++ })
	return n, nil
}
