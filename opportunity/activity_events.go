package opportunity

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

type (
	// activityStep is an activity after a command, with what it was before (empty
	// if it is new) and the marks of all activities then.
	activityStep struct {
		Activity Activity       `json:"activity"`
		Was      ActivityStatus `json:"was,omitempty"`
		Next     time.Time      `json:"next,omitzero"`
		Last     time.Time      `json:"last,omitzero"`
	}
	activityPlanned   struct{ activityStep }
	activityLogged    struct{ activityStep }
	activityUpdated   struct{ activityStep }
	activityCompleted struct{ activityStep }
	activityCancelled struct{ activityStep }
	activityRemoved   struct {
		ID  uuid.UUID      `json:"id"`
		Was ActivityStatus `json:"was"`
		// Kind is that of a done one, which isn't counted any more.
		Kind ActivityKind `json:"kind,omitempty"`
		Next time.Time    `json:"next,omitzero"`
		Last time.Time    `json:"last,omitzero"`
	}
)

func (activityPlanned) name() string   { return EventActivityPlanned }
func (activityLogged) name() string    { return EventActivityLogged }
func (activityUpdated) name() string   { return EventActivityUpdated }
func (activityCompleted) name() string { return EventActivityCompleted }
func (activityCancelled) name() string { return EventActivityCancelled }
func (activityRemoved) name() string   { return EventActivityRemoved }

func (o *Opportunity) activityStep(a Activity, was ActivityStatus, others ActivityMarks) activityStep {
	m := others.with(&a)
	return activityStep{Activity: a, Was: was, Next: m.Next, Last: m.Last}
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

func (e activityStep) apply(s *Snapshot, _ journal.Moment) {
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

func (e activityRemoved) apply(s *Snapshot, _ journal.Moment) {
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
