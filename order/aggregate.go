package order

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Limits of an order. The limit of lines is an opportunity's.
const (
	// MaxEvents is the most execution events in one command.
	MaxEvents = 500
	// MaxOrderEvents is the most events of an order.
	MaxOrderEvents = 5000
)

// Order is the guarded aggregate: each method makes its whole change, or returns
// an error and changes nothing. Create one with New or Restore; write the result
// of Change. It isn't safe for concurrent use.
type Order struct {
	s       Snapshot
	zone    *time.Location
	pending journal.Pending[Snapshot]
	lines   []Line
	events  []ExecutionEvent
}

// Restore rebuilds an order from storage. It checks only the shape, so that old
// data always loads. zone is the tenant's time zone; nil means UTC. Errors:
// ErrCorrupt.
func Restore(s Snapshot, zone *time.Location) (*Order, error) {
	if s.ID == uuid.Nil || s.Tenant == "" || s.Opportunity == uuid.Nil || !s.Status.Valid() || s.Version < 1 || len(s.Items) == 0 {
		return nil, fault.New(fault.ErrCorrupt, "order.corrupt", "a stored order lacks what it must have")
	}
	return &Order{s: s, zone: zone, pending: events.Pending(s.Version)}, nil
}

// Snapshot returns the state. The caller must not write to anything it points to.
func (o *Order) Snapshot() Snapshot { return o.s }

// begin refuses a moment that runs backwards or into the future (O12), and a
// second command before Change took the first (O11).
func (o *Order) begin(at journal.Moment) error {
	return at.Begin(o.pending.Empty(), o.s.Effective, "order.pending", "order.moment.future", "order.moment.backwards")
}

// do applies an accepted event.
func (o *Order) do(payload any, at journal.Moment) {
	before := o.s.Status
	o.pending.Do(&o.s, payload, at)
	if e, ok := payload.(interface{ effect() *Effect }); ok {
		e.effect().Status.Set(before, o.s.Status)
	}
}

// Change returns everything the commands since loading have to write, as one
// change with one new version; ok is false if nothing changed, as after events
// that were all known (Q06). newID returns the ids of journal entries. Errors:
// ErrInternal if a payload can't be encoded.
func (o *Order) Change(newID func() uuid.UUID) (c Change, ok bool, err error) {
	if o.pending.Empty() {
		return Change{}, false, nil
	}
	c = Change{Expected: o.pending.Loaded(), Lines: o.lines, Events: o.events}
	if c.Entries, err = o.pending.Take(&o.s, o.s.Tenant, o.s.ID, newID); err != nil {
		return Change{}, false, err
	}
	c.Root, o.lines, o.events = o.s.Root, nil, nil
	return c, true, nil
}

func (o *Order) today(at journal.Moment) calendar.Date { return calendar.Of(at.Recorded, o.zone) }

// LineDue sets a line's agreed delivery date; the zero date removes it.
type LineDue struct {
	Line int           `json:"line"`
	On   calendar.Date `json:"on"`
}

// UpdateInput changes an order while it is a draft; nil fields stay.
type UpdateInput struct {
	// Reference is the customer's own order number, at most 200 characters.
	Reference *string `json:"reference,omitempty"`
	// Due names each line at most once.
	Due []LineDue `json:"due,omitempty"`
}

// Update changes the reference and the lines' due dates of a draft. Errors:
// ErrInvalid with all fields at fault; ErrNotAllowed unless a draft (Q05).
func (o *Order) Update(in UpdateInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Draft {
		return o.badStatus("order.update.status")
	}
	var f fault.Fields
	ev := &UpdatedPayload{Before: &Details{}}
	if in.Reference != nil {
		ref := *in.Reference
		text.Name(&f, "/reference", &ref, 0, text.MaxName)
		ev.Reference = &ref
		if was := o.s.Reference; was != "" {
			ev.Before.Reference = &was
		}
	}
	checkDue(&f, in.Due, o.s.Items)
	if in.Reference == nil && len(in.Due) == 0 {
		f.Add("/reference", "required", "there is nothing to change")
	}
	if err := f.Invalid("order.update.invalid"); err != nil {
		return err
	}
	ev.Due = append(ev.Due, in.Due...)
	for _, d := range in.Due {
		if was := o.s.Items[find(o.s.Items, d.Line)].Due; !was.IsZero() {
			ev.Before.Due = append(ev.Before.Due, LineDue{d.Line, was})
		}
	}
	o.do(ev, at)
	for _, d := range in.Due {
		o.lines = put(o.lines, o.s.Items[find(o.s.Items, d.Line)], compareLines)
	}
	return nil
}

// checkDue requires that each line exists and is named once.
func checkDue(f *fault.Fields, due []LineDue, lines []Line) {
	if len(due) > len(lines) {
		f.Add("/due", "too_many", "names more lines than there are")
		return
	}
	seen := map[int]bool{}
	for i, d := range due {
		switch {
		case find(lines, d.Line) < 0:
			f.Add(fault.Index("/due", i)+"/line", "unknown", "isn't a line of the order")
		case seen[d.Line]:
			f.Add(fault.Index("/due", i)+"/line", "duplicate", "is named twice")
		}
		seen[d.Line] = true
	}
}

// Confirm makes a draft binding: its lines never change again (Q05). Errors:
// ErrNotAllowed unless a draft.
func (o *Order) Confirm(at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if _, err := o.may(CommandConfirm); err != nil {
		return err
	}
	o.do(&ConfirmedPayload{}, at)
	return nil
}

// CompleteInput completes an order by command (Q08).
type CompleteInput struct {
	Reason string `json:"reason"`
}

// CancelInput cancels an order (Q09).
type CancelInput struct {
	Reason string `json:"reason"`
}

// Complete completes an order in execution for a reason, even if it isn't fully
// delivered, invoiced and paid (Q08). Errors: ErrInvalid without a reason;
// ErrNotAllowed by status (Q05).
func (o *Order) Complete(in CompleteInput, at journal.Moment) error {
	if err := o.reasoned(CommandComplete, &in.Reason, at); err != nil {
		return err
	}
	o.do(&CompletedPayload{Reason: in.Reason}, at)
	return nil
}

// Cancel cancels a live order for a reason. Deliveries, invoices and receipts
// stay recorded; the opportunity's win isn't affected (Q09). Errors: ErrInvalid
// without a reason; ErrNotAllowed by status (Q05).
func (o *Order) Cancel(in CancelInput, at journal.Moment) error {
	if err := o.reasoned(CommandCancel, &in.Reason, at); err != nil {
		return err
	}
	o.do(&CancelledPayload{Reason: in.Reason}, at)
	return nil
}

func (o *Order) reasoned(c Command, reason *string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if _, err := o.may(c); err != nil {
		return err
	}
	var f fault.Fields
	text.Block(&f, "/reason", reason, 1, text.MaxDescription)
	return f.Invalid("order." + c.String() + ".invalid")
}
