package quote

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

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
	q.do(&CustomerMergedPayload{From: from, Customer: into}, at)
	return nil
}
