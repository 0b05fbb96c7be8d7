package reliability

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

var coreCommands = []Command{
	{"Opportunities.Record", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		in := w.Deal(3)
		in.Contacts = []opportunity.ContactInput{{Contact: w.Contact, Role: opportunity.Champion}}
		in.Competitors = []opportunity.CompetitorInput{{Competitor: w.Rival}}
		return w.S.Opportunities().Record(ctx, in, o...)
	}},
	{"Opportunities.RecordForNewCustomer", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		in := w.Deal(3)
		in.Customer = uuid.Nil
		return w.S.Opportunities().RecordForNewCustomer(ctx, pursuit.RecordForNewCustomerInput{
			Customer: customer.CreateInput{Name: "New", Contacts: []customer.ContactInput{{Name: "Zoe"}, {Name: "Max"}}},
			Roles:    []opportunity.ContactRole{opportunity.Champion}, Opportunity: in,
		}, o...)
	}},
	{"Opportunities.Update", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		name, amount := "Bigger", money.FromMinor(500, money.USD)
		return w.S.Opportunities().Update(ctx, id, opportunity.UpdateInput{Name: &name, Override: &amount}, o...)
	}},
	{"Opportunities.Advance", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Advance(ctx, id, opportunity.AdvanceInput{To: "offer", Summary: "done"}, o...)
	}},
	{"Opportunities.Win", deal, win},
	{"Opportunities.Lose", deal, lose},
	{"Opportunities.Hold", deal, hold},
	{"Opportunities.Resume", chain(deal, hold), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Resume(ctx, id, o...)
	}},
	{"Opportunities.Void", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Void(ctx, id, opportunity.VoidInput{Reason: "twice"}, o...)
	}},
	{"Opportunities.Close", chain(deal, win), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Close(ctx, id, opportunity.CloseInput{}, o...)
	}},
	{"Opportunities.Reopen", chain(deal, lose), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Reopen(ctx, id, opportunity.ReopenInput{Reason: "they came back"}, o...)
	}},
	{"Opportunities.Analyse", chain(deal, win), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Analyse(ctx, id, opportunity.AnalyseInput{Analysis: "the price"}, o...)
	}},
	{"Opportunities.Tick", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Tick(ctx, id, opportunity.TickInput{Item: "called_lead"}, o...)
	}},
	{"Opportunities.Approve", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Approve(ctx, id, opportunity.ApproveInput{Role: access.Manager, Note: "fine"}, o...)
	}},
	{"Opportunities.Migrate", func(ctx context.Context, w *World) (uuid.UUID, error) {
		_, err1 := mode(ctx, w)
		id, err2 := deal(ctx, w)
		return id, errors.Join(err1, err2)
	}, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		list, err := w.S.Processes().List(ctx, pursuit.ProcessQuery{}, pursuit.Page{})
		if err != nil {
			return result{}, err
		}
		return w.S.Opportunities().Migrate(ctx, id, opportunity.MigrateInput{Process: list.Items[len(list.Items)-1].ID, Stages: map[string]string{"lead": "only"}}, o...)
	}},
	{"Opportunities.Delete", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Opportunities().Delete(ctx, id, opportunity.DeleteInput{Reason: "a typo"}, o...)
	}},
	{"Team.Set", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Team().Set(ctx, id, opportunity.MemberInput{User: "dora", Role: opportunity.RoleSales, Access: opportunity.Write}, o...)
	}},
	{"Team.Remove", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Team().Remove(ctx, id, "bob", o...)
	}},
	{"Team.SetSplits", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Team().SetSplits(ctx, id, opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 4000, "bob": 6000}}, o...)
	}},
	{"Team.Transfer", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Team().Transfer(ctx, id, opportunity.TransferInput{To: "bob", Reason: "leave"}, o...)
	}},
	{"Lines.Add", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Lines().Add(ctx, id, Lines(2), o...)
	}},
	{"Lines.Update", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Lines().Update(ctx, id, 2, Lines(1)[0].Update(), o...)
	}},
	{"Lines.Remove", deal, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Lines().Remove(ctx, id, []int{1, 2}, o...)
	}},
	{"DealContacts.Add", deal, addContact},
	{"DealContacts.Remove", chain(deal, addContact), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.DealContacts().Remove(ctx, id, champion(w), o...)
	}},
	{"DealContacts.SetPrimary", chain(deal, addContact), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.DealContacts().SetPrimary(ctx, id, champion(w), o...)
	}},
	{"DealCompetitors.Add", deal, addRival},
	{"DealCompetitors.Update", chain(deal, addRival), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.DealCompetitors().Update(ctx, id, opportunity.CompetitorInput{Competitor: w.Rival, Strengths: "cheap"}.Update(), o...)
	}},
	{"DealCompetitors.Remove", chain(deal, addRival), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.DealCompetitors().Remove(ctx, id, w.Rival, o...)
	}},
	{"Customers.Create", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().Create(ctx, customer.CreateInput{Name: "New", Code: "C7", Contacts: []customer.ContactInput{{Name: "Zoe", Primary: true}, {Name: "Max"}}}, o...)
	}},
	{"Customers.Update", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().Update(ctx, id, customer.CreateInput{Name: "Northwind Traders", Kind: customer.Organisation, Status: customer.Active}.Update(), o...)
	}},
	{"Customers.SetStatus", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().SetStatus(ctx, id, customer.Inactive, o...)
	}},
	{"Customers.Delete", fresh, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().Delete(ctx, id, o...)
	}},
	{"Customers.Merge", fresh, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().Merge(ctx, id, customer.MergeInput{Loser: w.Customer, Reason: "the same"}, o...)
	}},
	{"Customers.AddContact", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().AddContact(ctx, id, customer.ContactInput{Name: "Zoe", Primary: true}, o...)
	}},
	{"Customers.UpdateContact", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().UpdateContact(ctx, id, w.Contact, customer.ContactInput{Name: "Li Wei", Title: "CTO"}.Update(), o...)
	}},
	{"Customers.SetPrimaryContact", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().SetPrimaryContact(ctx, id, w.Contact, o...)
	}},
	{"Customers.SetContactActive", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().SetContactActive(ctx, id, w.Contact, false, o...)
	}},
	{"Customers.RemoveContact", buyer, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().RemoveContact(ctx, id, w.Contact, o...)
	}},
	{"Archives.Create", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Archives().Create(ctx, archive.CreateInput{Kind: archive.Source, Code: "mail", Names: map[string]string{"en": "Mail"}}, o...)
	}},
	{"Archives.Update", entry, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Archives().Update(ctx, id, archive.CreateInput{Names: map[string]string{"en": "The web"}}.Update(), o...)
	}},
	{"Archives.Retire", entry, retire},
	{"Archives.Activate", chain(entry, retire), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Archives().Activate(ctx, id, o...)
	}},
	{"Archives.Delete", entry, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Archives().Delete(ctx, id, o...)
	}},
	{"Processes.Publish", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Processes().Publish(ctx, stage.Process{Code: "third", Names: stage.Names{"en": "Third"}, Stages: process("third", "only").Stages}, o...)
	}},
	{"Processes.Retire", mode, retireMode},
	{"Processes.Activate", chain(mode, retireMode), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Processes().Activate(ctx, id, o...)
	}},
	{"Processes.Migrate", func(ctx context.Context, w *World) (uuid.UUID, error) {
		if _, err := deal(ctx, w); err != nil {
			return uuid.Nil, err
		}
		return mode(ctx, w)
	}, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		list, err := w.S.Processes().Versions(ctx, w.Process)
		if err != nil {
			return result{}, err
		}
		return w.S.Processes().Migrate(ctx, pursuit.MigrateInput{Version: list[0].VersionID, Process: id, Stages: map[string]string{"lead": "only"}}, o...)
	}},
	{"Processes.SetDefault", mode, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Processes().SetDefault(ctx, id, o...)
	}},
	{"Processes.Delete", mode, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Processes().Delete(ctx, id, o...)
	}},
	{"Archives.PublishScorecard", card, publishCard},
	{"Documents.Add", deal, addDocument},
	{"Documents.Remove", begun(addDocument), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Documents().Remove(ctx, id, w.Part, o...)
	}},
	{"Evaluations.SaveDraft", judged, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		in, err := w.judgement(ctx, 1)
		if err != nil {
			return result{}, err
		}
		return w.S.Evaluations().SaveDraft(ctx, id, in, o...)
	}},
	{"Evaluations.Submit", judged, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		in, err := w.judgement(ctx, 4)
		if err != nil {
			return result{}, err
		}
		return w.S.Evaluations().Submit(ctx, id, in, o...)
	}},
	{"Evaluations.Discard", judged, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Evaluations().Discard(ctx, id, w.Part, o...)
	}},
	{"Orders.Create", func(ctx context.Context, w *World) (uuid.UUID, error) {
		_, err1 := selling(ctx, w)
		id, err2 := chain(deal, win)(ctx, w)
		return id, errors.Join(err1, err2)
	}, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Orders().Create(ctx, id, order.CreateInput{Promote: true}, o...)
	}},
	{"Orders.Update", draft, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		reference := "PO-1"
		return w.S.Orders().Update(ctx, id, order.UpdateInput{Reference: &reference}, o...)
	}},
	{"Orders.Confirm", draft, confirm},
	{"Orders.Execute", chain(draft, confirm), execute},
	{"Orders.Complete", chain(draft, confirm, execute), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Orders().Complete(ctx, id, order.CompleteInput{Reason: "the rest was given up"}, o...)
	}},
	{"Orders.Cancel", draft, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Orders().Cancel(ctx, id, order.CancelInput{Reason: "they changed their mind"}, o...)
	}},
	{"SalesSystem.Enable", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.SalesSystem().Enable(ctx, o...)
	}},
	{"SalesSystem.Initialise", func(ctx context.Context, w *World) (uuid.UUID, error) {
		_, err := w.S.SalesSystem().Enable(ctx)
		return uuid.Nil, err
	}, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY}, o...)
	}},
	{"SalesSystem.Disable", selling, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.SalesSystem().Disable(ctx, o...)
	}},
}
