package reliability

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// activityField puts a text into an activity that is planned, changed and completed,
// and looks for it.
func activityField(set func(in *opportunity.PlanInput, u *opportunity.ActivityUpdate, c *opportunity.CompleteActivity, s *string), get func(a *opportunity.Activity) string) func(context.Context, *World, uuid.UUID, string) (string, error) {
	return func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		in, c := opportunity.PlanInput{Kind: opportunity.Call, Subject: "Call", Due: w.now()}, opportunity.CompleteActivity{Result: "fine"}
		var u opportunity.ActivityUpdate
		set(&in, &u, &c, &s)
		r, err := w.S.Activities().Plan(ctx, id, in)
		if err != nil {
			return "", err
		}
		part := r.Parts[0]
		_, err = w.S.Activities().Update(ctx, id, part, u)
		if err == nil {
			_, err = w.S.Activities().Complete(ctx, id, part, c)
		}
		got := ""
		if err == nil {
			got, err = w.look(ctx, id, func(o *opportunity.Snapshot) string { return get(&o.Activities[0]) })
		}
		if _, gone := w.S.Activities().Remove(ctx, id, part); gone != nil && err == nil {
			err = gone
		}
		return got, err
	}
}

// expenseField puts a text into an expense, and looks for it.
func expenseField(set func(in *opportunity.ExpenseInput, u *opportunity.ExpenseUpdate, s *string), get func(x *opportunity.Expense) string) func(context.Context, *World, uuid.UUID, string) (string, error) {
	return func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		in := opportunity.ExpenseInput{Category: w.Travel, Amount: money.FromMinor(1, money.JPY), Date: calendar.Of(w.now(), nil)}
		var u opportunity.ExpenseUpdate
		set(&in, &u, &s)
		r, err := w.S.Expenses().Add(ctx, id, in)
		if err != nil {
			return "", err
		}
		got := ""
		if _, err = w.S.Expenses().Update(ctx, id, r.Parts[0], u); err == nil {
			got, err = w.look(ctx, id, func(o *opportunity.Snapshot) string { return get(&o.Expenses[0]) })
		}
		if _, gone := w.S.Expenses().Remove(ctx, id, r.Parts[0]); gone != nil && err == nil {
			err = gone
		}
		return got, err
	}
}

var followUpFields = []field{
	{"activity subject", activityField(func(in *opportunity.PlanInput, _ *opportunity.ActivityUpdate, _ *opportunity.CompleteActivity, s *string) {
		in.Subject = *s
	}, func(a *opportunity.Activity) string { return a.Subject })},
	{"activity note", activityField(func(in *opportunity.PlanInput, _ *opportunity.ActivityUpdate, _ *opportunity.CompleteActivity, s *string) {
		in.Note = *s
	}, func(a *opportunity.Activity) string { return a.Note })},
	{"activity assignee", activityField(func(_ *opportunity.PlanInput, u *opportunity.ActivityUpdate, _ *opportunity.CompleteActivity, s *string) {
		u.Assignee = s
	}, func(a *opportunity.Activity) string { return a.Assignee })},
	{"activity result", activityField(func(_ *opportunity.PlanInput, _ *opportunity.ActivityUpdate, c *opportunity.CompleteActivity, s *string) {
		c.Result = *s
	}, func(a *opportunity.Activity) string { return a.Result })},
	{"expense description", expenseField(func(in *opportunity.ExpenseInput, _ *opportunity.ExpenseUpdate, s *string) { in.Description = *s }, func(x *opportunity.Expense) string { return x.Description })},
	{"expense user", expenseField(func(_ *opportunity.ExpenseInput, u *opportunity.ExpenseUpdate, s *string) { u.User = s }, func(x *opportunity.Expense) string { return x.User })},
}
