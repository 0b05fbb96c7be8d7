package archive

import (
	"encoding/json"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// The names of an entry's events, each with its payload's type. Together they
// rebuild the entry (Replay); fields are only ever added.
const (
	EventCreated   = "archive.created.v1"   // Created
	EventUpdated   = "archive.updated.v1"   // Updated
	EventRetired   = "archive.retired.v1"   // Retirement
	EventActivated = "archive.activated.v1" // Activation
	EventDeleted   = "archive.deleted.v1"   // Deleted

	EventScorecardPublished = "archive.scorecard_published.v1" // ScorecardPublished
)

// Created says that an entry was made: its first state.
type Created struct {
	Entry Entry `json:"entry"`
}

// Updated says that an entry's data was replaced: the state afterwards, and the
// JSON names of the fields that differ, in order, none if it was replaced by the same.
type Updated struct {
	Entry   Entry    `json:"entry"`
	Changed []string `json:"changed,omitempty"`
}

// Retirement says that an entry can't be newly chosen any more.
type Retirement struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code"`
}

// Activation says that an entry can be chosen again.
type Activation struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code"`
}

// ScorecardPublished says that a scorecard has a new version: all of it.
type ScorecardPublished struct {
	Version ScorecardVersion `json:"version"`
}

// Deleted says that an entry is gone.
type Deleted struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code"`
}

// Replay rebuilds an entry from all entries of its journal, in order. After a
// deletion it is empty. It doesn't check the chain; journal.Verify does.
// Errors: ErrCorrupt ("archive.replay") naming the first one that doesn't fit.
func Replay(entries []journal.Entry) (Entry, error) {
	var s Entry
	for i := range entries {
		if code := apply(&s, &entries[i]); code != "" {
			return Entry{}, fault.New(fault.ErrCorrupt, "archive.replay", "the entry's journal can't be replayed",
				fault.Field{Path: fault.Index("/entries", i), Code: code, Message: "doesn't fit: " + code})
		}
	}
	return s, nil
}

// apply returns what is wrong, or "".
func apply(s *Entry, e *journal.Entry) string {
	if e.Kind != journal.KindArchive {
		return "kind"
	}
	if (e.Type == EventCreated) != (s.ID == uuid.Nil) || s.ID != uuid.Nil && s.ID != e.Aggregate {
		return "order"
	}
	switch e.Type {
	case EventCreated, EventUpdated:
		var p Updated // holds what Created does
		if json.Unmarshal(e.Payload, &p) != nil {
			return "payload"
		}
		if p.Entry.ID != e.Aggregate {
			return "state"
		}
		*s = p.Entry
	case EventRetired:
		s.Status = Retired
	case EventActivated:
		s.Status = Active
	case EventScorecardPublished:
		// the entry itself stays as it is
	case EventDeleted:
		*s = Entry{}
		return ""
	default:
		return "unknown_event"
	}
	s.Version, s.Updated = e.Version, e.Moment.Recorded
	return ""
}
