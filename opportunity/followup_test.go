package opportunity_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

const (
	activities = opportunity.PartActivities
	expenses   = opportunity.PartExpenses
)

// Commands of follow-up as the tests give them.

// plan plans for bob, who sees the deal, be he in its team or not (H04).
func plan(part uuid.UUID, kind opportunity.ActivityKind, due time.Time) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		o.Sees("bob")
		return o.PlanActivity(part, opportunity.PlanActivityInput{Kind: kind, Subject: "Call Wei", Note: "about the price", Assignee: "bob", Due: due}, at)
	}
}

func logged(part uuid.UUID, kind opportunity.ActivityKind) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.LogActivity(part, opportunity.LogActivityInput{Kind: kind, Subject: "Visit", Done: at.Effective.Add(-time.Hour), Result: "they like it"}, at)
	}
}

func updateActivity(part uuid.UUID, in opportunity.UpdateActivityInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateActivity(part, in, at) }
}

func complete(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.CompleteActivity(part, opportunity.CompleteActivityInput{Result: "done"}, at)
	}
}

func cancelActivity(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.CancelActivity(part, opportunity.CancelActivityInput{Reason: "he is ill"}, at)
	}
}

func removeActivity(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveActivity(part, at) }
}

func spend(part uuid.UUID, in opportunity.AddExpenseInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.AddExpense(part, in, at) }
}

func train() opportunity.AddExpenseInput {
	return opportunity.AddExpenseInput{Category: travel, Amount: money.FromMinor(42_50, money.EUR), Date: day("2026-03-01"), Description: "Train"}
}

func updateExpense(part uuid.UUID, in opportunity.UpdateExpenseInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateExpense(part, in, at) }
}

func submitExpense(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.SubmitExpense(part, at) }
}

func approveExpense(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.ApproveExpense(part, at) }
}

func reject(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.RejectExpense(part, opportunity.RejectExpenseInput{Reason: "no receipt"}, at)
	}
}

func settle(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SettleExpense(part, opportunity.SettleExpenseInput{Reference: "PAY-7"}, at)
	}
}

func removeExpense(part uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveExpense(part, at) }
}

// on names the activity or the expense that the next commands are on.
func (d *deal) on(part uuid.UUID) *deal {
	d.named = part
	return d
}

// followedUp is a deal that lived through every event of follow-up. after sees it
// after each.
func followedUp(t *testing.T, after ...func(d *deal)) *deal {
	d := record(t, basic())
	do := func(part byte, by string, c command) {
		t.Helper()
		d.on(id(part)).as(by).must(none, c)
		for _, f := range after {
			f(d)
		}
	}
	later := start.AddDate(0, 1, 0)
	do(101, "ann", plan(id(101), opportunity.Call, later))
	do(102, "ann", plan(id(102), opportunity.Demo, later.Add(time.Hour)))
	do(103, "ann", plan(id(103), opportunity.Task, later.Add(2*time.Hour)))
	do(104, "ann", logged(id(104), opportunity.Visit))
	do(105, "ann", logged(id(105), opportunity.Email))
	do(101, "ann", updateActivity(id(101), opportunity.UpdateActivityInput{Kind: ptr(opportunity.Meeting), Subject: ptr("Meet Wei"), Note: ptr(""), Assignee: ptr("ann"), Due: ptr(later.Add(90 * time.Minute))}))
	do(104, "ann", updateActivity(id(104), opportunity.UpdateActivityInput{Result: ptr("they love it")}))
	do(101, "ann", complete(id(101)))
	do(102, "ann", cancelActivity(id(102)))
	do(104, "ann", removeActivity(id(104)))
	do(111, "ann", spend(id(111), train()))
	do(112, "ann", spend(id(112), opportunity.AddExpenseInput{Category: meals, Amount: usd(20_00), Date: day("2026-03-02"), User: "bob"}))
	do(113, "ann", spend(id(113), train()))
	do(111, "ann", updateExpense(id(111), opportunity.UpdateExpenseInput{Category: &meals, Amount: ptr(usd(7)), Date: ptr(day("2026-02-27")), Description: ptr("Lunch"), User: ptr("bob")}))
	do(111, "ann", submitExpense(id(111)))
	do(111, "zoe", reject(id(111)))
	do(111, "ann", submitExpense(id(111)))
	do(111, "zoe", approveExpense(id(111)))
	do(111, "zoe", settle(id(111)))
	do(112, "zoe", submitExpense(id(112)))
	do(112, "bob", reject(id(112)))
	do(113, "bob", removeExpense(id(113)))
	require.Equal(t, opportunity.Counts{Members: 1, Activities: 4, OpenActivities: 1, DoneActivities: opportunity.ActivityCounts{Meeting: 1, Email: 1}, Expenses: 2}, d.snap.Counts)
	return d.as("ann")
}

// followUp gives a random command of follow-up, and the parts that it needs.
func (g gambler) followUp(s *opportunity.Snapshot) (opportunity.Parts, command) {
	fresh := uuid.UUID{0: 0x03, 14: byte(g.IntN(256)), 15: byte(g.IntN(256))}
	*g.on = fresh
	if n := len(s.Activities); n > 0 {
		*g.on = s.Activities[g.IntN(n)].ID
	}
	a, kind := *g.on, pick(g, append(opportunity.ActivityKinds(), "")...)
	when := start.Add(time.Duration(g.IntN(9000)-1000) * time.Hour)
	parts := pick(g, none, activities)
	switch g.IntN(16) {
	case 0, 1:
		return none, plan(fresh, kind, pick(g, when, when, time.Time{}))
	case 2:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.LogActivity(fresh, opportunity.LogActivityInput{Kind: kind, Subject: g.text(), Done: pick(g, time.Time{}, when), Result: g.text()}, at)
		}
	case 3:
		return parts | members, updateActivity(a, opportunity.UpdateActivityInput{Kind: maybe(g, kind), Subject: maybe(g, g.text()), Note: maybe(g, g.text()), Assignee: maybe(g, g.user()), Due: maybe(g, when), Result: maybe(g, g.text())})
	case 4:
		return parts, complete(a)
	case 5:
		return parts, cancelActivity(a)
	case 6:
		return parts, removeActivity(a)
	}
	*g.on = fresh
	if n := len(s.Expenses); n > 0 {
		*g.on = s.Expenses[g.IntN(n)].ID
	}
	x, on := *g.on, pick(g, day("2026-01-01"), day("2026-03-01"), day("2999-01-01"), calendar.Date{})
	parts = pick(g, none, expenses)
	for _, e := range s.Expenses { // few come so far
		if e.Status == opportunity.ExpenseApproved && g.IntN(3) == 0 {
			*g.on = e.ID
			return parts, settle(e.ID)
		}
	}
	switch g.IntN(9) {
	case 0, 1:
		return none, spend(fresh, opportunity.AddExpenseInput{Category: pick(g, travel, meals, oldKind, price), Amount: g.money(), Date: pick(g, on, day("2026-01-01")), Description: g.text(), User: g.user()})
	case 2:
		return parts, updateExpense(x, opportunity.UpdateExpenseInput{Category: maybe(g, pick(g, travel, oldKind)), Amount: maybe(g, g.money()), Date: maybe(g, on), Description: maybe(g, g.text()), User: maybe(g, g.user())})
	case 3, 4:
		return parts, submitExpense(x)
	case 5:
		return parts, approveExpense(x)
	case 6:
		return parts, reject(x)
	case 7:
		return parts, settle(x)
	}
	return parts, removeExpense(x)
}
