package opportunity

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// TimelineKind is the kind of a timeline item.
type TimelineKind string

// The kinds of items: a summarised stage's work 商机进程, an activity 商机活动, or any
// other event.
const (
	TimelineProgress TimelineKind = "progress"
	TimelineActivity TimelineKind = "activity"
	TimelineEvent    TimelineKind = "event"
)

// TimelineItem is one item in the history of an opportunity 商机轨迹. Nothing appears
// twice: an event whose ledger row has a progress appears as that progress, and
// changes of an activity appear only in the activity; only its removal is an
// event.
type TimelineItem struct {
	// At is the effective time of an event or a progress. For an activity it is
	// Activity.When: when it was done, or else when it is due, which may be in
	// the future.
	At   time.Time    `json:"at"`
	Kind TimelineKind `json:"kind"`
	// Recorded is when it was recorded; for an activity, when it was created.
	Recorded time.Time `json:"recorded"`
	// By is the user who did it; for an activity, its creator.
	By string `json:"by" host:"user"`

	// Entry is the number in the opportunity's journal, and Event the type of
	// that event; 0 and empty for an activity.
	Entry int64  `json:"entry,omitempty"`
	Event string `json:"event,omitempty"`

	// Progress, FromStage, ToStage and Summary describe a progress (O04).
	Progress  Progress `json:"progress,omitempty"`
	FromStage string   `json:"from_stage,omitempty"`
	ToStage   string   `json:"to_stage,omitempty"`
	Summary   string   `json:"summary,omitempty"`

	// Activity is set for kind TimelineActivity; nil for others.
	Activity *Activity `json:"activity,omitempty"`
}

// TimelinePlace is an item's position in its timeline.
type TimelinePlace struct {
	At time.Time
	// Entry is the item's; Progress marks a progress.
	Entry    int64
	Progress bool
	// Activity is the id of an activity; Nil for others.
	Activity uuid.UUID
}

// Place returns the item's position.
func (t *TimelineItem) Place() TimelinePlace {
	p := TimelinePlace{At: t.At, Entry: t.Entry, Progress: t.Kind == TimelineProgress}
	if t.Activity != nil {
		p.Activity = t.Activity.ID
	}
	return p
}

// Compare orders positions as timelines do, newest first. At one time, journal
// entries come before activities, the highest number first, and a progress before
// the event of its number; activities come by descending id.
func (p TimelinePlace) Compare(q TimelinePlace) int {
	rank := func(x TimelinePlace) int {
		if x.Progress {
			return 1
		}
		return 0
	}
	return cmp.Or(q.At.Compare(p.At), cmp.Compare(q.Entry, p.Entry), cmp.Compare(rank(q), rank(p)), compareIDs(q.Activity, p.Activity))
}

// TimelineQuery selects a page of one opportunity's timeline.
type TimelineQuery struct {
	Opportunity uuid.UUID
	// After is the last position of the previous page; nil for the first page.
	After *TimelinePlace
	// Limit is the page size, 1 or more.
	Limit int
}

// shownElsewhere are the events that a timeline shows as progress or in activities.
var shownElsewhere = [...]string{
	EventMoved, EventWon, EventLost,
	EventActivityPlanned, EventActivityLogged, EventActivityUpdated, EventActivityCompleted, EventActivityCancelled,
}

// ShownElsewhere returns the types of events that aren't items of kind
// TimelineEvent, because a progress or an activity shows them.
func ShownElsewhere() []string { return slices.Clone(shownElsewhere[:]) }

// TimelineOf returns the item of a ledger row with a progress.
func TimelineOf(r *LedgerRow) TimelineItem {
	return TimelineItem{At: r.EffectiveFrom, Kind: TimelineProgress, Recorded: r.RecordedFrom, By: r.By, Entry: r.Entry, Event: r.Event,
		Progress: r.Progress, FromStage: r.FromStage, ToStage: r.Stage, Summary: r.Summary}
}

// TimelineOfActivity returns the item of an activity.
func TimelineOfActivity(a Activity) TimelineItem {
	return TimelineItem{At: a.When(), Kind: TimelineActivity, Recorded: a.Created, By: a.CreatedBy, Activity: &a}
}
