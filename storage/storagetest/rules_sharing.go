package storagetest

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// sharesNothing modifies the values it passed in, and the values it got back.
func sharesNothing(e *env) {
	b, f := e.open("t"), &filler{}
	s := b.fullDeal(f)
	c := b.insert(&s)
	cust := e.newCustomer("t", "Own", e.newContact("One"))
	cust.Customer.Attributes, cust.Contacts[0].Attributes = map[string]string{"a": "1"}, map[string]string{"a": "1"}
	arch := e.newArchive("t", archive.Source, "own")
	card := filled[archive.ScorecardVersion](f)
	card.Scorecard, arch.Scorecard = arch.Entry.ID, &card
	proc := e.newProcess("t", "own")
	set := order.SettingsChange{Settings: order.Settings{Tenant: "t", Version: 1, Updated: day}}
	full := e.fullOrder(f, b, &s)
	offer := e.fullQuote(f, b, &s)
	req := storage.Request{Tenant: "t", Key: "own", Command: "c", Result: []byte(`{"a":1}`), Recorded: day}
	e.do("storing", func(ctx context.Context, tx storage.Tx) error {
		if _, err := tx.Requests().Claim(ctx, req); err != nil {
			return err
		}
		for _, save := range []func(context.Context, storage.Tx) error{
			saveCustomer(cust), saveArchive(arch), saveProcess(proc), saveDeal(c), saveOrder(order.Change{Root: full.Root, Lines: full.Items, Events: full.Events}),
			saveQuote(quote.Change{Root: offer.Root, Lines: offer.Items}),
			func(ctx context.Context, tx storage.Tx) error { return tx.Orders().SaveSettings(ctx, set) },
		} {
			if err := save(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	version, contact, user := proc.Publish.VersionID, cust.Contacts[0].ID, s.Members[0].User
	type state struct {
		Deal     opportunity.Record
		Roots    []opportunity.Root
		Ledger   []opportunity.LedgerRow
		Customer customer.Record
		Contacts []customer.Contact
		Archive  archive.Record
		Card     archive.ScorecardVersion
		Process  stage.Process
		Order    order.Snapshot
		Basis    order.Basis
		Quote    quote.Snapshot
		Journal  []journal.Entry
		Todo     []journal.Entry
		Request  storage.Request
	}
	read := func() (out state) {
		e.look("reading", func(ctx context.Context, tx storage.Tx) (err error) {
			note := func(x error) {
				if err == nil {
					err = x
				}
			}
			var x error
			out.Deal, x = tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{Parts: opportunity.AllParts, Viewer: user, Archive: []uuid.UUID{arch.Entry.ID}})
			note(x)
			out.Roots, x = tx.Opportunities().List(ctx, "t", opportunity.Query{Scope: access.Scope{All: true}, Limit: 5})
			note(x)
			out.Ledger, x = tx.Opportunities().Ledger(ctx, "t", s.ID)
			note(x)
			out.Customer, x = tx.Customers().Get(ctx, "t", cust.Customer.ID, true)
			note(x)
			out.Contacts, x = tx.Customers().ContactsNamed(ctx, "t", []uuid.UUID{contact})
			note(x)
			out.Archive, x = tx.Archives().Get(ctx, "t", arch.Entry.ID)
			note(x)
			out.Card, x = tx.Archives().ScorecardVersion(ctx, "t", arch.Entry.ID, 0)
			note(x)
			out.Process, x = tx.Processes().Version(ctx, "t", version)
			note(x)
			out.Order, _, x = tx.Orders().Get(ctx, "t", full.ID, true, "")
			note(x)
			out.Basis, x = tx.Orders().Basis(ctx, "t", s.ID, user)
			note(x)
			out.Quote, _, x = tx.Quotes().Get(ctx, "t", offer.ID, quote.Load{Items: true, Past: true})
			note(x)
			out.Journal, x = tx.Journal().Entries(ctx, "t", journal.KindOpportunity, s.ID, 0, 10)
			note(x)
			out.Todo, x = tx.Journal().Unrelayed(ctx, "t", 1)
			note(x)
			out.Request, x = tx.Requests().Find(ctx, "t", "own")
			note(x)
			return err
		})
		return out
	}
	// before is text, so that it can't be shared itself.
	before, spoilt := printed(read()), read()
	compare := func(when string) {
		for field, now := range printed(read()) {
			if now != before[field] {
				e.errorf("%s: %s was changed from %s to %s", when, field, before[field], now)
			}
		}
	}
	// Modify the returned values first, then the passed ones.
	scribble(&spoilt)
	compare("after what was read was changed")
	for _, x := range []any{&c, &cust, &arch, &proc, &full, &offer, &req} {
		scribble(x)
	}
	compare("after what was written was changed")
}

// printed returns the fields of a struct as JSON.
func printed(v any) map[string]string {
	out := map[string]string{}
	for i, x := 0, reflect.ValueOf(v); i < x.NumField(); i++ {
		b, err := json.Marshal(x.Field(i).Interface())
		if err != nil {
			panic(err)
		}
		out[x.Type().Field(i).Name] = string(b)
	}
	return out
}
