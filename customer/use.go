package customer

import "github.com/pursuit-crm/pursuit/fault"

// TakesOpportunity returns nil if a new opportunity may name the customer, as
// customer, bill-to or end user. Existing ones continue (C04). Errors:
// ErrNotAllowed ("customer.inactive").
func (c Customer) TakesOpportunity() error {
	if c.Status == Inactive {
		return fault.NotAllowed("customer.inactive", "the customer is inactive")
	}
	return nil
}

// TakesOrder returns nil if an order may be created for the customer (O18).
// Errors: ErrNotAllowed ("customer.prospect").
func (c Customer) TakesOrder() error {
	if c.Status == Prospect {
		return fault.NotAllowed("customer.prospect", "the customer is still a prospect")
	}
	return nil
}
