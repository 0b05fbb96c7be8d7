package stage

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// Aggregate is a process during a command. Each method makes its whole change, or
// returns an error and changes nothing. It isn't safe for concurrent use.
type Aggregate struct {
	// Record is the current state.
	Record

	pending journal.Pending[Record]
	publish *Process
	deleted bool
}

// Open returns the aggregate of a stored process, or of a new one for a zero
// record with Tenant set.
func Open(rec Record) *Aggregate {
	return &Aggregate{Record: rec, pending: events.Pending(rec.Version)}
}

func (a *Aggregate) do(payload any, at journal.Moment) { a.pending.Do(&a.Record, payload, at) }

// Publish adds a version, which becomes the current one (P02). The first version
// creates the process, and makes it the tenant's default if isDefault is set.
// Publish sets id, versionID and the number on it. Errors: ErrInvalid naming
// every breach (P03, P04), and for a changed code.
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

// Retire stops a process from taking new opportunities (P06). Errors:
// ErrNotAllowed if it is retired or the default.
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

// MakeDefault makes a process the tenant's default (P01). The caller must Unmark
// the previous default. Errors: ErrNotAllowed if it is retired, or already the
// default.
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

// Unmark removes the mark of the default process.
func (a *Aggregate) Unmark(at journal.Moment) { a.do(&UnmadeDefaultPayload{}, at) }

// Delete removes a process with its versions. used reports whether an opportunity
// refers to it (P06). Errors: ErrInUse; ErrNotAllowed for the default one.
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

// Change returns the change to save, with the version raised by one, and readies
// the process for more. newID returns the ids of journal entries. Errors:
// ErrInternal if a payload can't be encoded.
func (a *Aggregate) Change(newID func() uuid.UUID) (c Change, err error) {
	c = Change{Expected: a.pending.Loaded(), Publish: a.publish, Delete: a.deleted}
	if c.Entries, err = a.pending.Take(&a.Record, a.Tenant, a.ID, newID); err != nil {
		return Change{}, err
	}
	c.Record, a.publish = a.Record, nil
	return c, nil
}
