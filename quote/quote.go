package quote

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// Content is what a revision of a quote offers. All money is in the quote's
// currency.
type Content struct {
	Title string `json:"title,omitempty"`
	// Terms are those of payment and delivery, in free text.
	Terms string `json:"terms,omitempty"`
	// ValidUntil is the last day on which the quote can be accepted, in the tenant's
	// time zone; zero for no end (Q03).
	ValidUntil calendar.Date `json:"valid_until,omitzero"`
	// Discount is on the whole quote, in percent of the subtotal; DiscountAmount is
	// given instead of it. One of them is zero.
	Discount       decimal.Decimal `json:"discount"`
	DiscountAmount money.Money     `json:"discount_amount"`
	// Subtotal is the sum of the lines' amounts, and Discounted what the discount on
	// the whole quote takes off; both as prices are: with or without tax.
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
	// TaxTreatment is the sales system's when the quote was made.
	TaxTreatment money.TaxTreatment `json:"tax_treatment"`
	Status       Status             `json:"status"`
	Content
	Created time.Time `json:"created"`
	// Updated is when the last change was recorded, and Effective when it took effect.
	Updated   time.Time `json:"updated,omitzero"`
	Effective time.Time `json:"effective,omitzero"`
	// SentAt is when the active revision was sent, and DecidedAt when it was
	// accepted, rejected, withdrawn or superseded, or expired; zero before that.
	SentAt    time.Time `json:"sent_at,omitzero"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	// Reason is why it was rejected or withdrawn.
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
	// Amount is round(quantity × price × (1 − discount)), with or without tax as
	// prices are.
	Amount money.Money `json:"amount"`
	// Share is the line's share of the discount on the whole quote.
	Share money.Money `json:"share"`
	// Net and TaxAmount are the line's shares of the totals of its tax rate.
	Net       money.Money `json:"net"`
	TaxAmount money.Money `json:"tax_amount"`
}

// Revision is a past revision: nothing changes it any more (Q02).
type Revision struct {
	Number int `json:"number"`
	// Status is the one that it had; it is superseded since.
	Status Status `json:"status"`
	Content
	SentAt    time.Time `json:"sent_at,omitzero"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	// Reason is that of its rejection or withdrawal.
	Reason string `json:"reason,omitempty"`
	// Superseded is when the next revision was begun.
	Superseded time.Time `json:"superseded"`
	Items      []Line    `json:"items"`
}

// Snapshot is a quote as stored and as sent: the root; the active
// revision's lines by number, and past revisions by number, if they were loaded.
type Snapshot struct {
	Root
	ItemsLoaded bool       `json:"items_loaded,omitempty"`
	Items       []Line     `json:"items,omitempty"`
	PastLoaded  bool       `json:"past_loaded,omitempty"`
	Past        []Revision `json:"past,omitempty"`
}

// Change is what one command on a quote writes, all of it or nothing.
type Change struct {
	// Root is the new state; Root.Version is Expected + 1.
	Root Root
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Past, if not nil, is the revision before Root.Revision, which ends: its
	// lines stay as they are stored, and Past.Items are ignored.
	Past *Revision
	// Lines are of Root.Revision, written whole: inserted or replaced by number.
	Lines        []Line
	RemovedLines []int
	// Entries are the command's, those of the quote's opportunity included.
	Entries []journal.Entry
}
