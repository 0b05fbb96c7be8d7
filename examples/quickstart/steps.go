package main

import (
	"context"
	"errors"
	"fmt"
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
	st.deal, err = st.ann.Opportunities().RecordForNewCustomer(ctx, pursuit.NewCustomer{
		Customer: customer.Input{Name: "Northwind Traders", Sector: "retail", Country: "CN", URL: "northwind.example"},
		Contacts: []customer.ContactInput{
			{Name: "Li Wei", Title: "Head of IT", Email: "li.wei@northwind.example"},
			{Name: "Chen Jing", Title: "Purchasing", Phone: "+86 10 5555 0100"},
		},
		Roles: []opportunity.ContactRole{opportunity.DecisionMaker},
	}, opportunity.RecordInput{
		Name:      "20 workstations",
		Source:    st.setup.source,
		Currency:  money.CNY,
		Estimated: money.FromMinor(150_000_00, money.CNY),
	})
	if err != nil {
		return err
	}
	st.say("recorded as %s, for a customer with %d contacts", st.deal.Number, len(st.deal.Parts))
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
	if _, err := st.bob.Lines().Add(ctx, st.deal.ID, []opportunity.LineInput{
		{Product: "WS-1", Quantity: decimal.NewFromInt(20), Unit: "pcs", Price: decimal.RequireFromString("8999.50"), Discount: decimal.NewFromInt(5)},
		{Product: "SETUP", Quantity: decimal.NewFromInt(1), Price: decimal.NewFromInt(4000)},
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
		Contact: st.deal.Parts[0], Role: opportunity.Champion, Note: "Met at the fair",
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

// refused is S4: a stage's work is summed up, and the move is refused, since not
// all conditions are met. Nothing has changed then.
func (st *story) refused(ctx context.Context) error {
	st.title("S4 The work is summed up, too early: the move is refused")
	_, err := st.ann.Opportunities().Advance(ctx, st.deal.ID, opportunity.Advance{To: "negotiate", Summary: "They want a quote"})
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
	if _, err := st.ann.Opportunities().Update(ctx, st.deal.ID, opportunity.Update{ExpectedClose: &due}); err != nil {
		return err
	}
	liWei := opportunity.ContactKey{Contact: st.deal.Parts[0], Role: opportunity.DecisionMaker}
	if _, err := st.ann.DealContacts().SetPrimary(ctx, st.deal.ID, liWei); err != nil {
		return err
	}
	// A RequestID makes a command happen once, however often it is sent.
	for range 2 {
		r, err := st.ann.Opportunities().Advance(ctx, st.deal.ID, opportunity.Advance{To: "negotiate", Summary: "They want a quote"},
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
	st.say("%s is in %s at %d %%, forecast as %s", o.Number, o.Stage, o.Probability/100, o.Category)
	return nil
}

// win is S6: the reasons are analysed, and the amount is frozen.
func (st *story) win(ctx context.Context) error {
	st.title("S6 Won, with the reasons")
	if _, err := st.ann.Opportunities().Win(ctx, st.deal.ID, opportunity.Win{
		Reasons:  []opportunity.Choice{{Reason: st.setup.winReason}},
		Summary:  "Signed",
		Analysis: "Service on site mattered more than 3 % of the price",
	}); err != nil {
		return err
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, 0)
	if err != nil {
		return err
	}
	st.say("%s is %s: %s", o.Number, o.Status, o.Outcome.Amount)
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
	if _, err := st.ann.Team().Transfer(ctx, r.ID, opportunity.Transfer{To: "bob"}); err != nil {
		return err
	}
	if _, err := st.bob.Opportunities().Lose(ctx, r.ID, opportunity.Lose{
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

// close is S9: all follow-up work is done.
func (st *story) close(ctx context.Context) error {
	st.title("S9 Closed, as all follow-up is done")
	if _, err := st.ann.Opportunities().Close(ctx, st.deal.ID, opportunity.Close{Summary: "Delivered, invoiced and paid"}); err != nil {
		return err
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, 0)
	if err != nil {
		return err
	}
	st.say("%s is %s", o.Number, o.Status)
	return nil
}

// prove shows the progress 商机进程 and the journal. Reading the journal checks
// the chain of hashes: an entry that was changed, removed or put in is found.
func (st *story) prove(ctx context.Context) error {
	st.title("The progress, as the stages' work was summed up")
	rows, err := st.ann.Opportunities().History(ctx, st.deal.ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Progress != "" {
			st.say("%s → %s by %s: %s", r.FromStage, r.Progress, r.By, r.Summary)
		}
	}
	st.title("The journal, verified")
	entries, err := st.ann.Opportunities().Journal(ctx, st.deal.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		st.say("%2d %-35s %x…", e.Seq, e.Type, e.Hash[:6])
	}
	return nil
}
