package opportunity

import (
	"maps"
	"slices"
)

// Clone returns a deep copy.
func (r Root) Clone() Root {
	r.Override, r.Accepted = pointee(r.Override), pointee(r.Accepted)
	r.Attributes = maps.Clone(r.Attributes)
	r.CycleDays = pointee(r.CycleDays)
	r.PrimaryContact = pointee(r.PrimaryContact)
	if r.Outcome != nil {
		out := r.Outcome.Clone()
		r.Outcome = &out
	}
	r.Ticks = slices.Clone(r.Ticks)
	r.Approvals = slices.Clone(r.Approvals)
	r.Counts = r.Counts.Clone()
	return r
}

// Clone returns a deep copy.
func (s Snapshot) Clone() Snapshot {
	s.Root = s.Root.Clone()
	s.Members = slices.Clone(s.Members)
	s.Lines = each(s.Lines, Line.Clone)
	s.Contacts = slices.Clone(s.Contacts)
	s.Competitors = each(s.Competitors, DealCompetitor.Clone)
	s.Cycles = each(s.Cycles, Cycle.Clone)
	s.Activities = slices.Clone(s.Activities)
	s.Expenses = slices.Clone(s.Expenses)
	s.Documents = slices.Clone(s.Documents)
	s.Evaluations = each(s.Evaluations, Evaluation.Clone)
	return s
}

// Clone returns a deep copy.
func (c Counts) Clone() Counts {
	c.DocumentKinds = maps.Clone(c.DocumentKinds)
	c.Scores = maps.Clone(c.Scores)
	return c
}

// Clone returns a deep copy. (Decimals are immutable values.)
func (l Line) Clone() Line {
	l.Tax = pointee(l.Tax)
	return l
}

// Clone returns a deep copy.
func (c DealCompetitor) Clone() DealCompetitor {
	c.Price = pointee(c.Price)
	return c
}

// Clone returns a deep copy.
func (o Outcome) Clone() Outcome {
	o.Reasons = slices.Clone(o.Reasons)
	o.CompetitorPrice = pointee(o.CompetitorPrice)
	return o
}

// Clone returns a deep copy.
func (c Cycle) Clone() Cycle {
	c.Outcome = c.Outcome.Clone()
	c.CycleDays = pointee(c.CycleDays)
	return c
}

// Clone returns a deep copy.
func (r LedgerRow) Clone() LedgerRow {
	r.CycleDays = pointee(r.CycleDays)
	return r
}

func pointee[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// each clones a list with its elements; nil stays nil.
func each[T any](list []T, clone func(T) T) []T {
	list = slices.Clone(list)
	for i := range list {
		list[i] = clone(list[i])
	}
	return list
}
