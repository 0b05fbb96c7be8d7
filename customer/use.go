package customer

import "github.com/pursuit-crm/pursuit/fault"

// TakesOpportunity says whether a new opportunity may be recorded for the
// customer, be it as customer, bill-to or end user. Existing ones go on (C04).
// Errors: ErrNotAllowed ("customer.inactive").
func (c Customer) TakesOpportunity() error {
	if c.Status == Inactive {
		return fault.NotAllowed("customer.inactive", "the customer is inactive")
	}
	return nil
}

// TakesOrder says whether an order may be made for the customer (O18).
// Errors: ErrNotAllowed ("customer.prospect").
func (c Customer) TakesOrder() error {
	if c.Status == Prospect {
		return fault.NotAllowed("customer.prospect", "the customer is still a prospect")
	}
	return nil
}
