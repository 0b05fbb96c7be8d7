package integration

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func (w *world) trip(note string) opportunity.AddExpenseInput {
	return opportunity.AddExpenseInput{Category: w.travel, Amount: money.FromMinor(42_50, money.EUR), Date: calendar.Of(w.now, nil), Description: note}
}

// followUp runs every command of follow-up once.
func (w *world) followUp(id uuid.UUID) {
	part := func(r pursuit.Result, err error) uuid.UUID {
		w.t.Helper()
		require.NoError(w.t, err)
		return added(r)
	}
	a, x := w.s.Activities(), w.s.Expenses()
	part(w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write}))
	var calls []uuid.UUID
	for i := range 4 {
		calls = append(calls, part(a.Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: fmt.Sprint("Call ", i), Assignee: "bob", Due: w.now.AddDate(0, 0, i/2)})))
	}
	part(a.Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Demo, Subject: "Demo", Result: "they like it"}))
	due := w.now.AddDate(0, 0, -1)
	part(a.Update(w.ctx, id, calls[3], opportunity.UpdateActivityInput{Due: &due}))
	part(a.Complete(w.ctx, id, calls[0], opportunity.CompleteActivityInput{Result: "nobody there"}))
	part(a.Cancel(w.ctx, id, calls[1], opportunity.CancelActivityInput{Reason: "twice"}))
	part(a.Remove(w.ctx, id, calls[2]))
	var trips []uuid.UUID
	for i := range 4 {
		trips = append(trips, part(x.Add(w.ctx, id, w.trip(fmt.Sprint("Trip ", i)))))
	}
	yen := money.FromMinor(9000, money.JPY)
	part(x.Update(w.ctx, id, trips[1], opportunity.UpdateExpenseInput{Amount: &yen, Category: &w.travel}))
	for _, t := range trips[:3] {
		part(x.Submit(w.ctx, id, t))
	}
	boss := w.as("bob").Expenses()
	part(boss.Approve(w.ctx, id, trips[0]))
	part(boss.Reject(w.ctx, id, trips[1], opportunity.RejectExpenseInput{Reason: "no receipt"}))
	part(boss.Approve(w.ctx, id, trips[2]))
	part(x.Settle(w.ctx, id, trips[0], opportunity.SettleExpenseInput{Reference: "PAY-7"}))
	part(x.Remove(w.ctx, id, trips[3]))
}

// followUps are all lists of follow-up, and each part as a command loads it.
type followUps struct {
	Activities map[string][]opportunity.ListedActivity
	Expenses   map[string][]opportunity.ListedExpense
	Parts      []opportunity.Record
}

func (w *world) followUps(ctx context.Context, tx storage.Tx, ids []uuid.UUID) followUps {
	out := followUps{Activities: map[string][]opportunity.ListedActivity{}, Expenses: map[string][]opportunity.ListedExpense{}}
	for sn, sc := range map[string]access.Scope{"all": {All: true}, "none": {}, "east": {Departments: []string{"east", ""}}, "bob": {User: "bob"}} {
		for _, desc := range []bool{false, true} {
			for fn, f := range map[string]opportunity.ActivityFilter{"all": {}, "to do": {Status: opportunity.ActivityOpen}, "bob's": {Assignee: "bob"}, "calls": {Kind: opportunity.Call},
				"done": {Status: opportunity.ActivityDone}, "late": {To: w.now.Add(-time.Hour)}, "later": {From: w.now}, "of one": {Opportunity: ids[0]}} {
				q := opportunity.ActivityQuery{Scope: sc, Filter: f, Desc: desc, Limit: 2}
				name := fmt.Sprint(sn, "/", fn, "/", desc)
				for page := []opportunity.ListedActivity{{}}; len(page) > 0; {
					var err error
					page, err = tx.FollowUps().Activities(ctx, w.tenant, q)
					require.NoError(w.t, err)
					out.Activities[name] = append(out.Activities[name], page...)
					if n := len(page); n > 0 {
						q.After, q.AfterID = page[n-1].When(), page[n-1].ID
					}
				}
			}
			for fn, f := range map[string]opportunity.ExpenseFilter{"all": {}, "to approve": {Status: opportunity.ExpenseSubmitted}, "ann's": {User: "ann"}, "travel": {Category: w.travel},
				"from": {From: calendar.Of(w.now, nil)}, "to": {To: calendar.Of(w.now, nil)}, "of one": {Opportunity: ids[0]}} {
				q := opportunity.ExpenseQuery{Scope: sc, Filter: f, Desc: desc, Limit: 2}
				name := fmt.Sprint(sn, "/", fn, "/", desc)
				for page := []opportunity.ListedExpense{{}}; len(page) > 0; {
					var err error
					page, err = tx.FollowUps().Expenses(ctx, w.tenant, q)
					require.NoError(w.t, err)
					out.Expenses[name] = append(out.Expenses[name], page...)
					if n := len(page); n > 0 {
						q.After, q.AfterID = page[n-1].Date, page[n-1].ID
					}
				}
			}
		}
	}
	w.parts(ctx, tx, &out)
	return out
}

// glanced is the least of followUps.
func (w *world) glanced(ctx context.Context, tx storage.Tx) followUps {
	const all = "all/all/false"
	out := followUps{Activities: map[string][]opportunity.ListedActivity{}, Expenses: map[string][]opportunity.ListedExpense{}}
	var err error
	out.Activities[all], err = tx.FollowUps().Activities(ctx, w.tenant, opportunity.ActivityQuery{Scope: access.Scope{All: true}, Limit: 50})
	require.NoError(w.t, err)
	out.Expenses[all], err = tx.FollowUps().Expenses(ctx, w.tenant, opportunity.ExpenseQuery{Scope: access.Scope{All: true}, Limit: 50})
	require.NoError(w.t, err)
	w.parts(ctx, tx, &out)
	return out
}

func (w *world) parts(ctx context.Context, tx storage.Tx, out *followUps) {
	for _, a := range out.Activities["all/all/false"] {
		rec, err := tx.Opportunities().Get(ctx, w.tenant, a.Deal.ID, opportunity.Load{Activity: a.ID, Viewer: "bob"})
		require.NoError(w.t, err)
		out.Parts = append(out.Parts, rec)
	}
	for _, x := range out.Expenses["all/all/false"] {
		rec, err := tx.Opportunities().Get(ctx, w.tenant, x.Deal.ID, opportunity.Load{Expense: x.ID})
		require.NoError(w.t, err)
		out.Parts = append(out.Parts, rec)
	}
}

// followUpSteps are commands of follow-up, to be drawn: s is a text, u a user, n a
// small number.
func followUpSteps(s, u string, n int, yes bool) []step {
	kind := opportunity.ActivityKinds()[n%7]
	activity := func(w *world, id uuid.UUID) uuid.UUID {
		snap, err := w.s.Opportunities().Get(w.ctx, id, opportunity.PartActivities)
		if err == nil && len(snap.Activities) == 0 { // mostly there is none
			r, err := w.s.Activities().Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: kind, Subject: "first", Due: w.now})
			if err == nil {
				return r.Activity
			}
		}
		if err != nil || len(snap.Activities) == 0 {
			return id
		}
		return snap.Activities[n%len(snap.Activities)].ID
	}
	expense := func(w *world, id uuid.UUID) uuid.UUID {
		snap, err := w.s.Opportunities().Get(w.ctx, id, opportunity.PartExpenses)
		if err == nil && len(snap.Expenses) == 0 {
			r, err := w.s.Expenses().Add(w.ctx, id, w.trip("first"))
			if err == nil {
				return r.Expense
			}
		}
		if err != nil || len(snap.Expenses) == 0 {
			return id
		}
		return snap.Expenses[n%len(snap.Expenses)].ID
	}
	return []step{
		{"plan", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Activities().Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: kind, Subject: "plan " + s, Assignee: u, Due: w.now.Add(time.Duration(n) * time.Minute)})
		}},
		{"log", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: kind, Subject: "log " + s, Result: "done " + s, Done: w.now.Add(-time.Duration(n) * time.Minute)})
		}},
		{"update activity", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			due := w.now.Add(time.Duration(n) * time.Hour)
			return w.s.Activities().Update(w.ctx, id, activity(w, id), opportunity.UpdateActivityInput{Due: &due, Note: &s, Kind: &kind})
		}},
		{"end activity", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			if yes {
				return w.s.Activities().Complete(w.ctx, id, activity(w, id), opportunity.CompleteActivityInput{Result: "done " + s})
			}
			return w.s.Activities().Cancel(w.ctx, id, activity(w, id), opportunity.CancelActivityInput{Reason: s})
		}},
		{"remove activity", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Activities().Remove(w.ctx, id, activity(w, id))
		}},
		{"spend", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Expenses().Add(w.ctx, id, w.trip(s))
		}},
		{"update expense", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Expenses().Update(w.ctx, id, expense(w, id), opportunity.UpdateExpenseInput{Description: &s, Category: &w.travel})
		}},
		{"submit", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Expenses().Submit(w.ctx, id, expense(w, id))
		}},
		{"decide", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			if yes {
				return w.as("bob").Expenses().Approve(w.ctx, id, expense(w, id))
			}
			return w.as("bob").Expenses().Reject(w.ctx, id, expense(w, id), opportunity.RejectExpenseInput{Reason: "no " + s})
		}},
		{"settle", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Expenses().Settle(w.ctx, id, expense(w, id), opportunity.SettleExpenseInput{Reference: s})
		}},
		{"remove expense", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Expenses().Remove(w.ctx, id, expense(w, id))
		}},
	}
}

// added is the part that a command added to an opportunity.
func added(r pursuit.Result) uuid.UUID {
	return cmp.Or(r.Activity, r.Expense, r.Document, r.Evaluation)
}
