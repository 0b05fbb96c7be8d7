package pursuit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// A deal changes hands: the old owner's open activities go with it, or stay.
func ExampleTeam_Transfer_activities() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps")
	plan := opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Ask for the drawings", Due: time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)}
	must(s.Activities().Plan(ctx, deal.ID, plan))
	who := func() {
		o := must(s.Opportunities().Get(ctx, deal.ID, opportunity.PartMembers|opportunity.PartActivities))
		for _, m := range o.Members {
			fmt.Print(m.User, " ", m.Role, ", ")
		}
		fmt.Println("the call is", o.Activities[0].Assignee+"'s")
	}
	must(s.Team().Transfer(ctx, deal.ID, opportunity.TransferInput{To: "bob", KeepActivities: true, Reason: "she has made the appointment"}))
	who()
	must(s.Team().Transfer(ctx, deal.ID, opportunity.TransferInput{To: "ann"}))
	must(s.Team().Transfer(ctx, deal.ID, opportunity.TransferInput{To: "bob", Remove: true}))
	who()
	// Output:
	// ann sales, bob owner, the call is ann's
	// bob owner, the call is bob's
}

// seeing is the default policy of a host in which inside sales sees every deal.
type seeing struct{ access.Default }

func (seeing) MaySee(_ context.Context, tenant, user string, _ access.Subject) (bool, error) {
	return tenant == "acme" && user == "inside-sales", nil
}

// A policy that is a Seer lets activities be given to users outside of the team.
func Example_seer() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps")
	plan := opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Send the brochure", Assignee: "inside-sales", Due: time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)}
	_, err := s.Activities().Plan(ctx, deal.ID, plan)
	fmt.Println(fault.CodeOf(err), fault.FieldsOf(err)[0].Path)

	now := func() time.Time { return time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC) }
	eng := must(pursuit.New(s.store, &pursuit.Options{Policy: seeing{}, Clock: now}))
	must(eng.As(s.Actor()).Activities().Plan(ctx, deal.ID, plan))
	plan.Assignee = "stranger"
	_, err = eng.As(s.Actor()).Activities().Plan(ctx, deal.ID, plan)
	fmt.Println(fault.CodeOf(err), fault.FieldsOf(err)[0].Path)
	// Output:
	// opportunity.activity.invalid /assignee
	// opportunity.activity.invalid /assignee
}
