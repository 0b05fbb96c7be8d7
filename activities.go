package pursuit

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Activities works on opportunities' activities 商机活动, planned and done (S3; R01).
// The policy decides on OpportunityFollowUp. Errors common to all methods are
// those of [Opportunities]. Methods on one activity also fail with ErrNotFound
// ("opportunity.activity.not_found") if the opportunity has no such activity, and
// all except List and All with ErrNotAllowed on a void or closed opportunity
// (O08).
type Activities struct{ handle }

// Activities returns the handle of activities.
func (s *Session) Activities() Activities { return Activities{handle{s}} }

// Plan adds a planned activity, Result.Activity. It can be assigned to the actor,
// to the opportunity's team, and to other users whom the policy, as an
// access.Seer, lets see the opportunity (H04). Errors: ErrInvalid (R01, H04),
// ErrLimit.
func (h Activities) Plan(ctx context.Context, id uuid.UUID, in opportunity.PlanActivityInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, h.s().assigning(what{name: "activities.plan", action: access.OpportunityFollowUp}, in.Assignee), in, opts,
		func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error {
			if err := h.s().sees(ctx, o, in.Assignee); err != nil {
				return err
			}
			res.Activity = c.id()
			return o.PlanActivity(res.Activity, in, at)
		})
}

// Log adds a done activity, whoever did it: Result.Activity. Errors: ErrInvalid
// (R01), ErrLimit.
func (h Activities) Log(ctx context.Context, id uuid.UUID, in opportunity.LogActivityInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "activities.log", action: access.OpportunityFollowUp}, in, opts,
		func(_ context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error {
			res.Activity = c.id()
			return o.LogActivity(res.Activity, in, at)
		})
}

// ofPart is the input of a command on one part, in the form that a RequestID
// stores.
type ofPart struct {
	Part  uuid.UUID
	Input any `at:""`
}

func (h Activities) on(ctx context.Context, id, activity uuid.UUID, name string, in any, opts []CallOption, f func(o *opportunity.Opportunity, at journal.Moment) error) (Result, error) {
	return h.s().on(ctx, id, ofActivity(name, activity), ofPart{activity, in}, opts, simple(f))
}

// ofActivity returns a command on one activity.
func ofActivity(name string, activity uuid.UUID) what {
	return what{name: name, action: access.OpportunityFollowUp, activity: activity}
}

// Update changes an open activity, or subject, note and result of a done one. A
// new assignee must satisfy the rules of Plan (H04). Errors: ErrInvalid,
// ErrNotAllowed.
func (h Activities) Update(ctx context.Context, id, activity uuid.UUID, in opportunity.UpdateActivityInput, opts ...CallOption) (Result, error) {
	var to string
	if in.Assignee != nil {
		to = *in.Assignee
	}
	return h.s().on(ctx, id, h.s().assigning(ofActivity("activities.update", activity), to), ofPart{activity, in}, opts,
		func(ctx context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			if err := h.s().sees(ctx, o, to); err != nil {
				return err
			}
			return o.UpdateActivity(activity, in, at)
		})
}

// Complete marks an open activity as done, with its result (R01). Errors:
// ErrInvalid, ErrNotAllowed.
func (h Activities) Complete(ctx context.Context, id, activity uuid.UUID, in opportunity.CompleteActivityInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, activity, "activities.complete", in, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.CompleteActivity(activity, in, at) })
}

// Cancel cancels an open activity, which is kept. Errors: ErrInvalid,
// ErrNotAllowed.
func (h Activities) Cancel(ctx context.Context, id, activity uuid.UUID, in opportunity.CancelActivityInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, activity, "activities.cancel", in, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.CancelActivity(activity, in, at) })
}

// Remove removes an activity that was a mistake; the journal keeps it. Errors:
// ErrNotAllowed.
func (h Activities) Remove(ctx context.Context, id, activity uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, activity, "activities.remove", nil, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveActivity(activity, at) })
}

// ActivityQuery selects activities of all opportunities; zero fields select all.
type ActivityQuery struct {
	// Filter: Status ActivityOpen with an Assignee selects a salesperson's work
	// to do.
	Filter opportunity.ActivityFilter `json:"filter,omitzero"`
	// Desc starts with the latest time; otherwise the list starts with the
	// earliest.
	Desc bool `json:"desc,omitzero"`
}

// List returns a page of activities of the opportunities that the actor may see,
// ordered by the time they are due or were done (J02). Errors: ErrInvalid.
func (h Activities) List(ctx context.Context, q ActivityQuery, page Page) (List[opportunity.ListedActivity], error) {
	if err := q.Filter.Validate(); err != nil {
		return List[opportunity.ListedActivity]{}, err
	}
	sc, err := h.s().scope(ctx, access.Opportunities)
	if err != nil {
		return List[opportunity.ListedActivity]{}, err
	}
	return list(ctx, h.s(), "activities.list", page, q, byMoment, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]opportunity.ListedActivity, error) {
		aq := opportunity.ActivityQuery{Scope: sc, Filter: q.Filter, Desc: q.Desc, AfterID: from.ID, Limit: limit}
		if from.ID != uuid.Nil {
			at, err := time.Parse(time.RFC3339Nano, from.Key)
			if err != nil {
				return nil, badCursor()
			}
			aq.After = at
		}
		return tx.FollowUps().Activities(ctx, h.s().actor.Tenant, aq)
	}, func(a opportunity.ListedActivity) position { return position{momentKey(a.When()), a.ID} })
}

// All iterates over everything that a query selects, page by page. Errors as for
// List.
func (h Activities) All(ctx context.Context, q ActivityQuery) iter.Seq2[opportunity.ListedActivity, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[opportunity.ListedActivity], error) { return h.List(ctx, q, p) })
}
