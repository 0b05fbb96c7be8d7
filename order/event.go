package order

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// The types of events in the journal. Each has a payload of the same name:
// [EventExecuted] has [ExecutedPayload].
const (
	EventCreated        = "order.created.v1"
	EventUpdated        = "order.updated.v1"
	EventCustomerMerged = "order.customer_merged.v1"
	EventConfirmed      = "order.confirmed.v1"
	EventExecuted       = "order.executed.v1"
	EventCompleted      = "order.completed.v1"
	EventCancelled      = "order.cancelled.v1"
)

var events = journal.NewRegistry(journal.KindOrder,
	func(s *Snapshot) journal.Marks {
		return journal.Marks{ID: &s.ID, Version: &s.Version, Updated: &s.Updated, Effective: &s.Effective, Head: &s.Head}
	},
	journal.On(EventCreated, (*CreatedPayload).apply).First(),
	journal.On(EventUpdated, (*UpdatedPayload).apply),
	journal.On(EventCustomerMerged, (*CustomerMergedPayload).apply),
	journal.On(EventConfirmed, (*ConfirmedPayload).apply),
	journal.On(EventExecuted, (*ExecutedPayload).apply),
	journal.On(EventCompleted, (*CompletedPayload).apply),
	journal.On(EventCancelled, (*CancelledPayload).apply),
)

// Events returns all types of an order's events with their payloads, followed by
// those of a sales system.
func Events() []journal.EventType { return append(events.Types(), settingsEvents.Types()...) }

// Decode returns the payload of an order's or a sales system's entry, such as an
// *[ExecutedPayload]. Errors: ErrCorrupt.
func Decode(e journal.Entry) (any, error) {
	if e.Kind == journal.KindSales {
		return settingsEvents.Decode(&e)
	}
	return events.Decode(&e)
}

// Replay rebuilds an order with its events from its whole journal (J05). It
// doesn't check the chain; journal.Verify does. Errors: ErrCorrupt.
func Replay(entries []journal.Entry) (Snapshot, error) {
	s, _, err := events.Replay(entries, nil)
	return s, err
}

// The apply methods are the only ones that change a Snapshot. They must not fail,
// and depend only on their arguments. Events that aren't loaded stay nil.

func (e *CreatedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Root, s.Items, s.EventsLoaded = e.Root, e.Lines, true
	if (s.Gross == money.Money{}) { // from a time when orders had no tax
		s.Gross = s.Total
	}
}

func (e *UpdatedPayload) apply(s *Snapshot, _ journal.Moment) {
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

func (e *CustomerMergedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Customer, s.BillTo, s.EndUser = e.Customer, e.BillTo, e.EndUser
}

func (*ConfirmedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.ConfirmedAt = Confirmed, at.Effective
}

func (e *ExecutedPayload) apply(s *Snapshot, _ journal.Moment) {
	if to, ok := lifecycle.Next(s.Status, CommandExecute); ok {
		s.Status = to
	}
	s.Delivered, s.Invoiced, s.Received = e.Delivered, e.Invoiced, e.Received
	if s.EventsLoaded {
		s.Events = append(slices.Clone(s.Events), e.Events...)
		slices.SortFunc(s.Events, compareEvents)
	}
}

func (e *CompletedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.CompletedAt, s.Reason = Completed, at.Effective, e.Reason
}

func (e *CancelledPayload) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.CancelledAt, s.Reason = Cancelled, at.Effective, e.Reason
}

func compareLines(a, b Line) int { return cmp.Compare(a.Number, b.Number) }

func compareEvents(a, b ExecutionEvent) int {
	return cmp.Or(a.Recorded.Compare(b.Recorded), strings.Compare(a.External, b.External), cmp.Compare(a.Line, b.Line))
}

// find returns the index of a line in a list sorted by number, or -1.
func find(lines []Line, number int) int {
	i, ok := slices.BinarySearchFunc(lines, number, func(l Line, n int) int { return cmp.Compare(l.Number, n) })
	if !ok {
		return -1
	}
	return i
}

// put inserts or replaces an element of a sorted slice.
func put[T any](list []T, x T, compare func(a, b T) int) []T {
	i, found := slices.BinarySearchFunc(list, x, compare)
	if found {
		list[i] = x
		return list
	}
	return slices.Insert(list, i, x)
}
