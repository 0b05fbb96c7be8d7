package integration

import (
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

// unprobedIDs are places of which there is nothing to try, and why.
var unprobedIDs = map[string]string{
	"Processes.Publish 0.VersionID": "it is given by the library, and what is there isn't read",
	"Customers.Duplicates 0.Except": "it leaves a hit out of the answer, and looks nothing up",
}

// bases give what a method takes, such that it is done, for those that take an id
// beside the one that they are about.
var bases = map[string]func(w *tenant) []any{
	"Activities.List":      func(*tenant) []any { return []any{pursuit.ActivityQuery{}, pursuit.Page{}} },
	"Activities.All":       func(*tenant) []any { return []any{pursuit.ActivityQuery{}} },
	"Expenses.List":        func(*tenant) []any { return []any{pursuit.ExpenseQuery{}, pursuit.Page{}} },
	"Expenses.All":         func(*tenant) []any { return []any{pursuit.ExpenseQuery{}} },
	"Customers.List":       func(*tenant) []any { return []any{pursuit.CustomerQuery{}, pursuit.Page{}} },
	"Customers.All":        func(*tenant) []any { return []any{pursuit.CustomerQuery{}} },
	"Opportunities.List":   func(*tenant) []any { return []any{pursuit.OpportunityQuery{}, pursuit.Page{}} },
	"Opportunities.All":    func(*tenant) []any { return []any{pursuit.OpportunityQuery{}} },
	"Opportunities.Count":  func(*tenant) []any { return []any{opportunity.Filter{}} },
	"Reports.Pipeline":     func(*tenant) []any { return []any{pursuit.PipelineQuery{}} },
	"Orders.List":          func(*tenant) []any { return []any{pursuit.OrderQuery{}, pursuit.Page{}} },
	"Orders.All":           func(*tenant) []any { return []any{pursuit.OrderQuery{}} },
	"Orders.Executions":    func(*tenant) []any { return []any{pursuit.OrderQuery{}, pursuit.Page{}} },
	"Quotes.List":          func(*tenant) []any { return []any{pursuit.QuoteQuery{}, pursuit.Page{}} },
	"Quotes.All":           func(*tenant) []any { return []any{pursuit.QuoteQuery{}} },
	"Customers.Duplicates": func(*tenant) []any { return []any{customer.Probe{Name: "northwind"}} },

	"Activities.Update": func(w *tenant) []any {
		return []any{withCall(w), w.part, opportunity.UpdateActivityInput{Note: ptr("bring it")}}
	},
	"Activities.Complete": func(w *tenant) []any {
		return []any{withCall(w), w.part, opportunity.CompleteActivityInput{Result: "fine"}}
	},
	"Activities.Cancel": func(w *tenant) []any { return []any{withCall(w), w.part, opportunity.CancelActivityInput{}} },
	"Activities.Remove": func(w *tenant) []any { return []any{withCall(w), w.part} },

	"Customers.Create": func(*tenant) []any { return []any{customer.CreateInput{Name: "New"}} },
	"Customers.Update": func(w *tenant) []any { return []any{freshCustomer(w), customer.UpdateInput{Name: ptr("Fabrikam")}} },
	"Customers.Merge": func(w *tenant) []any {
		return []any{freshCustomer(w), customer.MergeInput{Loser: freshCustomer(w), Reason: "the same"}}
	},
	"Customers.UpdateContact": func(w *tenant) []any {
		return []any{w.customer, w.contact, customer.UpdateContactInput{Name: ptr("Li Wei")}}
	},
	"Customers.SetPrimaryContact": func(w *tenant) []any { id := ofContact(w); return []any{id, w.part} },
	"Customers.SetContactActive":  func(w *tenant) []any { id := ofContact(w); return []any{id, w.part, false} },
	"Customers.RemoveContact":     func(w *tenant) []any { id := ofContact(w); return []any{id, w.part} },

	"DealCompetitors.Add": func(w *tenant) []any { return []any{deal(w), opportunity.CompetitorInput{Competitor: w.rival}} },
	"DealCompetitors.Update": func(w *tenant) []any {
		return []any{withRival(w), opportunity.UpdateCompetitorInput{Competitor: w.rival, Strengths: ptr("x")}}
	},
	"DealCompetitors.Remove": func(w *tenant) []any { return []any{withRival(w), w.rival} },
	"DealContacts.Add": func(w *tenant) []any {
		return []any{deal(w), opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion, External: true}}
	},
	"DealContacts.Remove": func(w *tenant) []any {
		return []any{withContact(w), opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion}}
	},
	"DealContacts.SetPrimary": func(w *tenant) []any {
		return []any{withContact(w), opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion}}
	},

	"Documents.Add": func(w *tenant) []any {
		return []any{deal(w), opportunity.AddDocumentInput{Name: "b.txt"}, strings.NewReader("hello")}
	},
	"Documents.Open":   func(w *tenant) []any { return []any{withDocument(w), w.part} },
	"Documents.Remove": func(w *tenant) []any { return []any{withDocument(w), w.part} },

	"Evaluations.Discard":   func(w *tenant) []any { return []any{withEvaluationOf(w), w.part} },
	"Evaluations.SaveDraft": func(w *tenant) []any { return []any{deal(w), w.judged(1)} },
	"Evaluations.Submit":    func(w *tenant) []any { return []any{deal(w), w.judged(1)} },

	"Expenses.Add": func(w *tenant) []any { return []any{deal(w), w.train()} },
	"Expenses.Update": func(w *tenant) []any {
		return []any{withExpense(w), w.part, opportunity.UpdateExpenseInput{Category: &w.travel}}
	},
	"Expenses.Submit":  func(w *tenant) []any { return []any{withExpense(w), w.part} },
	"Expenses.Remove":  func(w *tenant) []any { return []any{withExpense(w), w.part} },
	"Expenses.Approve": func(w *tenant) []any { return []any{submitted(w), w.part} },
	"Expenses.Reject": func(w *tenant) []any {
		return []any{submitted(w), w.part, opportunity.RejectExpenseInput{Reason: "no receipt"}}
	},
	"Expenses.Settle": func(w *tenant) []any {
		id := submitted(w)
		w.must(w.s.Expenses().Approve(w.ctx, id, w.part))
		return []any{id, w.part, opportunity.SettleExpenseInput{Reference: "PAY-7"}}
	},

	"Opportunities.Record": func(w *tenant) []any { return []any{w.referring()} },
	"Opportunities.RecordForNewCustomer": func(w *tenant) []any {
		in := w.referring()
		in.Customer, in.Contacts = uuid.Nil, nil
		return []any{pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "New"}, Opportunity: in}}
	},
	"Opportunities.Update": func(w *tenant) []any { return []any{deal(w), opportunity.UpdateInput{Name: ptr("Bigger")}} },
	"Opportunities.Win": func(w *tenant) []any {
		return []any{deal(w), opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"}}
	},
	"Opportunities.Lose": func(w *tenant) []any {
		return []any{deal(w), opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost"}}
	},
	"Opportunities.Analyse": func(w *tenant) []any {
		return []any{after(opportunity.CommandLose)(w), opportunity.AnalyseInput{Analysis: "price", Reasons: w.choose(w.loss)}}
	},
	"Opportunities.Migrate": func(w *tenant) []any {
		return []any{deal(w), opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"prospecting": "only"}}}
	},

	"Orders.Create": func(w *tenant) []any { return []any{w.won(), order.CreateInput{}} },

	"Processes.CheckMigration": func(w *tenant) []any {
		return []any{w.upgrade(w.process).Version, w.second, map[string]string{"prospecting": "only", "engaging": "only"}}
	},
	"Processes.PlanMigration": func(w *tenant) []any { return []any{w.toSecond()} },
	"Processes.Migrate":       func(w *tenant) []any { return []any{w.toSecond()} },
	"Processes.Publish": func(*tenant) []any {
		return []any{stage.Process{Code: "third", Names: names("Third"), Stages: []stage.Stage{{ID: "only", Names: names("Only"), Probability: 1000, Category: stage.Pipeline}}}}
	},
}

func (w *tenant) toSecond() pursuit.MigrateInput {
	in := w.upgrade(w.process)
	in.Process, in.Stages = w.second, map[string]string{"prospecting": "only", "engaging": "only"}
	return in
}

func withEvaluationOf(w *tenant) uuid.UUID {
	id := deal(w)
	r, err := w.s.Evaluations().SaveDraft(w.ctx, id, w.judged(2))
	w.must(r, err)
	w.part = r.Evaluation
	return id
}

// referring is a new deal that refers to all that it may.
func (w *tenant) referring() opportunity.RecordInput {
	in := w.input()
	in.BillTo, in.EndUser, in.Source, in.Process = w.customer, w.customer, w.source, w.process
	in.Contacts = []opportunity.ContactInput{{Contact: w.contact, Role: opportunity.Champion, External: true}}
	in.Competitors = []opportunity.CompetitorInput{{Competitor: w.rival}}
	return in
}

// valuesOf are the arguments of a base as a method takes them.
func valuesOf(args []any, types []reflect.Type) (out []reflect.Value) {
	for i, a := range args {
		v := reflect.New(types[i]).Elem()
		v.Set(reflect.ValueOf(a))
		out = append(out, v)
	}
	return out
}

// full gives a tenant two of each thing that there is, and returns all ids.
func (w *tenant) full() []uuid.UUID {
	w.sales(order.InitialiseInput{BaseCurrency: money.CNY})
	scorecard(w)
	w.second = secondProcess(w)
	all := []uuid.UUID{w.customer, w.contact, w.win, w.loss, w.lossTo, w.other, w.rival, w.source, w.process, w.second, w.card, w.upgrade(w.process).Version}
	for _, code := range []string{"passport", "invoice"} {
		all = append(all, w.entry(archive.CreateInput{Kind: archive.DocumentKind, Code: code}))
	}
	for range 2 {
		for _, f := range []func(*tenant) uuid.UUID{withCall, submitted, withDocument, withEvaluationOf} {
			all = append(all, f(w), w.part)
		}
		id := w.record().ID
		sold, ordered := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, ordered))
		one, two := w.delivered(), w.delivered()
		two.External = "D-2"
		w.must(w.s.Orders().Execute(w.ctx, ordered, []order.EventInput{one, two}))
		all = append(all, withContact(w), w.travel, freshCustomer(w), id, w.quote(id, quote.CreateInput{ValidUntil: onDay().AddDays(30)}), sold, ordered)
	}
	w.pass(time.Second)
	return all
}

// ofContact makes a customer with two contacts; the second is the part.
func ofContact(w *tenant) uuid.UUID {
	r, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Of contacts", Contacts: []customer.ContactInput{{Name: "Zoe"}, {Name: "Zac"}}})
	w.must(r, err)
	w.part = r.Contacts[1]
	return r.ID
}
