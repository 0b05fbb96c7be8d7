package quote

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
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

// UpdatedPayload is what a draft offers now, and offered before.
type UpdatedPayload struct {
	Content Content  `json:"content"`
	Before  *Content `json:"before,omitempty"`
	// Lines are all that there are now, and LinesBefore were; nil if none changed.
	Lines       []Line `json:"lines,omitempty"`
	LinesBefore []Line `json:"lines_before,omitempty"`
}

// SentPayload is an offer that was made, to the opportunity's customer of then.
type SentPayload struct {
	Customer uuid.UUID   `json:"customer"`
	Net      money.Money `json:"net,omitzero"`
	Gross    money.Money `json:"gross,omitzero"`
	Effect
}

// CustomerMergedPayload is the customer after From was merged into it.
type CustomerMergedPayload struct {
	From     uuid.UUID `json:"from"`
	Customer uuid.UUID `json:"customer"`
}

// AcceptedPayload is the customer's yes.
type AcceptedPayload struct {
	Note  string      `json:"note,omitempty"`
	Net   money.Money `json:"net,omitzero"`
	Gross money.Money `json:"gross,omitzero"`
	Effect
}

// RejectedPayload is the customer's no.
type RejectedPayload struct {
	Reason string `json:"reason,omitempty"`
	Effect
}

// WithdrawnPayload is an offer that was taken back.
type WithdrawnPayload struct {
	Reason string `json:"reason,omitempty"`
	Effect
}

// ExpiredPayload is an offer whose validity had passed on a day.
type ExpiredPayload struct {
	AsOf calendar.Date `json:"as_of"`
	Effect
}

// ExtendedPayload is the last day on which the offer can be accepted now, and From
// the one before.
type ExtendedPayload struct {
	From  calendar.Date `json:"from,omitzero"`
	Until calendar.Date `json:"until"`
	Effect
}

// RevisedPayload begins the revision after From.
type RevisedPayload struct {
	Reason string `json:"reason,omitempty"`
	From   int    `json:"from"`
	Effect
}

// SupersededPayload ends an offer because another quote, By, was accepted.
type SupersededPayload struct {
	By uuid.UUID `json:"by"`
	Effect
}
