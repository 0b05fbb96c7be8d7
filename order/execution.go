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

// Ahead is the uncounted part of events that arrived before the ones they depend
// on (Q06, Q07).
type Ahead struct {
	// Returned is beyond the quantity delivered; nil in a total of different
	// units.
	Returned *decimal.Decimal `json:"returned"`
	// Credited is beyond the amount invoiced.
	Credited money.Money `json:"credited"`
	// Received is beyond the amount invoiced and unpaid, on the line that the
	// receipt names and on the whole order, and not marked as advance. Refunded
	// is beyond the amount received that doesn't wait, and only for the whole
	// order.
	Received money.Money `json:"received"`
	Refunded money.Money `json:"refunded"`
}

// Progress is the execution of a line or of the whole order. The value of goods
// follows from the line's amount: a quantity q of n ordered is worth amount × q ÷
// n, rounded half up once for everything delivered so far. So the last delivery
// takes the remainder, and a full delivery is worth exactly the line's amount.
type Progress struct {
	Ordered Measure `json:"ordered"`
	// Payable is the amount to be invoiced and received for the ordered goods,
	// with tax.
	Payable money.Money `json:"payable"`
	// Delivered counts all deliveries, Returned their returns (Q07: never more);
	// NetDelivered is the difference.
	Delivered    Measure `json:"delivered"`
	Returned     Measure `json:"returned"`
	NetDelivered Measure `json:"net_delivered"`
	// Invoiced is net of credit notes. Its quantity is the sum of the invoices'
	// quantities. It may exceed Payable, because invoices also include freight
	// and agreed changes of price.
	Invoiced Measure `json:"invoiced"`
	// Received is net of refunds. A line's includes only reports on the line. The
	// total also includes reports on the whole, and keeps the limit received ≤
	// invoiced, except for advances.
	Received money.Money `json:"received"`
	// ToDeliver is outstanding of the ordered goods, ToInvoice of the payable
	// amount, ToReceive of the invoiced amount; none is below zero. Nothing of a
	// completed or cancelled order is to be delivered, and only its delivered
	// goods are to be invoiced: Gross.NotInvoiced (Q13). In a total, one line's
	// surplus never offsets another's shortfall (Q12).
	ToDeliver Measure     `json:"to_deliver"`
	ToInvoice Measure     `json:"to_invoice"`
	ToReceive money.Money `json:"to_receive"`
	// Net and Gross compare goods and invoices without tax and with it.
	Net   Footing `json:"net"`
	Gross Footing `json:"gross"`
	// The percentages are relative to the ordered goods (a line's delivery by
	// quantity, the total's by amount) and to the payable amount. They are
	// rounded down to two decimals, so 100 means all, and nil where the base is
	// zero. A line's may exceed 100; the total's use Covered, so 100 means all of
	// each line.
	DeliveredPercent *decimal.Decimal `json:"delivered_percent"`
	InvoicedPercent  *decimal.Decimal `json:"invoiced_percent"`
	ReceivedPercent  *decimal.Decimal `json:"received_percent"`
	Covered          Covered          `json:"covered"`
	Ahead            Ahead            `json:"ahead"`
}

// Footing holds the amounts of goods and invoices in the same terms, so that they
// compare: all without tax, or all with it. Goods are worth their share of the
// line's total, and an invoice bears the tax of its line.
type Footing struct {
	Ordered      money.Money `json:"ordered"`
	Delivered    money.Money `json:"delivered"`
	Returned     money.Money `json:"returned"`
	NetDelivered money.Money `json:"net_delivered"`
	Invoiced     money.Money `json:"invoiced"`
	// NotInvoiced is the value of goods delivered, less returns, and not yet
	// invoiced, line by line; never below zero. It is zero without tax if it is
	// zero with tax.
	NotInvoiced money.Money `json:"not_invoiced"`
}

// Covered is the part of the ordered goods that is delivered, and of the payable
// amount that is invoiced and received, counting each line up to its own amount:
// its surplus doesn't offset another's shortfall (Q12). Receipts that name no
// line count for all lines together.
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
	// On is the reference day for overdue lines, and Overdue their number; see
	// AsOf.
	On      calendar.Date `json:"on,omitzero"`
	Overdue int           `json:"overdue,omitempty"`
	// Waiting reports whether any event is Ahead.
	Waiting bool `json:"waiting"`
	// Done reports whether everything ordered is delivered (net) and invoiced,
	// line by line, everything invoiced is paid, and nothing waits (Q08). It
	// doesn't depend on the status.
	Done bool `json:"done"`
}

// sums are the plain sums of the events of a line or of the whole order.
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

// ExecutionOf returns the exact execution view of an order with its events (Q07).
// It depends only on the set of events, so any order of arrival yields the same
// view (Q06), and, for outstanding amounts, on whether the order has ended (Q13).
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

// AsOf returns the view with lines marked as overdue on a day: due before it, not
// yet delivered in full (less returns), in an order that is confirmed and hasn't
// ended.
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
