package stage

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// The types of a process's events in the journal. Each has a payload of the same
// name: [EventPublished] has [PublishedPayload].
const (
	EventPublished     = "process.published.v1"
	EventStateChanged  = "process.state_changed.v1"
	EventMadeDefault   = "process.made_default.v1"
	EventUnmadeDefault = "process.unmade_default.v1"
	EventDeleted       = "process.deleted.v1"
)

var events = journal.NewRegistry(journal.KindProcess,
	func(r *Record) journal.Marks {
		return journal.Marks{ID: &r.ID, Version: &r.Version, Updated: &r.Updated, Head: &r.Head}
	},
	journal.On(EventPublished, (*PublishedPayload).apply),
	journal.On(EventStateChanged, func(p *StateChangedPayload, r *Record, _ journal.Moment) { r.State = p.State }),
	journal.On(EventMadeDefault, func(_ *MadeDefaultPayload, r *Record, _ journal.Moment) { r.Default = true }),
	journal.On(EventUnmadeDefault, func(_ *UnmadeDefaultPayload, r *Record, _ journal.Moment) { r.Default = false }),
	journal.On(EventDeleted, func(*DeletedPayload, *Record, journal.Moment) {}).Last(),
)

// PublishedPayload holds a whole version; the first one creates the process.
type PublishedPayload struct {
	Process
	// Default reports whether the new process began as the tenant's default.
	// Entries from before v0.1 leave it unset.
	Default bool `json:"default,omitempty"`
	// Before is the id of the previous current version.
	Before uuid.UUID `json:"before,omitzero"`
}

// StateChangedPayload records that a process was retired, or activated again.
type StateChangedPayload struct {
	From  State `json:"from,omitempty"`
	State State `json:"state"`
}

// MadeDefaultPayload records that a process became the tenant's default.
type MadeDefaultPayload struct{}

// UnmadeDefaultPayload records that another process became the default.
type UnmadeDefaultPayload struct{}

// DeletedPayload records the deletion of a process with all its versions.
type DeletedPayload struct {
	Code string `json:"code,omitempty"`
}

func (p *PublishedPayload) apply(r *Record, at journal.Moment) {
	if r.Latest == 0 {
		r.ID, r.Code, r.State, r.Default, r.Created = p.ID, p.Code, ActiveProcess, p.Default, at.Effective
	}
	r.Current, r.Latest = p.VersionID, p.Version
}

// Events returns all types of a process's events with their payloads.
func Events() []journal.EventType { return events.Types() }

// Decode returns the payload of a process's entry, such as a *[PublishedPayload].
// Errors: ErrCorrupt.
func Decode(e journal.Entry) (any, error) { return events.Decode(&e) }

// Replay rebuilds a process's row from its whole journal (J05); it is empty after
// a deletion. Journals from before v0.1 don't record that a process began as the
// default. Replay doesn't check the chain; journal.Verify does. Errors:
// ErrCorrupt.
func Replay(entries []journal.Entry) (Record, error) {
	r, deleted, err := events.Replay(entries, nil)
	if deleted || err != nil {
		return Record{}, err
	}
	r.Tenant = entries[0].Tenant
	return r, nil
}
