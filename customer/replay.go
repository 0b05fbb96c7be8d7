package customer

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// The apply functions are the only ones that change a record. They depend only on
// their arguments. An event that can't follow the previous ones makes the record
// unfit.

// unfit clears the id, which Replay detects.
func (r *Record) unfit(is bool) {
	if is {
		r.Customer.ID = uuid.Nil
	}
}

func (p *CreatedPayload) apply(r *Record, _ journal.Moment) { r.Customer = p.Customer }

func (p *UpdatedPayload) apply(r *Record, _ journal.Moment) {
	status := r.Customer.Status
	r.Customer = p.Customer
	r.Customer.Status = status
}

func (p *StatusChangedPayload) apply(r *Record, _ journal.Moment) {
	r.unfit(r.Customer.Status != p.From)
	r.Customer.Status = p.To
}

func (p *MergedPayload) apply(r *Record, _ journal.Moment) {
	for _, c := range p.Contacts {
		r.insert(c)
	}
	if r.Customer.Parent == p.Loser { // it would be its own parent
		r.Customer.Parent = uuid.Nil
	}
}

func (p *MergedAwayPayload) apply(r *Record, _ journal.Moment) {
	r.Customer.Status, r.Customer.MergedInto, r.Customer.Parent = Inactive, p.Into, uuid.Nil
	r.Contacts = nil
	r.unfit(p.Into == uuid.Nil)
}

func (p *ContactAddedPayload) apply(r *Record, at journal.Moment) {
	r.insert(p.Contact)
	r.demote(p.Demoted, at)
}

func (p *ContactUpdatedPayload) apply(r *Record, at journal.Moment) {
	r.change(p.Contact.ID, at, func(c *Contact) { *c = p.Contact })
	r.demote(p.Demoted, at)
}

func (p *ContactPrimarySetPayload) apply(r *Record, at journal.Moment) {
	r.change(p.Contact, at, func(c *Contact) { c.Primary = true })
	r.demote(p.Demoted, at)
}

func (p *ContactStatusChangedPayload) apply(r *Record, at journal.Moment) {
	r.change(p.Contact, at, func(c *Contact) { c.Active, c.Primary = p.Active, c.Primary && p.Active })
}

func (p *ContactRemovedPayload) apply(r *Record, _ journal.Moment) {
	i, ok := find(r.Contacts, p.Contact)
	r.unfit(!ok)
	if ok {
		r.Contacts = slices.Delete(r.Contacts, i, i+1)
	}
}

func (r *Record) insert(c Contact) {
	i, taken := find(r.Contacts, c.ID)
	r.unfit(taken)
	r.Contacts = slices.Insert(r.Contacts, i, c)
}

func (r *Record) change(id uuid.UUID, at journal.Moment, do func(*Contact)) {
	i, ok := find(r.Contacts, id)
	r.unfit(!ok)
	if ok {
		do(&r.Contacts[i])
		r.Contacts[i].Updated = at.Recorded
	}
}

func (r *Record) demote(id uuid.UUID, at journal.Moment) {
	if id != uuid.Nil {
		r.change(id, at, func(c *Contact) { c.Primary = false })
	}
}
