package stage

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// Aggregate is a process while a command works on it. Its methods change all that
// they should, or return an error and change nothing. Not safe for concurrent use.
type Aggregate struct {
	// Record is the state as it is now.
	Record

	pending journal.Pending[Record]
	publish *Process
	deleted bool
}

// Open takes up a stored process, or the zero record with Tenant set for a new one.
func Open(rec Record) *Aggregate {
	return &Aggregate{Record: rec, pending: events.Pending(rec.Version)}
}

func (a *Aggregate) do(payload any, at journal.Moment) { a.pending.Do(&a.Record, payload, at) }

// Publish adds a version (P02), which is current from then on; the first one makes
// the process, and the tenant's default if isDefault is set. id, versionID and the
// number are set on it. Errors: ErrInvalid naming every breach (P03, P04), and for
// another code than before.
func (a *Aggregate) Publish(id, versionID uuid.UUID, p Process, isDefault bool, kinds Kinds, at journal.Moment) error {
	p = p.Clone()
	ev := &PublishedPayload{Default: isDefault, Before: a.Current}
	if a.Latest > 0 {
		id, ev.Default = a.ID, false
		if p.Code == "" {
			p.Code = a.Code
		}
		if p.Code != a.Code {
			return fault.Invalid("process.invalid", fault.Field{Path: "/code", Code: "fixed", Message: "a process's code doesn't change"})
		}
	}
	p.ID, p.VersionID, p.Version = id, versionID, a.Latest+1
	if err := p.Check(kinds); err != nil {
		return err
	}
	v, err := Publish(p)
	if err != nil {
		return err
	}
	ev.Process = v.Process()
	a.publish = &ev.Process
	a.do(ev, at)
	return nil
}

// Retire lets a process take no new opportunities (P06). Errors: ErrNotAllowed if
// it is retired, or the default one.
func (a *Aggregate) Retire(at journal.Moment) error {
	switch {
	case a.State == RetiredProcess:
		return fault.NotAllowed("process.retired", "the process is retired already")
	case a.Default:
		return notDefault()
	}
	a.do(&StateChangedPayload{From: a.State, State: RetiredProcess}, at)
	return nil
}

func notDefault() error {
	return fault.NotAllowed("process.default", "make another process the default first")
}

// Activate lets a retired process take new opportunities again. Errors:
// ErrNotAllowed if it is active.
func (a *Aggregate) Activate(at journal.Moment) error {
	if a.State == ActiveProcess {
		return fault.NotAllowed("process.active", "the process is active already")
	}
	a.do(&StateChangedPayload{From: a.State, State: ActiveProcess}, at)
	return nil
}

// MakeDefault makes a process the tenant's default (P01); Unmark must take the mark
// from the one that has it. Errors: ErrNotAllowed for a retired one, and for the
// default one.
func (a *Aggregate) MakeDefault(at journal.Moment) error {
	switch {
	case a.State == RetiredProcess:
		return fault.NotAllowed("process.retired", "a retired process can't be the default")
	case a.Default:
		return fault.NotAllowed("process.default", "it is the default already")
	}
	a.do(&MadeDefaultPayload{}, at)
	return nil
}

// Unmark takes the mark of the default process away.
func (a *Aggregate) Unmark(at journal.Moment) { a.do(&UnmadeDefaultPayload{}, at) }

// Delete removes a process with its versions; used says that an opportunity refers
// to it (P06). Errors: ErrInUse; ErrNotAllowed for the default one.
func (a *Aggregate) Delete(used bool, at journal.Moment) error {
	switch {
	case a.Default:
		return notDefault()
	case used:
		return fault.New(fault.ErrInUse, "process.in_use", "opportunities refer to the process; retire it instead")
	}
	a.do(&DeletedPayload{Code: a.Code}, at)
	a.deleted = true
	return nil
}

// Change returns what to save, with a version one higher, and makes the process ready
// for more. newID gives the ids of journal entries. Errors: ErrInternal if a payload
// doesn't encode.
func (a *Aggregate) Change(newID func() uuid.UUID) (c Change, err error) {
	c = Change{Expected: a.pending.Loaded(), Publish: a.publish, Delete: a.deleted}
	if c.Entries, err = a.pending.Take(&a.Record, a.Tenant, a.ID, newID); err != nil {
		return Change{}, err
	}
	c.Record, a.publish = a.Record, nil
	return c, nil
}
