package order

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// event is a fact that a command established. Its payload holds all that apply
// needs, so that replaying the journal gives the stored state exactly (J05).
type event interface {
	name() string
	apply(s *Snapshot, at journal.Moment)
}

// The types of events, as journalled.
const (
	EventCreated        = "order.created.v1"
	EventUpdated        = "order.updated.v1"
	EventCustomerMerged = "order.customer_merged.v1"
	EventConfirmed      = "order.confirmed.v1"
	EventExecuted       = "order.executed.v1"
	EventCompleted      = "order.completed.v1"
	EventCancelled      = "order.cancelled.v1"
)

type (
	created struct {
		Root  Root   `json:"root"`
		Lines []Line `json:"lines"`
	}
	updated struct {
		Reference *string   `json:"reference,omitempty"`
		Due       []LineDue `json:"due,omitempty"`
	}
	customerMerged struct {
		From     uuid.UUID `json:"from"`
		Customer uuid.UUID `json:"customer"`
		BillTo   uuid.UUID `json:"bill_to,omitzero"`
		EndUser  uuid.UUID `json:"end_user,omitzero"`
	}
	confirmed struct{}
	executed  struct {
		Events    []ExecutionEvent `json:"events"`
		Delivered money.Money      `json:"delivered"`
		Invoiced  money.Money      `json:"invoiced"`
		Received  money.Money      `json:"received"`
	}
	completed struct {
		// Reason is empty if the order completed by itself (Q08).
		Reason string `json:"reason,omitempty"`
	}
	cancelled struct {
		Reason string `json:"reason"`
	}
)

func (*created) name() string        { return EventCreated }
func (*updated) name() string        { return EventUpdated }
func (*customerMerged) name() string { return EventCustomerMerged }
func (*confirmed) name() string      { return EventConfirmed }
func (*executed) name() string       { return EventExecuted }
func (*completed) name() string      { return EventCompleted }
func (*cancelled) name() string      { return EventCancelled }

// The apply methods are the only ones that change a Snapshot. They must not
// fail, and must depend on nothing but their arguments. Events that aren't
// loaded stay nil.

func (e *created) apply(s *Snapshot, _ journal.Moment) {
	s.Root, s.Items, s.EventsLoaded = e.Root, e.Lines, true
	if (s.Gross == money.Money{}) { // of a time when orders bore no tax
		s.Gross = s.Total
	}
}

func (e *updated) apply(s *Snapshot, _ journal.Moment) {
	if e.Reference != nil {
		s.Reference = *e.Reference
	}
	s.Items = slices.Clone(s.Items)
	for _, d := range e.Due {
		if i := find(s.Items, d.Line); i >= 0 {
			s.Items[i].Due = d.On
		}
	}
}

func (e *customerMerged) apply(s *Snapshot, _ journal.Moment) {
	s.Customer, s.BillTo, s.EndUser = e.Customer, e.BillTo, e.EndUser
}

func (*confirmed) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.ConfirmedAt = Confirmed, at.Effective
}

func (e *executed) apply(s *Snapshot, _ journal.Moment) {
	if to, ok := lifecycle.Next(s.Status, CommandExecute); ok {
		s.Status = to
	}
	s.Delivered, s.Invoiced, s.Received = e.Delivered, e.Invoiced, e.Received
	if s.EventsLoaded {
		s.Events = append(slices.Clone(s.Events), e.Events...)
		slices.SortFunc(s.Events, compareEvents)
	}
}

func (e *completed) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.CompletedAt, s.Reason = Completed, at.Effective, e.Reason
}

func (e *cancelled) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.CancelledAt, s.Reason = Cancelled, at.Effective, e.Reason
}

func compareLines(a, b Line) int { return cmp.Compare(a.Number, b.Number) }

func compareEvents(a, b ExecutionEvent) int {
	return cmp.Or(a.Recorded.Compare(b.Recorded), strings.Compare(a.External, b.External), cmp.Compare(a.Line, b.Line))
}

// find gives the place of a line in a list that is sorted by number, or -1.
func find(lines []Line, number int) int {
	i, ok := slices.BinarySearchFunc(lines, number, func(l Line, n int) int { return cmp.Compare(l.Number, n) })
	if !ok {
		return -1
	}
	return i
}

// put inserts or replaces in a sorted slice.
func put[T any](list []T, x T, compare func(a, b T) int) []T {
	i, found := slices.BinarySearchFunc(list, x, compare)
	if found {
		list[i] = x
		return list
	}
	return slices.Insert(list, i, x)
}

// decode reads a journalled event.
func decode(e *journal.Entry) (event, error) {
	var ev event
	switch e.Type {
	case EventCreated:
		ev = &created{}
	case EventUpdated:
		ev = &updated{}
	case EventCustomerMerged:
		ev = &customerMerged{}
	case EventConfirmed:
		ev = &confirmed{}
	case EventExecuted:
		ev = &executed{}
	case EventCompleted:
		ev = &completed{}
	case EventCancelled:
		ev = &cancelled{}
	default:
		return nil, fault.New(fault.ErrCorrupt, "journal.type", "an event's type is unknown: "+e.Type)
	}
	if err := json.Unmarshal(e.Payload, ev); err != nil {
		return nil, fault.Wrap(fault.ErrCorrupt, "journal.payload", "an event's payload can't be read", err)
	}
	return ev, nil
}

// Replay rebuilds an order, its events included, from its whole journal (J05).
// It doesn't check the chain; journal.Verify does. Errors: ErrCorrupt.
func Replay(entries []journal.Entry) (Snapshot, error) {
	var s Snapshot
	for i := range entries {
		e := &entries[i]
		ev, err := decode(e)
		if err != nil {
			return Snapshot{}, err
		}
		if (e.Type == EventCreated) != (i == 0) || e.Kind != journal.KindOrder {
			return Snapshot{}, fault.New(fault.ErrCorrupt, "order.replay", "the order's journal can't be replayed",
				fault.Field{Path: fault.Index("/entries", i), Code: "order", Message: "doesn't fit"})
		}
		ev.apply(&s, e.Moment)
		s.Updated, s.Version = e.Moment.Effective, e.Version
		s.Head = journal.Head{Seq: e.Seq, Hash: e.Hash}
	}
	if s.ID == uuid.Nil {
		return Snapshot{}, fault.New(fault.ErrCorrupt, "journal.empty", "there is no journal to replay")
	}
	return s, nil
}
