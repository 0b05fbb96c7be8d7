package order

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
	EventQuoteCreated    = "quote.created.v1"
	EventQuoteUpdated    = "quote.updated.v1"
	EventQuoteSent       = "quote.sent.v1"
	EventQuoteAccepted   = "quote.accepted.v1"
	EventQuoteRejected   = "quote.rejected.v1"
	EventQuoteWithdrawn  = "quote.withdrawn.v1"
	EventQuoteExpired    = "quote.expired.v1"
	EventQuoteExtended   = "quote.extended.v1"
	EventQuoteRevised    = "quote.revised.v1"
	EventQuoteSuperseded = "quote.superseded.v1"

	EventQuoteCustomerMerged = "quote.customer_merged.v1"
)

// quoteEvent is a fact that a command established; see event.
type quoteEvent interface {
	name() string
	apply(s *QuoteSnapshot, at journal.Moment)
}

type (
	quoteCreated struct {
		Root  QuoteRoot   `json:"root"`
		Lines []QuoteLine `json:"lines"`
	}
	quoteUpdated struct {
		Content QuoteContent `json:"content"`
		// Lines are all that there are now; nil if none changed.
		Lines []QuoteLine `json:"lines,omitempty"`
	}
	quoteSent struct {
		// Customer is the opportunity's at that moment.
		Customer uuid.UUID `json:"customer"`
	}
	quoteCustomerMerged struct {
		From     uuid.UUID `json:"from"`
		Customer uuid.UUID `json:"customer"`
	}
	quoteAccepted struct {
		Note string `json:"note,omitempty"`
	}
	quoteRejected  struct{ quoteReason }
	quoteWithdrawn struct{ quoteReason }
	quoteReason    struct {
		Reason string `json:"reason,omitempty"`
	}
	quoteExpired struct {
		AsOf calendar.Date `json:"as_of"`
	}
	quoteExtended struct {
		Until calendar.Date `json:"until"`
	}
	quoteRevised struct {
		Reason string `json:"reason,omitempty"`
		From   int    `json:"from"`
	}
	quoteSuperseded struct {
		// By is the quote that was accepted.
		By uuid.UUID `json:"by"`
	}
)

func (*quoteCreated) name() string    { return EventQuoteCreated }
func (*quoteUpdated) name() string    { return EventQuoteUpdated }
func (*quoteSent) name() string       { return EventQuoteSent }
func (*quoteAccepted) name() string   { return EventQuoteAccepted }
func (*quoteRejected) name() string   { return EventQuoteRejected }
func (*quoteWithdrawn) name() string  { return EventQuoteWithdrawn }
func (*quoteExpired) name() string    { return EventQuoteExpired }
func (*quoteExtended) name() string   { return EventQuoteExtended }
func (*quoteRevised) name() string    { return EventQuoteRevised }
func (*quoteSuperseded) name() string { return EventQuoteSuperseded }

// The apply methods are the only ones that change a QuoteSnapshot. They must not
// fail, and must depend on nothing but their arguments. What isn't loaded stays
// nil.

func (e *quoteCreated) apply(s *QuoteSnapshot, _ journal.Moment) {
	s.QuoteRoot, s.Items, s.ItemsLoaded, s.PastLoaded = e.Root, e.Lines, true, true
}

func (e *quoteUpdated) apply(s *QuoteSnapshot, _ journal.Moment) {
	s.QuoteContent = e.Content
	if e.Lines != nil && s.ItemsLoaded {
		s.Items = e.Lines
	}
}

func (e *quoteSent) apply(s *QuoteSnapshot, at journal.Moment) {
	s.Status, s.SentAt, s.Customer = QuoteSent, at.Effective, e.Customer
}

func (s *QuoteSnapshot) decide(status QuoteStatus, reason string, at journal.Moment) {
	s.Status, s.DecidedAt, s.Reason = status, at.Effective, reason
}

func (*quoteAccepted) apply(s *QuoteSnapshot, at journal.Moment) { s.decide(QuoteAccepted, "", at) }
func (e *quoteRejected) apply(s *QuoteSnapshot, at journal.Moment) {
	s.decide(QuoteRejected, e.Reason, at)
}
func (e *quoteWithdrawn) apply(s *QuoteSnapshot, at journal.Moment) {
	s.decide(QuoteWithdrawn, e.Reason, at)
}
func (*quoteExpired) apply(s *QuoteSnapshot, at journal.Moment)    { s.decide(QuoteExpired, "", at) }
func (*quoteSuperseded) apply(s *QuoteSnapshot, at journal.Moment) { s.decide(QuoteSuperseded, "", at) }

func (e *quoteExtended) apply(s *QuoteSnapshot, _ journal.Moment) {
	var none QuoteRoot
	s.ValidUntil, s.Status, s.DecidedAt = e.Until, QuoteSent, none.DecidedAt
}

func (e *quoteRevised) apply(s *QuoteSnapshot, at journal.Moment) {
	past := s.revision(at)
	if s.PastLoaded {
		past.Items = cloneQuoteLines(s.Items)
		s.Past = append(slices.Clone(s.Past), past)
	}
	var none QuoteRoot
	s.Revision, s.Status, s.SentAt, s.DecidedAt, s.Reason = s.Revision+1, QuoteDraft, none.SentAt, none.DecidedAt, ""
}

// revision is the active one as a past one, without its lines.
func (s *QuoteSnapshot) revision(at journal.Moment) QuoteRevision {
	return QuoteRevision{Number: s.Revision, Status: s.Status, QuoteContent: s.QuoteContent, SentAt: s.SentAt, DecidedAt: s.DecidedAt,
		Reason: s.Reason, Superseded: at.Effective}
}

func compareQuoteLines(a, b QuoteLine) int { return cmp.Compare(a.Number, b.Number) }

// decodeQuote reads a journalled event.
func decodeQuote(e *journal.Entry) (quoteEvent, error) {
	var ev quoteEvent
	switch e.Type {
	case EventQuoteCreated:
		ev = &quoteCreated{}
	case EventQuoteUpdated:
		ev = &quoteUpdated{}
	case EventQuoteSent:
		ev = &quoteSent{}
	case EventQuoteAccepted:
		ev = &quoteAccepted{}
	case EventQuoteRejected:
		ev = &quoteRejected{}
	case EventQuoteWithdrawn:
		ev = &quoteWithdrawn{}
	case EventQuoteExpired:
		ev = &quoteExpired{}
	case EventQuoteExtended:
		ev = &quoteExtended{}
	case EventQuoteRevised:
		ev = &quoteRevised{}
	case EventQuoteCustomerMerged:
		ev = &quoteCustomerMerged{}
	case EventQuoteSuperseded:
		ev = &quoteSuperseded{}
	default:
		return nil, fault.New(fault.ErrCorrupt, "journal.type", "an event's type is unknown: "+e.Type)
	}
	if err := json.Unmarshal(e.Payload, ev); err != nil {
		return nil, fault.Wrap(fault.ErrCorrupt, "journal.payload", "an event's payload can't be read", err)
	}
	return ev, nil
}

// ReplayQuote rebuilds a quote, its lines and past revisions included, from its
// whole journal (J05). It doesn't check the chain; journal.Verify does. Errors:
// ErrCorrupt.
func ReplayQuote(entries []journal.Entry) (QuoteSnapshot, error) {
	var s QuoteSnapshot
	for i := range entries {
		e := &entries[i]
		ev, err := decodeQuote(e)
		if err != nil {
			return QuoteSnapshot{}, err
		}
		if (e.Type == EventQuoteCreated) != (i == 0) || e.Kind != journal.KindQuote {
			return QuoteSnapshot{}, fault.New(fault.ErrCorrupt, "quote.replay", "the quote's journal can't be replayed",
				fault.Field{Path: fault.Index("/entries", i), Code: "order", Message: "doesn't fit"})
		}
		ev.apply(&s, e.Moment)
		s.Updated, s.Version = e.Moment.Effective, e.Version
		s.Head = journal.Head{Seq: e.Seq, Hash: e.Hash}
	}
	if s.ID == uuid.Nil {
		return QuoteSnapshot{}, fault.New(fault.ErrCorrupt, "journal.empty", "there is no journal to replay")
	}
	return s, nil
}
