package order

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// CustomerMerged replaces a merged customer with its survivor, as customer,
// bill-to and end user, whatever the status: it is the same customer under
// another id (C08). Errors: ErrInvalid if the order isn't for the merged
// customer.
func (o *Order) CustomerMerged(from, into uuid.UUID, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	ev := &CustomerMergedPayload{From: from, Customer: o.s.Customer, BillTo: o.s.BillTo, EndUser: o.s.EndUser}
	found := false
	for _, id := range []*uuid.UUID{&ev.Customer, &ev.BillTo, &ev.EndUser} {
		if *id == from {
			*id, found = into, true
		}
	}
	if into == uuid.Nil || from == uuid.Nil || !found {
		return fault.Invalid("order.merge.invalid", fault.Field{Path: "/customer", Code: "not_found", Message: "isn't a customer of the order"})
	}
	if ev.BillTo == ev.Customer {
		ev.BillTo = uuid.Nil
	}
	if ev.EndUser == ev.Customer {
		ev.EndUser = uuid.Nil
	}
	o.do(ev, at)
	return nil
}
