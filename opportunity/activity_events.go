package opportunity

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// ActivityStep is an activity after a command, with its previous status (empty if
// it is new), and the new times of the opportunity's next and last activity.
type ActivityStep struct {
	Activity Activity       `json:"activity"`
	Was      ActivityStatus `json:"was,omitempty"`
	Next     time.Time      `json:"next,omitzero"`
	Last     time.Time      `json:"last,omitzero"`
}

// ActivityPlannedPayload is a new planned activity.
type ActivityPlannedPayload struct{ ActivityStep }

// ActivityLoggedPayload is a new activity that was already done.
type ActivityLoggedPayload struct{ ActivityStep }

// ActivityUpdatedPayload is a changed activity, with its previous state.
type ActivityUpdatedPayload struct {
	ActivityStep
	Before *Activity `json:"before,omitempty"`
}

// ActivityCompletedPayload is a completed activity.
type ActivityCompletedPayload struct{ ActivityStep }

// ActivityCancelledPayload is a cancelled activity.
type ActivityCancelledPayload struct{ ActivityStep }

// ActivityRemovedPayload is an activity removed as a mistake.
type ActivityRemovedPayload struct {
	ID  uuid.UUID      `json:"id"`
	Was ActivityStatus `json:"was"`
	// Kind is the kind of a done activity, whose count goes down.
	Kind    ActivityKind `json:"kind,omitempty"`
	Next    time.Time    `json:"next,omitzero"`
	Last    time.Time    `json:"last,omitzero"`
	Removed *Activity    `json:"removed,omitempty"`
}

func (o *Opportunity) activityStep(a Activity, was ActivityStatus, others ActivityMarks) ActivityStep {
	m := others.with(&a)
	return ActivityStep{Activity: a, Was: was, Next: m.Next, Last: m.Last}
}

// counted adjusts a count: up by one if it counts now, down by one if it counted
// before.
func counted(n *int, before, now bool) {
	if before {
		*n--
	}
	if now {
		*n++
	}
}

func (e *ActivityStep) apply(s *Snapshot, _ journal.Moment) {
	c, a := &s.Counts, e.Activity
	counted(&c.Activities, false, e.Was == "")
	counted(&c.OpenActivities, e.Was == ActivityOpen, a.Status == ActivityOpen)
	if n := c.DoneActivities.of(a.Kind); n != nil && e.Was != ActivityDone {
		counted(n, false, a.Status == ActivityDone)
	}
	s.NextActivity, s.LastActivity = e.Next, e.Last
	if s.has(PartActivities) {
		s.Activities = put(s.Activities, a, compareActivities)
	}
}

func (e *ActivityRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	c := &s.Counts
	c.Activities--
	counted(&c.OpenActivities, e.Was == ActivityOpen, false)
	if n := c.DoneActivities.of(e.Kind); n != nil {
		counted(n, e.Was == ActivityDone, false)
	}
	s.NextActivity, s.LastActivity = e.Next, e.Last
	if s.has(PartActivities) {
		s.Activities = drop(s.Activities, func(a Activity) bool { return a.ID == e.ID })
	}
}
