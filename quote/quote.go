package quote

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// Content is the content of a quote's revision. All money is in the quote's
// currency.
type Content struct {
	Title string `json:"title,omitempty"`
	// Terms are the terms of payment and delivery, as free text.
	Terms string `json:"terms,omitempty"`
	// ValidUntil is the last day on which the quote can be accepted, in the
	// tenant's time zone; zero means no end (Q03).
	ValidUntil calendar.Date `json:"valid_until,omitzero"`
	// Discount is on the whole quote, in percent of the subtotal; DiscountAmount
	// is the alternative. One of them is zero.
	Discount       decimal.Decimal `json:"discount"`
	DiscountAmount money.Money     `json:"discount_amount"`
	// Subtotal is the sum of the lines' amounts, and Discounted the discount on
	// the whole quote. Both include tax if prices do.
	Subtotal   money.Money `json:"subtotal"`
	Discounted money.Money `json:"discounted"`
	// Net is without tax; Gross is Net + Tax.
	Net   money.Money `json:"net"`
	Tax   money.Money `json:"tax"`
	Gross money.Money `json:"gross"`
	Lines int         `json:"lines"`
}

// Root is a quote's own row, with the content of its active revision (Q02).
type Root struct {
	ID     uuid.UUID `json:"id"`
	Tenant string    `json:"tenant"`
	// Number is unique per tenant: "QUO-2026-000123".
	Number string `json:"number"`
	// Revision counts from 1.
	Revision    int            `json:"revision"`
	Opportunity uuid.UUID      `json:"opportunity"`
	Customer    uuid.UUID      `json:"customer"`
	Currency    money.Currency `json:"currency"`
	// TaxTreatment is the sales system's when the quote was created.
	TaxTreatment money.TaxTreatment `json:"tax_treatment"`
	Status       Status             `json:"status"`
	Content
	Created time.Time `json:"created"`
	// Updated is when the last change was recorded, and Effective when it took effect.
	Updated   time.Time `json:"updated,omitzero"`
	Effective time.Time `json:"effective,omitzero"`
	// SentAt is when the active revision was sent, and DecidedAt when it was
	// accepted, rejected, withdrawn or superseded, or expired; each is zero until
	// then.
	SentAt    time.Time `json:"sent_at,omitzero"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	// Reason explains why it was rejected or withdrawn.
	Reason  string       `json:"reason,omitempty"`
	Version int64        `json:"version,omitzero"`
	Head    journal.Head `json:"head,omitzero"`
}

// Line is a line of a quote (L01).
type Line struct {
	Number      int              `json:"number"`
	Product     string           `json:"product,omitempty"`
	Description string           `json:"description,omitempty"`
	Quantity    decimal.Decimal  `json:"quantity"`
	Unit        string           `json:"unit,omitempty"`
	Price       decimal.Decimal  `json:"price"`
	Discount    decimal.Decimal  `json:"discount"`
	Tax         *decimal.Decimal `json:"tax,omitempty"`
	// Amount is round(quantity × price × (1 − discount)). It includes tax if
	// prices do.
	Amount money.Money `json:"amount"`
	// Share is the line's share of the discount on the whole quote.
	Share money.Money `json:"share"`
	// Net and TaxAmount are the line's shares of the totals of its tax rate.
	Net       money.Money `json:"net"`
	TaxAmount money.Money `json:"tax_amount"`
}

// Revision is a past revision, which never changes (Q02).
type Revision struct {
	Number int `json:"number"`
	// Status is its last status before it was superseded.
	Status Status `json:"status"`
	Content
	SentAt    time.Time `json:"sent_at,omitzero"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	// Reason explains its rejection or withdrawal.
	Reason string `json:"reason,omitempty"`
	// Superseded is when the next revision was started.
	Superseded time.Time `json:"superseded"`
	Items      []Line    `json:"items"`
}

// Snapshot is a quote in its stored and wire form: the root and, if loaded, the
// active revision's lines by number, and past revisions by number.
type Snapshot struct {
	Root
	ItemsLoaded bool       `json:"items_loaded,omitempty"`
	Items       []Line     `json:"items,omitempty"`
	PastLoaded  bool       `json:"past_loaded,omitempty"`
	Past        []Revision `json:"past,omitempty"`
}

// Change is everything that one command on a quote writes, atomically.
type Change struct {
	// Root is the new state; Root.Version is Expected + 1.
	Root Root
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Past, if not nil, is the revision before Root.Revision, which has ended.
	// Its lines stay as stored, and Past.Items are ignored.
	Past *Revision
	// Lines are those of Root.Revision, to be written whole: inserted or replaced
	// by number.
	Lines        []Line
	RemovedLines []int
	// Entries are the command's, including those of the quote's opportunity.
	Entries []journal.Entry
}
