package opportunity_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// A deal from its recording to the win, as an engine drives it: each command is
// followed by Change, whose result a store writes.
func ExampleNew() {
	at := func(hour int) journal.Moment {
		t := time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC)
		return journal.Moment{Effective: t, Recorded: t, By: "ann"}
	}
	o, err := opportunity.New(id(1), "acme", "OPP-2026-000001", opportunity.RecordInput{
		Name: "Ten pumps", Customer: buyer, Owner: "ann", Currency: money.USD, ExpectedClose: day("2026-06-30"),
		Lines: []opportunity.LineInput{{Product: "PUMP", Quantity: dec("10"), Price: dec("199.90"), Discount: dec("5")}},
	}, found(), rules(crmV1), at(9))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _, _ := o.Change(uuid.New)
	fmt.Println(c.Root.Status, c.Root.Stage, c.Root.Amount(), c.Entries[0].Type)

	err = o.Advance(opportunity.AdvanceInput{To: "offer"}, at(10))
	fmt.Println(err)
	err = o.Advance(opportunity.AdvanceInput{To: "offer", Summary: "Need is clear, budget is there"}, at(10))
	fmt.Println(err)
	c, _, _ = o.Change(uuid.New)
	fmt.Println(c.Root.Stage, c.Root.Probability, c.Next.Progress, c.Next.Summary)

	// The archive entries that a command names are loaded with the opportunity.
	o, _ = opportunity.Restore(opportunity.Record{Snapshot: o.Snapshot(), Archive: []opportunity.Named{{Entry: entries[2]}}}, rules(crmV1))
	err = o.Win(opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: price}}, Summary: "Signed"}, at(17))
	fmt.Println(err)
	c, _, _ = o.Change(uuid.New)
	fmt.Println(c.Root.Status, c.Root.Outcome.Amount, c.Root.Category, "version", c.Root.Version)
	// Output:
	// open lead 1899.05 USD opportunity.recorded.v1
	// opportunity.advance.invalid: invalid input (/summary: is required)
	// <nil>
	// offer 5000 advance Need is clear, budget is there
	// <nil>
	// won 1899.05 USD closed version 3
}

// The shares add up to the deal exactly (T05).
func ExampleSplitAmounts() {
	s := opportunity.Snapshot{
		Root: opportunity.Root{Owner: "ann", Estimated: money.FromMinor(100_00, money.CNY)},
		Members: []opportunity.Member{
			{User: "ann", Split: 3334}, {User: "bob", Split: 3333}, {User: "carol", Split: 3333},
		},
	}
	shares, err := opportunity.SplitAmounts(&s)
	fmt.Println(shares["ann"], shares["bob"], shares["carol"], err)
	// Output: 33.34 CNY 33.33 CNY 33.33 CNY <nil>
}

// The journal alone gives the state and the ledger again (J05).
func ExampleReplay() {
	t := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	o, err := opportunity.New(id(1), "acme", "OPP-2026-000001", opportunity.RecordInput{Name: "Ten pumps", Customer: buyer, Owner: "ann", Currency: money.USD},
		found(), rules(crmV1), journal.Moment{Effective: t, Recorded: t, By: "ann"})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _, _ := o.Change(uuid.New)
	entries := c.Entries
	t = t.AddDate(0, 0, 7)
	if err := o.Hold(opportunity.HoldInput{Reason: "The budget is frozen", ResumeOn: day("2026-05-01")}, journal.Moment{Effective: t, Recorded: t, By: "bob"}); err != nil {
		fmt.Println(err)
		return
	}
	c, _, _ = o.Change(uuid.New)
	entries = append(entries, c.Entries...)

	s, ledger, deleted, err := opportunity.Replay(entries)
	fmt.Println(s.Status, s.ResumeOn, deleted, err)
	for _, r := range ledger {
		fmt.Println(r.EffectiveFrom.Format(time.DateOnly), r.Status, r.Stage, r.By)
	}
	// Output:
	// on_hold 2026-05-01 false <nil>
	// 2026-03-02 open lead ann
	// 2026-03-09 on_hold lead bob
}

// The next step follows the open activities (R01); an expense never touches the
// deal's amounts (O17).
func ExampleOpportunity_PlanActivity() {
	at := func(hour int) journal.Moment {
		t := time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC)
		return journal.Moment{Effective: t, Recorded: t, By: "ann"}
	}
	o, _ := opportunity.New(id(1), "acme", "OPP-2026-000001", basic(), found(), rules(crmV1), at(9))
	_, _, _ = o.Change(uuid.New)

	call := uuid.New() // an engine gives ids that grow with time
	_ = o.PlanActivity(call, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Ask for the drawings", Due: at(15).Effective}, at(10))
	c, _, _ := o.Change(uuid.New)
	fmt.Println(c.Root.NextActivity.Format(time.TimeOnly), c.Root.Counts.OpenActivities, len(c.Activities))

	err := o.CompleteActivity(call, opportunity.CompleteActivityInput{}, at(16))
	fmt.Println(err)
	_ = o.CompleteActivity(call, opportunity.CompleteActivityInput{Result: "They come by mail"}, at(16))
	c, _, _ = o.Change(uuid.New)
	fmt.Println(c.Root.NextActivity.IsZero(), c.Root.LastActivity.Format(time.TimeOnly), c.Root.Counts.DoneActivities.Of(opportunity.Call))

	// The kind of an expense is loaded with the opportunity, as what a command names is.
	o, _ = opportunity.Restore(opportunity.Record{Snapshot: o.Snapshot(), Archive: []opportunity.Named{{Entry: archive.Entry{ID: travel, Kind: archive.ExpenseKind, Status: archive.Active}}}}, rules(crmV1))
	err = o.AddExpense(uuid.New(), opportunity.AddExpenseInput{Category: travel, Amount: money.FromMinor(4250, money.EUR), Date: day("2026-03-01")}, at(17))
	fmt.Println(err)
	c, _, _ = o.Change(uuid.New)
	fmt.Println(c.Root.Amount(), c.Expenses[0].Amount, c.Expenses[0].Status, c.Root.Counts.UnsettledExpenses)
	// Output:
	// 15:00:00 1 1
	// opportunity.activity.invalid: invalid input (/result: is required)
	// true 16:00:00 1
	// <nil>
	// 5000.00 USD 42.50 EUR draft 1
}
