package opportunity

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// Limits of an opportunity.
const (
	MaxMembers     = 100
	MaxLines       = 500 // L03
	MaxContacts    = 200
	MaxCompetitors = 50
	MaxReasons     = 20
	MaxTicks       = 200
	MaxApprovals   = 50
	MaxCycles      = 100
)

// Opportunity is the guarded aggregate: each method makes its whole change, or
// returns an error and changes nothing. Create one with New or Restore; write the
// result of Change. It isn't safe for concurrent use.
type Opportunity struct {
	s       Snapshot
	rules   Rules
	known   []Named
	named   named
	open    *openOf
	seer    string // may see it without being in the team
	before  Root   // the loaded state
	pending journal.Pending[Snapshot]
	at      journal.Moment
	deleted bool
	ledger  note
	dirty   Change
	settled *SettledQuotes
}

// Rules are the facts beyond the opportunity's state that commands are checked
// against.
type Rules struct {
	// Version is the pinned version of the process.
	Version *stage.Version
	// Verdicts are the host's decisions on gates of its own kinds. A command that
	// needs a missing one fails with *Unjudged, and changes nothing.
	Verdicts stage.Verdicts
	// Zone is the tenant's time zone; nil means UTC.
	Zone *time.Location
}

// note is the next ledger row's information about the command.
type note struct {
	progress Progress
	from     string
	summary  string
}

// Restore rebuilds an opportunity from storage. It checks only the shape: it
// never re-applies rules of creation or dates, so that old data always loads.
// Rules without a Version suffice for commands that don't use the process; others
// return ErrInternal. Errors: ErrCorrupt.
func Restore(rec Record, rules Rules) (*Opportunity, error) {
	s := rec.Snapshot
	if s.ID == uuid.Nil || s.Tenant == "" || !s.Status.Valid() || s.Version < 1 || s.Cycle < 1 || s.Owner == "" {
		return nil, fault.New(fault.ErrCorrupt, "opportunity.corrupt", "a stored opportunity lacks what it must have")
	}
	return &Opportunity{s: s, before: s.Root, pending: events.Pending(s.Version), rules: rules, known: slices.Clone(rec.Archive),
		named: named{rec.Activity, rec.Others, rec.Expense}}, nil
}

// Snapshot returns the state. The caller must not write to anything it points to.
func (o *Opportunity) Snapshot() Snapshot { return o.s }

// Deleted reports whether a command deleted it.
func (o *Opportunity) Deleted() bool { return o.deleted }

func (o *Opportunity) needs(p Parts) error {
	if o.s.Loaded&p != p {
		return fault.New(fault.ErrInternal, "opportunity.parts", "the command's parts weren't loaded")
	}
	return nil
}

// ruled refuses a command that needs the process if it wasn't supplied.
func (o *Opportunity) ruled() error {
	if o.rules.Version == nil {
		return noRules()
	}
	return nil
}

func noRules() error {
	return fault.New(fault.ErrInternal, "opportunity.rules", "the command's process version wasn't supplied")
}

// begin refuses a moment that runs backwards or into the future (O12), any
// command on a deleted opportunity, and a second command before Change took the
// first: each has a version of its own (O11).
func (o *Opportunity) begin(at journal.Moment) error {
	last := o.s.Effective
	if o.s.Ledger.Effective.After(last) {
		last = o.s.Ledger.Effective
	}
	if o.deleted {
		return fault.NotFound("opportunity.not_found")
	}
	if err := at.Begin(o.pending.Empty(), last, "opportunity.pending", "opportunity.moment.future", "opportunity.moment.backwards"); err != nil {
		return err
	}
	if at.Recorded.Before(o.s.Ledger.Recorded) {
		return fault.New(fault.ErrInternal, "opportunity.moment.recorded", "the engine's clock ran backwards")
	}
	return nil
}

// do applies an accepted event.
func (o *Opportunity) do(payload any, at journal.Moment) {
	before := o.s.Root
	o.pending.Do(&o.s, payload, at)
	if e, ok := payload.(interface{ effect() *Effect }); ok {
		e.effect().note(&before, &o.s.Root)
	}
	o.ledger = o.ledger.after(payload)
	o.at = at
}

// watched reports whether the change is one that the ledger records.
func watched(a, b *Root) bool {
	return a.Status != b.Status || a.Stage != b.Stage || a.Owner != b.Owner || a.Department != b.Department ||
		a.Customer != b.Customer || a.Source != b.Source || a.Process != b.Process || a.Amount() != b.Amount() ||
		a.Probability != b.Probability || a.Category != b.Category || a.ExpectedClose != b.ExpectedClose ||
		a.Cycle != b.Cycle || !sameInt(a.CycleDays, b.CycleDays)
}

func sameInt(a, b *int) bool { return a == b || (a != nil && b != nil && *a == *b) }

// row returns the ledger's view of a root.
func row(r *Root, seq int64) LedgerRow {
	return LedgerRow{
		Opportunity: r.ID, Seq: seq, Status: r.Status, Stage: r.Stage, Owner: r.Owner, Department: r.Department,
		Customer: r.Customer, Source: r.Source, Process: r.Process, Amount: r.Amount(), Probability: r.Probability,
		Category: r.Category, ExpectedClose: r.ExpectedClose, CycleDays: r.CycleDays, Cycle: r.Cycle,
	}
}

// book ends the ledger's open row and begins the next one, if a recorded value
// changed or a stage's work was summarised.
func book(before *Root, s *Snapshot, n note, at journal.Moment, event string, entry int64, deleted bool) (prior, next *LedgerRow) {
	fresh := before.Version == 0
	if !fresh && !deleted && n.progress == "" && !watched(before, &s.Root) {
		return nil, nil
	}
	if !fresh {
		p := row(before, before.Ledger.Seq)
		p.EffectiveFrom, p.RecordedFrom = before.Ledger.Effective, before.Ledger.Recorded
		p.EffectiveTo, p.RecordedTo = at.Effective, at.Recorded
		p.Event, p.By = "unknown", "unknown"
		prior = &p
	}
	if deleted {
		return prior, nil
	}
	r := row(&s.Root, before.Ledger.Seq+1)
	r.EffectiveFrom, r.RecordedFrom = at.Effective, at.Recorded
	r.Event, r.Entry, r.By = event, entry, at.By
	r.Progress, r.FromStage, r.Summary = n.progress, n.from, n.summary
	s.Ledger = LedgerMark{Seq: r.Seq, Effective: at.Effective, Recorded: at.Recorded}
	return prior, &r
}

// Change returns everything the last command has to write, with one new version
// (O11), and readies the opportunity for the next command; ok is false if nothing
// changed. If writing fails, load the opportunity again. newID returns the ids of
// journal entries. Errors: ErrInternal if an event can't be encoded.
func (o *Opportunity) Change(newID func() uuid.UUID) (c Change, ok bool, err error) {
	if o.pending.Empty() {
		return Change{}, false, nil
	}
	c = o.dirty
	c.Expected = o.pending.Loaded()
	if c.Entries, err = o.pending.Take(&o.s, o.s.Tenant, o.s.ID, newID); err != nil {
		return Change{}, false, err
	}
	switch now := o.s.Outcome; {
	case now == o.before.Outcome, now == nil:
		c.Outcome = OutcomeKept
	case o.before.Outcome == nil:
		c.Outcome = OutcomeFresh
	}
	last := c.Entries[len(c.Entries)-1]
	c.Prior, c.Next = book(&o.before, &o.s, o.ledger, o.at, last.Type, last.Seq, o.deleted)
	c.Root, c.Delete = o.s.Root, o.deleted
	o.dirty, o.ledger, o.before = Change{}, note{}, o.s.Root
	return c, true, nil
}

// lookup finds a named archive entry.
func (o *Opportunity) lookup(id uuid.UUID) *Named {
	i := slices.IndexFunc(o.known, func(n Named) bool { return n.Entry.ID == id })
	if i < 0 {
		return nil
	}
	return &o.known[i]
}

// usable notes why an archive entry can't be chosen (A02, A03).
func (o *Opportunity) usable(f *fault.Fields, path string, id uuid.UUID, kind archive.Kind) *Named {
	n := o.lookup(id)
	if n == nil {
		f.Add(path, "not_found", "isn't in the archive")
		return nil
	}
	archive.Usable(n.Entry, kind, path, f)
	return n
}

func (o *Opportunity) zone() *time.Location {
	if o.rules.Zone == nil {
		return time.UTC
	}
	return o.rules.Zone
}

// cycleDays returns the days from creation to a decision (F7).
func (o *Opportunity) cycleDays(at time.Time) *int {
	n := calendar.Of(at, o.zone()).Sub(calendar.Of(o.s.Created, o.zone()))
	return &n
}

func cloneMap(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return maps.Clone(m)
}
