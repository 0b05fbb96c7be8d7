package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// activityCase is a filter with the subjects of the selected activities.
type activityCase struct {
	field string
	f     opportunity.ActivityFilter
	want  []string
}

// expenseCase is a filter with the descriptions of the selected expenses.
type expenseCase struct {
	field string
	f     opportunity.ExpenseFilter
	want  []string
}

// followUpCases returns cases with each field of both filters at least once,
// which a test of the suite checks.
func (b *books) followUpCases() ([]opportunity.Snapshot, []activityCase, []expenseCase) {
	at := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
	on := func(d int) calendar.Date { return calendar.Of(day.AddDate(0, 0, d), time.UTC) }
	activity := func(subject string, a opportunity.Activity, edit ...func(a *opportunity.Activity)) opportunity.Activity {
		a.Subject = subject
		for _, f := range edit {
			f(&a)
		}
		return a
	}
	off := func(a *opportunity.Activity) { a.Status = opportunity.ActivityCancelled }
	expense := func(description string, x opportunity.Expense, status opportunity.ExpenseStatus) opportunity.Expense {
		x.Description, x.Status = description, status
		return x
	}
	deals := []opportunity.Snapshot{
		b.draft(func(s *opportunity.Snapshot) {
			s.Activities = []opportunity.Activity{activity("a", b.planned(at(1), "ann")), activity("b", b.planned(at(2), "bob")), activity("c", b.done(at(3), "ann")), activity("d", b.planned(at(4), "ann"), off)}
			s.Expenses = []opportunity.Expense{expense("a", b.spent(day, "ann", b.source.ID), opportunity.ExpenseDraft), expense("b", b.spent(day.AddDate(0, 0, 1), "bob", b.source.ID), opportunity.ExpenseSubmitted)}
		}),
		b.draft(func(s *opportunity.Snapshot) {
			s.Status = opportunity.Won
			s.Activities = []opportunity.Activity{activity("e", b.planned(at(5), "ann"))}
			s.Expenses = []opportunity.Expense{expense("c", b.spent(day.AddDate(0, 0, 2), "ann", b.rival.ID), opportunity.ExpenseSettled)}
		}),
		b.draft(func(s *opportunity.Snapshot) {
			s.Status = opportunity.Void
			s.Activities = []opportunity.Activity{activity("f", b.planned(at(6), "ann"))}
		}),
		b.draft(func(s *opportunity.Snapshot) {
			s.Status = opportunity.Closed
			s.Activities = []opportunity.Activity{activity("g", b.planned(at(7), "ann"))}
		}),
	}
	return deals, []activityCase{
			{"", opportunity.ActivityFilter{}, []string{"a", "b", "c", "d", "e", "f", "g"}},
			{"Opportunity", opportunity.ActivityFilter{Opportunity: deals[1].ID}, []string{"e"}},
			{"Opportunity", opportunity.ActivityFilter{Opportunity: b.source.ID}, nil},
			{"Assignee", opportunity.ActivityFilter{Assignee: "bob"}, []string{"b"}},
			{"Assignee", opportunity.ActivityFilter{Assignee: "Bob"}, nil},
			{"Kind", opportunity.ActivityFilter{Kind: opportunity.Visit}, []string{"c"}},
			{"Status", opportunity.ActivityFilter{Status: opportunity.ActivityDone}, []string{"c"}},
			{"Status", opportunity.ActivityFilter{Status: opportunity.ActivityCancelled}, []string{"d"}},
			{"Status", opportunity.ActivityFilter{Status: opportunity.ActivityOpen}, []string{"a", "b", "e"}},
			{"Status", opportunity.ActivityFilter{Status: opportunity.ActivityOpen, Assignee: "ann"}, []string{"a", "e"}},
			{"From", opportunity.ActivityFilter{From: at(3)}, []string{"c", "d", "e", "f", "g"}},
			{"From", opportunity.ActivityFilter{From: at(3).Add(time.Microsecond)}, []string{"d", "e", "f", "g"}},
			{"To", opportunity.ActivityFilter{To: at(3)}, []string{"a", "b"}},
			{"To", opportunity.ActivityFilter{To: at(3).Add(time.Microsecond)}, []string{"a", "b", "c"}},
			{"", opportunity.ActivityFilter{Assignee: "ann", Kind: opportunity.Call, From: at(2), To: at(6)}, []string{"d", "e"}},
		}, []expenseCase{
			{"", opportunity.ExpenseFilter{}, []string{"a", "b", "c"}},
			{"Opportunity", opportunity.ExpenseFilter{Opportunity: deals[1].ID}, []string{"c"}},
			{"User", opportunity.ExpenseFilter{User: "ann"}, []string{"a", "c"}},
			{"Category", opportunity.ExpenseFilter{Category: b.rival.ID}, []string{"c"}},
			{"Status", opportunity.ExpenseFilter{Status: opportunity.ExpenseSubmitted}, []string{"b"}},
			{"From", opportunity.ExpenseFilter{From: on(1)}, []string{"b", "c"}},
			{"To", opportunity.ExpenseFilter{To: on(1)}, []string{"a", "b"}},
			{"", opportunity.ExpenseFilter{User: "ann", From: on(1), To: on(2)}, []string{"c"}},
		}
}

func followUpFilters(e *env) {
	b := e.open("t")
	deals, activities, expenses := b.followUpCases()
	for i := range deals {
		b.save("recording", b.insert(&deals[i]))
	}
	for _, c := range activities {
		what := fmt.Sprintf("filter %s %+v", c.field, c.f)
		e.look(what, func(ctx context.Context, tx storage.Tx) error {
			q := everyActivity()
			q.Filter = c.f
			list, err := tx.FollowUps().Activities(ctx, "t", q)
			same(e, what, mapped(list, func(a opportunity.ListedActivity) string { return a.Subject }), c.want)
			return err
		})
	}
	for _, c := range expenses {
		what := fmt.Sprintf("filter %s %+v", c.field, c.f)
		e.look(what, func(ctx context.Context, tx storage.Tx) error {
			q := everyExpense()
			q.Filter = c.f
			list, err := tx.FollowUps().Expenses(ctx, "t", q)
			same(e, what, mapped(list, func(x opportunity.ListedExpense) string { return x.Description }), c.want)
			return err
		})
	}
}
