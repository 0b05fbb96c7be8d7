package memory

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

type opportunities struct{ t *tx }

// copyOf gives a deep copy: what is stored, is stored as JSON would.
func copyOf[T any](v T) T {
	var out T
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic("memory: a stored value doesn't encode: " + err.Error())
	}
	return out
}

func (r opportunities) Get(ctx context.Context, tenant string, id uuid.UUID, load opportunity.Load) (opportunity.Record, error) {
	if err := r.t.can(ctx, false); err != nil {
		return opportunity.Record{}, err
	}
	s := r.t.s.opportunities[key{tenant, id}]
	if s == nil {
		return opportunity.Record{}, fault.NotFound("opportunity.not_found")
	}
	part := *s
	part.Loaded = load.Parts
	if load.Parts&opportunity.PartMembers == 0 {
		part.Members = nil
	}
	if load.Parts&opportunity.PartLines == 0 {
		part.Lines = nil
	}
	if load.Parts&opportunity.PartContacts == 0 {
		part.Contacts = nil
	}
	if load.Parts&opportunity.PartCompetitors == 0 {
		part.Competitors = nil
	}
	if load.Parts&opportunity.PartCycles == 0 {
		part.Cycles = nil
	}
	rec := opportunity.Record{Snapshot: copyOf(part)}
	for _, m := range s.Members {
		if m.User == load.Viewer && load.Viewer != "" {
			m := m
			rec.Viewer = &m
		}
	}
	seen := map[uuid.UUID]bool{}
	for _, a := range load.Archive {
		if e := r.t.s.archives[key{tenant, a}]; e != nil && !seen[a] {
			seen[a] = true
			on := slices.ContainsFunc(s.Competitors, func(c opportunity.DealCompetitor) bool { return c.Competitor == a })
			rec.Archive = append(rec.Archive, opportunity.Named{Entry: e.Entry.Clone(), OnDeal: on})
		}
	}
	return rec, nil
}

func (r opportunities) ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error) {
	if err := r.t.can(ctx, false); err != nil {
		return uuid.Nil, err
	}
	id, ok := r.t.s.numbers[name{tenant, "opportunity/" + number}]
	if !ok {
		return uuid.Nil, fault.NotFound("opportunity.not_found")
	}
	return id, nil
}

func (r opportunities) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	var f opportunity.Found
	if err := r.t.can(ctx, false); err != nil {
		return f, err
	}
	st := r.t.s
	for _, id := range refs.Customers {
		if c := st.customers[key{tenant, id}]; c != nil {
			f.Customers = append(f.Customers, c.Customer.Clone())
		}
	}
	for _, id := range refs.Contacts {
		if c := r.t.contact(tenant, id); c != nil {
			f.Contacts = append(f.Contacts, c.Clone())
		}
	}
	for _, id := range refs.Archive {
		if e := st.archives[key{tenant, id}]; e != nil {
			f.Archive = append(f.Archive, e.Entry.Clone())
		}
	}
	for k, p := range st.processes {
		if k.tenant == tenant && (k.id == refs.Process || (refs.Process == uuid.Nil && p.Default)) {
			p := *p
			f.Process = &p
		}
	}
	return f, nil
}

func (r opportunities) Save(ctx context.Context, c opportunity.Change) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	t, st := r.t, r.t.s
	k := key{c.Root.Tenant, c.Root.ID}
	old := st.opportunities[k]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(fault.New(fault.ErrConflict, "opportunity.changed", "was changed by somebody else"))
	}
	var s opportunity.Snapshot
	if old != nil {
		s = *old
	}
	s.Root = c.Root
	s.Loaded = opportunity.AllParts
	if old == nil {
		n := name{c.Root.Tenant, "opportunity/" + c.Root.Number}
		if _, taken := st.numbers[n]; taken {
			return t.fail(fault.New(fault.ErrDuplicate, "opportunity.number.taken", "the number is taken"))
		}
		set(t, st.numbers, n, c.Root.ID)
	}
	for _, x := range c.AddedContacts {
		if slices.ContainsFunc(s.Contacts, func(y opportunity.DealContact) bool { return y.ContactKey == x.ContactKey }) {
			return t.fail(fault.New(fault.ErrDuplicate, "opportunity.contact.exists", "the contact has this role already"))
		}
	}
	for _, x := range c.AddedCompetitors {
		if slices.ContainsFunc(s.Competitors, func(y opportunity.DealCompetitor) bool { return y.Competitor == x.Competitor }) {
			return t.fail(fault.New(fault.ErrDuplicate, "opportunity.competitor.exists", "the competitor is on the opportunity already"))
		}
	}
	s.Members = merge(s.Members, c.Members, func(m opportunity.Member) string { return m.User }, strings.Compare, c.RemovedMembers)
	s.Lines = merge(s.Lines, c.Lines, func(l opportunity.Line) int { return l.Number }, cmp.Compare[int], c.RemovedLines)
	s.Contacts = merge(s.Contacts, append(slices.Clone(c.Contacts), c.AddedContacts...), func(x opportunity.DealContact) opportunity.ContactKey { return x.ContactKey }, compareKeys, c.RemovedContacts)
	s.Competitors = merge(s.Competitors, append(slices.Clone(c.Competitors), c.AddedCompetitors...), func(x opportunity.DealCompetitor) uuid.UUID { return x.Competitor }, compareIDs, c.RemovedCompetitors)
	if c.Cycle != nil {
		s.Cycles = append(slices.Clone(s.Cycles), *c.Cycle)
	}
	if c.Delete {
		del(t, st.opportunities, k)
	} else {
		s = copyOf(s)
		set(t, st.opportunities, k, &s)
	}
	rows := slices.Clone(st.ledger[k])
	if c.Prior != nil {
		i := slices.IndexFunc(rows, func(x opportunity.LedgerRow) bool { return x.Seq == c.Prior.Seq })
		if i < 0 {
			return t.fail(fault.New(fault.ErrCorrupt, "ledger.missing", "the ledger lacks its open row"))
		}
		rows[i].EffectiveTo, rows[i].RecordedTo = c.Prior.EffectiveTo, c.Prior.RecordedTo
	}
	if c.Next != nil {
		rows = append(rows, copyOf(*c.Next))
	}
	set(t, st.ledger, k, rows)
	t.log(c.Entries)
	return nil
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

func compareKeys(a, b opportunity.ContactKey) int {
	if c := compareIDs(a.Contact, b.Contact); c != 0 {
		return c
	}
	return strings.Compare(string(a.Role), string(b.Role))
}

// merge gives a new sorted list with parts replaced, added and removed.
func merge[T any, K comparable](list, put []T, of func(T) K, compare func(a, b K) int, gone []K) []T {
	out := make([]T, 0, len(list)+len(put))
	replaced := map[K]bool{}
	for _, x := range put {
		replaced[of(x)] = true
	}
	for _, x := range gone {
		replaced[x] = true
	}
	for _, x := range list {
		if !replaced[of(x)] {
			out = append(out, x)
		}
	}
	out = append(out, put...)
	slices.SortFunc(out, func(a, b T) int { return compare(of(a), of(b)) })
	if len(out) == 0 {
		return nil
	}
	return out
}

// selects says whether a filter and a scope select an opportunity.
func selects(s *opportunity.Snapshot, sc access.Scope, f *opportunity.Filter) bool {
	member := func(user string) bool {
		return slices.ContainsFunc(s.Members, func(m opportunity.Member) bool { return m.User == user })
	}
	r := &s.Root
	return sc.Sees(r.Department, r.Owner, member(sc.User)) &&
		common(r.Status, r.Process, r.Stage, r.Owner, r.Department, r.Customer, r.Source, f) &&
		(f.Currency == "" || f.Currency == r.Currency) &&
		within(r.Amount().Minor(), f) &&
		(f.Member == "" || member(f.Member)) &&
		(f.Product == "" || slices.ContainsFunc(s.Lines, func(l opportunity.Line) bool { return l.Product == f.Product })) &&
		(f.CreatedFrom.IsZero() || !r.Created.Before(f.CreatedFrom)) && (f.CreatedTo.IsZero() || r.Created.Before(f.CreatedTo)) &&
		(f.ExpectedFrom.IsZero() || (!r.ExpectedClose.IsZero() && !r.ExpectedClose.Before(f.ExpectedFrom))) &&
		(f.ExpectedTo.IsZero() || (!r.ExpectedClose.IsZero() && !r.ExpectedClose.After(f.ExpectedTo))) &&
		(f.Search == "" || strings.Contains(text.FoldName(r.Name), text.Fold(f.Search))) &&
		(f.Number == "" || f.Number == r.Number)
}

func within(minor int64, f *opportunity.Filter) bool {
	return (f.AmountFrom == nil || minor >= *f.AmountFrom) && (f.AmountTo == nil || minor <= *f.AmountTo)
}

// common are the filters that apply to the ledger too.
func common(st opportunity.Status, process uuid.UUID, stage, owner, department string, customer, source uuid.UUID, f *opportunity.Filter) bool {
	return (len(f.Statuses) == 0 || slices.Contains(f.Statuses, st)) &&
		(f.Process == uuid.Nil || f.Process == process) &&
		(len(f.Stages) == 0 || slices.Contains(f.Stages, stage)) &&
		(f.Owner == "" || f.Owner == owner) &&
		(f.Department == "" || f.Department == department) &&
		(f.Customer == uuid.Nil || f.Customer == customer) &&
		(f.Source == uuid.Nil || f.Source == source)
}

func (r opportunities) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	type hit struct {
		key string
		s   *opportunity.Snapshot
	}
	compare := func(ak string, a uuid.UUID, bk string, b uuid.UUID) int {
		c := strings.Compare(ak, bk)
		if q.Desc {
			c = -c
		}
		if c == 0 {
			c = compareIDs(a, b)
		}
		return c
	}
	var hits []hit
	for k, s := range r.t.s.opportunities {
		if k.tenant != tenant || !selects(s, q.Scope, &q.Filter) {
			continue
		}
		h := hit{opportunity.KeyOf(q.Order, &s.Root), s}
		if q.AfterID == uuid.Nil || compare(h.key, s.ID, q.After, q.AfterID) > 0 {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return compare(a.key, a.s.ID, b.key, b.s.ID) })
	var out []opportunity.Root
	for _, h := range hits[:min(q.Limit, len(hits))] {
		out = append(out, copyOf(h.s.Root))
	}
	return out, nil
}

func (r opportunities) Count(ctx context.Context, tenant string, q opportunity.Query) (int64, error) {
	if err := r.t.can(ctx, false); err != nil {
		return 0, err
	}
	var n int64
	for k, s := range r.t.s.opportunities {
		if k.tenant == tenant && selects(s, q.Scope, &q.Filter) {
			n++
		}
	}
	return n, nil
}

func (r opportunities) Ledger(ctx context.Context, tenant string, id uuid.UUID) ([]opportunity.LedgerRow, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	return copyOf(r.t.s.ledger[key{tenant, id}]), nil
}
