package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

type opportunities struct{ t *tx }

func (r opportunities) Get(ctx context.Context, tenant string, id uuid.UUID, load opportunity.Load) (opportunity.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return opportunity.Record{}, err
	}
	d := b.deals[id]
	if d == nil {
		return opportunity.Record{}, fault.NotFound("opportunity.not_found")
	}
	s := d.Snapshot
	s.Loaded = load.Parts
	if load.Parts&opportunity.PartMembers == 0 {
		s.Members = nil
	}
	if load.Parts&opportunity.PartLines == 0 {
		s.Lines = nil
	}
	if load.Parts&opportunity.PartContacts == 0 {
		s.Contacts = nil
	}
	if load.Parts&opportunity.PartCompetitors == 0 {
		s.Competitors = nil
	}
	if load.Parts&opportunity.PartCycles == 0 {
		s.Cycles = nil
	}
	if load.Parts&opportunity.PartActivities == 0 {
		s.Activities = nil
	}
	if load.Parts&opportunity.PartExpenses == 0 {
		s.Expenses = nil
	}
	if load.Parts&opportunity.PartDocuments == 0 {
		s.Documents = nil
	}
	if load.Parts&opportunity.PartEvaluations == 0 {
		s.Evaluations = nil
	}
	rec := opportunity.Record{Snapshot: s.Clone(), Viewer: d.member(load.Viewer)}
	if c := b.customers[d.Customer]; c != nil && load.CustomerOwner {
		rec.CustomerOwner = c.Customer.Owner
	}
	d.named(load, &rec)
	if load.Names {
		rec.Names = b.names(&rec.Snapshot)
	}
	seen := map[uuid.UUID]bool{}
	for _, a := range load.Archive {
		if e := b.archives[a]; e != nil && !seen[a] {
			seen[a] = true
			on := slices.ContainsFunc(d.Competitors, func(c opportunity.DealCompetitor) bool { return c.Competitor == a })
			rec.Archive = append(rec.Archive, opportunity.Named{Entry: e.Entry.Clone(), OnDeal: on})
		}
	}
	return rec, nil
}

// member returns a copy of a user's row in the team, or nil.
func (d *deal) member(user string) *opportunity.Member {
	if user == "" {
		return nil
	}
	for _, m := range d.Members {
		if m.User == user {
			return &m
		}
	}
	return nil
}

func (r opportunities) ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return uuid.Nil, err
	}
	id, ok := b.numbers[number]
	if !ok {
		return uuid.Nil, fault.NotFound("opportunity.not_found")
	}
	return id, nil
}

func (r opportunities) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	var f opportunity.Found
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return f, err
	}
	f.Customers, f.Contacts, f.Archive = b.customersOf(refs.Customers), b.contactsOf(refs.Contacts), b.archivesOf(refs.Archive)
	for _, p := range b.processes {
		if p.ID == refs.Process || (refs.Process == uuid.Nil && p.Default) {
			p := *p
			f.Process = &p
		}
	}
	return f, nil
}

func (r opportunities) Save(ctx context.Context, c opportunity.Change) error {
	t, id := r.t, c.Root.ID
	b, err := t.change(ctx, c.Root.Tenant)
	if err != nil {
		return err
	}
	old := b.deals[id]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(conflict("opportunity.changed"))
	}
	switch {
	case c.Delete:
		del(t, b.numbers, old.Number)
		del(t, b.deals, id)
	default:
		if owner, taken := b.numbers[c.Root.Number]; taken && owner != id {
			return t.fail(duplicate("opportunity.number.taken"))
		}
		var before opportunity.Snapshot
		if old != nil {
			before = old.Snapshot
		}
		s, err := apply(before, &c)
		if err != nil {
			return t.fail(err)
		}
		if old == nil || old.Number != s.Number {
			if old != nil {
				del(t, b.numbers, old.Number)
			}
			set(t, b.numbers, s.Number, id)
		}
		set(t, b.deals, id, &deal{s, text.FoldName(s.Name)})
	}
	if err := t.book(b, id, &c); err != nil {
		return t.fail(err)
	}
	t.log(b, c.Entries)
	return nil
}

// apply returns the state after a change. Parts that didn't change are those of
// the state before.
func apply(s opportunity.Snapshot, c *opportunity.Change) (opportunity.Snapshot, error) {
	for _, x := range c.AddedContacts {
		if slices.ContainsFunc(s.Contacts, func(y opportunity.DealContact) bool { return y.ContactKey == x.ContactKey }) {
			return s, duplicate("opportunity.contact.exists")
		}
	}
	for _, x := range c.AddedCompetitors {
		if slices.ContainsFunc(s.Competitors, func(y opportunity.DealCompetitor) bool { return y.Competitor == x.Competitor }) {
			return s, duplicate("opportunity.competitor.exists")
		}
	}
	s.Root, s.Loaded = c.Root.Clone(), opportunity.AllParts
	s.Members = merge(s.Members, c.Members, same[opportunity.Member],
		func(m opportunity.Member) string { return m.User }, strings.Compare, c.RemovedMembers)
	s.Lines = merge(s.Lines, c.Lines, opportunity.Line.Clone,
		func(l opportunity.Line) int { return l.Number }, cmp.Compare[int], c.RemovedLines)
	s.Contacts = merge(s.Contacts, slices.Concat(c.Contacts, c.AddedContacts), same[opportunity.DealContact],
		func(x opportunity.DealContact) opportunity.ContactKey { return x.ContactKey }, compareKeys, c.RemovedContacts)
	s.Competitors = merge(s.Competitors, slices.Concat(c.Competitors, c.AddedCompetitors), opportunity.DealCompetitor.Clone,
		func(x opportunity.DealCompetitor) uuid.UUID { return x.Competitor }, compareIDs, c.RemovedCompetitors)
	s.Activities = merge(s.Activities, c.Activities, same[opportunity.Activity],
		func(x opportunity.Activity) uuid.UUID { return x.ID }, compareIDs, c.RemovedActivities)
	s.Expenses = merge(s.Expenses, c.Expenses, same[opportunity.Expense],
		func(x opportunity.Expense) uuid.UUID { return x.ID }, compareIDs, c.RemovedExpenses)
	s.Documents = merge(s.Documents, c.Documents, same[opportunity.Document],
		func(d opportunity.Document) uuid.UUID { return d.ID }, compareIDs, c.RemovedDocuments)
	s.Evaluations = merge(s.Evaluations, c.Evaluations, opportunity.Evaluation.Clone,
		func(e opportunity.Evaluation) uuid.UUID { return e.ID }, compareIDs, c.RemovedEvaluations)
	if c.Cycle != nil {
		s.Cycles = merge(s.Cycles, []opportunity.Cycle{*c.Cycle}, opportunity.Cycle.Clone,
			func(x opportunity.Cycle) int { return x.Number }, cmp.Compare[int], nil)
	}
	return s, nil
}

func compareKeys(a, b opportunity.ContactKey) int {
	return cmp.Or(compareIDs(a.Contact, b.Contact), strings.Compare(string(a.Role), string(b.Role)))
}

// book ends the ledger's open row and begins the next one. Rows stay in place,
// so that a long ledger isn't copied with each change.
func (t *tx) book(b *books, id uuid.UUID, c *opportunity.Change) error {
	rows := b.ledger[id]
	if c.Prior != nil {
		i, ok := slices.BinarySearchFunc(rows, c.Prior.Seq, func(x opportunity.LedgerRow, seq int64) int { return cmp.Compare(x.Seq, seq) })
		if !ok {
			return fault.New(fault.ErrCorrupt, "ledger.missing", "the ledger lacks its open row")
		}
		old := rows[i]
		t.undo = append(t.undo, func() { rows[i] = old })
		rows[i].EffectiveTo, rows[i].RecordedTo = c.Prior.EffectiveTo, c.Prior.RecordedTo
	}
	if c.Next != nil {
		set(t, b.ledger, id, append(rows, c.Next.Clone()))
	}
	return nil
}

func (r opportunities) Ledger(ctx context.Context, tenant string, id uuid.UUID) ([]opportunity.LedgerRow, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(b.ledger[id])
	for i := range out {
		out[i] = out[i].Clone()
	}
	return out, nil
}

func (r opportunities) StoredDocuments(ctx context.Context, tenant string, ids []uuid.UUID) ([]uuid.UUID, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []uuid.UUID
	for _, d := range b.deals {
		for _, x := range d.Documents {
			if x.Stored && slices.Contains(ids, x.ID) {
				out = append(out, x.ID)
			}
		}
	}
	return out, nil
}
