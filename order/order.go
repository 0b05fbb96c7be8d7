package order

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// Root is an order's own row. All money is in Currency (Q07).
type Root struct {
	ID     uuid.UUID `json:"id"`
	Tenant string    `json:"tenant"`
	// Number is unique per tenant: "ORD-2026-000123".
	Number      string         `json:"number"`
	Opportunity uuid.UUID      `json:"opportunity"`
	Customer    uuid.UUID      `json:"customer"`
	BillTo      uuid.UUID      `json:"bill_to,omitzero"`
	EndUser     uuid.UUID      `json:"end_user,omitzero"`
	Department  string         `json:"department,omitempty" host:"department"`
	Owner       string         `json:"owner" host:"user"`
	Currency    money.Currency `json:"currency"`
	Status      Status         `json:"status"`
	// Reference is the customer's own order number.
	Reference string `json:"reference,omitempty"`
	// TaxTreatment is the basis of the lines' amounts, Total and Delivered: net
	// for TaxExclusive, gross for TaxInclusive. It is empty on orders from before
	// it existed, which have no tax.
	TaxTreatment money.TaxTreatment `json:"tax_treatment,omitempty"`
	// Total is the exact sum of the lines' amounts (Q07). Gross is the amount to
	// be invoiced and received for it: Total plus, for TaxExclusive, the tax.
	Total money.Money `json:"total"`
	Gross money.Money `json:"gross"`
	// OverDelivery is the allowed excess over the ordered quantity, in percent
	// (Q07).
	OverDelivery decimal.Decimal `json:"over_delivery"`
	// Delivered, Invoiced and Received are less returns, credit notes and
	// refunds, kept for lists. Delivered is in the terms of Total; Invoiced and
	// Received are as documented, tax included, in the terms of Gross.
	Delivered money.Money `json:"delivered"`
	Invoiced  money.Money `json:"invoiced"`
	Received  money.Money `json:"received"`
	Created   time.Time   `json:"created"`
	// Updated is when the last change was recorded, and Effective when it took effect.
	Updated   time.Time `json:"updated,omitzero"`
	Effective time.Time `json:"effective,omitzero"`
	// The times of status changes; zero if they haven't happened.
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	CompletedAt time.Time `json:"completed_at,omitzero"`
	CancelledAt time.Time `json:"cancelled_at,omitzero"`
	// Reason explains why it was cancelled, or completed by command (Q08, Q09).
	Reason  string       `json:"reason,omitempty"`
	Lines   int          `json:"lines"`
	Version int64        `json:"version,omitzero"`
	Head    journal.Head `json:"head,omitzero"`
}

// Line is a line of an order, copied from the opportunity's (Q04).
type Line struct {
	Number      int              `json:"number"`
	Product     string           `json:"product,omitempty"`
	Description string           `json:"description,omitempty"`
	Quantity    decimal.Decimal  `json:"quantity"`
	Unit        string           `json:"unit,omitempty"`
	Price       decimal.Decimal  `json:"price"`
	Discount    decimal.Decimal  `json:"discount"`
	Tax         *decimal.Decimal `json:"tax,omitempty"`
	Amount      money.Money      `json:"amount"`
	// Due is the agreed delivery date, if any.
	Due calendar.Date `json:"due,omitzero"`
}

// EventKind is a kind of report.
type EventKind string

// The kinds of execution events.
const (
	Delivery   EventKind = "delivery"
	Return     EventKind = "return"
	Invoice    EventKind = "invoice"
	CreditNote EventKind = "credit_note"
	Receipt    EventKind = "receipt"
	Refund     EventKind = "refund"
)

// ExecutionEvent is a report of the sales system on one line of an order.
type ExecutionEvent struct {
	// External is the sales system's id of the event, unique per order and line.
	// Repeating it changes nothing (Q06).
	External string    `json:"external"`
	Kind     EventKind `json:"kind"`
	// Line is the order line's number; 0 for receipts and refunds of the whole
	// order.
	Line     int             `json:"line,omitempty"`
	Quantity decimal.Decimal `json:"quantity"`
	Amount   money.Money     `json:"amount"`
	On       calendar.Date   `json:"on"`
	// Advance marks a receipt before its invoice 预收 (Q07).
	Advance  bool      `json:"advance,omitempty"`
	Note     string    `json:"note,omitempty"`
	Recorded time.Time `json:"recorded"`
	By       string    `json:"by" host:"user"`
}

// Snapshot is an order in its stored form: the root, the lines by number and, if
// loaded, its events by Recorded, then External and Line.
type Snapshot struct {
	Root
	Items        []Line           `json:"items"`
	EventsLoaded bool             `json:"events_loaded,omitempty"`
	Events       []ExecutionEvent `json:"events,omitempty"`
}

// Settings are the settings of a tenant's sales system (Q01).
type Settings struct {
	Tenant      string `json:"tenant"`
	Enabled     bool   `json:"enabled"`
	Initialised bool   `json:"initialised"`
	// The initialisation sets BaseCurrency 本币, NumberPrefix ("ORD") and
	// TaxTreatment.
	BaseCurrency money.Currency     `json:"base_currency,omitempty"`
	NumberPrefix string             `json:"number_prefix,omitempty"`
	TaxTreatment money.TaxTreatment `json:"tax_treatment,omitempty"`
	// SeveralOrders allows more than one uncancelled order of an opportunity
	// (Q04).
	SeveralOrders bool            `json:"several_orders,omitempty"`
	OverDelivery  decimal.Decimal `json:"over_delivery"`
	// Version counts changes; 0 means that nothing was ever set.
	Version int64 `json:"version"`
	// Updated is when the last change was recorded, and Effective when it took effect.
	Updated   time.Time    `json:"updated"`
	Effective time.Time    `json:"effective,omitzero"`
	Head      journal.Head `json:"head"`
}
