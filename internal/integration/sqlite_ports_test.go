package integration

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// diary notes what a store answered, to be compared with another's.
type diary struct {
	w    *world
	said []any
}

func (d *diary) update(fn func(ctx context.Context, tx storage.Tx) (any, error)) {
	var out any
	err := d.w.store.Update(d.w.ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	d.said = append(d.said, out, fault.CodeOf(err))
}

func (d *diary) ask(fn func(ctx context.Context, tx storage.Tx) (any, error)) {
	d.update(fn)
	err := d.w.store.View(d.w.ctx, func(ctx context.Context, tx storage.Tx) error {
		out, err := fn(ctx, tx)
		d.said = append(d.said, out)
		return err
	})
	d.said = append(d.said, fault.CodeOf(err))
}

func both(t *testing.T, play func(d *diary)) {
	t.Helper()
	onSQL(t, func(t *testing.T, db database) {
		store, _ := db.store(t, nil)
		m, q := &diary{w: newWorld(t, memory.New())}, &diary{w: newWorld(t, store)}
		play(m)
		play(q)
		require.NotEmpty(t, m.said)
		for i := range m.said {
			require.Equal(t, m.said[i], q.said[i], "answer %d", i)
		}
	})
}

func TestOrdersAreTheSameOnEveryStore(t *testing.T) {
	both(t, func(d *diary) {
		w := d.w
		opp := w.record("won", 2)
		usd := func(n int64) money.Money { return money.FromMinor(n, money.USD) }
		zero := decimal.RequireFromString("0")
		root := order.Root{
			ID: uuid.UUID{1}, Tenant: "acme", Number: "ORD-1", Opportunity: opp.ID, Customer: w.customer, BillTo: w.other, Department: "east", Owner: "ann",
			Currency: money.USD, Status: order.Draft, Reference: "PO 7", Total: usd(1000), Gross: usd(1000), OverDelivery: dec("2.5"),
			Delivered: usd(0), Invoiced: usd(0), Received: usd(0), Created: w.now, Updated: w.now, Lines: 2, Version: 1, Head: journal.Head{Seq: 1, Hash: journal.Hash{7}},
		}
		tax := dec("13")
		lines := []order.Line{
			{Number: 2, Product: "A", Quantity: dec("1"), Price: dec("5.25"), Discount: zero, Amount: usd(525), Due: date(w.t, "2026-09-01")},
			{Number: 1, Description: "free", Quantity: dec("2"), Price: dec("3"), Discount: dec("10"), Tax: &tax, Amount: usd(540)},
		}
		event := func(ext string, line int) order.ExecutionEvent {
			return order.ExecutionEvent{External: ext, Line: line, Kind: order.Delivery, Quantity: dec("1"), Amount: usd(10), On: date(w.t, "2026-05-05"), Recorded: w.now, By: "erp"}
		}
		save := func(c order.Change) {
			d.update(func(ctx context.Context, tx storage.Tx) (any, error) { return nil, tx.Orders().Save(ctx, c) })
		}
		get := func() {
			for _, viewer := range []string{"", "ann", "bob"} {
				for _, events := range []bool{false, true} {
					d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
						s, rel, err := tx.Orders().Get(ctx, "acme", root.ID, events, viewer)
						return []any{s, rel}, err
					})
				}
			}
			for _, q := range []order.Query{{Scope: access.Scope{All: true}}, {Scope: access.Scope{User: "bob"}}, {Scope: access.Scope{User: "ann"}, Statuses: []order.Status{order.Draft}},
				{Scope: access.Scope{All: true}, Customer: w.customer, AfterNumber: "ORD-0"}, {Scope: access.Scope{All: true}, Opportunity: opp.ID, AfterNumber: "ORD-1"}} {
				q.Limit = 10
				d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
					l, err := tx.Orders().List(ctx, "acme", q)
					return fmt.Sprintf("%+v", l), err
				})
			}
		}
		get()
		save(order.Change{Root: root, Lines: lines, Events: []order.ExecutionEvent{event("b", 1), event("a", 2)}})
		get()
		twin := root
		twin.ID = uuid.UUID{2}
		save(order.Change{Root: twin})
		save(order.Change{Root: root})
		root.Version, root.Status, root.ConfirmedAt, root.Reason = 2, order.Confirmed, w.now, "why"
		save(order.Change{Root: root, Expected: 5})
		save(order.Change{Root: root, Expected: 1, RemovedLines: []int{2}, Lines: lines[1:], Events: []order.ExecutionEvent{event("c", 0)}})
		get()
		root.Version = 3
		save(order.Change{Root: root, Expected: 2, Events: []order.ExecutionEvent{event("c", 0)}})
		get()
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Customers().Used(ctx, "acme", w.other, uuid.Nil)
		})

		settings := func() {
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Orders().Settings(ctx, "acme") })
		}
		settings()
		s := order.Settings{Tenant: "acme", Enabled: true, OverDelivery: zero, Version: 1, Updated: w.now}
		for _, c := range []order.SettingsChange{{Settings: s}, {Settings: s}, {Settings: s, Expected: 1}, {Settings: s, Expected: 9}} {
			if c.Expected > 0 {
				c.Settings.Version, c.Settings.BaseCurrency, c.Settings.SeveralOrders, c.Settings.TaxTreatment = 2, money.CNY, true, money.TaxInclusive
			}
			d.update(func(ctx context.Context, tx storage.Tx) (any, error) { return nil, tx.Orders().SaveSettings(ctx, c) })
			settings()
		}
	})
}

func TestArchivesCustomersAndProcessesAreTheSameOnEveryStore(t *testing.T) {
	both(t, func(d *diary) {
		w := d.w
		note := func(out any, err error) { d.said = append(d.said, out, fault.CodeOf(err)) }
		note(w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "again", Code: "C1"}))
		note(w.s.Customers().Update(w.ctx, w.other, customer.CreateInput{Name: "Contoso", Code: "C1"}.Update()))
		note(w.s.Customers().Update(w.ctx, w.other, customer.CreateInput{Name: "Contoso", Code: "C2", Parent: w.customer, Email: "A@Example.com", Phone: "+86 10 1234 5678", URL: "https://www.x.de/", TaxID: "de 123"}.Update()))
		note(w.s.Customers().Update(w.ctx, w.other, customer.CreateInput{Name: "Contoso", Code: "C2"}.Update()))
		second, err := w.s.Customers().AddContact(w.ctx, w.customer, customer.ContactInput{Name: "Second", Attributes: map[string]string{"x": "y"}})
		note(second, err)
		note(w.s.Customers().SetPrimaryContact(w.ctx, w.customer, second.Contact))
		note(w.s.Customers().SetContactActive(w.ctx, w.customer, w.contact, false))
		note(w.s.Customers().RemoveContact(w.ctx, w.customer, second.Contact))
		note(w.s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "fair", Names: map[string]string{"en": "x"}}))
		note(w.s.Archives().Delete(w.ctx, w.win))
		p := stage.Process{Code: "two", Names: stage.Names{"en": "Two"}, Stages: []stage.Stage{{ID: "a", Names: stage.Names{"en": "A"}, Category: stage.Commit}}}
		made, err := w.s.Processes().Publish(w.ctx, p)
		note(made, err)
		note(w.s.Processes().Publish(w.ctx, p))
		note(w.s.Processes().SetDefault(w.ctx, made.ID))
		note(w.s.Processes().Delete(w.ctx, w.process))
		opp := w.record("on the new default", 0)
		note(w.s.Archives().Retire(w.ctx, w.source))
		note(w.s.Processes().Delete(w.ctx, made.ID))
		for _, id := range []uuid.UUID{made.ID, w.process} {
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Processes().Get(ctx, "acme", id) })
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Processes().Versions(ctx, "acme", id) })
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Processes().Used(ctx, "acme", id) })
		}
		rec, err := w.s.Opportunities().Get(w.ctx, opp.ID, 0)
		require.NoError(w.t, err)
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Processes().InUse(ctx, "acme", rec.ProcessVersion)
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Processes().Version(ctx, "acme", uuid.Max)
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Processes().ByCode(ctx, "acme", "two")
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Customers().ByCode(ctx, "acme", "C1") })
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Customers().ByCode(ctx, "acme", "none")
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Customers().Get(ctx, "acme", w.customer, true)
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Customers().Get(ctx, "acme", w.other, true)
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Customers().Named(ctx, "acme", []uuid.UUID{w.other, uuid.Max})
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Customers().ContactsNamed(ctx, "acme", []uuid.UUID{w.contact, uuid.Max})
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Customers().Named(ctx, "acme", nil) })
		for _, q := range []customer.Query{{}, {Scope: access.Scope{All: true}}, {Scope: access.Scope{Departments: []string{"west"}}}, {Scope: access.Scope{All: true}, Search: "NORTH"},
			{Scope: access.Scope{All: true}, Status: customer.Active, Kind: customer.Organisation}, {Scope: access.Scope{All: true}, Parent: w.customer}} {
			q.Limit = 5
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Customers().List(ctx, "acme", q) })
		}
		for _, q := range []archive.Query{{Limit: 2}, {Limit: 9, AfterKind: archive.LossReason, AfterCode: "rival"}, {Limit: 9, Kind: archive.Source}, {Limit: 9, Status: archive.Active}} {
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Archives().List(ctx, "acme", q) })
		}
		for _, id := range []uuid.UUID{w.source, w.rival, uuid.Max} {
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Archives().Get(ctx, "acme", id) })
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Archives().Used(ctx, "acme", id) })
		}
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			f, err := tx.Opportunities().References(ctx, "acme", opportunity.Refs{})
			return f.Process, err
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Journal().Unrelayed(ctx, "acme", 3) })
		d.update(func(ctx context.Context, tx storage.Tx) (any, error) {
			l, err := tx.Journal().Unrelayed(ctx, "acme", 2)
			require.NoError(w.t, err)
			ids := []uuid.UUID{l[0].ID, l[1].ID}
			require.NoError(w.t, tx.Journal().MarkRelayed(ctx, "acme", ids))
			return nil, tx.Journal().MarkRelayed(ctx, "acme", ids)
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) {
			return tx.Journal().Unrelayed(ctx, "acme", 1000)
		})
		d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Requests().Find(ctx, "acme", "k") })
		for range 2 {
			d.update(func(ctx context.Context, tx storage.Tx) (any, error) {
				ok, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: "k", Command: "c", Fingerprint: [32]byte{3}, Result: []byte(`{"a":1}`), Recorded: w.now})
				return ok, err
			})
			d.ask(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Requests().Find(ctx, "acme", "k") })
			d.update(func(ctx context.Context, tx storage.Tx) (any, error) { return tx.Numbers().Take(ctx, "acme", "s", 10) })
		}
	})
}
