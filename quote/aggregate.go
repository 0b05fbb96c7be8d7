package quote

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// MaxRevisions is the most revisions of a quote.
const MaxRevisions = 100

// Quote is the guarded aggregate of a quote: each method makes its whole change,
// or returns an error and changes nothing. Create one with New, Copy or Restore;
// write the result of Change. The caller also records the command's effect on the
// opportunity, in the same transaction. It isn't safe for concurrent use.
type Quote struct {
	s       Snapshot
	zone    *time.Location
	pending journal.Pending[Snapshot]
	dirty   Change
}

// Restore rebuilds a quote from storage. It checks only the shape, so that old
// data always loads. zone is the tenant's time zone; nil means UTC. Errors:
// ErrCorrupt.
func Restore(s Snapshot, zone *time.Location) (*Quote, error) {
	if s.ID == uuid.Nil || s.Tenant == "" || s.Opportunity == uuid.Nil || !s.Status.Valid() || s.Version < 1 || s.Revision < 1 ||
		s.ItemsLoaded && len(s.Items) == 0 {
		return nil, fault.New(fault.ErrCorrupt, "quote.corrupt", "a stored quote lacks what it must have")
	}
	return &Quote{s: s, zone: zone, pending: events.Pending(s.Version)}, nil
}

// Snapshot returns the state. The caller must not write to anything it points to.
func (q *Quote) Snapshot() Snapshot { return q.s }

// begin refuses a moment that runs backwards or into the future (O12), and a
// second command before Change took the first (O11).
func (q *Quote) begin(at journal.Moment) error {
	return at.Begin(q.pending.Empty(), q.s.Effective, "quote.pending", "quote.moment.future", "quote.moment.backwards")
}

// allowed combines begin and may.
func (q *Quote) allowed(c Command, at journal.Moment) error {
	if err := q.begin(at); err != nil {
		return err
	}
	return q.may(c)
}

// needsItems refuses a command that needs the lines if they weren't loaded.
func (q *Quote) needsItems() error {
	if !q.s.ItemsLoaded {
		return fault.New(fault.ErrInternal, "quote.parts", "the command's parts weren't loaded")
	}
	return nil
}

// do applies an accepted event.
func (q *Quote) do(payload any, at journal.Moment) {
	before := q.s.Status
	q.pending.Do(&q.s, payload, at)
	if e, ok := payload.(interface{ effect() *Effect }); ok {
		e.effect().Status.Set(before, q.s.Status)
	}
}

// Change returns everything the command since loading has to write, with one new
// version; ok is false if nothing changed. newID returns the ids of journal
// entries. Errors: ErrInternal if a payload can't be encoded.
func (q *Quote) Change(newID func() uuid.UUID) (c Change, ok bool, err error) {
	if q.pending.Empty() {
		return Change{}, false, nil
	}
	c = q.dirty
	c.Expected = q.pending.Loaded()
	if c.Entries, err = q.pending.Take(&q.s, q.s.Tenant, q.s.ID, newID); err != nil {
		return Change{}, false, err
	}
	c.Root, q.dirty = q.s.Root, Change{}
	return c, true, nil
}

// Send turns a draft into an offer, whose content never changes again (Q02).
// customer is the opportunity's. Errors: ErrNotAllowed unless a draft; ErrInvalid
// if its validity has already passed.
func (q *Quote) Send(customer uuid.UUID, at journal.Moment) error {
	if err := q.allowed(Send, at); err != nil {
		return err
	}
	if q.past(at) {
		return fault.Invalid("quote.send.invalid", fault.Field{Path: "/valid_until", Code: "past", Message: "has passed already"})
	}
	q.do(&SentPayload{Customer: customer, Net: q.s.Net, Gross: q.s.Gross}, at)
	return nil
}

// past reports whether the validity had passed on the moment's day (Q03).
func (q *Quote) past(at journal.Moment) bool {
	return !q.s.ValidUntil.IsZero() && q.s.ValidUntil.Before(calendar.Of(at.Effective, q.zone))
}

// AcceptInput records the customer's acceptance.
type AcceptInput struct {
	// Note describes how it was given, in at most 200 characters.
	Note string `json:"note,omitempty"`
}

// Accept records the customer's acceptance. Its effective day counts, so an
// acceptance within the validity may be entered later. Errors: ErrNotAllowed
// unless sent, and past its validity (Q03); ErrInvalid.
func (q *Quote) Accept(in AcceptInput, at journal.Moment) error {
	if err := q.allowed(Accept, at); err != nil {
		return err
	}
	var f fault.Fields
	text.Line(&f, "/note", &in.Note, 0, text.MaxName)
	if err := f.Invalid("quote.accept.invalid"); err != nil {
		return err
	}
	if q.past(at) {
		return fault.NotAllowed("quote.accept.expired", "the quote's validity has passed",
			fault.Field{Path: "/valid_until", Code: "past", Message: "has passed; extend it"})
	}
	q.do(&AcceptedPayload{Note: in.Note, Net: q.s.Net, Gross: q.s.Gross}, at)
	return nil
}

// EndInput explains why a quote is rejected or withdrawn.
type EndInput struct {
	Reason string `json:"reason"`
}

// Reject records the customer's rejection, even after an acceptance. Errors:
// ErrNotAllowed unless sent or accepted; ErrInvalid without a reason.
func (q *Quote) Reject(in EndInput, at journal.Moment) error {
	if err := q.reasoned(Reject, &in.Reason, at); err != nil {
		return err
	}
	q.do(&RejectedPayload{Reason: in.Reason}, at)
	return nil
}

// Withdraw withdraws an offer, even an accepted one, or abandons a draft. Errors:
// ErrNotAllowed unless draft, sent or accepted; ErrInvalid without a reason.
func (q *Quote) Withdraw(in EndInput, at journal.Moment) error {
	if err := q.reasoned(Withdraw, &in.Reason, at); err != nil {
		return err
	}
	q.do(&WithdrawnPayload{Reason: in.Reason}, at)
	return nil
}

func (q *Quote) reasoned(c Command, reason *string, at journal.Moment) error {
	if err := q.allowed(c, at); err != nil {
		return err
	}
	var f fault.Fields
	text.Block(&f, "/reason", reason, 1, text.MaxDescription)
	return f.Invalid("quote." + c.String() + ".invalid")
}

// Expire ends a sent quote whose last valid day is before asOf. Errors:
// ErrNotAllowed unless sent, and while it is valid.
func (q *Quote) Expire(asOf calendar.Date, at journal.Moment) error {
	if err := q.allowed(Expire, at); err != nil {
		return err
	}
	if q.s.ValidUntil.IsZero() || !q.s.ValidUntil.Before(asOf) {
		return fault.NotAllowed("quote.expire.valid", "the quote is still valid",
			fault.Field{Path: "/valid_until", Code: "valid", Message: "hasn't passed"})
	}
	q.do(&ExpiredPayload{AsOf: asOf}, at)
	return nil
}

// ExtendInput extends a quote's validity.
type ExtendInput struct {
	Until calendar.Date `json:"until"`
}

// Extend extends the validity of a sent quote; an expired quote awaits an answer
// again (Q03). customer is the opportunity's. Errors: ErrNotAllowed by status,
// and if the quote was made to another customer (Q07); ErrInvalid for a day that
// has passed or isn't later than the current one.
func (q *Quote) Extend(in ExtendInput, customer uuid.UUID, at journal.Moment) error {
	if err := q.allowed(Extend, at); err != nil {
		return err
	}
	if q.s.Customer != customer {
		return fault.NotAllowed("quote.extend.customer", "the opportunity has another customer now",
			fault.Field{Path: "/customer", Code: "changed", Message: "isn't the opportunity's any more"})
	}
	var f fault.Fields
	switch {
	case in.Until.IsZero():
		f.Add("/until", "required", "is required")
	case in.Until.Before(calendar.Of(at.Effective, q.zone)):
		f.Add("/until", "past", "has passed already")
	case q.s.ValidUntil.IsZero() || !in.Until.After(q.s.ValidUntil):
		f.Add("/until", "not_later", "must be later than before")
	}
	if err := f.Invalid("quote.extend.invalid"); err != nil {
		return err
	}
	q.do(&ExtendedPayload{From: q.s.ValidUntil, Until: in.Until}, at)
	return nil
}

// Supersede ends a sent or accepted quote because another quote of the
// opportunity was accepted (Q03). Errors: ErrNotAllowed by status.
func (q *Quote) Supersede(by uuid.UUID, at journal.Moment) error {
	if err := q.allowed(Supersede, at); err != nil {
		return err
	}
	q.do(&SupersededPayload{By: by}, at)
	return nil
}

// ReviseInput starts the next revision.
type ReviseInput struct {
	// Reason has at most 200 characters.
	Reason string `json:"reason,omitempty"`
}

// Revise starts the next revision as a draft with the content of the previous
// one, which is superseded and never changes again (Q02). It needs the lines.
// Errors: ErrNotAllowed for a superseded quote, and for a draft, which Update
// changes; ErrInvalid; ErrLimit.
func (q *Quote) Revise(in ReviseInput, at journal.Moment) error {
	if err := q.allowed(Revise, at); err != nil {
		return err
	}
	if err := q.needsItems(); err != nil {
		return err
	}
	var f fault.Fields
	text.Line(&f, "/reason", &in.Reason, 0, text.MaxName)
	if err := f.Invalid("quote.revise.invalid"); err != nil {
		return err
	}
	if q.s.Revision >= MaxRevisions {
		return fault.New(fault.ErrLimit, "quote.revisions.too_many", "a quote has at most 100 revisions")
	}
	past := q.s.revision(at)
	q.do(&RevisedPayload{Reason: in.Reason, From: past.Number}, at)
	q.dirty.Past, q.dirty.Lines = &past, slices.Clone(q.s.Items)
	return nil
}
