package archive

import "github.com/pursuit-crm/pursuit/journal"

// The types of an entry's events in the journal. Each has a payload of the same
// name: [EventUpdated] has [UpdatedPayload].
const (
	EventCreated   = "archive.created.v1"
	EventUpdated   = "archive.updated.v1"
	EventRetired   = "archive.retired.v1"
	EventActivated = "archive.activated.v1"
	EventDeleted   = "archive.deleted.v1"

	EventScorecardPublished = "archive.scorecard_published.v1"
)

var events = journal.NewRegistry(journal.KindArchive,
	func(r *Record) journal.Marks {
		return journal.Marks{ID: &r.Entry.ID, Version: &r.Entry.Version, Updated: &r.Entry.Updated, Head: &r.Head}
	},
	journal.On(EventCreated, func(p *CreatedPayload, r *Record, _ journal.Moment) { r.Entry = p.Entry }).First(),
	journal.On(EventUpdated, func(p *UpdatedPayload, r *Record, _ journal.Moment) { r.Entry = p.Entry }),
	journal.On(EventRetired, func(_ *RetiredPayload, r *Record, _ journal.Moment) { r.Entry.Status = Retired }),
	journal.On(EventActivated, func(_ *ActivatedPayload, r *Record, _ journal.Moment) { r.Entry.Status = Active }),
	journal.On(EventDeleted, func(*DeletedPayload, *Record, journal.Moment) {}).Last(),
	journal.On(EventScorecardPublished, func(*ScorecardPublishedPayload, *Record, journal.Moment) {}), // kept apart from the entry
)

// CreatedPayload is the first state of an entry.
type CreatedPayload struct {
	Entry Entry `json:"entry"`
}

// UpdatedPayload holds the entry after a change of its data, the names of the
// changed fields in order, and their previous values. Before omits fields that
// were empty.
type UpdatedPayload struct {
	Entry   Entry    `json:"entry"`
	Changed []string `json:"changed,omitempty"`
	Before  Entry    `json:"before,omitzero"`
}

// RetiredPayload records that an entry can't be newly chosen any more.
type RetiredPayload struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code"`
}

// ActivatedPayload records that an entry can be chosen again.
type ActivatedPayload struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code"`
}

// ScorecardPublishedPayload holds a whole new version of a scorecard.
type ScorecardPublishedPayload struct {
	Version ScorecardVersion `json:"version"`
}

// DeletedPayload records the deletion of an entry.
type DeletedPayload struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code"`
}

// Events returns all types of an entry's events with their payloads.
func Events() []journal.EventType { return events.Types() }

// Decode returns the payload of an archive entry's journal entry, such as an
// *[UpdatedPayload]. Errors: ErrCorrupt.
func Decode(e journal.Entry) (any, error) { return events.Decode(&e) }

// Replay rebuilds an entry from all entries of its journal, in order. After a
// deletion it is empty. It doesn't check the chain; journal.Verify does. Errors:
// ErrCorrupt.
func Replay(entries []journal.Entry) (Entry, error) {
	r, deleted, err := events.Replay(entries, nil)
	if deleted {
		return Entry{}, err
	}
	return r.Entry, err
}
