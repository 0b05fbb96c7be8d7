package integration

import (
	"time"

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

func (w *tenant) upgrade(process uuid.UUID) pursuit.MigrationInput {
	list, err := w.s.Processes().Versions(w.ctx, w.process)
	w.must(pursuit.Result{}, err)
	return pursuit.MigrationInput{Version: list[0].VersionID, Process: process}
}

// call is an activity that is to be done.
func (w *tenant) call() opportunity.PlanInput {
	return opportunity.PlanInput{Kind: opportunity.Call, Subject: "Call Li Wei", Due: w.now.AddDate(0, 0, 1)}
}

func withCall(w *tenant) uuid.UUID {
	id := deal(w)
	r, err := w.s.Activities().Plan(w.ctx, id, w.call())
	w.must(r, err)
	w.part = r.Parts[0]
	return id
}

// train is an expense of bob's, so that ann may approve it.
func (w *tenant) train() opportunity.ExpenseInput {
	if w.travel == uuid.Nil {
		w.travel = w.entry(archive.Input{Kind: archive.ExpenseKind, Code: "travel"})
	}
	return opportunity.ExpenseInput{Category: w.travel, Amount: money.FromMinor(42_50, money.EUR), Date: calendar.Of(w.now, nil), User: "bob"}
}

func withExpense(w *tenant) uuid.UUID {
	id, in := deal(w), w.train()
	r, err := w.s.Expenses().Add(w.ctx, id, in)
	w.must(r, err)
	w.part = r.Parts[0]
	return id
}

// user gives the session of another administrator.
func (w *tenant) user(name string) *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: "acme", User: name, Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
}

func submitted(w *tenant) uuid.UUID {
	id := withExpense(w)
	w.must(w.user("bob").Expenses().Submit(w.ctx, id, w.part))
	return id
}

func theCustomer(w *tenant) uuid.UUID { return w.customer }

func freshCustomer(w *tenant) uuid.UUID {
	r, err := w.s.Customers().Create(w.ctx, customer.Input{Name: "Fabrikam"}, nil)
	w.must(r, err)
	return r.ID
}

func freshEntry(w *tenant) uuid.UUID {
	return w.entry(archive.Input{Kind: archive.Source, Code: "web"})
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
	return w.eng.As(pursuit.Actor{Tenant: "evil", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
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
var probes = joined(followUp, map[string]probe{
	"Opportunities.Record": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Opportunities().Record(w.ctx, w.input()))
	}},
	"Opportunities.RecordForNewCustomer": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.NewCustomer{Customer: customer.Input{Name: "New"}},
			opportunity.RecordInput{Name: "New", Currency: money.USD}))
	}},
	"Opportunities.Update": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		name := "Bigger deal"
		return one(s.Opportunities().Update(w.ctx, id, opportunity.Update{Name: &name}))
	}},
	"Opportunities.Advance": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Advance(w.ctx, id, opportunity.Advance{To: "engaging", Summary: "done"}))
	}},
	"Opportunities.Win": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Win(w.ctx, id, opportunity.Win{Reasons: w.choose(w.win), Summary: "won"}))
	}},
	"Opportunities.Lose": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Lose(w.ctx, id, opportunity.Lose{Reasons: w.choose(w.loss), Summary: "lost"}))
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
		return one(s.Opportunities().Close(w.ctx, id, opportunity.Close{}))
	}},
	"Opportunities.Reopen": {changes, after(opportunity.CommandLose), func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Opportunities().Reopen(w.ctx, id, opportunity.Reopen{Reason: "a mistake"}))
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
		return one(s.Team().SetSplits(w.ctx, id, opportunity.Splits{Revenue: map[string]int{"bob": 10000}}))
	}},
	"Team.Transfer": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Team().Transfer(w.ctx, id, opportunity.Transfer{To: "bob"}))
	}},
	"Lines.Add": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Lines().Add(w.ctx, id, []opportunity.LineInput{service}))
	}},
	"Lines.Update": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Lines().Update(w.ctx, id, 1, service))
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
		return one(s.DealCompetitors().Update(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "cheap"}))
	}},
	"DealCompetitors.Remove": {changes, withRival, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.DealCompetitors().Remove(w.ctx, id, w.rival))
	}},
	"Activities.Plan": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Plan(w.ctx, id, w.call()))
	}},
	"Activities.Log": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Log(w.ctx, id, opportunity.LogInput{Kind: opportunity.Visit, Subject: "Visit", Result: "fine"}))
	}},
	"Activities.Update": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		note := "bring the offer"
		return one(s.Activities().Update(w.ctx, id, w.part, opportunity.ActivityUpdate{Note: &note}))
	}},
	"Activities.Complete": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Complete(w.ctx, id, w.part, opportunity.CompleteActivity{Result: "fine"}))
	}},
	"Activities.Cancel": {changes, withCall, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Activities().Cancel(w.ctx, id, w.part, opportunity.CancelActivity{}))
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
		return one(s.Expenses().Update(w.ctx, id, w.part, opportunity.ExpenseUpdate{Amount: &amount}))
	}},
	"Expenses.Submit": {changes, withExpense, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Submit(w.ctx, id, w.part))
	}},
	"Expenses.Approve": {changes, submitted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Approve(w.ctx, id, w.part))
	}},
	"Expenses.Reject": {changes, submitted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Reject(w.ctx, id, w.part, opportunity.RejectExpense{Reason: "no receipt"}))
	}},
	"Expenses.Settle": {changes, func(w *tenant) uuid.UUID {
		id := submitted(w)
		w.must(w.s.Expenses().Approve(w.ctx, id, w.part))
		return id
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Expenses().Settle(w.ctx, id, w.part, opportunity.SettleExpense{Reference: "PAY-7"}))
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
	"Customers.Create": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Customers().Create(w.ctx, customer.Input{Name: "New"}, nil))
	}},
	"Customers.Update": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Update(w.ctx, id, customer.Input{Name: "Northwind Traders", Kind: customer.Organisation, Status: customer.Active}))
	}},
	"Customers.SetStatus": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().SetStatus(w.ctx, id, customer.Inactive))
	}},
	"Customers.Delete": {changes, freshCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Delete(w.ctx, id))
	}},
	"Customers.Merge": {changes, freshCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Merge(w.ctx, id, customer.MergeInput{Loser: w.customer, Reason: "the same"}))
	}},
	"Customers.Duplicates": {searches, theCustomer, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		d, err := s.Customers().Duplicates(w.ctx, customer.Probe{Name: "northwind"})
		return len(d.Hits), err
	}},
	"Customers.ContactDeals": {searches, withContact, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Customers().ContactDeals(w.ctx, w.contact, pursuit.Page{}))
	}},
	"Customers.AddContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().AddContact(w.ctx, id, customer.ContactInput{Name: "Zoe"}))
	}},
	"Customers.UpdateContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().UpdateContact(w.ctx, id, w.contact, customer.ContactInput{Name: "Li Wei", Title: "CTO"}))
	}},
	"Customers.SetPrimaryContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().SetPrimaryContact(w.ctx, id, w.contact))
	}},
	"Customers.SetContactActive": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().SetContactActive(w.ctx, id, w.contact, false))
	}},
	"Customers.RemoveContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().RemoveContact(w.ctx, id, w.contact))
	}},
	"Customers.Get": {reads, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		_, _, err := s.Customers().Get(w.ctx, id)
		return 0, err
	}},
	"Customers.ByCode": {reads, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		code := "C9"
		if id == w.customer {
			code = "C1"
		}
		return some(s.Customers().ByCode(w.ctx, code))
	}},
	"Customers.List": {searches, theCustomer, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Customers().List(w.ctx, pursuit.CustomerQuery{}, pursuit.Page{}))
	}},
	"Customers.All": {searches, theCustomer, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Customers().All(w.ctx, pursuit.CustomerQuery{}))
	}},
	"Archives.Create": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Archives().Create(w.ctx, archive.Input{Kind: archive.Source, Code: "mail", Names: map[string]string{"en": "Mail"}}))
	}},
	"Archives.Update": {changes, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Update(w.ctx, id, archive.Input{Names: map[string]string{"en": "The web"}}))
	}},
	"Archives.Retire": {changes, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Retire(w.ctx, id))
	}},
	"Archives.Activate": {changes, retiredEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Activate(w.ctx, id))
	}},
	"Archives.Delete": {changes, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Delete(w.ctx, id))
	}},
	"Archives.Get": {reads, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Archives().Get(w.ctx, id))
	}},
	"Archives.List": {asks, freshEntry, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Archives().List(w.ctx, pursuit.ArchiveQuery{}, pursuit.Page{}))
	}},
	"Processes.Publish": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Processes().Publish(w.ctx, stage.Process{Code: "third", Names: names("Third"), Stages: []stage.Stage{
			{ID: "only", Names: names("Only"), Probability: 1000, Category: stage.Pipeline},
		}}))
	}},
	"Processes.Retire": {changes, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Retire(w.ctx, id))
	}},
	"Processes.Activate": {changes, func(w *tenant) uuid.UUID {
		id := secondProcess(w)
		w.must(w.s.Processes().Retire(w.ctx, id))
		return id
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Activate(w.ctx, id))
	}},
	"Processes.SetDefault": {changes, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().SetDefault(w.ctx, id))
	}},
	"Processes.Delete": {changes, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Delete(w.ctx, id))
	}},
	"Processes.Get": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		_, _, err := s.Processes().Get(w.ctx, id)
		return 0, err
	}},
	"Processes.Version": {reads, func(w *tenant) uuid.UUID {
		rec, _, err := w.s.Processes().Get(w.ctx, w.process)
		w.must(pursuit.Result{}, err)
		return rec.Current
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Processes().Version(w.ctx, id))
	}},
	"Processes.List": {asks, secondProcess, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		list, err := s.Processes().List(w.ctx)
		return len(list), err
	}},
	"Processes.CheckMigration": {reads, func(w *tenant) uuid.UUID {
		rec, _, err := w.s.Processes().Get(w.ctx, w.process)
		w.must(pursuit.Result{}, err)
		return rec.Current
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return 0, s.Processes().CheckMigration(w.ctx, id, w.process, nil)
	}},
	"Processes.PlanMigration": {reads, upgraded, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		_, err := s.Processes().PlanMigration(w.ctx, w.upgrade(id))
		return 0, err
	}},
	"Processes.Migrate": {changes, upgraded, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Migrate(w.ctx, w.upgrade(id)))
	}},
	"Reports.Pipeline": {searches, deal, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		groups, err := s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{})
		n := 0
		for _, g := range groups {
			n += int(g.Count)
		}
		return n, err
	}},
	"Orders.Create": {changes, func(w *tenant) uuid.UUID { w.selling(); return w.won() }, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Create(w.ctx, id, order.CreateInput{}))
	}},
	"Orders.Update": {changes, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		reference := "PO-1"
		return one(s.Orders().Update(w.ctx, id, order.Update{Reference: &reference}))
	}},
	"Orders.Confirm": {changes, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Confirm(w.ctx, id))
	}},
	"Orders.Execute": {changes, confirmed, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Execute(w.ctx, id, []order.EventInput{w.delivered()}))
	}},
	"Orders.Complete": {changes, executing, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "the rest was given up"}))
	}},
	"Orders.Cancel": {changes, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "they changed their mind"}))
	}},
	"Orders.Get": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Get(w.ctx, id))
	}},
	"Orders.Execution": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Execution(w.ctx, id))
	}},
	"Orders.Journal": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Orders().Journal(w.ctx, id))
	}},
	"Orders.List": {searches, draft, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Orders().List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
	}},
	"Orders.All": {searches, draft, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Orders().All(w.ctx, pursuit.OrderQuery{}))
	}},
	"Orders.ByOpportunity": {searches, func(w *tenant) uuid.UUID {
		w.selling()
		deal, _ := w.ordered()
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return walk(s.Orders().ByOpportunity(w.ctx, id))
	}},
	"Quotes.Create": {changes, quotable, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Create(w.ctx, id, order.QuoteInput{}))
	}},
	"Quotes.Copy": {changes, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Copy(w.ctx, id, pursuit.CopyInput{}))
	}},
	"Quotes.Update": {changes, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		title := "Offer"
		return one(s.Quotes().Update(w.ctx, id, order.QuoteUpdate{Title: &title}))
	}},
	"Quotes.Send": {changes, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Send(w.ctx, id))
	}},
	"Quotes.Accept": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Accept(w.ctx, id, order.AcceptInput{}))
	}},
	"Quotes.Reject": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Reject(w.ctx, id, order.EndInput{Reason: "too dear"}))
	}},
	"Quotes.Withdraw": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Withdraw(w.ctx, id, order.EndInput{Reason: "a mistake"}))
	}},
	"Quotes.Extend": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Extend(w.ctx, id, order.ExtendInput{Until: onDay().AddDays(60)}))
	}},
	"Quotes.Revise": {changes, offered, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Quotes().Revise(w.ctx, id, order.ReviseInput{}))
	}},
	"Quotes.ExpireQuotes": {creates, func(w *tenant) uuid.UUID {
		offered(w)
		w.pass(40 * 24 * time.Hour)
		return uuid.Nil
	}, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return s.Quotes().ExpireQuotes(w.ctx, calendar.Date{})
	}},
	"Quotes.Get": {reads, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Quotes().Get(w.ctx, id))
	}},
	"Quotes.Journal": {reads, drafted, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Quotes().Journal(w.ctx, id))
	}},
	"Quotes.List": {searches, drafted, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Quotes().List(w.ctx, pursuit.QuoteQuery{}, pursuit.Page{}))
	}},
	"Quotes.All": {searches, drafted, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Quotes().All(w.ctx, pursuit.QuoteQuery{}))
	}},
	"Quotes.ByOpportunity": {searches, func(w *tenant) uuid.UUID {
		deal := quotable(w)
		w.quote(deal, order.QuoteInput{})
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return walk(s.Quotes().ByOpportunity(w.ctx, id))
	}},
	"Orders.Events": {reads, draft, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return page(s.Orders().Events(w.ctx, id, pursuit.Page{}))
	}},
	"Orders.Executions": {searches, draft, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Orders().Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
	}},
	"Orders.ExecutionOfOpportunity": {searches, func(w *tenant) uuid.UUID {
		w.selling()
		deal, _ := w.ordered()
		return deal
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		x, err := s.Orders().ExecutionOfOpportunity(w.ctx, id)
		return len(x.Orders), err
	}},
	"Orders.ExecutionOfCustomer": {searches, func(w *tenant) uuid.UUID {
		draft(w)
		return w.customer
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		x, err := s.Orders().ExecutionOfCustomer(w.ctx, id)
		return len(x.Orders), err
	}},
	"SalesSystem.Enable": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.SalesSystem().Enable(w.ctx))
	}},
	"SalesSystem.Initialise": {creates, func(w *tenant) uuid.UUID {
		w.must(w.s.SalesSystem().Enable(w.ctx))
		return uuid.Nil
	}, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
	}},
	"SalesSystem.Disable": {creates, func(w *tenant) uuid.UUID {
		w.selling()
		return uuid.Nil
	}, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.SalesSystem().Disable(w.ctx))
	}},
	"SalesSystem.Settings": {asks, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return some(s.SalesSystem().Settings(w.ctx))
	}},
	"SalesSystem.Journal": {asks, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		list, err := s.SalesSystem().Journal(w.ctx)
		return len(list), err
	}},
	"Customers.Journal": {reads, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Customers().Journal(w.ctx, id))
	}},
	"Archives.Journal": {reads, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Archives().Journal(w.ctx, id))
	}},
	"Processes.Journal": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Processes().Journal(w.ctx, id))
	}},
	"Processes.Versions": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Processes().Versions(w.ctx, id))
	}},
	"Processes.ByCode": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		code := "none"
		if rec, _, err := w.s.Processes().Get(w.ctx, id); err == nil {
			code = rec.Code
		}
		return some(s.Processes().ByCode(w.ctx, code))
	}},
})
