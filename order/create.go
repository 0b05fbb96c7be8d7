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

// CreateInput is what a new order takes beside what the opportunity gives.
type CreateInput struct {
	// Number is that of an import, unique per tenant; the next of the series if empty.
	Number string `json:"number,omitempty"`
	// Promote makes an active customer of a prospect in the same command (O18).
	Promote bool `json:"promote,omitempty"`
	// Reference is the customer's own order number, at most 200 characters.
	Reference string    `json:"reference,omitempty"`
	Due       []LineDue `json:"due,omitempty"`
	// Quote is the accepted quote that the order is made from; Nil for the
	// opportunity's accepted one, or its lines if there is none (Q04). FromLines
	// makes it of the lines in any case.
	Quote     uuid.UUID `json:"quote,omitzero"`
	FromLines bool      `json:"from_lines,omitempty"`
}

// Source is what a new order is made from. Opportunity needs its lines
// (PartLines); Customer is the opportunity's, as it is after a promotion;
// Settings are ready.
type Source struct {
	Opportunity opportunity.Snapshot
	Customer    customer.Customer
	Settings    Settings
	// Quote is what an order is made from instead of the lines, or nil; its lines
	// are loaded.
	Quote *quote.Snapshot
	// Zone is the tenant's time zone; nil is UTC.
	Zone *time.Location
}

// New makes a draft of the lines of a won opportunity: lines keep their numbers,
// quantities, prices and amounts; customer, bill-to, end user, currency, owner
// and department are the opportunity's (Q04, Q07). By default an opportunity
// has one order that isn't cancelled; Settings.SeveralOrders allows more.
// Errors: ErrSalesSystemDisabled, ErrSalesSystemNotInitialised (Q01); ErrInvalid;
// ErrNotAllowed listing what forbids it (Q04, O18); ErrLimit if the total
// overflows.
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

// treatment is that of a new order's prices: the quote's, as it was agreed.
func (from *Source) treatment() money.TaxTreatment {
	if from.Quote != nil {
		return from.Quote.TaxTreatment
	}
	return from.Settings.TaxTreatment
}

// lines are those of a new order. Of a quote they take the amounts after their
// shares of the discount on the whole, with the tax if prices hold it, so that the
// total is the quote's net, or gross.
func (from *Source) lines() []Line {
	if from.Quote != nil {
		lines := make([]Line, len(from.Quote.Items))
		for i, l := range from.Quote.Clone().Items {
			amount := l.Net
			if from.Quote.TaxTreatment == money.TaxInclusive {
				amount, _ = l.Net.Add(l.TaxAmount) // what it was, less the share: it fits
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

// checkQuote wants the quote that an order is made from to be accepted (Q04).
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
