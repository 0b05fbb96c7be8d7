package order

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Effect is the part of a payload that says what the event changed.
type Effect struct {
	// Status is the change of the status; entries of before v0.1 lack it.
	Status journal.FromTo[Status] `json:"status,omitzero"`
}

func (e *Effect) effect() *Effect { return e }

// CreatedPayload is a new draft.
type CreatedPayload struct {
	Root  Root   `json:"root"`
	Lines []Line `json:"lines"`
}

// Details are those that an update changes; a nil Reference stayed as it was.
type Details struct {
	Reference *string   `json:"reference,omitempty"`
	Due       []LineDue `json:"due,omitempty"`
}

// UpdatedPayload has the details as they are now. Before has the same ones as they
// were.
type UpdatedPayload struct {
	Details
	Before *Details `json:"before,omitempty"`
}

// CustomerMergedPayload has the order's customers after From was merged into another.
type CustomerMergedPayload struct {
	From     uuid.UUID `json:"from"`
	Customer uuid.UUID `json:"customer"`
	BillTo   uuid.UUID `json:"bill_to,omitzero"`
	EndUser  uuid.UUID `json:"end_user,omitzero"`
}

// ConfirmedPayload makes a draft binding.
type ConfirmedPayload struct{ Effect }

// ExecutedPayload is what the sales system reported, and what is delivered, invoiced
// and received in all since. Changes are of these three.
type ExecutedPayload struct {
	Events    []ExecutionEvent `json:"events"`
	Delivered money.Money      `json:"delivered"`
	Invoiced  money.Money      `json:"invoiced"`
	Received  money.Money      `json:"received"`
	Changes   ExecutedChanges  `json:"changes,omitzero"`
	Effect
}

// ExecutedChanges are the totals that a report changed. Those that stayed are left
// out.
type ExecutedChanges struct {
	Delivered opportunity.AmountFromTo `json:"delivered,omitzero"`
	Invoiced  opportunity.AmountFromTo `json:"invoiced,omitzero"`
	Received  opportunity.AmountFromTo `json:"received,omitzero"`
}

// CompletedPayload is the end of an order. Reason is empty if it completed by itself
// (Q08).
type CompletedPayload struct {
	Reason string `json:"reason,omitempty"`
	Effect
}

// CancelledPayload is the end of an order for a reason.
type CancelledPayload struct {
	Reason string `json:"reason"`
	Effect
}

// EnabledPayload switches the sales system on.
type EnabledPayload struct{}

// DisabledPayload switches it off.
type DisabledPayload struct{}

// Initialisation is what an initialisation sets.
type Initialisation InitialiseInput

// InitialisedPayload is what is set now, and was before, if it was initialised.
type InitialisedPayload struct {
	Initialisation
	Before *Initialisation `json:"before,omitempty"`
}
