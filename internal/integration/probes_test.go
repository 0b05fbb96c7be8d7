package integration

import (
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

func deal(w *tenant) uuid.UUID { return w.record().ID }

// after records a deal and lets commands of its lifecycle follow.
func after(commands ...opportunity.Command) func(w *tenant) uuid.UUID {
	return func(w *tenant) uuid.UUID {
		id := deal(w)
		for _, c := range commands {
			if err := w.command(id, c); err != nil {
				w.t.Fatal(err)
			}
		}
		return id
	}
}

func (w *tenant) must(_ pursuit.Result, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func withMember(w *tenant) uuid.UUID {
	id := deal(w)
	w.must(w.s.Team().Set(w.ctx, id, bob))
	return id
}

func withContact(w *tenant) uuid.UUID {
	id := deal(w)
	w.must(w.s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion}))
	return id
}

func withRival(w *tenant) uuid.UUID {
	id := deal(w)
	w.must(w.s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival}))
	return id
}

// upgraded records a deal, and publishes the next version of its process.
func upgraded(w *tenant) uuid.UUID {
	deal(w)
	list, err := w.s.Processes().Versions(w.ctx, w.process)
	w.must(pursuit.Result{}, err)
	next := list[0]
	w.must(w.s.Processes().Publish(w.ctx, next))
	return w.process
}

func (w *tenant) upgrade(process uuid.UUID) pursuit.MigrateInput {
	list, err := w.s.Processes().Versions(w.ctx, w.process)
	w.must(pursuit.Result{}, err)
	return pursuit.MigrateInput{Version: list[0].VersionID, Process: process}
}

// call is an activity that is to be done.
func (w *tenant) call() opportunity.PlanActivityInput {
	return opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call Li Wei", Due: w.now.AddDate(0, 0, 1)}
}

func withCall(w *tenant) uuid.UUID {
	id := deal(w)
	r, err := w.s.Activities().Plan(w.ctx, id, w.call())
	w.must(r, err)
	w.part = r.Activity
	return id
}

// train is an expense of bob's, so that ann may approve it.
func (w *tenant) train() opportunity.AddExpenseInput {
	if w.travel == uuid.Nil {
		w.travel = w.entry(archive.CreateInput{Kind: archive.ExpenseKind, Code: "travel"})
	}
	return opportunity.AddExpenseInput{Category: w.travel, Amount: money.FromMinor(42_50, money.EUR), Date: calendar.Of(w.now, nil), User: "bob"}
}

func withExpense(w *tenant) uuid.UUID {
	id, in := deal(w), w.train()
	r, err := w.s.Expenses().Add(w.ctx, id, in)
	w.must(r, err)
	w.part = r.Expense
	return id
}

// user gives the session of another administrator.
func (w *tenant) user(name string) *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: w.called, User: name, Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
}

func submitted(w *tenant) uuid.UUID {
	id := withExpense(w)
	w.must(w.user("bob").Expenses().Submit(w.ctx, id, w.part))
	return id
}

func theCustomer(w *tenant) uuid.UUID { return w.customer }

func ownedCustomer(w *tenant) uuid.UUID {
	w.must(w.s.Customers().Update(w.ctx, w.customer, customer.UpdateInput{Owner: ptr("ann")}))
	return w.customer
}

func freshCustomer(w *tenant) uuid.UUID {
	r, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Fabrikam"})
	w.must(r, err)
	return r.ID
}

func freshEntry(w *tenant) uuid.UUID {
	return w.entry(archive.CreateInput{Kind: archive.Source, Code: "web"})
}

func retiredEntry(w *tenant) uuid.UUID {
	id := freshEntry(w)
	w.must(w.s.Archives().Retire(w.ctx, id))
	return id
}

func secondProcess(w *tenant) uuid.UUID {
	r, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "second", Names: names("Second"), Stages: []stage.Stage{
		{ID: "only", Names: names("Only"), Probability: 1000, Category: stage.Pipeline},
	}})
	w.must(r, err)
	return r.ID
}

// selling makes the sales systems of both tenants ready (Q01), so that another
// tenant is refused for the right reason.
func (w *tenant) selling() {
	w.sales(order.InitialiseInput{})
	evil := w.evil().SalesSystem()
	w.must(evil.Enable(w.ctx))
	w.must(evil.Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
}

func (w *tenant) evil() *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: strings.Replace(w.called, "acme", "evil", 1), User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
}

func draft(w *tenant) uuid.UUID {
	w.selling()
	_, id := w.ordered()
	return id
}

func confirmed(w *tenant) uuid.UUID {
	id := draft(w)
	w.must(w.s.Orders().Confirm(w.ctx, id))
	return id
}

func (w *tenant) delivered() order.EventInput {
	return order.EventInput{External: "D-1", Kind: order.Delivery, Line: 1, Quantity: dec("1"), On: calendar.Of(w.now, nil)}
}

func executing(w *tenant) uuid.UUID {
	id := confirmed(w)
	w.must(w.s.Orders().Execute(w.ctx, id, []order.EventInput{w.delivered()}))
	return id
}

var (
	bob     = opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write}
	service = opportunity.LineInput{Description: "Service", Quantity: dec("1"), Price: dec("10")}
)

// one is a call whose result doesn't matter.
func one(_ pursuit.Result, err error) (int, error) { return 0, err }

func some[T any](_ T, err error) (int, error) { return 0, err }

func page[T any](l pursuit.List[T], err error) (int, error) { return len(l.Items), err }

func walk[T any](seq func(func(T, error) bool)) (n int, failed error) {
	seq(func(_ T, err error) bool {
		if err != nil {
			failed = err
			return false
		}
		n++
		return true
	})
	return n, failed
}

// probes try every method of every handle.
var probes = joined(followUp, dealProbes, archiveProbes, orderProbes)

// dealProbes are those on opportunities.
var dealProbes = map[string]probe{
	"Opportunities.Record": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Opportunities().Record(w.ctx, w.input()))
	}},
	"Opportunities.RecordForNewCustomer": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "New"}, Opportunity: opportunity.RecordInput{Name: "New", Currency: money.USD}}))
	}},
	"Opportunities.Update": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		name := "Bigger deal"
		return one(s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Name: &name}))
	}},
	"Opportunities.Update/department": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Name: ptr("Bigger deal"), Department: ptr("south")}))
	}},
	"Opportunities.Advance": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "done"}))
	}},
	"Opportunities.Win": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"}))
	}},
	"Opportunities.Lose": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Lose(w.ctx, id, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost"}))
	}},
	"Opportunities.Hold": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}}))
	}},
	"Opportunities.Resume": {changes, after(opportunity.CommandHold), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Resume(w.ctx, id))
	}},
	"Opportunities.Void": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Void(w.ctx, id, opportunity.VoidInput{Reason: "a duplicate"}))
	}},
	"Opportunities.Close": {changes, after(opportunity.CommandWin), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Close(w.ctx, id, opportunity.CloseInput{}))
	}},
	"Opportunities.Reopen": {changes, after(opportunity.CommandLose), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "a mistake"}))
	}},
	"Opportunities.Analyse": {changes, after(opportunity.CommandWin), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Analyse(w.ctx, id, opportunity.AnalyseInput{Analysis: "price", Reasons: nil}))
	}},
	"Opportunities.Tick": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Tick(w.ctx, id, opportunity.TickInput{Item: "called", Undo: false}))
	}},
	"Opportunities.Approve": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Approve(w.ctx, id, opportunity.ApproveInput{Role: access.Administrator, Note: "fine"}))
	}},
	"Opportunities.Migrate": {changes, func(w *tenant) uuid.UUID { w.second = secondProcess(w); return deal(w) }, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Migrate(w.ctx, id, opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"prospecting": "only"}, Override: ""}))
	}},
	"Opportunities.Delete": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Delete(w.ctx, id, opportunity.DeleteInput{Reason: "a typo"}))
	}},
	"Opportunities.Get": {reads, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Opportunities().Get(w.ctx, id, opportunity.AllParts))
	}},
	"Opportunities.ByNumber": {reads, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		number := "OPP-2026-999999"
		if o, err := w.s.Opportunities().Get(w.ctx, id, 0); err == nil {
			number = o.Number
		}
		return some(s.Opportunities().ByNumber(w.ctx, number, 0))
	}},
	"Opportunities.History": {reads, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Opportunities().History(w.ctx, id))
	}},
	"Opportunities.Timeline": {reads, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return page(s.Opportunities().Timeline(w.ctx, id, pursuit.Page{}))
	}},
	"Opportunities.View": {reads, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Opportunities().View(w.ctx, id))
	}},
	"Opportunities.Journal": {reads, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Opportunities().Journal(w.ctx, id))
	}},
	"Opportunities.List": {searches, deal, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{}, pursuit.Page{}))
	}},
	"Opportunities.All": {searches, deal, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Opportunities().All(w.ctx, pursuit.OpportunityQuery{}))
	}},
	"Opportunities.Count": {searches, deal, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		n, err := s.Opportunities().Count(w.ctx, opportunity.Filter{})
		return int(n), err
	}},
	"Team.Set": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Team().Set(w.ctx, id, bob))
	}},
	"Team.Remove": {changes, withMember, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Team().Remove(w.ctx, id, "bob"))
	}},
	"Team.SetSplits": {changes, withMember, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Team().SetSplits(w.ctx, id, opportunity.SetSplitsInput{Revenue: map[string]int{"bob": 10000}}))
	}},
	"Team.Transfer": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "bob"}))
	}},
	"Lines.Add": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Lines().Add(w.ctx, id, []opportunity.LineInput{service}))
	}},
	"Lines.Update": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Lines().Update(w.ctx, id, 1, service.Update()))
	}},
	"Lines.Remove": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Lines().Remove(w.ctx, id, []int{1}))
	}},
	"DealContacts.Add": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion}))
	}},
	"DealContacts.Remove": {changes, withContact, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealContacts().Remove(w.ctx, id, opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion}))
	}},
	"DealContacts.SetPrimary": {changes, withContact, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealContacts().SetPrimary(w.ctx, id, opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion}))
	}},
	"DealCompetitors.Add": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival}))
	}},
	"DealCompetitors.Update": {changes, withRival, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealCompetitors().Update(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "cheap"}.Update()))
	}},
	"DealCompetitors.Remove": {changes, withRival, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealCompetitors().Remove(w.ctx, id, w.rival))
	}},
	"Activities.Plan": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Plan(w.ctx, id, w.call()))
	}},
	"Activities.Log": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Result: "fine"}))
	}},
	"Activities.Update": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		note := "bring the offer"
		return one(s.Activities().Update(w.ctx, id, w.part, opportunity.UpdateActivityInput{Note: &note}))
	}},
	"Activities.Complete": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Complete(w.ctx, id, w.part, opportunity.CompleteActivityInput{Result: "fine"}))
	}},
	"Activities.Cancel": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Cancel(w.ctx, id, w.part, opportunity.CancelActivityInput{}))
	}},
	"Activities.Remove": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Remove(w.ctx, id, w.part))
	}},
	"Activities.List": {searches, withCall, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Activities().List(w.ctx, pursuit.ActivityQuery{}, pursuit.Page{}))
	}},
	"Activities.All": {searches, withCall, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Activities().All(w.ctx, pursuit.ActivityQuery{}))
	}},
	"Expenses.Add": {changes, func(w *tenant) uuid.UUID { w.train(); return deal(w) }, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Add(w.ctx, id, w.train()))
	}},
	"Expenses.Update": {changes, withExpense, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		amount := money.FromMinor(5, money.JPY)
		return one(s.Expenses().Update(w.ctx, id, w.part, opportunity.UpdateExpenseInput{Amount: &amount}))
	}},
	"Expenses.Submit": {changes, withExpense, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Submit(w.ctx, id, w.part))
	}},
	"Expenses.Approve": {changes, submitted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Approve(w.ctx, id, w.part))
	}},
	"Expenses.Reject": {changes, submitted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Reject(w.ctx, id, w.part, opportunity.RejectExpenseInput{Reason: "no receipt"}))
	}},
	"Expenses.Settle": {changes, func(w *tenant) uuid.UUID {
		id := submitted(w)
		w.must(w.s.Expenses().Approve(w.ctx, id, w.part))
		return id
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Settle(w.ctx, id, w.part, opportunity.SettleExpenseInput{Reference: "PAY-7"}))
	}},
	"Expenses.Remove": {changes, withExpense, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Remove(w.ctx, id, w.part))
	}},
	"Expenses.List": {searches, withExpense, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Expenses().List(w.ctx, pursuit.ExpenseQuery{}, pursuit.Page{}))
	}},
	"Expenses.All": {searches, withExpense, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Expenses().All(w.ctx, pursuit.ExpenseQuery{}))
	}},
}
