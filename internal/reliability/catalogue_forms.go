package reliability

import (
	"context"
	"errors"
	"reflect"
	"strings"
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
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

// formOf gives good input of a type for a method's parameter; nil: its zero value is.
func formOf(ctx context.Context, w *World, name string, i int, t reflect.Type) (any, error) {
	switch name {
	case "Archives.Update":
		return archive.CreateInput{Names: map[string]string{"en": "The web"}}.Update(), nil
	case "Customers.Update":
		return customer.CreateInput{Name: "Northwind Traders", Kind: customer.Organisation, Status: customer.Active}.Update(), nil
	case "Opportunities.Migrate", "Processes.Migrate", "Processes.PlanMigration":
		return w.migration(ctx, t)
	case "Opportunities.ByNumber":
		if i == 0 {
			return w.number(ctx)
		}
	case "Archives.ByCode":
		if i == 1 {
			return "one", nil
		}
		return archive.Source, nil
	case "Quotes.ByNumber":
		return "QUO-2026-000001", nil
	case "Orders.ByNumber":
		return "ORD-2026-000001", nil
	case "Customers.ByCode":
		return "C1", nil
	case "Processes.ByCode":
		return "crm", nil
	case "Team.Remove":
		return "bob", nil
	case "Processes.CheckMigration":
		return map[string]string{"lead": "lead"}, nil
	case "Engine.Relay":
		return w.Tenant, nil
	case "Quotes.ExpireQuotes":
		return nil, nil // today
	}
	switch t {
	case reflect.TypeFor[opportunity.EvaluationInput]():
		return w.judgement(ctx, 2)
	case reflect.TypeFor[[]int]():
		return []int{1}, nil
	}
	if f := forms[t]; f != nil {
		return f(w), nil
	}
	if t.Kind() == reflect.Slice && forms[t.Elem()] != nil {
		list := reflect.MakeSlice(t, 1, 1)
		list.Index(0).Set(reflect.ValueOf(forms[t.Elem()](w)))
		return list.Interface(), nil
	}
	return nil, nil
}

// number is one of a deal.
func (w *World) number(ctx context.Context) (string, error) {
	for o, err := range w.S.Opportunities().All(ctx, pursuit.OpportunityQuery{}) {
		return o.Number, err
	}
	return "OPP-1", nil
}

// migration leads from the first process to the second, or to itself.
func (w *World) migration(ctx context.Context, t reflect.Type) (any, error) {
	list, err1 := w.S.Processes().List(ctx, pursuit.ProcessQuery{}, pursuit.Page{})
	from, err2 := w.S.Processes().Versions(ctx, w.Process)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	to, stages := list.Items[0].ID, map[string]string{"lead": "only"}
	for _, p := range list.Items {
		if p.ID != w.Process {
			to = p.ID
		}
	}
	if t == reflect.TypeFor[opportunity.MigrateInput]() {
		return opportunity.MigrateInput{Process: to, Stages: stages}, nil
	}
	return pursuit.MigrateInput{Version: from[0].VersionID, Process: to, Stages: stages}, nil
}

func form[T any](f func(w *World) T) (reflect.Type, func(w *World) any) {
	return reflect.TypeFor[T](), func(w *World) any { return f(w) }
}

// forms are good inputs by type. Those that are the zero value aren't here.
var forms = func() map[reflect.Type]func(w *World) any {
	m := map[reflect.Type]func(w *World) any{}
	add := func(t reflect.Type, f func(w *World) any) { m[t] = f }
	today := func(w *World) calendar.Date { return calendar.Of(w.now(), nil) }
	name := "Bigger"
	add(form(func(w *World) access.Actor {
		return access.Actor{Tenant: w.Tenant, User: "ann", Department: "east", Roles: []access.Role{access.Administrator}}
	}))
	add(form(func(w *World) opportunity.Parts { return opportunity.AllParts }))
	add(form(func(w *World) int { return 1 }))
	add(form(func(w *World) time.Duration { return time.Hour }))
	add(form(func(w *World) calendar.Date { return w.Day }))
	add(form(func(w *World) opportunity.PlanActivityInput {
		return opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call Li Wei", Due: w.now().Add(24 * time.Hour)}
	}))
	add(form(func(w *World) opportunity.LogActivityInput {
		return opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Result: "they like it"}
	}))
	add(form(func(w *World) opportunity.UpdateActivityInput { return opportunity.UpdateActivityInput{Subject: &name} }))
	add(form(func(w *World) opportunity.CompleteActivityInput {
		return opportunity.CompleteActivityInput{Result: "she agrees"}
	}))
	add(form(func(w *World) opportunity.CancelActivityInput {
		return opportunity.CancelActivityInput{Reason: "she is ill"}
	}))
	add(form(func(w *World) archive.CreateInput {
		return archive.CreateInput{Kind: archive.Source, Code: "mail", Names: map[string]string{"en": "Mail"}}
	}))
	add(form(func(w *World) archive.PublishScorecardInput { return archive.BANT().Scorecard }))
	add(form(func(w *World) customer.ContactInput { return customer.ContactInput{Name: "Zoe"} }))
	add(form(func(w *World) customer.CreateInput {
		return customer.CreateInput{Name: "Fabrikam", Status: customer.Active}
	}))
	add(form(func(w *World) customer.Status { return customer.Inactive }))
	add(form(func(w *World) customer.MergeInput { return customer.MergeInput{Loser: w.Customer, Reason: "the same"} }))
	add(form(func(w *World) customer.Probe { return customer.Probe{Name: "Northwind"} }))
	add(form(func(w *World) pursuit.RecordForNewCustomerInput {
		in := w.Deal(1)
		in.Customer = uuid.Nil
		return pursuit.RecordForNewCustomerInput{
			Customer: customer.CreateInput{Name: "New", Contacts: []customer.ContactInput{{Name: "Max"}}},
			Roles:    []opportunity.ContactRole{opportunity.Champion}, Opportunity: in,
		}
	}))
	add(form(func(w *World) opportunity.CompetitorInput { return opportunity.CompetitorInput{Competitor: w.Rival} }))
	add(form(func(w *World) customer.UpdateContactInput { return customer.ContactInput{Name: "Zoe"}.Update() }))
	add(form(func(w *World) opportunity.UpdateCompetitorInput {
		return opportunity.UpdateCompetitorInput{Competitor: w.Rival}
	}))
	add(form(func(w *World) opportunity.UpdateLineInput { return Lines(1)[0].Update() }))
	add(form(func(w *World) opportunity.ContactInput {
		return opportunity.ContactInput{Contact: w.Contact, Role: opportunity.Champion, External: true} // also of another customer than the deal's
	}))
	add(form(champion))
	add(form(func(w *World) opportunity.AddDocumentInput {
		return opportunity.AddDocumentInput{Name: "a.pdf", MediaType: "application/pdf", Location: "https://files.example/1"}
	}))
	add(form(func(w *World) opportunity.AddExpenseInput {
		return opportunity.AddExpenseInput{Category: w.Travel, Amount: money.FromMinor(42_50, money.EUR), Date: today(w), User: "bob"}
	}))
	add(form(func(w *World) opportunity.RejectExpenseInput {
		return opportunity.RejectExpenseInput{Reason: "no receipt"}
	}))
	add(form(func(w *World) opportunity.SettleExpenseInput {
		return opportunity.SettleExpenseInput{Reference: "PAY-7"}
	}))
	add(form(func(w *World) opportunity.UpdateExpenseInput {
		return opportunity.UpdateExpenseInput{Category: &w.Travel}
	}))
	add(form(func(w *World) opportunity.LineInput { return Lines(1)[0] }))
	add(form(func(w *World) opportunity.AdvanceInput { return opportunity.AdvanceInput{To: "offer", Summary: "done"} }))
	add(form(func(w *World) opportunity.Choice { return opportunity.Choice{Reason: w.Win} }))
	add(form(func(w *World) opportunity.AnalyseInput { return opportunity.AnalyseInput{Analysis: "the price"} }))
	add(form(func(w *World) opportunity.ApproveInput { return opportunity.ApproveInput{Role: access.Manager} }))
	add(form(func(w *World) opportunity.DeleteInput { return opportunity.DeleteInput{Reason: "a typo"} }))
	add(form(func(w *World) opportunity.HoldInput { return opportunity.HoldInput{Reason: "budget"} }))
	add(form((*World).lost))
	add(form((*World).won))
	add(form(func(w *World) opportunity.RecordInput { return w.Deal(1) }))
	add(form(func(w *World) opportunity.ReopenInput { return opportunity.ReopenInput{Reason: "they came back"} }))
	add(form(func(w *World) opportunity.TickInput { return opportunity.TickInput{Item: "called_lead"} }))
	add(form(func(w *World) opportunity.UpdateInput { return opportunity.UpdateInput{Name: &name} }))
	add(form(func(w *World) opportunity.VoidInput { return opportunity.VoidInput{Reason: "twice"} }))
	add(form(func(w *World) opportunity.MemberInput {
		return opportunity.MemberInput{User: "dora", Role: opportunity.RoleSales, Access: opportunity.Write}
	}))
	add(form(func(w *World) opportunity.SetSplitsInput {
		return opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 4000, "bob": 6000}}
	}))
	add(form(func(w *World) opportunity.TransferInput { return opportunity.TransferInput{To: "bob"} }))
	add(form(func(w *World) order.CancelInput { return order.CancelInput{Reason: "they changed their mind"} }))
	add(form(func(w *World) order.CompleteInput { return order.CompleteInput{Reason: "the rest was given up"} }))
	add(form(func(w *World) order.CreateInput { return order.CreateInput{Promote: true} }))
	add(form(func(w *World) order.EventInput {
		return order.EventInput{External: "D-9", Kind: order.Delivery, Line: 1, Quantity: Dec("1"), On: today(w)}
	}))
	add(form(func(w *World) order.UpdateInput { reference := "PO-1"; return order.UpdateInput{Reference: &reference} }))
	add(form(func(w *World) stage.Process { return process("third", "only", "then") }))
	add(form(func(w *World) stage.Gate {
		return stage.Gate{ID: "g", Kind: stage.GateAttribute, Params: map[string]string{"key": "k"}, Message: stage.Names{"en": "needs k"}}
	}))
	add(form(func(w *World) quote.AcceptInput { return quote.AcceptInput{Note: "by mail"} }))
	add(form(func(w *World) quote.EndInput { return quote.EndInput{Reason: "too dear"} }))
	add(form(func(w *World) quote.CreateInput { return quote.CreateInput{Title: "Offer", Lines: Lines(1)} }))
	add(form(func(w *World) quote.UpdateInput { return quote.UpdateInput{Title: &name, Lines: Lines(1)} }))
	add(form(func(w *World) quote.ExtendInput { return quote.ExtendInput{Until: w.Day.AddDays(60)} }))
	add(form(func(w *World) quote.ReviseInput { return quote.ReviseInput{Reason: "another price"} }))
	add(form(func(w *World) order.InitialiseInput { return order.InitialiseInput{BaseCurrency: money.CNY} }))
	return m
}()

// asked says what a question is about.
func asked(name string) func(context.Context, *World) (uuid.UUID, error) {
	handle, method, _ := strings.Cut(name, ".")
	switch {
	case name == "Orders.ByOpportunity", name == "Orders.ExecutionOfOpportunity", name == "Orders.ExecutionOfCustomer":
		return func(ctx context.Context, w *World) (uuid.UUID, error) {
			id, err := chain(draft, confirm)(ctx, w)
			if err != nil || method == "ExecutionOfCustomer" {
				return w.Customer, err
			}
			o, err := w.S.Orders().Get(ctx, id)
			return o.Opportunity, err
		}
	case handle == "Orders":
		return chain(draft, confirm, execute)
	case name == "Quotes.ByOpportunity":
		return func(ctx context.Context, w *World) (uuid.UUID, error) {
			id, err := offered(ctx, w)
			if err != nil {
				return id, err
			}
			q, err := w.S.Quotes().Get(ctx, id)
			return q.Opportunity, err
		}
	case name == "Quotes.ExpireQuotes":
		return overdue
	case handle == "Quotes":
		return chain(offered, send)
	case handle == "SalesSystem":
		return selling
	case name == "Customers.ContactDeals":
		return func(ctx context.Context, w *World) (uuid.UUID, error) {
			_, err := chain(deal, addContact)(ctx, w)
			return w.Contact, err
		}
	case handle == "Customers":
		return buyer
	case name == "Archives.Scorecard":
		return chain(card, publishCard)
	case handle == "Archives":
		return entry
	case name == "Processes.Version", name == "Processes.CheckMigration":
		return func(ctx context.Context, w *World) (uuid.UUID, error) {
			rec, err := w.S.Processes().Get(ctx, w.Process)
			return rec.Current, err
		}
	case handle == "Processes":
		return mode
	case name == "Documents.Open":
		return begun(func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
			return w.S.Documents().Add(ctx, id, opportunity.AddDocumentInput{Name: "a.txt", MediaType: "text/plain"}, strings.NewReader("hello"), o...)
		})
	case handle == "Activities":
		return begun(plan)
	case handle == "Expenses":
		return begun(spend)
	}
	return deal
}

// overdue leaves two quotes that were sent and that the world's new engine finds expired.
func overdue(ctx context.Context, w *World) (uuid.UUID, error) {
	id, err := quotable(ctx, w)
	for range 2 {
		if err != nil {
			return id, err
		}
		var q uuid.UUID
		q, err = made(w.S.Quotes().Create(ctx, id, quote.CreateInput{Title: "Offer", ValidUntil: calendar.Of(w.now(), nil).AddDays(1)}))
		if err == nil {
			_, err = send(ctx, w, q)
		}
	}
	if err != nil {
		return id, err
	}
	w.later = 72 * time.Hour
	return id, w.reenter()
}
