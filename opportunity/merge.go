package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// CustomerMerged puts the surviving customer in place of one that was merged
// into it, as customer, bill-to and end user, whatever the status: it is the
// same customer under another id (C08). Errors: ErrInvalid if the deal isn't
// with the one that goes.
func (o *Opportunity) CustomerMerged(from, into uuid.UUID, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if into == uuid.Nil || !o.s.with(from) {
		return fault.Invalid("opportunity.merge.invalid", fault.Field{Path: "/customer", Code: "not_found", Message: "isn't a customer of the deal"})
	}
	r := Root{Customer: o.s.Customer, BillTo: o.s.BillTo, EndUser: o.s.EndUser}
	for _, id := range []*uuid.UUID{&r.Customer, &r.BillTo, &r.EndUser} {
		if *id == from {
			*id = into
		}
	}
	r.sameCustomers()
	o.do(&customerMerged{From: from, Customer: r.Customer, BillTo: r.BillTo, EndUser: r.EndUser}, at)
	return nil
}
