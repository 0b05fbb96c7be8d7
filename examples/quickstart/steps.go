package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// record is S1: a valid chance becomes an opportunity; for a new customer, the
// customer and its contacts are recorded by the same command: all or none.
func (st *story) record(ctx context.Context) (err error) {
	st.title("S1 A chance from the trade fair, of a new customer")
	st.deal, err = st.ann.Opportunities().RecordForNewCustomer(ctx, pursuit.RecordForNewCustomerInput{
		Customer: customer.CreateInput{Name: "Northwind Traders", Sector: "retail", Country: "CN", URL: "northwind.example", Contacts: []customer.ContactInput{
			{Name: "Li Wei", Title: "Head of IT", Email: "li.wei@northwind.example"},
			{Name: "Chen Jing", Title: "Purchasing", Phone: "+86 10 5555 0100"},
		}},
		Roles: []opportunity.ContactRole{opportunity.DecisionMaker},
		Opportunity: opportunity.RecordInput{
			Name:      "20 workstations",
			Source:    st.setup.source,
			Currency:  money.CNY,
			Estimated: money.FromMinor(150_000_00, money.CNY),
		},
	})
	if err != nil {
		return err
	}
	st.say("recorded as %s, for a customer with %d contacts", st.deal.Number, len(st.deal.Contacts))
	return nil
}

// team is S2: a complex sale gets a team 商机团队.
func (st *story) team(ctx context.Context) error {
	st.title("S2 The team: Bob of the labs helps Ann")
	if _, err := st.ann.Team().Set(ctx, st.deal.ID, opportunity.MemberInput{
		User: "bob", Role: opportunity.RolePresales, Access: opportunity.Write,
	}); err != nil {
		return err
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, opportunity.PartMembers)
	if err != nil {
		return err
	}
	for _, m := range o.Members {
		st.say("%s: %s, %s", m.User, m.Role, m.Access)
	}
	return nil
}

// enrich is S3: products, competitors and contacts are filled in, here by Bob,
// who may because he is in the team with the right to write.
func (st *story) enrich(ctx context.Context) error {
	st.title("S3 Bob fills in what is known")
	vat := decimal.NewFromInt(13)
	if _, err := st.bob.Lines().Add(ctx, st.deal.ID, []opportunity.LineInput{
		{Product: "WS-1", Quantity: decimal.NewFromInt(20), Unit: "pcs", Price: decimal.RequireFromString("8999.50"), Discount: decimal.NewFromInt(5), Tax: &vat},
		{Product: "SETUP", Quantity: decimal.NewFromInt(1), Price: decimal.NewFromInt(4000), Tax: &vat},
	}); err != nil {
		return err
	}
	price := money.FromMinor(168_000_00, money.CNY)
	if _, err := st.bob.DealCompetitors().Add(ctx, st.deal.ID, opportunity.CompetitorInput{
		Competitor: st.setup.rival, Strengths: "Cheaper", Weaknesses: "No service on site", Price: &price,
	}); err != nil {
		return err
	}
	if _, err := st.bob.DealContacts().Add(ctx, st.deal.ID, opportunity.ContactInput{
		Contact: st.deal.Contacts[0], Role: opportunity.Champion, Note: "Met at the fair",
	}); err != nil {
		return err
	}
	o, err := st.bob.Opportunities().Get(ctx, st.deal.ID, opportunity.PartLines|opportunity.PartContacts|opportunity.PartCompetitors)
	if err != nil {
		return err
	}
	for _, l := range o.Lines {
		st.say("line %d: %s × %s at %s, %s %% off: %s", l.Number, l.Quantity, l.Product, l.Price, l.Discount, l.Amount)
	}
	st.say("%d roles of contacts, %d competitor; the amount is now %s", len(o.Contacts), len(o.Competitors), o.Amount())
	return nil
}

// followUp is S3 too: what is to do, what was spent, documents.
func (st *story) followUp(ctx context.Context) error {
	st.title("S3 A visit is planned, a trip was paid, a document came")
	now := time.Now()
	r, err := st.ann.Activities().Plan(ctx, st.deal.ID, opportunity.PlanActivityInput{
		Kind: opportunity.Visit, Subject: "Hand over and train", Assignee: "bob", Due: now.AddDate(0, 0, 60),
	})
	if err != nil {
		return err
	}
	st.visit = r.Activity
	r, err = st.bob.Expenses().Add(ctx, st.deal.ID, opportunity.AddExpenseInput{
		Category: st.setup.travel, Amount: money.FromMinor(486_00, money.CNY), Date: calendar.Of(now, time.UTC), Description: "Train",
	})
	if err != nil {
		return err
	}
	st.expense = r.Expense
	if _, err := st.bob.Expenses().Submit(ctx, st.deal.ID, st.expense); err != nil {
		return err
	}
	if _, err := st.bob.Documents().Add(ctx, st.deal.ID, opportunity.AddDocumentInput{
		Name: "what-they-need.txt", Kind: st.setup.specification, MediaType: "text/plain",
	}, strings.NewReader("20 workstations, on site by the end of the quarter")); err != nil {
		return err
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, opportunity.PartExpenses|opportunity.PartDocuments)
	if err != nil {
		return err
	}
	st.say("next activity on %s; %s spent, %s", o.NextActivity.Format(time.DateOnly), o.Expenses[0].Amount, o.Expenses[0].Status)
	st.say("%s: %d bytes, SHA-256 %.12s…", o.Documents[0].Name, o.Documents[0].Size, o.Documents[0].SHA256)
	return nil
}

// refused is S4: a stage's work is summed up, and the move is refused, since not
// all conditions are met. Nothing has changed then.
func (st *story) refused(ctx context.Context) error {
	st.title("S4 The work is summed up, too early: the move is refused")
	_, err := st.ann.Opportunities().Advance(ctx, st.deal.ID, opportunity.AdvanceInput{To: "negotiate", Summary: "They want a quote"})
	if !errors.Is(err, fault.ErrNotAllowed) {
		return fmt.Errorf("the move was not refused: %w", err)
	}
	st.say("%s: %s", fault.CodeOf(err), fault.ErrNotAllowed)
	for _, f := range fault.FieldsOf(err) { // all conditions that aren't met
		st.say("  %s %s: %s", f.Path, f.Code, f.Message)
	}
	return nil
}

// advance is S5: what was missing is added, and the same move is made.
func (st *story) advance(ctx context.Context) error {
	st.title("S5 With what was missing the same move is made")
	due := calendar.Of(time.Now(), time.UTC).AddDays(30)
	if _, err := st.ann.Opportunities().Update(ctx, st.deal.ID, opportunity.UpdateInput{ExpectedClose: &due}); err != nil {
		return err
	}
	liWei := opportunity.ContactKey{Contact: st.deal.Contacts[0], Role: opportunity.DecisionMaker}
	if _, err := st.ann.DealContacts().SetPrimary(ctx, st.deal.ID, liWei); err != nil {
		return err
	}
	if _, err := st.bob.Evaluations().Submit(ctx, st.deal.ID, opportunity.EvaluationInput{Scorecard: st.setup.fit, Values: []opportunity.Value{
		{Criterion: "need", Value: 5}, {Criterion: "budget", Value: 2, Note: "Not yet approved"},
	}}); err != nil {
		return err
	}
	// A RequestID makes a command happen once, however often it is sent.
	for range 2 {
		r, err := st.ann.Opportunities().Advance(ctx, st.deal.ID, opportunity.AdvanceInput{To: "negotiate", Summary: "They want a quote"},
			pursuit.RequestID("advance-1"))
		if err != nil {
			return err
		}
		st.say("version %d, repeated: %t", r.Version, r.Repeated)
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, 0)
	if err != nil {
		return err
	}
	st.say("evaluated at %s %%", decimal.New(int64(o.Counts.Scores["fit"]), -2))
	st.say("%s is in %s at %d %%, forecast as %s", o.Number, o.Stage, o.Probability/100, o.Category)
	return nil
}

// win is S6: the reasons are analysed, and the amount is frozen.
func (st *story) win(ctx context.Context) error {
	st.title("S6 Won, with the reasons")
	if _, err := st.ann.Opportunities().Win(ctx, st.deal.ID, opportunity.WinInput{
		Reasons:  []opportunity.Choice{{Reason: st.setup.winReason}},
		Summary:  "Signed",
		Analysis: "Service on site mattered more than 3 % of the price",
		Lessons:  "Bring the labs in early",
	}); err != nil {
		return err
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, 0)
	if err != nil {
		return err
	}
	st.say("%s is %s at %s, as the accepted quote says; its lines come to %s", o.Number, o.Status, o.Outcome.Amount, o.LineTotal)
	return nil
}

// lose is S7, for another opportunity of the same customer. It is a simple sale:
// even so a change of its owner goes through the team (S2).
func (st *story) lose(ctx context.Context) error {
	st.title("S7 Another one is lost to a competitor")
	r, err := st.ann.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: "Printers", Customer: st.deal.Customer, Currency: money.CNY, Estimated: money.FromMinor(12_000_00, money.CNY),
	})
	if err != nil {
		return err
	}
	if _, err := st.ann.Team().Transfer(ctx, r.ID, opportunity.TransferInput{To: "bob"}); err != nil {
		return err
	}
	if _, err := st.bob.Opportunities().Lose(ctx, r.ID, opportunity.LoseInput{
		Reasons: []opportunity.Choice{{Reason: st.setup.lossReason}}, Competitor: st.setup.rival,
		Summary: "They bought elsewhere", Analysis: "We came too late",
	}); err != nil {
		return err
	}
	o, err := st.bob.Opportunities().Get(ctx, r.ID, opportunity.PartCompetitors)
	if err != nil {
		return err
	}
	st.say("%s of %s is %s in %s, to a competitor that is on the deal now: %t", o.Number, o.Owner, o.Status, o.Outcome.Stage,
		o.Competitors[0].Competitor == o.Outcome.Competitor)
	return nil
}
