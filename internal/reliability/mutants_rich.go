package reliability

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// rich is what a tenant with something of everything has.
type rich struct {
	other, person, contact2      uuid.UUID // customers, and a contact of the first
	main, won, lost, held, third uuid.UUID // deals
	activity, document, reopened uuid.UUID
	card, entry, mode            uuid.UUID
	quote, copied, order         uuid.UUID
}

// enrich makes it. more adds what the other tenant hasn't got.
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
	x.other = step(w.S.Customers().Create(ctx, customer.Input{Name: "Fabrikam" + m, Code: "C2", TaxID: "91310000MA1K35", Email: "info@fabrikam.example", Phone: "+86 21 6888 6888", Parent: w.Customer, Status: customer.Active},
		[]customer.ContactInput{{Name: "Zoe" + m, Email: "zoe@fabrikam.example", Phone: "+86 21 6888 6889"}})).ID
	x.person = step(w.S.Customers().Create(ctx, customer.Input{Name: "Max" + m, Kind: customer.Person, Email: "max@fabrikam.example"}, nil)).ID
	x.contact2 = step(w.S.Customers().AddContact(ctx, w.Customer, customer.ContactInput{Name: "Max" + m, Email: "max@northwind.example"})).Parts[0]
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
	x.activity = step(plan(ctx, w, x.main)).Parts[0]
	step(visit(ctx, w, x.main))
	step(spend(ctx, w, x.main))
	stored := step(w.S.Documents().Add(ctx, x.main, opportunity.DocumentInput{Name: "b.txt", MediaType: "text/plain"}, strings.NewReader("text"+m)))
	if err != nil {
		return x, err
	}
	x.document = stored.Parts[0]
	step(addDocument(ctx, w, x.main))
	x.card = id(card(ctx, w))
	step(publishCard(ctx, w, x.card))
	judgement, e := w.judgement(ctx, 2)
	id(uuid.Nil, e)
	step(w.S.Evaluations().Submit(ctx, x.main, judgement))
	step(w.S.Evaluations().SaveDraft(ctx, x.main, judgement))
	x.quote = step(w.S.Quotes().Create(ctx, x.main, order.QuoteInput{Title: "Offer" + m, ValidUntil: w.Day.AddDays(30)})).ID
	step(send(ctx, w, x.quote))
	step(w.S.Quotes().Revise(ctx, x.quote, order.ReviseInput{Reason: "another price"}))
	x.copied = step(w.S.Quotes().Copy(ctx, x.quote, pursuit.CopyInput{})).ID
	step(w.S.Opportunities().Advance(ctx, x.main, opportunity.Advance{To: "offer", Summary: "done" + m}))
	in.Contacts[0].Role = opportunity.DecisionMaker
	x.won = step(w.S.Opportunities().Record(ctx, in)).ID
	step(plan(ctx, w, x.won))
	step(win(ctx, w, x.won))
	x.order = step(w.S.Orders().Create(ctx, x.won, order.CreateInput{})).ID
	step(confirm(ctx, w, x.order))
	step(execute(ctx, w, x.order))
	plain := w.Deal(1)
	plain.Members = nil
	x.lost = step(w.S.Opportunities().Record(ctx, plain)).ID
	step(lose(ctx, w, x.lost))
	x.held = step(w.S.Opportunities().Record(ctx, plain)).ID
	step(hold(ctx, w, x.held))
	closed := id(w.Record(ctx, 1))
	step(win(ctx, w, closed))
	step(w.S.Opportunities().Close(ctx, closed, opportunity.Close{}))
	x.reopened = id(w.Record(ctx, 1))
	step(lose(ctx, w, x.reopened))
	step(w.S.Opportunities().Reopen(ctx, x.reopened, opportunity.Reopen{Reason: "they came back" + m}))
	third := w.Deal(0)
	third.Customer, third.Process, third.Owner, third.Members = x.other, x.mode, "bob", nil
	x.third = step(w.S.Opportunities().Record(ctx, third)).ID
	step(w.S.Archives().Retire(ctx, x.entry))
	return x, err
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
	step(w.S.DealContacts().Add(ctx, x.held, opportunity.ContactInput{Contact: w.Contact, Role: opportunity.Champion}))
	step(w.S.Lines().Add(ctx, x.third, []opportunity.LineInput{{Product: "ONLY", Quantity: Dec("1"), Price: Dec("7")}}))
	step(w.S.Processes().SetDefault(ctx, x.mode))
	for range 2 {
		step(w.S.Opportunities().Record(ctx, w.Deal(2)))
	}
	step(lose(ctx, w, x.held))
	step(w.S.Orders().Cancel(ctx, x.order, order.CancelInput{Reason: "they changed their mind"}))
	step(w.S.Team().Transfer(ctx, x.third, opportunity.Transfer{To: "dora", Reason: "leave"}))
	step(w.S.Customers().Merge(ctx, w.Customer, customer.MergeInput{Loser: x.person, Reason: "the same"}))
	return errors.Join(errs...)
}

// asking plays questions on two tenants that have something of everything, one of
// them more.
var asking = scene{"questions", func(t *theatre) error {
	a, b, stranger, err := t.pair()
	if err != nil {
		return err
	}
	var x, y rich
	err = t.together(a, b, func(w *World) (err error) {
		if w.Tenant == a.Tenant {
			x, err = w.enrich(t)
		} else {
			y, err = w.enrich(t)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("enriching: %w", err)
	}
	if !t.apart && x != y {
		return fmt.Errorf("the tenants' ids differ: %v %v", x, y)
	}
	if err := t.script.note("the lead", nil, b.lead(t, y)); err != nil {
		return err
	}
	for _, w := range []*World{a, b, stranger} {
		if err := t.ask(w, x); err != nil {
			return err
		}
	}
	if err := t.relayed(a, b); err != nil {
		return err
	}
	for _, w := range []*World{a, b} { // what upkeep does
		n, err := w.S.Documents().CleanUp(t, time.Hour)
		if err := t.script.note("clean up", n, err); err != nil {
			return err
		}
	}
	return t.rows()
}}

// relayed hands both journals on, in part and then to the end.
func (t *theatre) relayed(a, b *World) error {
	for _, w := range []*World{a, b, a, b} {
		var got []string
		r, err := w.Engine.Relay(w.Tenant, publisher(&got), &pursuit.RelayOptions{Batch: 7})
		if err != nil {
			return err
		}
		n, err := r.Once(t)
		if err := t.script.note("relayed", []any{n, got}, err); err != nil {
			return err
		}
		if w == a { // the other one leaves its lease
			err := r.Release(t)
			if err := t.script.note("released", nil, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// uses are what makes a thing one that is in use: in the other tenant.
var uses = []struct {
	command string
	ahead   func(ctx context.Context, w *World, id uuid.UUID) error
}{
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.Customer = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.BillTo = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.EndUser = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		return done(w.S.Customers().Create(ctx, customer.Input{Name: "Child", Parent: id}, nil))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		return done(w.S.Customers().Merge(ctx, id, customer.MergeInput{Loser: w.Customer, Reason: "the same"}))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error { // a contact that is on a deal of another one
		r, err := w.S.Customers().AddContact(ctx, id, customer.ContactInput{Name: "Zoe"})
		if err != nil {
			return err
		}
		in := w.Deal(1)
		in.Contacts = []opportunity.ContactInput{{Contact: r.Parts[0], Role: opportunity.Champion, External: true}}
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.RemoveContact", func(ctx context.Context, w *World, _ uuid.UUID) error {
		in := w.Deal(1)
		in.Contacts = []opportunity.ContactInput{{Contact: w.Contact, Role: opportunity.Champion}}
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Archives.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.Source = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Processes.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.Process = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Opportunities.Delete", func(ctx context.Context, w *World, id uuid.UUID) error { return done(plan(ctx, w, id)) }},
	{"Opportunities.Delete", func(ctx context.Context, w *World, id uuid.UUID) error { return done(spend(ctx, w, id)) }},
	{"Opportunities.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		if _, err := selling(ctx, w); err != nil {
			return err
		}
		return done(w.S.Quotes().Create(ctx, id, order.QuoteInput{Title: "Offer"}))
	}},
	{"Opportunities.Close", func(ctx context.Context, w *World, id uuid.UUID) error { return done(plan(ctx, w, id)) }},
	{"Opportunities.Win", func(ctx context.Context, w *World, id uuid.UUID) error {
		if _, err := selling(ctx, w); err != nil {
			return err
		}
		r, err := w.S.Quotes().Create(ctx, id, order.QuoteInput{Title: "Offer"})
		if err == nil {
			_, err = send(ctx, w, r.ID)
		}
		return err
	}},
}

func done(_ result, err error) error { return err }

// useOf deletes an entry of each kind that the other tenant uses.
func useOf(kind archive.Kind, use func(ctx context.Context, w *World, id uuid.UUID) error) scene {
	c := Command{"Archives.Delete " + string(kind), func(ctx context.Context, w *World) (uuid.UUID, error) {
		return made(w.S.Archives().Create(ctx, archive.Input{Kind: kind, Code: "used", Names: map[string]string{"en": "Used"}}))
	}, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Archives().Delete(ctx, id, o...)
	}}
	return given(&c, use)
}
