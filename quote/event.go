package quote

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// The types of a quote's events, as journalled.
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

// event is a fact that a command established; see event.
type event interface {
	name() string
	apply(s *Snapshot, at journal.Moment)
}

type (
	created struct {
		Root  Root   `json:"root"`
		Lines []Line `json:"lines"`
	}
	updated struct {
		Content Content `json:"content"`
		// Lines are all that there are now; nil if none changed.
		Lines []Line `json:"lines,omitempty"`
	}
	sent struct {
		// Customer is the opportunity's at that moment.
		Customer uuid.UUID `json:"customer"`
	}
	customerMerged struct {
		From     uuid.UUID `json:"from"`
		Customer uuid.UUID `json:"customer"`
	}
	accepted struct {
		Note string `json:"note,omitempty"`
	}
	rejected  struct{ reason }
	withdrawn struct{ reason }
	reason    struct {
		Reason string `json:"reason,omitempty"`
	}
	expired struct {
		AsOf calendar.Date `json:"as_of"`
	}
	extended struct {
		Until calendar.Date `json:"until"`
	}
	revised struct {
		Reason string `json:"reason,omitempty"`
		From   int    `json:"from"`
	}
	superseded struct {
		// By is the quote that was accepted.
		By uuid.UUID `json:"by"`
	}
)

func (*created) name() string    { return EventCreated }
func (*updated) name() string    { return EventUpdated }
func (*sent) name() string       { return EventSent }
func (*accepted) name() string   { return EventAccepted }
func (*rejected) name() string   { return EventRejected }
func (*withdrawn) name() string  { return EventWithdrawn }
func (*expired) name() string    { return EventExpired }
func (*extended) name() string   { return EventExtended }
func (*revised) name() string    { return EventRevised }
func (*superseded) name() string { return EventSuperseded }

// The apply methods are the only ones that change a Snapshot. They must not
// fail, and must depend on nothing but their arguments. What isn't loaded stays
// nil.

func (e *created) apply(s *Snapshot, _ journal.Moment) {
	s.Root, s.Items, s.ItemsLoaded, s.PastLoaded = e.Root, e.Lines, true, true
}

func (e *updated) apply(s *Snapshot, _ journal.Moment) {
	s.Content = e.Content
	if e.Lines != nil && s.ItemsLoaded {
		s.Items = e.Lines
	}
}

func (e *sent) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.SentAt, s.Customer = Sent, at.Effective, e.Customer
}

func (s *Snapshot) decide(status Status, reason string, at journal.Moment) {
	s.Status, s.DecidedAt, s.Reason = status, at.Effective, reason
}

func (*accepted) apply(s *Snapshot, at journal.Moment) { s.decide(Accepted, "", at) }
func (e *rejected) apply(s *Snapshot, at journal.Moment) {
	s.decide(Rejected, e.Reason, at)
}
func (e *withdrawn) apply(s *Snapshot, at journal.Moment) {
	s.decide(Withdrawn, e.Reason, at)
}
func (*expired) apply(s *Snapshot, at journal.Moment)    { s.decide(Expired, "", at) }
func (*superseded) apply(s *Snapshot, at journal.Moment) { s.decide(Superseded, "", at) }

func (e *extended) apply(s *Snapshot, _ journal.Moment) {
	var none Root
	s.ValidUntil, s.Status, s.DecidedAt = e.Until, Sent, none.DecidedAt
}

func (e *revised) apply(s *Snapshot, at journal.Moment) {
	past := s.revision(at)
	if s.PastLoaded {
		past.Items = cloneLines(s.Items)
		s.Past = append(slices.Clone(s.Past), past)
	}
	var none Root
	s.Revision, s.Status, s.SentAt, s.DecidedAt, s.Reason = s.Revision+1, Draft, none.SentAt, none.DecidedAt, ""
}

// revision is the active one as a past one, without its lines.
func (s *Snapshot) revision(at journal.Moment) Revision {
	return Revision{Number: s.Revision, Status: s.Status, Content: s.Content, SentAt: s.SentAt, DecidedAt: s.DecidedAt,
		Reason: s.Reason, Superseded: at.Effective}
}

func compareLines(a, b Line) int { return cmp.Compare(a.Number, b.Number) }

// decode reads a journalled event.
func decode(e *journal.Entry) (event, error) {
	var ev event
	switch e.Type {
	case EventCreated:
		ev = &created{}
	case EventUpdated:
		ev = &updated{}
	case EventSent:
		ev = &sent{}
	case EventAccepted:
		ev = &accepted{}
	case EventRejected:
		ev = &rejected{}
	case EventWithdrawn:
		ev = &withdrawn{}
	case EventExpired:
		ev = &expired{}
	case EventExtended:
		ev = &extended{}
	case EventRevised:
		ev = &revised{}
	case EventCustomerMerged:
		ev = &customerMerged{}
	case EventSuperseded:
		ev = &superseded{}
	default:
		return nil, fault.New(fault.ErrCorrupt, "journal.type", "an event's type is unknown: "+e.Type)
	}
	if err := json.Unmarshal(e.Payload, ev); err != nil {
		return nil, fault.Wrap(fault.ErrCorrupt, "journal.payload", "an event's payload can't be read", err)
	}
	return ev, nil
}

// Replay rebuilds a quote, its lines and past revisions included, from its
// whole journal (J05). It doesn't check the chain; journal.Verify does. Errors:
// ErrCorrupt.
func Replay(entries []journal.Entry) (Snapshot, error) {
	var s Snapshot
	for i := range entries {
		e := &entries[i]
		ev, err := decode(e)
		if err != nil {
			return Snapshot{}, err
		}
		if (e.Type == EventCreated) != (i == 0) || e.Kind != journal.KindQuote {
			return Snapshot{}, fault.New(fault.ErrCorrupt, "quote.replay", "the quote's journal can't be replayed",
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
