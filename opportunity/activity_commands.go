package opportunity

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// PlanActivityInput is an activity to plan (R01).
type PlanActivityInput struct {
	Kind    ActivityKind `json:"kind"`
	Subject string       `json:"subject"`
	Note    string       `json:"note,omitempty"`
	// Assignee must be a user who may see the opportunity (H04); empty means the
	// actor.
	Assignee string `json:"assignee,omitempty" host:"user"`
	// Due may be in the past: overdue work is still to be done.
	Due time.Time `json:"due"`
}

// LogActivityInput is an activity that was already done (R01).
type LogActivityInput struct {
	Kind    ActivityKind `json:"kind"`
	Subject string       `json:"subject"`
	Note    string       `json:"note,omitempty"`
	// Assignee may be any user, since it records who did the work; empty means
	// the actor.
	Assignee string `json:"assignee,omitempty" host:"user"`
	// Done is never later than the command's effective time, which is used if
	// Done is zero.
	Done   time.Time `json:"done,omitzero"`
	Result string    `json:"result"`
}

// UpdateActivityInput changes an activity; nil fields stay as they are. Kind,
// Assignee and Due apply to an open activity, Result to a done one. A new
// Assignee must be a user who may see the opportunity (H04).
type UpdateActivityInput struct {
	Kind     *ActivityKind `json:"kind,omitempty"`
	Subject  *string       `json:"subject,omitempty"`
	Note     *string       `json:"note,omitempty"`
	Assignee *string       `json:"assignee,omitempty" host:"user"`
	Due      *time.Time    `json:"due,omitempty"`
	Result   *string       `json:"result,omitempty"`
}

// CompleteActivityInput records the result of an activity (R01).
type CompleteActivityInput struct {
	// Done is never later than the command's effective time, which is used if
	// Done is zero.
	Done   time.Time `json:"done,omitzero"`
	Result string    `json:"result"`
}

// CancelActivityInput cancels an activity. Reason may be empty.
type CancelActivityInput struct {
	Reason string `json:"reason,omitempty"`
}

const badActivity = "opportunity.activity.invalid"

// check checks an activity against R01.
func (a *Activity) check(f *fault.Fields) {
	if !a.Kind.Valid() {
		f.Add("/kind", "unknown", "isn't a kind of activity")
	}
	text.Line(f, "/subject", &a.Subject, 1, text.MaxName)
	text.Block(f, "/note", &a.Note, 0, text.MaxDescription)
}

func (a *Activity) checkAssignee(f *fault.Fields) {
	text.Key(f, "/assignee", a.Assignee, 1, text.MaxKey)
}

// finish marks the activity as done.
func (a *Activity) finish(f *fault.Fields, done time.Time, result string, at journal.Moment) {
	if done.IsZero() {
		done = at.Effective
	}
	checkTime(f, "/done", &done)
	if done.After(at.Effective) {
		f.Add("/done", "future", "must not be after the command's time")
	}
	a.Status, a.Done, a.Result = ActivityDone, done, result
	text.Block(f, "/result", &a.Result, 1, text.MaxDescription)
}

// PlanActivity adds a planned activity under a new id. It needs no parts, except
// PartMembers for an assignee other than the actor and the owner. Errors:
// ErrInvalid (R01, H04), ErrNotAllowed (O08), ErrLimit.
func (o *Opportunity) PlanActivity(id uuid.UUID, in PlanActivityInput, at journal.Moment) error {
	if err := o.follow("opportunity.activities.status", at); err != nil {
		return err
	}
	var f fault.Fields
	a := newActivity(id, in.Kind, in.Subject, in.Note, in.Assignee, at)
	a.Status, a.Due = ActivityOpen, in.Due
	a.check(&f)
	if err := o.assignable(&f, &a, at); err != nil {
		return err
	}
	checkTime(&f, "/due", &a.Due)
	return o.addActivity(&f, &ActivityPlannedPayload{o.activityStep(a, "", o.marks())}, a, at)
}

// LogActivity adds a done activity under a new id; it needs no parts. Errors:
// ErrInvalid (R01), ErrNotAllowed (O08), ErrLimit.
func (o *Opportunity) LogActivity(id uuid.UUID, in LogActivityInput, at journal.Moment) error {
	if err := o.follow("opportunity.activities.status", at); err != nil {
		return err
	}
	var f fault.Fields
	a := newActivity(id, in.Kind, in.Subject, in.Note, in.Assignee, at)
	a.check(&f)
	a.checkAssignee(&f)
	a.finish(&f, in.Done, in.Result, at)
	return o.addActivity(&f, &ActivityLoggedPayload{o.activityStep(a, "", o.marks())}, a, at)
}

func newActivity(id uuid.UUID, kind ActivityKind, subject, note, assignee string, at journal.Moment) Activity {
	if assignee == "" {
		assignee = at.By
	}
	return Activity{ID: id, Kind: kind, Subject: subject, Note: note, Assignee: assignee, Created: at.Effective, CreatedBy: at.By}
}

func (o *Opportunity) addActivity(f *fault.Fields, ev any, a Activity, at journal.Moment) error {
	if err := f.Invalid(badActivity); err != nil {
		return err
	}
	if o.s.Counts.Activities >= MaxActivities {
		return fault.New(fault.ErrLimit, "opportunity.activities.too_many", "an opportunity has at most 2000 activities")
	}
	o.do(ev, at)
	o.dirty.Activities = append(o.dirty.Activities, a)
	o.named = named{} // the marks of the others are no longer right
	return nil
}

// UpdateActivity changes an activity that isn't cancelled. It needs the activity
// (Load.Activity) or PartActivities, and PartMembers for a new assignee other
// than the actor and the owner. Errors: ErrNotFound; ErrInvalid (R01, H04);
// ErrNotAllowed (O08), also for a cancelled activity and for a field that doesn't
// apply to its status.
func (o *Opportunity) UpdateActivity(id uuid.UUID, in UpdateActivityInput, at journal.Moment) error {
	a, others, err := o.activity(id, at)
	if err != nil {
		return err
	}
	planned := in.Kind != nil || in.Assignee != nil || in.Due != nil
	if a.Status == ActivityCancelled || planned && a.Status != ActivityOpen || in.Result != nil && a.Status != ActivityDone {
		return badActivityStatus(&a)
	}
	before := a
	optional.Set(&a.Kind, in.Kind)
	optional.Set(&a.Subject, in.Subject)
	optional.Set(&a.Note, in.Note)
	optional.Set(&a.Assignee, in.Assignee)
	optional.Set(&a.Due, in.Due)
	optional.Set(&a.Result, in.Result)
	var f fault.Fields
	a.check(&f)
	if a.Assignee != before.Assignee {
		if err := o.assignable(&f, &a, at); err != nil {
			return err
		}
	}
	if in.Due != nil {
		checkTime(&f, "/due", &a.Due)
	}
	if in.Result != nil {
		text.Block(&f, "/result", &a.Result, 1, text.MaxDescription)
	}
	return o.changeActivity(&f, &ActivityUpdatedPayload{o.activityStep(a, before.Status, others), &before}, a, at)
}

// CompleteActivity marks an open activity as done (R01). It needs the activity
// (Load.Activity) or PartActivities. Errors: ErrNotFound; ErrInvalid;
// ErrNotAllowed (O08), also if it isn't open.
func (o *Opportunity) CompleteActivity(id uuid.UUID, in CompleteActivityInput, at journal.Moment) error {
	a, others, err := o.activity(id, at)
	if err != nil {
		return err
	}
	if a.Status != ActivityOpen {
		return badActivityStatus(&a)
	}
	var f fault.Fields
	a.finish(&f, in.Done, in.Result, at)
	return o.changeActivity(&f, &ActivityCompletedPayload{o.activityStep(a, ActivityOpen, others)}, a, at)
}

// CancelActivity cancels an open activity, which is kept but no longer open (R01,
// O09). It needs the activity (Load.Activity) or PartActivities. Errors as for
// CompleteActivity.
func (o *Opportunity) CancelActivity(id uuid.UUID, in CancelActivityInput, at journal.Moment) error {
	a, others, err := o.activity(id, at)
	if err != nil {
		return err
	}
	if a.Status != ActivityOpen {
		return badActivityStatus(&a)
	}
	var f fault.Fields
	a.Status, a.Reason = ActivityCancelled, in.Reason
	text.Block(&f, "/reason", &a.Reason, 0, text.MaxDescription)
	return o.changeActivity(&f, &ActivityCancelledPayload{o.activityStep(a, ActivityOpen, others)}, a, at)
}

func (o *Opportunity) changeActivity(f *fault.Fields, ev any, a Activity, at journal.Moment) error {
	if err := f.Invalid(badActivity); err != nil {
		return err
	}
	o.do(ev, at)
	o.dirty.Activities = append(o.dirty.Activities, a)
	o.named = named{}
	return nil
}

// RemoveActivity removes an activity that was a mistake, whatever its status; the
// journal keeps it. It needs the activity (Load.Activity) or PartActivities.
// Errors: ErrNotFound; ErrNotAllowed (O08).
func (o *Opportunity) RemoveActivity(id uuid.UUID, at journal.Moment) error {
	a, others, err := o.activity(id, at)
	if err != nil {
		return err
	}
	ev := &ActivityRemovedPayload{ID: id, Was: a.Status, Next: others.Next, Last: others.Last, Removed: &a}
	if a.Status == ActivityDone {
		ev.Kind = a.Kind
	}
	o.do(ev, at)
	o.dirty.RemovedActivities = append(o.dirty.RemovedActivities, id)
	o.named = named{}
	return nil
}

// named holds the parts that Load named one by one, until a command changes one.
type named struct {
	activity *Activity
	others   ActivityMarks
	expense  *Expense
}

// follow begins a follow-up command.
func (o *Opportunity) follow(code string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	return o.followUp(code)
}

// marks returns the marks of all activities.
func (o *Opportunity) marks() ActivityMarks {
	return ActivityMarks{Next: o.s.NextActivity, Last: o.s.LastActivity}
}

// activity begins a command on an activity, and returns it with the marks of all
// others.
func (o *Opportunity) activity(id uuid.UUID, at journal.Moment) (Activity, ActivityMarks, error) {
	if err := o.follow("opportunity.activities.status", at); err != nil {
		return Activity{}, ActivityMarks{}, err
	}
	if o.s.has(PartActivities) {
		if i := slices.IndexFunc(o.s.Activities, func(a Activity) bool { return a.ID == id }); i >= 0 {
			return o.s.Activities[i], MarksOf(o.s.Activities, id), nil
		}
	} else if a := o.named.activity; a != nil && a.ID == id {
		return *a, o.named.others, nil
	}
	return Activity{}, ActivityMarks{}, fault.NotFound("opportunity.activity.not_found")
}

func badActivityStatus(a *Activity) error {
	return fault.NotAllowed("opportunity.activity.status", "the activity's status forbids this",
		fault.Field{Path: "/status", Code: string(a.Status), Message: "is " + string(a.Status)})
}
