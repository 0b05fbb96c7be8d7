package quote

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
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

// UpdatedPayload holds the new and the previous content of a draft.
type UpdatedPayload struct {
	Content Content  `json:"content"`
	Before  *Content `json:"before,omitempty"`
	// Lines and LinesBefore are all new and all previous lines; nil if none
	// changed.
	Lines       []Line `json:"lines,omitempty"`
	LinesBefore []Line `json:"lines_before,omitempty"`
}

// SentPayload is a sent offer, with the opportunity's customer at that time.
type SentPayload struct {
	Customer uuid.UUID   `json:"customer"`
	Net      money.Money `json:"net,omitzero"`
	Gross    money.Money `json:"gross,omitzero"`
	Effect
}

// CustomerMergedPayload holds the customer after From was merged into it.
type CustomerMergedPayload struct {
	From     uuid.UUID `json:"from"`
	Customer uuid.UUID `json:"customer"`
}

// AcceptedPayload is the customer's acceptance.
type AcceptedPayload struct {
	Note  string      `json:"note,omitempty"`
	Net   money.Money `json:"net,omitzero"`
	Gross money.Money `json:"gross,omitzero"`
	Effect
}

// RejectedPayload is the customer's rejection.
type RejectedPayload struct {
	Reason string `json:"reason,omitempty"`
	Effect
}

// WithdrawnPayload is a withdrawn offer.
type WithdrawnPayload struct {
	Reason string `json:"reason,omitempty"`
	Effect
}

// ExpiredPayload is an offer whose validity had passed on a day.
type ExpiredPayload struct {
	AsOf calendar.Date `json:"as_of"`
	Effect
}

// ExtendedPayload holds the new last day for acceptance, and in From the previous
// one.
type ExtendedPayload struct {
	From  calendar.Date `json:"from,omitzero"`
	Until calendar.Date `json:"until"`
	Effect
}

// RevisedPayload starts the revision after From.
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
