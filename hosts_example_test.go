package pursuit_test

import (
	"context"
	"fmt"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// A gate of the host's own: nobody wins a deal of a customer who is over the limit.
// With a store on SQL, sqlstore.ConnOf(in.Tx) asks the ERP's tables in the
// transaction of the command.
func ExampleGateKind() {
	ctx, shop := context.Background(), open()
	owes := map[string]int{"NW": 12_000} // the ERP's ledger, by the customer's code
	eng := must(pursuit.New(shop.store, &pursuit.Options{Clock: shop.clock, Gates: map[string]pursuit.GateKind{"erp.credit": {
		Evaluate: func(_ context.Context, in pursuit.GateInput) (stage.Verdict, error) {
			return stage.Verdict{
				Met:   owes[in.Customer.Code] <= 10_000,
				Texts: stage.Names{"en": in.Customer.Name + " is over its credit limit", "zh": in.Customer.Name + " 超出信用额度"},
			}, nil
		},
	}}}))
	s := eng.As(shop.Actor())
	p := must(s.Processes().Publish(ctx, stage.Process{
		Code: "checked", Names: stage.Names{"en": "Checked"}, WinGates: []stage.Gate{{ID: "credit", Kind: "erp.credit"}},
		Stages: []stage.Stage{{ID: "only", Names: stage.Names{"en": "Only"}, Probability: 5000, Category: stage.Commit}},
	}))
	deal := must(s.Opportunities().Record(ctx, opportunity.RecordInput{Name: "Pumps", Customer: shop.customer, Currency: "CNY", Process: p.ID}))
	win := opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: shop.won}}}
	_, err := s.Opportunities().Win(ctx, deal.ID, win)
	for _, f := range fault.FieldsOf(err) {
		fmt.Println(f.Path, f.Code, f.Texts["zh"])
	}
	owes["NW"] = 0
	_, err = s.Opportunities().Win(ctx, deal.ID, win)
	fmt.Println(err)
	// Output:
	// gate/credit unmet Northwind 超出信用额度
	// <nil>
}

// fair is a policy of the host's own: the default one, but nobody below a manager
// wins or loses deals.
type fair struct{ access.Default }

func (p fair) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	if (action == access.OpportunityWin || action == access.OpportunityLose) && !a.Has(access.Manager) && !a.Has(access.Administrator) {
		return fault.New(fault.ErrForbidden, "erp.managers_decide", "a manager decides deals")
	}
	return p.Default.Allow(ctx, a, action, on)
}

// A policy of the host's own has two methods: Allow says whether an actor may do
// something to what is described, Scope which rows they may see. This one takes both
// from the default, and is stricter in one place.
func ExamplePolicy() {
	ctx, shop := context.Background(), open()
	eng := must(pursuit.New(shop.store, &pursuit.Options{Clock: shop.clock, Policy: fair{}}))
	bob := eng.As(pursuit.Actor{Tenant: "acme", User: "bob", Department: "east", Roles: []access.Role{access.Sales}})
	deal := must(bob.Opportunities().Record(ctx, opportunity.RecordInput{Name: "Pumps", Customer: shop.customer, Currency: "CNY"}))
	_, err := bob.Opportunities().Win(ctx, deal.ID, opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: shop.won}}})
	fmt.Println(fault.CodeOf(err), fault.HTTPStatus(err))
	// Output: erp.managers_decide 403
}

// Options.Names names the ERP's keys; everything else that a page shows has its name
// in the view.
func ExampleOptions_names() {
	ctx, shop := context.Background(), open()
	employees := map[string]string{"ann": "Ann Lee 李安"}
	eng := must(pursuit.New(shop.store, &pursuit.Options{Clock: shop.clock, Names: func(_ context.Context, in pursuit.NamesInput) (pursuit.KeyNames, error) {
		out := pursuit.KeyNames{Users: map[string]string{}}
		for _, u := range in.Keys.Users { // one look-up for all of them
			if name, ok := employees[u]; ok {
				out.Users[u] = name
			}
		}
		return out, nil
	}}))
	s := eng.As(shop.Actor())
	deal := must(s.Opportunities().Record(ctx, opportunity.RecordInput{Name: "Pumps", Customer: shop.customer, Currency: "CNY"}))
	v := must(s.Opportunities().View(ctx, deal.ID))
	fmt.Println(v.Names.Users[v.Opportunity.Owner], v.Names.Customers[0].Name, v.Names.Stages[v.Opportunity.Stage]["en"], v.Opportunity.Amount)
	// Output:
	// Ann Lee 李安 Northwind Prospecting 0.00 CNY
}
