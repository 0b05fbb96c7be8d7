package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// CustomerMerged replaces a merged customer with its survivor, as customer,
// bill-to and end user, whatever the status: it is the same customer under
// another id (C08). found holds the contacts of both customers that are on the
// opportunity. External contacts that now belong to one of its customers are no
// longer external (C13); if only the survivor is a party, that is the only
// change. It needs PartContacts, if there are any. Errors: ErrInvalid if neither
// customer is a party.
func (o *Opportunity) CustomerMerged(from, into uuid.UUID, found Found, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if into == uuid.Nil || !o.s.with(from) && !o.s.with(into) {
		return fault.Invalid("opportunity.merge.invalid", fault.Field{Path: "/customer", Code: "not_found", Message: "isn't a customer of the deal"})
	}
	r := Root{Customer: o.s.Customer, BillTo: o.s.BillTo, EndUser: o.s.EndUser}
	for _, id := range []*uuid.UUID{&r.Customer, &r.BillTo, &r.EndUser} {
		if *id == from {
			*id = into
		}
	}
	r.sameCustomers()
	contacts := slices.Clone(found.Contacts)
	for i := range contacts {
		if contacts[i].Customer == from {
			contacts[i].Customer = into
		}
	}
	inside, err := o.inside(&r, contacts)
	if err != nil {
		return err
	}
	o.do(&CustomerMergedPayload{From: from, Customer: r.Customer, BillTo: r.BillTo, EndUser: r.EndUser, Inside: inside}, at)
	o.insideChanged(inside)
	return nil
}

// inside returns the external contacts that belong to r's customers (C13). It
// needs PartContacts, if there are any.
func (o *Opportunity) inside(r *Root, found []customer.Contact) (out []uuid.UUID, err error) {
	if o.s.Counts.Contacts == 0 {
		return nil, nil
	}
	if err := o.needs(PartContacts); err != nil {
		return nil, err
	}
	for _, c := range o.s.Contacts {
		ours := slices.ContainsFunc(found, func(x customer.Contact) bool { return x.ID == c.Contact && r.with(x.Customer) })
		if c.External && ours && !slices.Contains(out, c.Contact) {
			out = append(out, c.Contact)
		}
	}
	return out, nil
}

// insideChanged writes the contacts that are no longer external.
func (o *Opportunity) insideChanged(ids []uuid.UUID) {
	for _, c := range o.s.Contacts {
		if slices.Contains(ids, c.Contact) {
			o.dirty.Contacts = append(o.dirty.Contacts, c)
		}
	}
}

// takeInside marks contacts as contacts of the opportunity's customers, in every
// role.
func (s *Snapshot) takeInside(ids []uuid.UUID) {
	if len(ids) == 0 || !s.has(PartContacts) {
		return
	}
	s.Contacts = slices.Clone(s.Contacts)
	for i := range s.Contacts {
		if slices.Contains(ids, s.Contacts[i].Contact) {
			s.Contacts[i].External = false
		}
	}
}
