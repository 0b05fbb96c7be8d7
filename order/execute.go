package order

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/internal/wire"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// EventInput is a report of the sales system on a line or, for receipts and
// refunds only, on the whole order (Line 0). Deliveries and returns have a
// quantity and no amount; invoices and credit notes an amount and, if known, a
// quantity; receipts and refunds only an amount. Quantities and amounts are
// positive: the kind determines their direction.
type EventInput struct {
	// External is the sales system's id, 1 to 128 characters, unique per order
	// and line. Repeating it changes nothing (Q06).
	External string    `json:"external"`
	Kind     EventKind `json:"kind"`
	Line     int       `json:"line,omitempty"`
	// Quantity has up to 12 digits before and 6 after the point.
	Quantity decimal.Decimal `json:"quantity"`
	// Amount is in the order's currency.
	Amount money.Money `json:"amount"`
	// On is the day of the event: not after today in the tenant's time zone.
	On calendar.Date `json:"on"`
	// Advance marks a receipt before its invoice 预收 (Q07).
	Advance bool   `json:"advance,omitempty"`
	Note    string `json:"note,omitempty"`
}

// UnmarshalJSON decodes the input. It refuses an overlong decimal before parsing
// it. Errors: ErrInvalid ("decimal.invalid").
func (in *EventInput) UnmarshalJSON(b []byte) error {
	type plain EventInput
	return json.Unmarshal(b, &struct {
		*plain
		Quantity wire.Decimal `json:"quantity"`
	}{(*plain)(in), wire.Into("/quantity", &in.Quantity)})
}

// EventKinds returns all kinds of execution events.
func EventKinds() []EventKind {
	return []EventKind{Delivery, Return, Invoice, CreditNote, Receipt, Refund}
}

// Valid reports whether k is a known kind.
func (k EventKind) Valid() bool {
	switch k {
	case Delivery, Return, Invoice, CreditNote, Receipt, Refund:
		return true
	}
	return false
}

// check notes every fault of an input, and returns the event.
func (in EventInput) check(f *fault.Fields, path string, s *Snapshot, today calendar.Date) ExecutionEvent {
	e := ExecutionEvent{External: in.External, Kind: in.Kind, Line: in.Line, Amount: money.Zero(s.Currency), On: in.On, Advance: in.Advance, Note: in.Note}
	text.Key(f, path+"/external", e.External, 1, text.MaxKey)
	text.Block(f, path+"/note", &e.Note, 0, text.MaxDescription)
	if !e.Kind.Valid() {
		f.Add(path+"/kind", "unknown", "isn't a kind of execution event")
		return e
	}
	goods, pay := e.Kind == Delivery || e.Kind == Return, e.Kind == Receipt || e.Kind == Refund
	if find(s.Items, e.Line) < 0 && !(pay && e.Line == 0) {
		f.Add(path+"/line", "unknown", "isn't a line of the order")
	}
	if err := money.CheckDecimal(in.Quantity, opportunity.MaxQuantityDigits, opportunity.MaxLineDecimals); err != nil {
		f.Merge(path+"/quantity", err)
	} else {
		e.Quantity = money.Canonical(in.Quantity)
		switch {
		case goods && !e.Quantity.IsPositive():
			f.Add(path+"/quantity", "not_positive", "must be positive")
		case e.Quantity.IsNegative():
			f.Add(path+"/quantity", "negative", "must not be negative")
		case pay && !e.Quantity.IsZero():
			f.Add(path+"/quantity", "not_zero", "receipts and refunds have no quantity")
		}
	}
	switch {
	case goods && (in.Amount == money.Money{}):
	case in.Amount.Currency() != s.Currency:
		f.Add(path+"/amount", "currency", "must be in the order's currency")
	case goods && !in.Amount.IsZero():
		f.Add(path+"/amount", "not_zero", "follows from the line's price")
	case !goods && in.Amount.Sign() <= 0:
		f.Add(path+"/amount", "not_positive", "must be positive")
	default:
		e.Amount = in.Amount
	}
	switch {
	case e.On.IsZero():
		f.Add(path+"/on", "required", "is required")
	case e.On.After(today):
		f.Add(path+"/on", "future", "must not be after today")
	}
	if e.Advance && e.Kind != Receipt {
		f.Add(path+"/advance", "not_receipt", "only a receipt can be in advance")
	}
	return e
}

// same reports whether a report repeats another one.
func (e *ExecutionEvent) same(x *ExecutionEvent) bool {
	return e.External == x.External && e.Line == x.Line && e.Kind == x.Kind && e.Quantity.Equal(x.Quantity) && e.Amount == x.Amount &&
		e.On == x.On && e.Advance == x.Advance && e.Note == x.Note
}

type eventKey struct {
	external string
	line     int
}

// Execute records the reports of the sales system, all or none; the snapshot
// needs its events. Known reports change nothing, and the order of reports
// doesn't matter (Q06); the package comment lists which are refused and which
// wait. When everything ordered is delivered, invoiced and paid, the order
// completes automatically (Q08). Errors: ErrInvalid with all fields at fault;
// ErrDuplicate for a known id with different content; ErrNotAllowed by status
// (Q05), and listing deliveries beyond the allowed quantity (Q07); ErrLimit for
// too many events and for amounts that overflow.
func (o *Order) Execute(in []EventInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if !o.s.EventsLoaded {
		return fault.New(fault.ErrInternal, "order.parts", "the command's parts weren't loaded")
	}
	if _, err := o.may(CommandExecute); err != nil {
		return err
	}
	if o.s.Status == Cancelled && o.s.ConfirmedAt.IsZero() { // it was only ever a draft
		return o.badStatus("order.execute.status")
	}
	if len(in) > MaxEvents {
		return fault.New(fault.ErrLimit, "order.execute.too_many", "a command has at most 500 events",
			fault.Field{Path: "/events", Code: "too_many", Message: "has too many events"})
	}
	fresh, err := o.fresh(in, at)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if len(o.s.Events)+len(fresh) > MaxOrderEvents {
		return fault.New(fault.ErrLimit, "order.events.too_many", "an order has at most 5000 events",
			fault.Field{Path: "/events", Code: "too_many", Message: "has too many events"})
	}
	next := o.s
	next.Events = append(next.Events[:len(next.Events):len(next.Events)], fresh...)
	if err := next.overDelivered(fresh); err != nil {
		return err
	}
	x, err := ExecutionOf(next)
	if err != nil {
		return err
	}
	ev := &ExecutedPayload{Events: fresh, Delivered: x.Total.NetDelivered.Amount, Invoiced: x.Total.Invoiced.Amount, Received: x.Total.Received}
	ev.Changes.Delivered.Set(o.s.Delivered, ev.Delivered)
	ev.Changes.Invoiced.Set(o.s.Invoiced, ev.Invoiced)
	ev.Changes.Received.Set(o.s.Received, ev.Received)
	o.do(ev, at)
	o.events = append(o.events, fresh...)
	if x.Done && o.s.Status == Executing {
		o.do(&CompletedPayload{}, at)
	}
	return nil
}

// fresh returns the unknown events, each once.
func (o *Order) fresh(in []EventInput, at journal.Moment) ([]ExecutionEvent, error) {
	var f, taken fault.Fields
	if len(in) == 0 {
		f.Add("/events", "required", "needs an event")
	}
	known := make(map[eventKey]*ExecutionEvent, len(o.s.Events)+len(in))
	for i := range o.s.Events {
		e := &o.s.Events[i]
		known[eventKey{e.External, e.Line}] = e
	}
	today := o.today(at)
	var out []ExecutionEvent
	var late fault.Fields
	for i, x := range in {
		path := fault.Index("/events", i)
		e := x.check(&f, path, &o.s, today)
		e.Recorded, e.By = at.Recorded, at.By
		if old := known[eventKey{e.External, e.Line}]; old != nil {
			if !old.same(&e) {
				taken.Add(path+"/external", "taken", "is the id of another event")
			}
			continue
		}
		if o.s.Status == Cancelled && (e.Kind == Delivery || e.Kind == Invoice && !o.delivered(e.Line)) {
			late.Add(path+"/kind", "cancelled", "the order is cancelled")
		}
		known[eventKey{e.External, e.Line}] = &e
		out = append(out, e)
	}
	if err := f.Invalid("order.execute.invalid"); err != nil {
		return nil, err
	}
	if !taken.Empty() {
		return nil, fault.New(fault.ErrDuplicate, "order.event.differs", "an event with this id but different content exists", taken.List()...)
	}
	if err := late.NotAllowed("order.execute.status", "the order's status forbids this"); err != nil {
		return nil, err
	}
	return out, nil
}

// delivered reports whether anything of a line was delivered, even if since
// returned.
func (o *Order) delivered(line int) bool {
	return slices.ContainsFunc(o.s.Events, func(e ExecutionEvent) bool { return e.Kind == Delivery && e.Line == line })
}

// overDelivered refuses new deliveries that raise a line, net of all returns,
// above the allowed quantity (Q07).
func (s *Snapshot) overDelivered(fresh []ExecutionEvent) error {
	touched := map[int]bool{}
	for i := range fresh {
		touched[fresh[i].Line] = touched[fresh[i].Line] || fresh[i].Kind == Delivery
	}
	net := map[int]decimal.Decimal{}
	for i := range s.Events {
		switch e := &s.Events[i]; e.Kind {
		case Delivery:
			net[e.Line] = net[e.Line].Add(e.Quantity)
		case Return:
			net[e.Line] = net[e.Line].Sub(e.Quantity)
		}
	}
	var f fault.Fields
	for i := range s.Items {
		l := &s.Items[i]
		limit := l.Quantity.Add(l.Quantity.Mul(s.OverDelivery).Shift(-2))
		if touched[l.Number] && net[l.Number].GreaterThan(limit) {
			f.Add("/lines/"+strconv.Itoa(l.Number), "over_delivered", "at most "+money.Text(limit)+" may be delivered")
		}
	}
	return f.NotAllowed("order.execute.over_delivered", "the delivery exceeds the quantity allowed")
}
