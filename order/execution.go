package order

import (
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// Measure is a quantity with its amount. In a total, Quantity is nil if the
// lines' units differ.
type Measure struct {
	Quantity *decimal.Decimal `json:"quantity"`
	Amount   money.Money      `json:"amount"`
}

// Ahead is what was reported before what it rests on; it waits and isn't counted
// (Q06, Q07).
type Ahead struct {
	// Returned is beyond what was delivered; nil in a total of differing units.
	Returned *decimal.Decimal `json:"returned"`
	// Credited is beyond what was invoiced.
	Credited money.Money `json:"credited"`
	// Received is beyond what is invoiced and unpaid, on the line where the receipt
	// names one and on the whole, and not marked as advance. Refunded is beyond what
	// was received and doesn't wait, and of the whole order only.
	Received money.Money `json:"received"`
	Refunded money.Money `json:"refunded"`
}

// Progress is how far a line, or the whole order, is executed. Amounts of goods
// follow from the line's amount: a quantity q of n ordered is worth amount × q ÷ n,
// rounded half up once on what is delivered so far, so that the last delivery
// takes the remainder and a full delivery is worth exactly the line's amount.
type Progress struct {
	Ordered Measure `json:"ordered"`
	// Payable is what is to be invoiced and received for what is ordered, with tax.
	Payable money.Money `json:"payable"`
	// Delivered counts all deliveries, Returned the returns of them (Q07: never
	// more); NetDelivered is the difference.
	Delivered    Measure `json:"delivered"`
	Returned     Measure `json:"returned"`
	NetDelivered Measure `json:"net_delivered"`
	// Invoiced is net of credit notes. Its quantity counts what invoices said. It may
	// exceed Payable: invoices also bear freight and agreed changes of price.
	Invoiced Measure `json:"invoiced"`
	// Received is net of refunds. A line's holds only what was reported on the
	// line; the total also holds what was reported on the whole, and keeps the
	// limit received ≤ invoiced, advances aside.
	Received money.Money `json:"received"`
	// ToDeliver is outstanding of what is ordered, ToInvoice of what is payable,
	// ToReceive of what is invoiced; none is below zero. Of an order that was
	// completed or cancelled nothing is to be delivered, and only what was delivered
	// is to be invoiced: Gross.NotInvoiced (Q13). In a total, one line's surplus never
	// makes up for another's lack (Q12).
	ToDeliver Measure     `json:"to_deliver"`
	ToInvoice Measure     `json:"to_invoice"`
	ToReceive money.Money `json:"to_receive"`
	// Net and Gross give goods and invoices on one footing, without tax and with it.
	Net   Footing `json:"net"`
	Gross Footing `json:"gross"`
	// The percentages are of what is ordered, a line's delivery by quantity and the
	// total's by amount, and of what is payable. They are rounded down to two
	// decimals, so that 100 means all, and nil where it is nothing. A line's may be
	// more than 100; the total's are of Covered, so that 100 means all of each line.
	DeliveredPercent *decimal.Decimal `json:"delivered_percent"`
	InvoicedPercent  *decimal.Decimal `json:"invoiced_percent"`
	ReceivedPercent  *decimal.Decimal `json:"received_percent"`
	Covered          Covered          `json:"covered"`
	Ahead            Ahead            `json:"ahead"`
}

// Footing gives the amounts of goods and of invoices in the same terms, so that they
// compare: all without tax, or all with it. Goods are worth their share of what the
// line comes to, and an invoice bears the tax of its line.
type Footing struct {
	Ordered      money.Money `json:"ordered"`
	Delivered    money.Money `json:"delivered"`
	Returned     money.Money `json:"returned"`
	NetDelivered money.Money `json:"net_delivered"`
	Invoiced     money.Money `json:"invoiced"`
	// NotInvoiced is what was delivered, less returns, and isn't invoiced yet, line by
	// line; never below zero. Nothing is left without tax where nothing is with it.
	NotInvoiced money.Money `json:"not_invoiced"`
}

// Covered is how much of what is ordered is delivered, and of what is payable is
// invoiced and received, where no line counts for more than it is: what a line has
// beyond that makes up for no other's lack (Q12). Receipts that name no line count
// for all lines together.
type Covered struct {
	Delivered money.Money `json:"delivered"`
	Invoiced  money.Money `json:"invoiced"`
	Received  money.Money `json:"received"`
}

// LineProgress is the progress of one line.
type LineProgress struct {
	Line Line `json:"line"`
	Progress
	// Overdue is set by AsOf.
	Overdue bool `json:"overdue,omitempty"`
}

// Execution is the execution view 商机订单执行查询 of an order.
type Execution struct {
	Order  uuid.UUID      `json:"order"`
	Number string         `json:"number"`
	Status Status         `json:"status"`
	Lines  []LineProgress `json:"lines"`
	Total  Progress       `json:"total"`
	// On is the day that lines are overdue as of, and Overdue how many are; see AsOf.
	On      calendar.Date `json:"on,omitzero"`
	Overdue int           `json:"overdue,omitempty"`
	// Waiting says that something is Ahead.
	Waiting bool `json:"waiting"`
	// Done says that all that is ordered is delivered (net) and invoiced, line by
	// line, that all that is invoiced is received, and that nothing waits (Q08). It
	// doesn't go by the status.
	Done bool `json:"done"`
}

// sums are the plain sums of a line's events, or of the whole's.
type sums struct {
	delivered, returned, invoicedQty, creditedQty    decimal.Decimal
	invoiced, credited, received, advances, refunded money.Money
}

func (t *sums) add(e *ExecutionEvent) (err error) {
	to := &t.received
	switch e.Kind {
	case Delivery:
		t.delivered = t.delivered.Add(e.Quantity)
		return nil
	case Return:
		t.returned = t.returned.Add(e.Quantity)
		return nil
	case Invoice:
		t.invoicedQty = t.invoicedQty.Add(e.Quantity)
		to = &t.invoiced
	case CreditNote:
		t.creditedQty = t.creditedQty.Add(e.Quantity)
		to = &t.credited
	case Receipt:
		if e.Advance {
			to = &t.advances
		}
	case Refund:
		to = &t.refunded
	default:
		return fault.New(fault.ErrCorrupt, "order.corrupt", "a stored event's kind is unknown")
	}
	*to, err = to.Add(e.Amount)
	return err
}

func noSums(c money.Currency) *sums {
	z := money.Zero(c)
	return &sums{invoiced: z, credited: z, received: z, advances: z, refunded: z}
}

// ExecutionOf computes the execution view of an order with its events. It
// depends on nothing but the set of events, so that any order of arrival gives
// the same view (Q06), and, for what is outstanding, on whether the order has ended
// (Q13); and is exact (Q07).
// Errors: ErrInternal if the events weren't loaded; ErrLimit for amounts that
// overflow; ErrCorrupt for events that don't fit the order.
func ExecutionOf(s Snapshot) (Execution, error) {
	if !s.EventsLoaded {
		return Execution{}, fault.New(fault.ErrInternal, "order.parts", "the order's events weren't loaded")
	}
	perLine := make(map[int]*sums, len(s.Items))
	for i := range s.Items {
		perLine[s.Items[i].Number] = noSums(s.Currency)
	}
	whole := noSums(s.Currency)
	for i := range s.Events {
		e := &s.Events[i]
		t := perLine[e.Line]
		if t == nil && (e.Line != 0 || e.Kind != Receipt && e.Kind != Refund) {
			return Execution{}, fault.New(fault.ErrCorrupt, "order.corrupt", "a stored event is of a line that isn't there")
		}
		if t != nil {
			if err := t.add(e); err != nil {
				return Execution{}, err
			}
		}
		if e.Kind == Receipt || e.Kind == Refund {
			if err := whole.add(e); err != nil {
				return Execution{}, err
			}
		}
	}
	x := Execution{Order: s.ID, Number: s.Number, Status: s.Status, Done: true}
	c := newCalc(s.Currency)
	taxes := c.taxes(s.Items, s.TaxTreatment)
	refunds := money.Zero(s.Currency)
	for i := range s.Items {
		l := &s.Items[i]
		p, refunded, done := c.line(l, taxes[i], &s.Root, perLine[l.Number])
		refunds = c.Add(refunds, refunded)
		if c.Err != nil {
			return Execution{}, c.Err
		}
		x.Lines = append(x.Lines, LineProgress{Line: *l, Progress: p})
		x.Done = x.Done && done
		x.Waiting = x.Waiting || p.Ahead.Returned.IsPositive() || p.Ahead.Credited.Sign() > 0 || p.Ahead.Received.Sign() > 0
	}
	x.Total = c.total(x.Lines, whole, refunds)
	if c.Err != nil {
		return Execution{}, c.Err
	}
	x.Waiting = x.Waiting || x.Total.Ahead.Received.Sign() > 0 || x.Total.Ahead.Refunded.Sign() > 0
	x.Done = x.Done && x.Total.ToReceive.IsZero() && !x.Waiting
	return x, nil
}

// AsOf returns the view with its lines marked that are overdue on a day: due
// before it, of an order that is confirmed and not ended, and not yet delivered
// in full, less returns.
func (x Execution) AsOf(on calendar.Date) Execution {
	x.On, x.Overdue, x.Lines = on, 0, slices.Clone(x.Lines)
	for i := range x.Lines {
		l := &x.Lines[i]
		l.Overdue = (x.Status == Confirmed || x.Status == Executing) && !l.Line.Due.IsZero() && on.After(l.Line.Due) && l.ToDeliver.Quantity.IsPositive()
		if l.Overdue {
			x.Overdue++
		}
	}
	return x
}
