package order

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// CreateInput is the input for a new order beyond the opportunity's data.
type CreateInput struct {
	// Number is for imports, and unique within the tenant. If it is empty, the
	// next number of the series is used.
	Number string `json:"number,omitempty"`
	// Promote turns a prospect into an active customer in the same command (O18).
	Promote bool `json:"promote,omitempty"`
	// Reference is the customer's own order number, at most 200 characters.
	Reference string    `json:"reference,omitempty"`
	Due       []LineDue `json:"due,omitempty"`
	// Quote is the accepted quote to base the order on. Nil means the
	// opportunity's accepted quote, or its lines if there is none (Q04).
	// FromLines always uses the lines.
	Quote     uuid.UUID `json:"quote,omitzero"`
	FromLines bool      `json:"from_lines,omitempty"`
}

// Source is the basis of a new order. Opportunity needs its lines (PartLines);
// Customer is the opportunity's, after any promotion; Settings are ready.
type Source struct {
	Opportunity opportunity.Snapshot
	Customer    customer.Customer
	Settings    Settings
	// Quote, if not nil, is the basis instead of the lines; its lines are loaded.
	Quote *quote.Snapshot
	// Zone is the tenant's time zone; nil means UTC.
	Zone *time.Location
}

// New returns a draft order with the lines of a won opportunity. Lines keep their
// numbers, quantities, prices and amounts; customer, bill-to, end user, currency,
// owner and department are the opportunity's (Q04, Q07). By default an
// opportunity has one order that isn't cancelled; Settings.SeveralOrders allows
// more. Errors: ErrSalesSystemDisabled, ErrSalesSystemNotInitialised (Q01);
// ErrInvalid; ErrNotAllowed listing every obstacle (Q04, O18); ErrLimit if the
// total overflows.
func New(id uuid.UUID, number string, from Source, in CreateInput, at journal.Moment) (*Order, error) {
	if err := from.Settings.Ready(); err != nil {
		return nil, err
	}
	op := &from.Opportunity
	if id == uuid.Nil || op.Loaded&opportunity.PartLines == 0 || from.Customer.ID != op.Customer {
		return nil, fault.New(fault.ErrInternal, "order.parts", "the command's parts weren't loaded")
	}
	o := &Order{zone: from.Zone, pending: events.Pending(0)}
	if err := o.begin(at); err != nil {
		return nil, err
	}
	var refused fault.Fields
	if op.Status != opportunity.Won {
		refused.Add("/opportunity/status", op.Status.String(), "must be won")
	}
	if !from.Settings.SeveralOrders && op.Counts.LiveOrders+op.Counts.DoneOrders > 0 {
		refused.Add("/opportunity/orders", "exists", "has an order already")
	}
	from.checkQuote(&refused)
	if from.Quote == nil && len(op.Lines) == 0 {
		refused.Add("/opportunity/lines", "required", "has no lines")
	}
	if from.Customer.Status == customer.Prospect {
		refused.Add("/customer/status", string(customer.Prospect), "is a prospect still; promote it")
	}
	if err := refused.NotAllowed("order.create.refused", "no order can be created for the opportunity"); err != nil {
		return nil, err
	}
	lines := from.lines()
	total := money.Zero(op.Currency)
	for _, l := range lines {
		sum, err := total.Add(l.Amount)
		if err != nil {
			return nil, err
		}
		total = sum
	}
	slices.SortFunc(lines, compareLines)
	var f fault.Fields
	text.Key(&f, "/number", number, 1, text.MaxCode)
	text.Name(&f, "/reference", &in.Reference, 0, text.MaxName)
	checkDue(&f, in.Due, lines)
	if err := f.Invalid("order.create.invalid"); err != nil {
		return nil, err
	}
	for _, d := range in.Due {
		lines[find(lines, d.Line)].Due = d.On
	}
	gross, err := grossOf(lines, from.treatment(), op.Currency)
	if err != nil {
		return nil, err
	}
	none := money.Zero(op.Currency)
	o.do(&CreatedPayload{Root: Root{
		ID: id, Tenant: op.Tenant, Number: number, Opportunity: op.ID, Customer: op.Customer, BillTo: op.BillTo, EndUser: op.EndUser,
		Department: op.Department, Owner: op.Owner, Currency: op.Currency, Status: Draft, Reference: in.Reference,
		TaxTreatment: from.treatment(), Total: total, Gross: gross,
		OverDelivery: money.Canonical(from.Settings.OverDelivery), Delivered: none, Invoiced: none, Received: none,
		Created: at.Effective, Lines: len(lines),
	}, Lines: lines}, at)
	o.lines = lines
	return o, nil
}

// treatment returns the treatment of a new order's prices: the quote's, as
// agreed.
func (from *Source) treatment() money.TaxTreatment {
	if from.Quote != nil {
		return from.Quote.TaxTreatment
	}
	return from.Settings.TaxTreatment
}

// lines returns the lines of a new order. For a quote, their amounts are after
// their shares of the discount on the whole, and include tax if prices do, so the
// total is the quote's net or gross.
func (from *Source) lines() []Line {
	if from.Quote != nil {
		lines := make([]Line, len(from.Quote.Items))
		for i, l := range from.Quote.Clone().Items {
			amount := l.Net
			if from.Quote.TaxTreatment == money.TaxInclusive {
				amount, _ = l.Net.Add(l.TaxAmount) // the amount less the share: it fits
			}
			lines[i] = Line{Number: l.Number, Product: l.Product, Description: l.Description, Quantity: l.Quantity, Unit: l.Unit,
				Price: l.Price, Discount: l.Discount, Tax: l.Tax, Amount: amount}
		}
		return lines
	}
	lines := make([]Line, len(from.Opportunity.Lines))
	for i, l := range from.Opportunity.Lines {
		lines[i] = Line{Number: l.Number, Product: l.Product, Description: l.Description, Quantity: l.Quantity, Unit: l.Unit,
			Price: l.Price, Discount: l.Discount, Tax: l.Tax, Amount: l.Amount}
	}
	return lines
}

// checkQuote requires that the quote is accepted (Q04).
func (from *Source) checkQuote(refused *fault.Fields) {
	q := from.Quote
	switch {
	case q == nil:
	case q.Status != quote.Accepted:
		refused.Add("/quote/status", q.Status.String(), "must be accepted")
	case q.Opportunity != from.Opportunity.ID || q.Currency != from.Opportunity.Currency || len(q.Items) == 0:
		refused.Add("/quote", "mismatch", "isn't the opportunity's")
	}
}
