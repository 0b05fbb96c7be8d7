package quote

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/internal/wire"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// CreateInput is the content of a new quote. At most one discount on the whole
// quote may be given: Discount, in percent (0 to 100, up to 6 decimals), or
// DiscountAmount, in the opportunity's currency, up to the sum of the lines.
type CreateInput struct {
	// Number is for imports, and unique within the tenant. If it is empty, the
	// next number of the series is used.
	Number string `json:"number,omitempty"`
	// Title has at most 200 characters, Terms at most 4,000.
	Title          string          `json:"title,omitempty"`
	Terms          string          `json:"terms,omitempty"`
	ValidUntil     calendar.Date   `json:"valid_until,omitzero"`
	Discount       decimal.Decimal `json:"discount"`
	DiscountAmount *money.Money    `json:"discount_amount,omitempty"`
	// Lines are numbered from 1. If there are none, the quote takes the
	// opportunity's lines, which keep their numbers.
	Lines []opportunity.LineInput `json:"lines,omitempty"`
}

// UnmarshalJSON decodes the input. It refuses an overlong decimal before parsing
// it. Errors: ErrInvalid ("decimal.invalid").
func (in *CreateInput) UnmarshalJSON(b []byte) error {
	type plain CreateInput
	return json.Unmarshal(b, &struct {
		*plain
		Discount wire.Decimal `json:"discount"`
	}{(*plain)(in), wire.Into("/discount", &in.Discount)})
}

// UpdateInput changes a draft; nil fields stay. A discount replaces one of the
// other kind. Lines, if any, replace all lines, and are numbered from 1.
type UpdateInput struct {
	Title          *string                 `json:"title,omitempty"`
	Terms          *string                 `json:"terms,omitempty"`
	ValidUntil     *calendar.Date          `json:"valid_until,omitempty"`
	Discount       *decimal.Decimal        `json:"discount,omitempty"`
	DiscountAmount *money.Money            `json:"discount_amount,omitempty"`
	Lines          []opportunity.LineInput `json:"lines,omitempty"`
}

// UnmarshalJSON decodes the input. It refuses an overlong decimal before parsing
// it. Errors: ErrInvalid ("decimal.invalid").
func (in *UpdateInput) UnmarshalJSON(b []byte) error {
	type plain UpdateInput
	return json.Unmarshal(b, &struct {
		*plain
		Discount wire.Decimal `json:"discount"`
	}{(*plain)(in), wire.IntoOptional("/discount", &in.Discount)})
}

// Source is the basis of a new quote. The opportunity's lines are loaded
// (PartLines) if the quote takes them.
type Source struct {
	Opportunity  opportunity.Snapshot
	TaxTreatment money.TaxTreatment
	// Zone is the tenant's time zone; nil means UTC.
	Zone *time.Location
}

// New returns a draft, as the first revision of a quote for an open opportunity
// (Q02). Customer and currency are the opportunity's (Q07). So are the lines,
// unless the input has some; then the opportunity's needn't be loaded. Errors:
// ErrInvalid with all fields at fault; ErrNotAllowed unless the opportunity is
// open, or if there are no lines; ErrLimit if the total overflows.
func New(id uuid.UUID, number string, from Source, in CreateInput, at journal.Moment) (*Quote, error) {
	op := &from.Opportunity
	if len(in.Lines) > opportunity.MaxLines {
		return nil, fault.Invalid("quote.create.invalid", fault.Field{Path: "/lines", Code: "too_many", Message: "has too many lines"})
	}
	var f fault.Fields
	lines := linesOf(&f, in.Lines, op.Currency)
	if len(in.Lines) == 0 {
		if op.Loaded&opportunity.PartLines == 0 {
			return nil, fault.New(fault.ErrInternal, "quote.parts", "the command's parts weren't loaded")
		}
		for _, l := range op.Lines {
			lines = append(lines, lineOf(l))
		}
		slices.SortFunc(lines, compareLines)
	}
	c := Content{Title: in.Title, Terms: in.Terms, ValidUntil: in.ValidUntil, Discount: in.Discount, DiscountAmount: money.Zero(op.Currency)}
	if in.DiscountAmount != nil {
		c.DiscountAmount = *in.DiscountAmount
	}
	c.check(&f, op.Currency)
	return build(id, number, from, c, lines, f, at)
}

// Copy returns a new quote for an open opportunity with the content of q, whose
// lines must be loaded, and whose currency must be the same. Errors as for New.
func (q *Quote) Copy(id uuid.UUID, number string, from Source, validUntil calendar.Date, at journal.Moment) (*Quote, error) {
	if err := q.needsItems(); err != nil {
		return nil, err
	}
	var f fault.Fields
	if q.s.Currency != from.Opportunity.Currency {
		f.Add("/currency", "mismatch", "isn't the opportunity's")
	}
	c := q.s.Content
	c.ValidUntil = validUntil
	return build(id, number, from, c, cloneLines(q.s.Items), f, at)
}

func build(id uuid.UUID, number string, from Source, c Content, lines []Line, f fault.Fields, at journal.Moment) (*Quote, error) {
	q := &Quote{zone: from.Zone, pending: events.Pending(0)}
	if err := q.begin(at); err != nil {
		return nil, err
	}
	op := &from.Opportunity
	text.Key(&f, "/number", number, 1, text.MaxCode)
	if id == uuid.Nil {
		f.Add("/id", "required", "is required")
	}
	if err := f.Invalid("quote.create.invalid"); err != nil {
		return nil, err
	}
	var refused fault.Fields
	if op.Status != opportunity.Open {
		refused.Add("/opportunity/status", op.Status.String(), "must be open")
	}
	if len(lines) == 0 {
		refused.Add("/opportunity/lines", "required", "has no lines")
	}
	if err := refused.NotAllowed("quote.create.refused", "no quote can be created for the opportunity"); err != nil {
		return nil, err
	}
	if err := price(&c, lines, from.TaxTreatment, op.Currency); err != nil {
		return nil, err
	}
	q.do(&CreatedPayload{Root: Root{
		ID: id, Tenant: op.Tenant, Number: number, Revision: 1, Opportunity: op.ID, Customer: op.Customer, Currency: op.Currency,
		TaxTreatment: from.TaxTreatment, Status: Draft, Content: c, Created: at.Effective,
	}, Lines: lines}, at)
	q.dirty.Lines = lines
	return q, nil
}

// Update changes a draft. It needs the lines. Errors: ErrNotAllowed unless a
// draft, because a sent quote never changes (Q02); ErrInvalid with all fields at
// fault; ErrLimit.
func (q *Quote) Update(in UpdateInput, at journal.Moment) error {
	if err := q.begin(at); err != nil {
		return err
	}
	if q.s.Status != Draft {
		return q.badStatus("quote.update.status")
	}
	if err := q.needsItems(); err != nil {
		return err
	}
	if len(in.Lines) > opportunity.MaxLines {
		return fault.Invalid("quote.update.invalid", fault.Field{Path: "/lines", Code: "too_many", Message: "has too many lines"})
	}
	var f fault.Fields
	c := q.s.Content
	optional.Set(&c.Title, in.Title)
	optional.Set(&c.Terms, in.Terms)
	optional.Set(&c.ValidUntil, in.ValidUntil)
	if in.Discount != nil && in.DiscountAmount == nil {
		c.DiscountAmount = money.Zero(q.s.Currency)
	}
	if in.DiscountAmount != nil && in.Discount == nil {
		c.Discount = money.Canonical(decimal.Decimal{})
	}
	optional.Set(&c.Discount, in.Discount)
	optional.Set(&c.DiscountAmount, in.DiscountAmount)
	if in.Title == nil && in.Terms == nil && in.ValidUntil == nil && in.Discount == nil && in.DiscountAmount == nil && len(in.Lines) == 0 {
		f.Add("/title", "required", "there is nothing to change")
	}
	lines := cloneLines(q.s.Items)
	if len(in.Lines) > 0 {
		lines = linesOf(&f, in.Lines, q.s.Currency)
	}
	c.check(&f, q.s.Currency)
	if err := f.Invalid("quote.update.invalid"); err != nil {
		return err
	}
	before := q.s.Content
	ev := &UpdatedPayload{Before: &before}
	priced := len(in.Lines) > 0 || in.Discount != nil || in.DiscountAmount != nil
	if priced {
		if err := price(&c, lines, q.s.TaxTreatment, q.s.Currency); err != nil {
			return err
		}
		ev.Lines, ev.LinesBefore, q.dirty.Lines = lines, q.s.Items, lines
		for _, l := range q.s.Items {
			if _, stays := slices.BinarySearchFunc(lines, l, compareLines); !stays {
				q.dirty.RemovedLines = append(q.dirty.RemovedLines, l.Number)
			}
		}
	}
	ev.Content = c
	q.do(ev, at)
	return nil
}

// check checks the given content; price computes the rest.
func (c *Content) check(f *fault.Fields, currency money.Currency) {
	text.Line(f, "/title", &c.Title, 0, text.MaxName)
	text.Block(f, "/terms", &c.Terms, 0, text.MaxDescription)
	if err := money.CheckDecimal(c.Discount, 3, opportunity.MaxLineDecimals); err != nil {
		f.Merge("/discount", err)
	} else if c.Discount = money.Canonical(c.Discount); c.Discount.IsNegative() || c.Discount.GreaterThan(decimal.New(100, 0)) {
		f.Add("/discount", "out_of_range", "must be 0 to 100 per cent")
	} else if !c.Discount.IsZero() && !c.DiscountAmount.IsZero() {
		f.Add("/discount_amount", "contradiction", "can't be given beside a percentage")
	}
	if c.DiscountAmount.Currency() != currency {
		f.Add("/discount_amount/currency", "mismatch", "must be in the opportunity's currency")
	}
	if c.DiscountAmount.Sign() < 0 {
		f.Add("/discount_amount/amount", "negative", "must not be negative")
	}
}

// linesOf checks new lines and numbers them from 1 (L01).
func linesOf(f *fault.Fields, in []opportunity.LineInput, currency money.Currency) []Line {
	var out []Line
	for i, x := range in {
		out = append(out, lineOf(x.Line(f, fault.Index("/lines", i), i+1, currency)))
	}
	return out
}

func lineOf(l opportunity.Line) Line {
	zero := money.Zero(l.Amount.Currency())
	return Line{Number: l.Number, Product: l.Product, Description: l.Description, Quantity: l.Quantity, Unit: l.Unit, Price: l.Price,
		Discount: l.Discount, Tax: l.Tax, Amount: l.Amount, Share: zero, Net: zero, TaxAmount: zero}.Clone()
}
