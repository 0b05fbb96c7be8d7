package order

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// CustomerMerged puts the surviving customer in place of one that was merged
// into it, as customer, bill-to and end user, whatever the status: it is the
// same customer under another id (C08). Errors: ErrInvalid if the order isn't of
// the one that goes.
func (o *Order) CustomerMerged(from, into uuid.UUID, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	ev := &customerMerged{From: from, Customer: o.s.Customer, BillTo: o.s.BillTo, EndUser: o.s.EndUser}
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

// CustomerMerged puts the surviving customer in place of the one that was merged
// into it, whatever the status, of a sent quote too: it is the same customer under
// another id (C08). Errors: ErrInvalid if the quote isn't for the one that goes.
func (q *Quote) CustomerMerged(from, into uuid.UUID, at journal.Moment) error {
	if err := q.begin(at); err != nil {
		return err
	}
	if into == uuid.Nil || from == uuid.Nil || q.s.Customer != from {
		return fault.Invalid("quote.merge.invalid", fault.Field{Path: "/customer", Code: "not_found", Message: "isn't the customer of the quote"})
	}
	q.do(&quoteCustomerMerged{From: from, Customer: into}, at)
	return nil
}

func (*quoteCustomerMerged) name() string { return EventQuoteCustomerMerged }

func (e *quoteCustomerMerged) apply(s *QuoteSnapshot, _ journal.Moment) { s.Customer = e.Customer }
