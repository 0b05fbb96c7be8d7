package quote

import (
	"cmp"
	"slices"

	"github.com/pursuit-crm/pursuit/journal"
)

// The types of a quote's events in the journal. Each has a payload of the same
// name: [EventSent] has [SentPayload].
const (
	EventCreated    = "quote.created.v1"
	EventUpdated    = "quote.updated.v1"
	EventSent       = "quote.sent.v1"
	EventAccepted   = "quote.accepted.v1"
	EventRejected   = "quote.rejected.v1"
	EventWithdrawn  = "quote.withdrawn.v1"
	EventExpired    = "quote.expired.v1"
	EventExtended   = "quote.extended.v1"
	EventRevised    = "quote.revised.v1"
	EventSuperseded = "quote.superseded.v1"

	EventCustomerMerged = "quote.customer_merged.v1"
)

var events = journal.NewRegistry(journal.KindQuote,
	func(s *Snapshot) journal.Marks {
		return journal.Marks{ID: &s.ID, Version: &s.Version, Updated: &s.Updated, Effective: &s.Effective, Head: &s.Head}
	},
	journal.On(EventCreated, (*CreatedPayload).apply).First(),
	journal.On(EventUpdated, (*UpdatedPayload).apply),
	journal.On(EventSent, (*SentPayload).apply),
	journal.On(EventAccepted, (*AcceptedPayload).apply),
	journal.On(EventRejected, (*RejectedPayload).apply),
	journal.On(EventWithdrawn, (*WithdrawnPayload).apply),
	journal.On(EventExpired, (*ExpiredPayload).apply),
	journal.On(EventExtended, (*ExtendedPayload).apply),
	journal.On(EventRevised, (*RevisedPayload).apply),
	journal.On(EventSuperseded, (*SupersededPayload).apply),
	journal.On(EventCustomerMerged, (*CustomerMergedPayload).apply),
)

// Events returns all types of a quote's events with their payloads.
func Events() []journal.EventType { return events.Types() }

// Decode returns the payload of a quote's entry, such as a *[SentPayload]. Errors:
// ErrCorrupt.
func Decode(e journal.Entry) (any, error) { return events.Decode(&e) }

// Replay rebuilds a quote with its lines and past revisions from its whole
// journal (J05). It doesn't check the chain; journal.Verify does. Errors:
// ErrCorrupt.
func Replay(entries []journal.Entry) (Snapshot, error) {
	s, _, err := events.Replay(entries, nil)
	return s, err
}

// The apply methods are the only ones that change a Snapshot. They must not fail,
// and depend only on their arguments. Parts that aren't loaded stay nil.

func (e *CreatedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Root, s.Items, s.ItemsLoaded, s.PastLoaded = e.Root, e.Lines, true, true
}

func (e *UpdatedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Content = e.Content
	if e.Lines != nil && s.ItemsLoaded {
		s.Items = e.Lines
	}
}

func (e *SentPayload) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.SentAt, s.Customer = Sent, at.Effective, e.Customer
}

func (s *Snapshot) decide(status Status, reason string, at journal.Moment) {
	s.Status, s.DecidedAt, s.Reason = status, at.Effective, reason
}

func (*AcceptedPayload) apply(s *Snapshot, at journal.Moment) { s.decide(Accepted, "", at) }
func (e *RejectedPayload) apply(s *Snapshot, at journal.Moment) {
	s.decide(Rejected, e.Reason, at)
}
func (e *WithdrawnPayload) apply(s *Snapshot, at journal.Moment) {
	s.decide(Withdrawn, e.Reason, at)
}
func (*ExpiredPayload) apply(s *Snapshot, at journal.Moment)    { s.decide(Expired, "", at) }
func (*SupersededPayload) apply(s *Snapshot, at journal.Moment) { s.decide(Superseded, "", at) }

func (e *ExtendedPayload) apply(s *Snapshot, _ journal.Moment) {
	var none Root
	s.ValidUntil, s.Status, s.DecidedAt = e.Until, Sent, none.DecidedAt
}

func (e *RevisedPayload) apply(s *Snapshot, at journal.Moment) {
	past := s.revision(at)
	if s.PastLoaded {
		past.Items = cloneLines(s.Items)
		s.Past = append(slices.Clone(s.Past), past)
	}
	var none Root
	s.Revision, s.Status, s.SentAt, s.DecidedAt, s.Reason = s.Revision+1, Draft, none.SentAt, none.DecidedAt, ""
}

// revision returns the active revision as a past one, without its lines.
func (s *Snapshot) revision(at journal.Moment) Revision {
	return Revision{Number: s.Revision, Status: s.Status, Content: s.Content, SentAt: s.SentAt, DecidedAt: s.DecidedAt,
		Reason: s.Reason, Superseded: at.Effective}
}

func (e *CustomerMergedPayload) apply(s *Snapshot, _ journal.Moment) { s.Customer = e.Customer }

func compareLines(a, b Line) int { return cmp.Compare(a.Number, b.Number) }
