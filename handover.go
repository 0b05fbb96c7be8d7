package pursuit

import (
	"context"
	"slices"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// assigning adds the data needed by a command that assigns an activity to a user:
// the team, unless it is the actor.
func (s *Session) assigning(w what, user string) what {
	if user != "" && user != s.actor.User {
		w.parts |= opportunity.PartMembers
	}
	return w
}

// sees tells an opportunity whether a user outside its team may see it, if the
// policy knows (H04).
func (s *Session) sees(ctx context.Context, o *opportunity.Opportunity, user string) error {
	policy, ok := s.eng.opts.Policy.(access.Seer)
	snap := o.Snapshot()
	if !ok || user == "" || user == s.actor.User || inTeam(&snap, user) {
		return nil
	}
	var f fault.Fields
	if text.Key(&f, "", user, 1, text.MaxKey); f.Invalid("") != nil {
		return nil // the command reports it
	}
	may, err := s.maySee(ctx, policy, user, access.Subject{ID: snap.ID, Department: snap.Department, Owner: snap.Owner})
	if err == nil && may {
		o.Sees(user)
	}
	return err
}

func inTeam(s *opportunity.Snapshot, user string) bool {
	return slices.ContainsFunc(s.Members, func(m opportunity.Member) bool { return m.User == user })
}

// maySee asks the policy. A panic or an error in it denies.
func (s *Session) maySee(ctx context.Context, policy access.Seer, user string, on access.Subject) (may bool, err error) {
	if err := s.enter(ctx); err != nil {
		return false, err
	}
	defer func() {
		if p := recover(); p != nil {
			may, err = false, fault.New(fault.ErrHost, "policy.panic", "the policy panicked")
		}
	}()
	may, err = policy.MaySee(s.calling(ctx), s.actor.Tenant, user, on)
	if err != nil {
		return false, fault.Wrap(fault.ErrHost, "policy.failed", "the policy failed", err)
	}
	return may, nil
}

// leaving loads the open activities of a user who hands them over, with one
// statement if there are any (H04).
func (c *command) leaving(ctx context.Context, o *opportunity.Opportunity, user string) error {
	snap := o.Snapshot()
	if snap.Counts.OpenActivities == 0 || !inTeam(&snap, user) {
		return nil
	}
	list, err := c.tx.FollowUps().Activities(ctx, snap.Tenant, opportunity.ActivityQuery{Scope: access.Scope{All: true}, Limit: opportunity.MaxActivities,
		Filter: opportunity.ActivityFilter{Opportunity: snap.ID, Assignee: user, Status: opportunity.ActivityOpen}})
	if err != nil {
		return err
	}
	open := make([]opportunity.Activity, len(list))
	for i := range list {
		open[i] = list[i].Activity
	}
	o.OpenActivities(user, open)
	return nil
}
