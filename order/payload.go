package order

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Effect is the part of a payload that holds the event's changes.
type Effect struct {
	// Status is absent from entries from before v0.1.
	Status journal.FromTo[Status] `json:"status,omitzero"`
}

func (e *Effect) effect() *Effect { return e }

// CreatedPayload is a new draft.
type CreatedPayload struct {
	Root  Root   `json:"root"`
	Lines []Line `json:"lines"`
}

// Details are the fields that an update changes; a nil Reference didn't change.
type Details struct {
	Reference *string   `json:"reference,omitempty"`
	Due       []LineDue `json:"due,omitempty"`
}

// UpdatedPayload holds the new details, and in Before the previous ones.
type UpdatedPayload struct {
	Details
	Before *Details `json:"before,omitempty"`
}

// CustomerMergedPayload holds the order's customers after From was merged into
// another.
type CustomerMergedPayload struct {
	From     uuid.UUID `json:"from"`
	Customer uuid.UUID `json:"customer"`
	BillTo   uuid.UUID `json:"bill_to,omitzero"`
	EndUser  uuid.UUID `json:"end_user,omitzero"`
}

// ConfirmedPayload makes a draft binding.
type ConfirmedPayload struct{ Effect }

// ExecutedPayload holds the sales system's reports, and the new totals delivered,
// invoiced and received, with their changes.
type ExecutedPayload struct {
	Events    []ExecutionEvent `json:"events"`
	Delivered money.Money      `json:"delivered"`
	Invoiced  money.Money      `json:"invoiced"`
	Received  money.Money      `json:"received"`
	Changes   ExecutedChanges  `json:"changes,omitzero"`
	Effect
}

// ExecutedChanges are the totals that a report changed; unchanged ones are
// omitted.
type ExecutedChanges struct {
	Delivered opportunity.AmountFromTo `json:"delivered,omitzero"`
	Invoiced  opportunity.AmountFromTo `json:"invoiced,omitzero"`
	Received  opportunity.AmountFromTo `json:"received,omitzero"`
}

// CompletedPayload is the completion of an order. Reason is empty if it completed
// automatically (Q08).
type CompletedPayload struct {
	Reason string `json:"reason,omitempty"`
	Effect
}

// CancelledPayload is the cancellation of an order for a reason.
type CancelledPayload struct {
	Reason string `json:"reason"`
	Effect
}

// EnabledPayload enables the sales system.
type EnabledPayload struct{}

// DisabledPayload disables it.
type DisabledPayload struct{}

// Initialisation holds the settings of an initialisation.
type Initialisation InitialiseInput

// InitialisedPayload holds the new settings, and the previous ones if it was
// initialised before.
type InitialisedPayload struct {
	Initialisation
	Before *Initialisation `json:"before,omitempty"`
}
