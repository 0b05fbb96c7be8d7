package opportunity

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// TimelineKind says what an item of a timeline is.
type TimelineKind string

// The kinds of items: a stage's work that was summed up 商机进程, an activity 商机活动,
// or anything else that happened.
const (
	TimelineProgress TimelineKind = "progress"
	TimelineActivity TimelineKind = "activity"
	TimelineEvent    TimelineKind = "event"
)

// TimelineItem is one thing in the history of an opportunity 商机轨迹. Nothing is
// there twice: what has a ledger row with a progress is that progress and no
// event, and what was done to an activity shows in the activity, which is there
// once; only its removal is an event.
type TimelineItem struct {
	// At is the effective moment of an event or a progress. An activity stands
	// where Activity.When puts it: one that is done at the moment when it was, any
	// other at the moment when it is due, which may be in the future.
	At   time.Time    `json:"at"`
	Kind TimelineKind `json:"kind"`
	// Recorded is when it was recorded; of an activity, when it was created.
	Recorded time.Time `json:"recorded"`
	// By is who did it; of an activity, who created it.
	By string `json:"by" host:"user"`

	// Entry is the number in the opportunity's journal, and Event the type of the
	// event there; 0 and empty for an activity.
	Entry int64  `json:"entry,omitempty"`
	Event string `json:"event,omitempty"`

	// Progress, FromStage, ToStage and Summary are those of a progress (O04).
	Progress  Progress `json:"progress,omitempty"`
	FromStage string   `json:"from_stage,omitempty"`
	ToStage   string   `json:"to_stage,omitempty"`
	Summary   string   `json:"summary,omitempty"`

	// Activity is that of kind TimelineActivity; nil for others.
	Activity *Activity `json:"activity,omitempty"`
}

// TimelinePlace is an item's place in its timeline.
type TimelinePlace struct {
	At time.Time
	// Entry is that of the item, and Progress says that it is a progress.
	Entry    int64
	Progress bool
	// Activity is the id of an activity; Nil for others.
	Activity uuid.UUID
}

// Place gives the item's place.
func (t *TimelineItem) Place() TimelinePlace {
	p := TimelinePlace{At: t.At, Entry: t.Entry, Progress: t.Kind == TimelineProgress}
	if t.Activity != nil {
		p.Activity = t.Activity.ID
	}
	return p
}

// Compare orders places as timelines do, the newest first. At one moment entries
// of the journal come before activities, the highest number first, a progress
// before the event of its number; activities by their ids, turned too.
func (p TimelinePlace) Compare(q TimelinePlace) int {
	rank := func(x TimelinePlace) int {
		if x.Progress {
			return 1
		}
		return 0
	}
	return cmp.Or(q.At.Compare(p.At), cmp.Compare(q.Entry, p.Entry), cmp.Compare(rank(q), rank(p)), compareIDs(q.Activity, p.Activity))
}

// TimelineQuery asks for a page of one opportunity's timeline.
type TimelineQuery struct {
	Opportunity uuid.UUID
	// After is the place where the page before ended; nil for the first page.
	After *TimelinePlace
	// Limit is the page's size, 1 or more.
	Limit int
}

// shownElsewhere are the events that a timeline shows as progress or in activities.
var shownElsewhere = [...]string{
	EventMoved, EventWon, EventLost,
	EventActivityPlanned, EventActivityLogged, EventActivityUpdated, EventActivityCompleted, EventActivityCancelled,
}

// ShownElsewhere returns the types of the events that aren't items of kind
// TimelineEvent, since a progress or an activity shows them.
func ShownElsewhere() []string { return slices.Clone(shownElsewhere[:]) }

// TimelineOf makes the item of a ledger row with a progress.
func TimelineOf(r *LedgerRow) TimelineItem {
	return TimelineItem{At: r.EffectiveFrom, Kind: TimelineProgress, Recorded: r.RecordedFrom, By: r.By, Entry: r.Entry, Event: r.Event,
		Progress: r.Progress, FromStage: r.FromStage, ToStage: r.Stage, Summary: r.Summary}
}

// TimelineOfActivity makes the item of an activity.
func TimelineOfActivity(a Activity) TimelineItem {
	return TimelineItem{At: a.When(), Kind: TimelineActivity, Recorded: a.Created, By: a.CreatedBy, Activity: &a}
}
