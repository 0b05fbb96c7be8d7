package storagetest

import (
	"time"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// fullDeal fills every field of an opportunity, and sets by hand only counts and
// references to existing records.
func (b *books) fullDeal(f *filler) opportunity.Snapshot {
	s := filled[opportunity.Snapshot](f)
	s.Tenant, s.ID, s.Version, s.Loaded, s.Currency = b.tenant, b.e.id(), 1, opportunity.AllParts, cny
	s.Customer, s.BillTo, s.EndUser, s.Source = b.customer.ID, b.second.ID, b.second.ID, b.source.ID
	s.Process, s.ProcessVersion = b.process.ID, b.version.VersionID
	b.fixOutcome(s.Outcome)
	s.Contacts = s.Contacts[:1]
	s.Contacts[0].Contact = b.contact.ID
	s.PrimaryContact = &opportunity.ContactKey{Contact: b.contact.ID, Role: s.Contacts[0].Role}
	s.Competitors = s.Competitors[:1]
	s.Competitors[0].Competitor = b.rival.ID
	s.Cycles = nil
	for i := range s.Expenses {
		s.Expenses[i].Category = b.source.ID // any entry: its kind is the domain's concern
	}
	for i := range s.Documents {
		s.Documents[i].Kind = b.source.ID
	}
	for i := range s.Evaluations {
		s.Evaluations[i].Scorecard = b.rival.ID
	}
	return s
}

// past makes the current cycle a past one, with every field filled.
func past(f *filler, s *opportunity.Snapshot) opportunity.Cycle {
	c := filled[opportunity.Cycle](f)
	c.Number, c.Outcome = s.Cycle, *s.Outcome
	return c
}

func (b *books) fixOutcome(o *opportunity.Outcome) {
	o.Reasons[0].Reason, o.Reasons[1].Reason = b.why.ID, b.lost.ID
	o.Competitor = b.rival.ID
}

func (b *books) fullRow(f *filler, s *opportunity.Snapshot, seq int64) opportunity.LedgerRow {
	r := filled[opportunity.LedgerRow](f)
	r.Opportunity, r.Seq, r.EffectiveTo, r.RecordedTo = s.ID, seq, time.Time{}, time.Time{}
	r.Customer, r.Source, r.Process = s.Customer, s.Source, s.Process
	return r
}

func (e *env) fullOrder(f *filler, b *books, d *opportunity.Snapshot) order.Snapshot {
	s := filled[order.Snapshot](f)
	s.Tenant, s.ID, s.Version, s.Currency, s.EventsLoaded = b.tenant, e.id(), 1, cny, true
	s.Opportunity, s.Customer, s.BillTo, s.EndUser = d.ID, d.Customer, b.second.ID, b.second.ID
	return s
}

func fullProcess(f *filler, e *env) stage.Process {
	p := filled[stage.Process](f)
	p.ID, p.VersionID, p.Version = e.id(), e.id(), 1
	return p
}
