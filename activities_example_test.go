package pursuit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// What is to do stands on the opportunity: the next step is the earliest one.
func ExampleActivities_Plan() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps")
	must(s.Team().Set(ctx, deal.ID, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write}))
	friday := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	call := must(s.Activities().Plan(ctx, deal.ID, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Ask for the drawings", Due: friday}))
	must(s.Activities().Plan(ctx, deal.ID, opportunity.PlanActivityInput{Kind: opportunity.Visit, Subject: "See the plant", Assignee: "bob", Due: friday.AddDate(0, 0, 7)}))
	o := must(s.Opportunities().Get(ctx, deal.ID, 0))
	fmt.Println("next", o.NextActivity.Format(time.DateOnly), "open", o.Counts.OpenActivities)

	must(s.Activities().Complete(ctx, deal.ID, call.Activity, opportunity.CompleteActivityInput{Result: "They come by mail"}))
	o = must(s.Opportunities().Get(ctx, deal.ID, 0))
	fmt.Println("next", o.NextActivity.Format(time.DateOnly), "open", o.Counts.OpenActivities)
	// Output:
	// next 2026-03-06 open 2
	// next 2026-03-13 open 1
}

// What was done without a plan is logged.
func ExampleActivities_Log() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps")
	must(s.Activities().Log(ctx, deal.ID, opportunity.LogActivityInput{Kind: opportunity.Email, Subject: "Brochure", Result: "They ask for prices"}))
	o := must(s.Opportunities().Get(ctx, deal.ID, opportunity.PartActivities))
	a := o.Activities[0]
	fmt.Println(a.Kind, a.Status, a.Assignee, a.Result)
	// Output:
	// email done ann They ask for prices
}

// A salesperson's list of what to do, over all opportunities.
func ExampleActivities_List() {
	ctx, s := context.Background(), open()
	friday := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	for i, name := range []string{"Pumps", "Valves"} {
		deal := s.record(name)
		must(s.Activities().Plan(ctx, deal.ID, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call", Due: friday.AddDate(0, 0, -i)}))
	}
	todo := opportunity.ActivityFilter{Assignee: "ann", Status: opportunity.ActivityOpen}
	for _, a := range must(s.Activities().List(ctx, pursuit.ActivityQuery{Filter: todo}, pursuit.Page{})).Items {
		fmt.Println(a.Due.Format(time.DateOnly), a.Subject, a.Deal.Name)
	}
	// Output:
	// 2026-03-05 Call Valves
	// 2026-03-06 Call Pumps
}

// Somebody else approves what was spent.
func ExampleExpenses_Approve() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps")
	trips := must(s.Archives().Create(ctx, archive.CreateInput{Kind: archive.ExpenseKind, Code: "travel", Names: map[string]string{"en": "Travel", "zh": "差旅"}}))
	x := must(s.Expenses().Add(ctx, deal.ID, opportunity.AddExpenseInput{
		Category: trips.ID, Amount: money.FromMinor(4250, money.EUR), Date: must(calendar.Parse("2026-03-01")), Description: "Train",
	})).Expense
	must(s.Expenses().Submit(ctx, deal.ID, x))
	_, err := s.Expenses().Approve(ctx, deal.ID, x)
	fmt.Println(err)

	max := s.eng.As(pursuit.Actor{Tenant: "acme", User: "max", Department: "east", Roles: []access.Role{access.Manager}})
	must(max.Expenses().Approve(ctx, deal.ID, x))
	must(s.Expenses().Settle(ctx, deal.ID, x, opportunity.SettleExpenseInput{Reference: "PAY-7"}))
	for _, x := range must(s.Expenses().List(ctx, pursuit.ExpenseQuery{}, pursuit.Page{})).Items {
		fmt.Println(x.Amount, x.Status, "approved by", x.DecidedBy, x.ID != uuid.Nil)
	}
	// Output:
	// opportunity.expense.own: somebody else has to approve it (/by: submitted the expense, or spent it)
	// 42.50 EUR settled approved by max true
}
