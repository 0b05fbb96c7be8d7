package pursuit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// What happened, and what is planned, the newest first.
func ExampleOpportunities_Timeline() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps").ID
	friday := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	must(s.Activities().Log(ctx, deal, opportunity.LogActivityInput{Kind: opportunity.Call, Subject: "First talk", Result: "They need five"}))
	must(s.Opportunities().Advance(ctx, deal, opportunity.AdvanceInput{To: "engaging", Summary: "The need is clear"}))
	must(s.Activities().Plan(ctx, deal, opportunity.PlanActivityInput{Kind: opportunity.Visit, Subject: "See the plant", Due: friday}))
	var page pursuit.Page
	page.Size = 3
	for {
		list := must(s.Opportunities().Timeline(ctx, deal, page))
		for _, x := range list.Items {
			fmt.Print(x.At.Format("01-02 15:04 "), x.Kind.Label("zh"), " ")
			switch x.Kind {
			case opportunity.TimelineProgress:
				fmt.Println(x.Progress.Label("en"), "from", x.FromStage, "to", x.ToStage+":", x.Summary)
			case opportunity.TimelineActivity:
				fmt.Println(x.Activity.Kind.Label("en"), x.Activity.Status.Label("en")+":", x.Activity.Subject)
			default:
				fmt.Println(x.Label("en"), "by", x.By)
			}
		}
		if page.Cursor = list.Next; page.Cursor == "" {
			break
		}
	}
	// Output:
	// 03-06 09:00 商机活动 visit open: See the plant
	// 03-02 09:09 商机进程 advanced from prospecting to engaging: The need is clear
	// 03-02 09:08 商机活动 call done: First talk
	// 03-02 09:07 事件 recorded by ann
}

// All that a page about an opportunity shows, as it is at one moment.
func ExampleOpportunities_View() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps").ID
	li := must(s.Customers().AddContact(ctx, s.customer, customer.ContactInput{Name: "Li Wei", Title: "Buyer"})).Contact
	must(s.DealContacts().Add(ctx, deal, opportunity.ContactInput{Contact: li, Role: opportunity.DecisionMaker}))
	v := must(s.Opportunities().View(ctx, deal))
	fmt.Println(v.Opportunity.Number, v.Opportunity.Name, "for", v.Names.Customers[0].Name)
	for _, l := range v.Opportunity.Lines {
		fmt.Println(l.Quantity, l.Product, l.Amount)
	}
	for _, c := range v.Names.Contacts {
		fmt.Println(c.Name, c.Title)
	}
	fmt.Println(len(v.Opportunity.Members), "member,", len(v.Orders), "orders,", len(v.Timeline.Items), "items in the timeline")
	// Output:
	// OPP-2026-000001 Pumps for Northwind
	// 20 WS-1 179990.00 CNY
	// Li Wei Buyer
	// 1 member, 0 orders, 2 items in the timeline
}
