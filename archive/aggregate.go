package archive

import (
	"maps"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Aggregate is an entry while a command works on it. Its methods check
// everything first: they change all that they should and note an event, or return
// an error and change nothing. Several may be called before Change; together they
// make one version. It isn't safe for use by several goroutines at once.
type Aggregate struct {
	// Record is the state as it is now; its Head is still the one that was read.
	Record

	expected int64
	events   []noted
	deleted  bool
	// published is the scorecard version to store, if there is one.
	published *ScorecardVersion
}

type noted struct {
	event journal.Event
	at    journal.Moment
}

// New creates an active entry (A01).
// Errors: ErrInvalid with every field at fault; ErrInternal if the id is missing.
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
	a := Open(Record{Entry: Entry{
		ID: id, Tenant: tenant, Kind: in.Kind, Code: in.Code, Status: Active, Created: at.Recorded,
	}})
	in.onto(&a.Entry)
	a.touch(at)
	a.note(at, EventCreated, Created{Entry: a.Entry.Clone()})
	return a, nil
}

// Open takes up a stored entry. It checks nothing: old data loads.
func Open(rec Record) *Aggregate {
	rec.Entry = rec.Entry.Clone()
	return &Aggregate{Record: rec, expected: rec.Entry.Version}
}

// Update changes the entry's data, of a retired one too; nil fields stay as they
// are. What it leads to is checked whole. Kind and code are fixed (A03): empty, or
// the same as before.
// Errors: ErrInvalid with every field at fault (code "fixed" for another kind or
// code); ErrNotAllowed ("archive.deleted").
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
	old := a.Entry
	in.onto(&a.Entry)
	a.touch(at)
	a.note(at, EventUpdated, Updated{Entry: a.Entry.Clone(), Changed: changed(old, a.Entry)})
	return nil
}

// onto puts a checked input onto an entry.
func (in *CreateInput) onto(e *Entry) {
	e.Names, e.Attributes = in.Names, in.Attributes
	e.NeedsExplanation, e.NeedsCompetitor, e.Description = in.NeedsExplanation, in.NeedsCompetitor, in.Description
}

// Retire takes the entry out of the choice; wherever it was chosen it stays (A02).
// Errors: ErrNotAllowed ("archive.retired" if it is, "archive.deleted").
func (a *Aggregate) Retire(at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.Entry.Status == Retired {
		return fault.NotAllowed("archive.retired", "the entry is retired already")
	}
	a.Entry.Status = Retired
	a.touch(at)
	a.note(at, EventRetired, Retirement{Kind: a.Entry.Kind, Code: a.Entry.Code})
	return nil
}

// Activate puts a retired entry up for choice again.
// Errors: ErrNotAllowed ("archive.active" if it is, "archive.deleted").
func (a *Aggregate) Activate(at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.Entry.Status == Active {
		return fault.NotAllowed("archive.active", "the entry is active already")
	}
	a.Entry.Status = Active
	a.touch(at)
	a.note(at, EventActivated, Activation{Kind: a.Entry.Kind, Code: a.Entry.Code})
	return nil
}

// Delete removes an entry that nothing refers to; used says that something does (A04).
// Errors: ErrInUse ("archive.in_use"): retire it instead; ErrNotAllowed
// ("archive.deleted", or "archive.new" if it was never stored).
func (a *Aggregate) Delete(used bool, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.expected == 0 {
		return fault.NotAllowed("archive.new", "the entry isn't stored yet")
	}
	if used {
		return fault.New(fault.ErrInUse, "archive.in_use", "something refers to the entry; retire it instead")
	}
	a.touch(at)
	a.note(at, EventDeleted, Deleted{Kind: a.Entry.Kind, Code: a.Entry.Code})
	a.deleted = true
	return nil
}

// Change says what to save: the new state with a version one higher, and the
// journal's entries at the end of the chain. newEntryID gives the entries' ids, in
// growing order. The aggregate itself stays as it is.
// Errors: ErrInternal if nothing happened ("archive.unchanged") or a payload
// doesn't encode.
func (a *Aggregate) Change(newEntryID func() uuid.UUID) (Change, error) {
	if len(a.events) == 0 {
		return Change{}, fault.New(fault.ErrInternal, "archive.unchanged", "no command was given")
	}
	c := Change{Entry: a.Entry.Clone(), Expected: a.expected, Delete: a.deleted, Head: a.Head}
	if a.published != nil {
		v := a.published.Clone()
		c.Scorecard = &v
	}
	for _, n := range a.events {
		e, err := c.Head.Append(c.Entry.Tenant, journal.KindArchive, c.Entry.ID, newEntryID(), c.Entry.Version, n.event, n.at)
		if err != nil {
			return Change{}, err
		}
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}

// touch gives the entry the version and the time of this change.
func (a *Aggregate) touch(at journal.Moment) {
	a.Entry.Version = a.expected + 1
	a.Entry.Updated = at.Recorded
}

func (a *Aggregate) note(at journal.Moment, name string, payload any) {
	a.events = append(a.events, noted{journal.Event{Type: name, Payload: payload}, at})
}

func (a *Aggregate) alive() error {
	if a.deleted {
		return fault.NotAllowed("archive.deleted", "the entry was deleted")
	}
	return nil
}

func changed(a, b Entry) []string {
	var d []string
	add := func(differs bool, name string) {
		if differs {
			d = append(d, name)
		}
	}
	add(!maps.Equal(a.Names, b.Names), "names")
	add(a.NeedsExplanation != b.NeedsExplanation, "needs_explanation")
	add(a.NeedsCompetitor != b.NeedsCompetitor, "needs_competitor")
	add(a.Description != b.Description, "description")
	add(!maps.Equal(a.Attributes, b.Attributes), "attributes")
	return d
}
