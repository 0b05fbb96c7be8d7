package quote

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// CustomerMerged replaces a merged customer with its survivor, whatever the
// status, even of a sent quote: it is the same customer under another id (C08).
// Errors: ErrInvalid if the quote isn't for the merged customer.
func (q *Quote) CustomerMerged(from, into uuid.UUID, at journal.Moment) error {
	if err := q.begin(at); err != nil {
		return err
	}
	if into == uuid.Nil || from == uuid.Nil || q.s.Customer != from {
		return fault.Invalid("quote.merge.invalid", fault.Field{Path: "/customer", Code: "not_found", Message: "isn't the customer of the quote"})
	}
	q.do(&CustomerMergedPayload{From: from, Customer: into}, at)
	return nil
}
