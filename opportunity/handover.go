package opportunity

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// openOf holds the open activities of one user, loaded without the others.
type openOf struct {
	user string
	list []Activity
}

// OpenActivities sets all open activities of a user for a command that hands them
// over, Transfer or RemoveMember. It isn't needed if PartActivities is loaded. It
// applies only to the next command.
func (o *Opportunity) OpenActivities(user string, list []Activity) {
	o.open = &openOf{user, slices.Clone(list)}
}

// Sees declares that a user may see the opportunity without being in its team, so
// that PlanActivity and UpdateActivity may assign activities to them (H04).
func (o *Opportunity) Sees(user string) { o.seer = user }

// openActivities returns the open activities of a user.
func (o *Opportunity) openActivities(user string) ([]Activity, error) {
	var list []Activity
	switch {
	case o.s.Counts.OpenActivities == 0:
		return nil, nil
	case o.s.has(PartActivities):
		list = o.s.Activities
	case o.open != nil && o.open.user == user:
		list = o.open.list
	default:
		return nil, o.needs(PartActivities)
	}
	var out []Activity
	for _, a := range list {
		if a.Status == ActivityOpen && a.Assignee == user {
			out = append(out, a)
		}
	}
	return out, nil
}

// handedOver writes the activities that an event handed over.
func (o *Opportunity) handedOver(list []Activity, to string) {
	for _, a := range list {
		a.Assignee = to
		o.dirty.Activities = append(o.dirty.Activities, a)
	}
	o.open, o.named = nil, named{}
}

// handOver reassigns one user's open activities to another; their counts and
// times stay.
func (s *Snapshot) handOver(from, to string) {
	if !s.has(PartActivities) {
		return
	}
	s.Activities = slices.Clone(s.Activities)
	for i := range s.Activities {
		if a := &s.Activities[i]; a.Status == ActivityOpen && a.Assignee == from {
			a.Assignee = to
		}
	}
}

// assignable requires that the assignee of an open activity may see the
// opportunity: the actor, the team, and users named by Sees (H04).
func (o *Opportunity) assignable(f *fault.Fields, a *Activity, at journal.Moment) error {
	var bad fault.Fields
	a.checkAssignee(&bad)
	if err := bad.Invalid(badActivity); err != nil {
		f.Merge("", err)
		return nil
	}
	if user := a.Assignee; user == at.By || user == o.s.Owner || user == o.seer {
		return nil
	}
	if err := o.needs(PartMembers); err != nil {
		return err
	}
	if o.member(a.Assignee) == nil {
		f.Add("/assignee", "cannot_see", "may not see the opportunity")
	}
	return nil
}
