package reliability

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// rich is what a tenant with something of everything has.
type rich struct {
	other, person, contact2      uuid.UUID // customers, and a contact of the first
	main, won, lost, held, third uuid.UUID // deals
	activity, document, reopened uuid.UUID
	expense                      uuid.UUID
	card, entry, mode            uuid.UUID
	quote, copied, order         uuid.UUID
	rival2, win2, loss2, kind    uuid.UUID // entries that one tenant uses and the other doesn't
	gone1, gone2                 uuid.UUID // deals that are deleted
	quiet, whisper               uuid.UUID // a customer, and his contact, whom one tenant uses and the other doesn't
	then                         time.Time // before that
}

// enrich makes it.
func (w *World) enrich(ctx context.Context) (x rich, err error) {
	step := func(r result, e error) result {
		if err == nil {
			err = e
		}
		return r
	}
	id := func(v uuid.UUID, e error) uuid.UUID {
		if err == nil {
			err = e
		}
		return v
	}
	m := w.Mark
	x.other = step(w.S.Customers().Create(ctx, customer.CreateInput{Name: "Fabrikam" + m, Code: "C2", TaxID: "91310000MA1K35", Email: "info@fabrikam.example", Phone: "+86 21 6888 6888", Parent: w.Customer, Status: customer.Active, Sector: "sector" + m, Owner: "ann", Contacts: []customer.ContactInput{{Name: "Zoe" + m, Email: "zoe@fabrikam.example", Phone: "+86 21 6888 6889"}}})).ID
	digit := map[string]string{"-a": "1", "-b": "2"}[m]
	x.person = step(w.S.Customers().Create(ctx, customer.CreateInput{Name: "Max" + m, Kind: customer.Person, TaxID: "TAX9999990" + digit, Email: "max@max" + m + ".example", Phone: "+86 21 5555 000" + digit, Contacts: []customer.ContactInput{{Name: "Eve" + m, Email: "eve@eve" + m + ".example", Phone: "+86 21 4444 000" + digit}}})).ID
	silent := step(w.S.Customers().Create(ctx, customer.CreateInput{Name: "Quiet" + m, Contacts: []customer.ContactInput{{Name: "Whisper" + m}}}))
	if err != nil {
		return x, err
	}
	x.quiet, x.whisper = silent.ID, silent.Contacts[0]
	x.contact2 = step(w.S.Customers().AddContact(ctx, w.Customer, customer.ContactInput{Name: "Max" + m, Email: "max@northwind.example"})).Contact
	id(selling(ctx, w))
	x.entry, x.mode = id(entry(ctx, w)), id(mode(ctx, w))
	in := w.Deal(3)
	in.BillTo, in.EndUser, in.Source, in.Department, in.Rating = x.other, x.other, w.Source, "east", 3
	in.Contacts = []opportunity.ContactInput{{Contact: w.Contact, Role: opportunity.Champion, Primary: true}}
	in.Competitors = []opportunity.CompetitorInput{{Competitor: w.Rival, Strengths: "cheap" + m}}
	in.Lines[1].Product, in.Lines[1].Description = "LTX", "Extra"+m
	in.Members = in.Members[:1] // carl sees nothing of it
	x.main = step(w.S.Opportunities().Record(ctx, in)).ID
	if err != nil {
		return x, err
	}
	x.activity = step(plan(ctx, w, x.main)).Activity
	step(visit(ctx, w, x.main))
	spent := step(spend(ctx, w, x.main))
	stored := step(w.S.Documents().Add(ctx, x.main, opportunity.AddDocumentInput{Name: "b.txt", MediaType: "text/plain"}, strings.NewReader("text"+m)))
	if err != nil {
		return x, err
	}
	x.document, x.expense = stored.Document, spent.Expense
	step(addDocument(ctx, w, x.main))
	x.card = id(card(ctx, w))
	step(publishCard(ctx, w, x.card))
	judgement, e := w.judgement(ctx, 2)
	id(uuid.Nil, e)
	step(w.S.Evaluations().Submit(ctx, x.main, judgement))
	step(w.S.Evaluations().SaveDraft(ctx, x.main, judgement))
	x.quote = step(w.S.Quotes().Create(ctx, x.main, quote.CreateInput{Title: "Offer" + m, ValidUntil: w.Day.AddDays(30)})).ID
	step(send(ctx, w, x.quote))
	step(w.S.Quotes().Revise(ctx, x.quote, quote.ReviseInput{Reason: "another price"}))
	x.copied = step(w.S.Quotes().Copy(ctx, x.quote, pursuit.CopyQuoteInput{})).ID
	step(w.S.Opportunities().Advance(ctx, x.main, opportunity.AdvanceInput{To: "offer", Summary: "done" + m}))
	in.Contacts[0].Role = opportunity.DecisionMaker
	x.won = step(w.S.Opportunities().Record(ctx, in)).ID
	step(plan(ctx, w, x.won))
	paused := x.main // one pauses while it is open, the other one what will be won
	if m == "-b" {
		paused = x.won
	}
	step(hold(ctx, w, paused))
	w.pass(3)
	step(w.S.Opportunities().Resume(ctx, paused))
	step(win(ctx, w, x.won))
	x.order = step(w.S.Orders().Create(ctx, x.won, order.CreateInput{})).ID
	step(confirm(ctx, w, x.order))
	step(execute(ctx, w, x.order))
	plain := w.Deal(1)
	plain.Members = nil
	x.lost = step(w.S.Opportunities().Record(ctx, plain)).ID
	w.pass(5)
	step(lose(ctx, w, x.lost))
	x.held = step(w.S.Opportunities().Record(ctx, plain)).ID
	step(hold(ctx, w, x.held))
	closed := id(w.Record(ctx, 1))
	step(win(ctx, w, closed))
	step(w.S.Opportunities().Close(ctx, closed, opportunity.CloseInput{}))
	x.reopened = id(w.Record(ctx, 1))
	step(lose(ctx, w, x.reopened))
	step(w.S.Opportunities().Reopen(ctx, x.reopened, opportunity.ReopenInput{Reason: "they came back" + m}))
	third := w.Deal(0)
	third.Customer, third.Process, third.Owner, third.Members = x.other, x.mode, "bob", nil
	x.third = step(w.S.Opportunities().Record(ctx, third)).ID
	step(w.S.Archives().Retire(ctx, x.entry))
	if err == nil {
		err = w.differ(ctx, &x)
	}
	return x, err
}

// differ records deals of each outcome that are alike in both tenants but for what one
// can look for, or for who sees them, and deals that will be deleted.
func (w *World) differ(ctx context.Context, x *rich) error {
	var errs []error
	step := func(r result, err error) result {
		errs = append(errs, err)
		return r
	}
	second := w.Mark == "-b"
	for _, e := range []struct {
		kind archive.Kind
		id   *uuid.UUID
	}{{archive.Competitor, &x.rival2}, {archive.WinReason, &x.win2}, {archive.LossReason, &x.loss2}, {archive.DocumentKind, &x.kind}} {
		*e.id = step(w.S.Archives().Create(ctx, archive.CreateInput{Kind: e.kind, Code: "two", Names: map[string]string{"en": "Two" + w.Mark}})).ID
	}
	// A policy of the host's own is told who owns a deal's customer.
	owner := "keeper" + w.Mark
	step(w.S.Customers().Update(ctx, w.Customer, customer.UpdateInput{Owner: &owner}))
	product, contact, rival, why, whyNot := "OTHER", w.Contact, w.Rival, w.Win, w.Loss
	if second {
		product, contact, rival, why, whyNot = "ONLY", x.contact2, x.rival2, x.win2, x.loss2
	}
	carl := []opportunity.MemberInput{{User: "carl", Role: opportunity.RoleSupport, Access: opportunity.Read}}
	for i := range 8 {
		in := w.Deal(2)
		in.BillTo, in.Source, in.Department, in.Rating, in.Members = x.other, w.Source, "east", 3, carl
		in.Competitors = []opportunity.CompetitorInput{{Competitor: rival}}
		if i%2 == 1 { // the tenants' customers are of other sectors
			in.Customer = x.other
		}
		if i < 4 {
			in.Lines[0].Product = product
			in.Contacts = []opportunity.ContactInput{{Contact: contact, Role: opportunity.Champion, External: i%2 == 1}}
		} else if !second {
			in.Members = nil
		}
		if second && (i == 2 || i == 5 || i == 7) {
			in.Owner = "eve"
		}
		if second && i == 4 {
			in.ExpectedClose = calendar.Date{}
		}
		d := step(w.S.Opportunities().Record(ctx, in)).ID
		switch i { // of bob and somebody else
		case 5, 7:
			in := opportunity.AddExpenseInput{Category: w.Travel, Amount: money.FromMinor(42_50, money.EUR), Date: calendar.Of(w.now(), nil), User: []string{5: "bob", 7: "ann"}[i]}
			step(w.S.Expenses().Add(ctx, d, in))
		}
		w.pass(i)
		switch i % 4 {
		case 1, 2:
			step(w.S.Opportunities().Win(ctx, d, opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: why}}, Summary: "signed"}))
		case 3:
			step(w.S.Opportunities().Lose(ctx, d, opportunity.LoseInput{Reasons: []opportunity.Choice{{Reason: whyNot}}, Summary: "gone", Competitor: rival}))
		}
		switch i {
		case 2, 6:
			step(w.S.Opportunities().Close(ctx, d, opportunity.CloseInput{}))
		case 5: // seen by carl in the second tenant only
			o := step(w.S.Orders().Create(ctx, d, order.CreateInput{})).ID
			step(w.S.Orders().Cancel(ctx, o, order.CancelInput{Reason: "they changed their mind"}))
		}
	}
	plain := w.Deal(0)
	plain.Members = nil
	x.gone1 = step(w.S.Opportunities().Record(ctx, plain)).ID
	plain.Owner = "eve"
	x.gone2 = step(w.S.Opportunities().Record(ctx, plain)).ID
	x.then = w.now()
	return errors.Join(errs...)
}

// part lets the tenants go apart: of deals that both delete, one hands the first away
// and takes the second before. Then time passes.
func (w *World) part(ctx context.Context, x rich) error {
	var errs []error
	step := func(_ result, err error) { errs = append(errs, err) }
	w.pass(1)
	if w.Mark == "-b" {
		step(w.S.Team().Transfer(ctx, x.gone1, opportunity.TransferInput{To: "eve", Reason: "leave"}))
		step(w.S.Team().Transfer(ctx, x.gone2, opportunity.TransferInput{To: "ann", Reason: "leave"}))
	}
	for _, d := range []uuid.UUID{x.gone1, x.gone2} {
		step(w.S.Opportunities().Delete(ctx, d, opportunity.DeleteInput{Reason: "a mistake"}))
	}
	return errors.Join(errs...)
}

// decided lets the ledger of what is deleted speak of decisions, other ones for each
// owner. No command deletes a deal that was ever decided (O14), but the store's own
// rules know nothing of that.
func (t *theatre) decided() error {
	_, err := t.p.DB.ExecContext(t, "UPDATE pursuit_opportunity_ledger SET status = 'won', cycle_days = CASE owner WHEN 'ann' THEN 3 ELSE 7 END"+
		" WHERE opportunity_id NOT IN (SELECT id FROM pursuit_opportunity)")
	return err
}

// lead lets a tenant have more than the other: on the deals that both have, and
// deals of its own.
func (w *World) lead(ctx context.Context, x rich) error {
	var errs []error
	step := func(_ result, err error) { errs = append(errs, err) }
	for _, d := range []uuid.UUID{x.main, x.won, x.lost, x.held, x.third} {
		step(w.S.Team().Set(ctx, d, opportunity.MemberInput{User: "carl", Role: opportunity.RoleSupport, Access: opportunity.Read}))
	}
	for _, d := range []uuid.UUID{x.won, x.third} {
		step(w.S.DealContacts().Add(ctx, d, opportunity.ContactInput{Contact: x.contact2, Role: opportunity.Champion, External: true}))
	}
	step(w.S.DealContacts().Add(ctx, x.third, opportunity.ContactInput{Contact: x.whisper, Role: opportunity.Champion, External: true}))
	step(w.S.DealContacts().Add(ctx, x.held, opportunity.ContactInput{Contact: w.Contact, Role: opportunity.Champion}))
	step(w.S.Lines().Add(ctx, x.third, []opportunity.LineInput{{Product: "ONLY", Quantity: Dec("1"), Price: Dec("7")}}))
	step(w.S.Processes().SetDefault(ctx, x.mode))
	for range 2 {
		step(w.S.Opportunities().Record(ctx, w.Deal(2)))
	}
	step(lose(ctx, w, x.held))
	step(w.S.Quotes().Create(ctx, x.third, quote.CreateInput{Title: "Offer", ValidUntil: w.Day.AddDays(30)}))
	step(w.S.Quotes().Copy(ctx, x.quote, pursuit.CopyQuoteInput{}))
	step(w.S.Documents().Add(ctx, x.third, opportunity.AddDocumentInput{Kind: x.kind, Name: "a.pdf", MediaType: "application/pdf", Location: "https://files.example/1"}, nil))
	step(hold(ctx, w, x.main))
	w.pass(5)
	step(w.S.Opportunities().Resume(ctx, x.main))
	step(plan(ctx, w, x.main)) // the other tenant has no other activity there that is open, nor as late a visit
	step(visit(ctx, w, x.main))
	step(w.S.Orders().Cancel(ctx, x.order, order.CancelInput{Reason: "they changed their mind"}))
	step(w.S.Team().Transfer(ctx, x.third, opportunity.TransferInput{To: "dora", Reason: "leave"}))
	step(w.S.Customers().Merge(ctx, w.Customer, customer.MergeInput{Loser: x.person, Reason: "the same"}))
	return errors.Join(errs...)
}
