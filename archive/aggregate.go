package archive

import (
	"maps"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Aggregate is an entry during a command. Each method checks everything first: it
// makes its whole change and records an event, or returns an error and changes
// nothing. Several calls before Change make one version together. It isn't safe
// for concurrent use.
type Aggregate struct {
	// Record is the current state; its Head is the stored one until Change.
	Record

	pending journal.Pending[Record]
	deleted bool
	// published is the scorecard version to store, if any.
	published *ScorecardVersion
}

// New returns a new active entry (A01). Errors: ErrInvalid with every field at
// fault; ErrInternal if the id is missing.
func New(id uuid.UUID, tenant string, in CreateInput, at journal.Moment) (*Aggregate, error) {
	if id == uuid.Nil {
		return nil, fault.New(fault.ErrInternal, "archive.ids", "the id is missing")
	}
	var f fault.Fields
	text.AnyKey(&f, "/tenant", tenant, 1, text.MaxCode)
	in.check(&f)
	if err := f.Invalid("archive.invalid"); err != nil {
		return nil, err
	}
	a := Open(Record{})
	e := Entry{ID: id, Tenant: tenant, Kind: in.Kind, Code: in.Code, Status: Active, Created: at.Recorded}
	in.onto(&e)
	a.do(&CreatedPayload{Entry: e}, at)
	return a, nil
}

// Open returns the aggregate of a stored entry. It checks nothing, so that old
// data loads.
func Open(rec Record) *Aggregate {
	rec.Entry = rec.Entry.Clone()
	return &Aggregate{Record: rec, pending: events.Pending(rec.Entry.Version)}
}

// Update changes the entry's data, even if it is retired; nil fields stay as they
// are. It checks the result as a whole. Kind and code are fixed (A03): leave them
// empty or repeat them. Errors: ErrInvalid with every field at fault (code
// "fixed" for another kind or code); ErrNotAllowed ("archive.deleted").
func (a *Aggregate) Update(u UpdateInput, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	var f fault.Fields
	if u.Kind != "" && u.Kind != a.Entry.Kind {
		f.Add("/kind", "fixed", "can't be changed")
	}
	if u.Code != "" && u.Code != a.Entry.Code {
		f.Add("/code", "fixed", "can't be changed")
	}
	in := u.on(&a.Entry)
	in.check(&f)
	if err := f.Invalid("archive.invalid"); err != nil {
		return err
	}
	e := a.Entry
	in.onto(&e)
	ev := &UpdatedPayload{Entry: e}
	ev.Entry.Version, ev.Entry.Updated = 0, time.Time{} // the event's own
	ev.Changed, ev.Before = changed(&a.Entry, &e)
	a.do(ev, at)
	return nil
}

// onto copies a checked input into an entry.
func (in *CreateInput) onto(e *Entry) {
	e.Names, e.Attributes = in.Names, in.Attributes
	e.NeedsExplanation, e.NeedsCompetitor, e.Description = in.NeedsExplanation, in.NeedsCompetitor, in.Description
}

// Retire removes the entry from future choices; existing references keep it
// (A02). Errors: ErrNotAllowed ("archive.retired" if it is retired,
// "archive.deleted").
func (a *Aggregate) Retire(at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.Entry.Status == Retired {
		return fault.NotAllowed("archive.retired", "the entry is retired already")
	}
	a.do(&RetiredPayload{Kind: a.Entry.Kind, Code: a.Entry.Code}, at)
	return nil
}

// Activate makes a retired entry available again. Errors: ErrNotAllowed
// ("archive.active" if it is active, "archive.deleted").
func (a *Aggregate) Activate(at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.Entry.Status == Active {
		return fault.NotAllowed("archive.active", "the entry is active already")
	}
	a.do(&ActivatedPayload{Kind: a.Entry.Kind, Code: a.Entry.Code}, at)
	return nil
}

// Delete removes an unused entry. used reports whether anything refers to it
// (A04). Errors: ErrInUse ("archive.in_use"): retire it instead; ErrNotAllowed
// ("archive.deleted", or "archive.new" if it was never stored).
func (a *Aggregate) Delete(used bool, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.pending.Loaded() == 0 {
		return fault.NotAllowed("archive.new", "the entry isn't stored yet")
	}
	if used {
		return fault.New(fault.ErrInUse, "archive.in_use", "the entry is still referenced; retire it instead")
	}
	a.do(&DeletedPayload{Kind: a.Entry.Kind, Code: a.Entry.Code}, at)
	a.deleted = true
	return nil
}

// Change returns the change to save: the new state with the version raised by
// one, and the journal entries that continue the chain. It readies the entry for
// more. newEntryID returns the entries' ids, in growing order. Errors:
// ErrInternal if nothing changed ("archive.unchanged") or a payload can't be
// encoded.
func (a *Aggregate) Change(newEntryID func() uuid.UUID) (c Change, err error) {
	if a.pending.Empty() {
		return Change{}, fault.New(fault.ErrInternal, "archive.unchanged", "no command was given")
	}
	c = Change{Expected: a.pending.Loaded(), Delete: a.deleted, Scorecard: a.published}
	if c.Entries, err = a.pending.Take(&a.Record, a.Entry.Tenant, a.Entry.ID, newEntryID); err != nil {
		return Change{}, err
	}
	c.Entry, c.Head, a.published = a.Entry.Clone(), a.Head, nil
	return c, nil
}

func (a *Aggregate) do(payload any, at journal.Moment) { a.pending.Do(&a.Record, payload, at) }

func (a *Aggregate) alive() error {
	if a.deleted {
		return fault.NotAllowed("archive.deleted", "the entry was deleted")
	}
	return nil
}

func changed(a, b *Entry) (names []string, before Entry) {
	note := func(differs bool, name string, keep func()) {
		if differs {
			names = append(names, name)
			keep()
		}
	}
	note(!maps.Equal(a.Names, b.Names), "names", func() { before.Names = a.Names })
	note(a.NeedsExplanation != b.NeedsExplanation, "needs_explanation", func() { before.NeedsExplanation = a.NeedsExplanation })
	note(a.NeedsCompetitor != b.NeedsCompetitor, "needs_competitor", func() { before.NeedsCompetitor = a.NeedsCompetitor })
	note(a.Description != b.Description, "description", func() { before.Description = a.Description })
	note(!maps.Equal(a.Attributes, b.Attributes), "attributes", func() { before.Attributes = a.Attributes })
	return names, before
}
