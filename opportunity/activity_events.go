package opportunity

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// ActivityStep is an activity after a command, with the status that it had before
// (empty if it is new), and the moments of the deal's next and last activity then.
type ActivityStep struct {
	Activity Activity       `json:"activity"`
	Was      ActivityStatus `json:"was,omitempty"`
	Next     time.Time      `json:"next,omitzero"`
	Last     time.Time      `json:"last,omitzero"`
}

// ActivityPlannedPayload is a new activity that is to be done.
type ActivityPlannedPayload struct{ ActivityStep }

// ActivityLoggedPayload is a new activity that was done already.
type ActivityLoggedPayload struct{ ActivityStep }

// ActivityUpdatedPayload is an activity that was changed, and what it was before.
type ActivityUpdatedPayload struct {
	ActivityStep
	Before *Activity `json:"before,omitempty"`
}

// ActivityCompletedPayload is an activity that was done.
type ActivityCompletedPayload struct{ ActivityStep }

// ActivityCancelledPayload is an activity that was called off.
type ActivityCancelledPayload struct{ ActivityStep }

// ActivityRemovedPayload is an activity that was a mistake.
type ActivityRemovedPayload struct {
	ID  uuid.UUID      `json:"id"`
	Was ActivityStatus `json:"was"`
	// Kind is that of a done one, which isn't counted any more.
	Kind    ActivityKind `json:"kind,omitempty"`
	Next    time.Time    `json:"next,omitzero"`
	Last    time.Time    `json:"last,omitzero"`
	Removed *Activity    `json:"removed,omitempty"`
}

func (o *Opportunity) activityStep(a Activity, was ActivityStatus, others ActivityMarks) ActivityStep {
	m := others.with(&a)
	return ActivityStep{Activity: a, Was: was, Next: m.Next, Last: m.Last}
}

// counted moves a count on: by one if it holds now, back by one if it held before.
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
