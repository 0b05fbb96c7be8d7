package storagetest

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

func tenantRules() []Rule {
	return []Rule{
		{"tenant/J03_ids-of-others-are-not-found", "answers for another tenant's id would show one company's books to another", func(e *env) {
			b, d, o := e.stocked("t")
			other := e.open("u")
			b.record(func(s *opportunity.Snapshot) {
				s.Source = b.source.ID
				s.Activities = []opportunity.Activity{b.planned(day, "ann")}
				s.Expenses = []opportunity.Expense{b.spent(day, "ann", b.source.ID)}
				s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Added: day}}
			})
			e.do("claiming a key", func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "t", Key: "k", Command: "c", Result: []byte(`{}`), Recorded: day})
				return err
			})
			cust := e.newCustomer("t", "Coded")
			cust.Customer.Code = "K"
			e.do("storing a customer", saveCustomer(cust))
			coded := e.newProcess("t", "only-t")
			e.do("storing a process", saveProcess(coded))
			quoted := b.quote("QUO-0001", d)
			e.do("storing a quote", saveQuote(quoted))
			e.look("asking for another tenant's ids", func(ctx context.Context, tx storage.Tx) error {
				gone := func(what string, err error) { e.kind(what+" of another tenant", err, fault.ErrNotFound, "") }
				_, err := tx.Opportunities().Get(ctx, "u", d.ID, opportunity.Load{Parts: opportunity.AllParts})
				gone("Opportunities.Get", err)
				_, err = tx.Opportunities().ByNumber(ctx, "u", d.Number)
				gone("Opportunities.ByNumber", err)
				_, err = tx.Customers().Get(ctx, "u", b.customer.ID, true)
				gone("Customers.Get", err)
				_, err = tx.Customers().ByCode(ctx, "u", "K")
				gone("Customers.ByCode", err)
				_, err = tx.Archives().Get(ctx, "u", b.source.ID)
				gone("Archives.Get", err)
				_, err = tx.Processes().Get(ctx, "u", b.process.ID)
				gone("Processes.Get", err)
				_, err = tx.Processes().ByCode(ctx, "u", "only-t")
				gone("Processes.ByCode", err)
				_, err = tx.Processes().Version(ctx, "u", b.version.VersionID)
				gone("Processes.Version", err)
				_, _, err = tx.Orders().Get(ctx, "u", o.Root.ID, true, "ann")
				gone("Orders.Get", err)
				_, err = tx.Orders().Basis(ctx, "u", d.ID, "ann")
				gone("Orders.Basis", err)
				_, _, err = tx.Quotes().Get(ctx, "u", quoted.Root.ID, quote.Load{Items: true, Past: true, Viewer: "ann"})
				gone("Quotes.Get", err)
				_, err = tx.Requests().Find(ctx, "u", "k")
				gone("Requests.Find", err)
				return nil
			})
			e.look("asking for another tenant's lists", func(ctx context.Context, tx storage.Tx) error {
				counts := map[string]int{}
				var first error
				note := func(what string, n int, err error) {
					counts[what] = n
					if first == nil {
						first = err
					}
				}
				ids := []uuid.UUID{b.customer.ID, b.contact.ID, b.source.ID}
				q := everyDeal()
				roots, err := tx.Opportunities().List(ctx, "u", q)
				note("Opportunities.List", len(roots), err)
				n, err := tx.Opportunities().Count(ctx, "u", q)
				note("Opportunities.Count", int(n), err)
				rows, err := tx.Opportunities().Ledger(ctx, "u", d.ID)
				note("Opportunities.Ledger", len(rows), err)
				found, err := tx.Opportunities().References(ctx, "u", opportunity.Refs{Customers: ids, Contacts: ids, Archive: ids, Process: b.process.ID})
				note("Opportunities.References", len(found.Customers)+len(found.Contacts)+len(found.Archive), err)
				if found.Process != nil {
					counts["Opportunities.References' process"] = 1
				}
				doings, err := tx.FollowUps().Activities(ctx, "u", everyActivity())
				note("FollowUps.Activities", len(doings), err)
				costs, err := tx.FollowUps().Expenses(ctx, "u", everyExpense())
				note("FollowUps.Expenses", len(costs), err)
				items, err := tx.FollowUps().Timeline(ctx, "u", opportunity.TimelineQuery{Opportunity: d.ID, Limit: 10})
				note("FollowUps.Timeline", len(items), err)
				for _, at := range []*pipeline.AsOf{nil, {Effective: day.AddDate(1, 0, 0), Known: day.AddDate(1, 0, 0)}} {
					sums, err := tx.Pipeline().Sums(ctx, "u", pipeline.Query{Scope: access.Scope{All: true}, AsOf: at})
					note("Pipeline.Sums", len(sums), err)
					days, err := tx.Pipeline().CycleDays(ctx, "u", pipeline.Query{Scope: access.Scope{All: true}, AsOf: at})
					note("Pipeline.CycleDays", len(days), err)
				}
				cs, err := tx.Customers().Named(ctx, "u", ids)
				note("Customers.Named", len(cs), err)
				xs, err := tx.Customers().ContactsNamed(ctx, "u", ids)
				note("Customers.ContactsNamed", len(xs), err)
				cs, err = tx.Customers().List(ctx, "u", everyCustomer())
				note("Customers.List beyond its own", len(cs)-2, err)
				as, err := tx.Archives().Named(ctx, "u", ids)
				note("Archives.Named", len(as), err)
				as, err = tx.Archives().List(ctx, "u", everyEntry())
				note("Archives.List beyond its own", len(as)-4, err)
				ps, err := tx.Processes().List(ctx, "u")
				note("Processes.List beyond its own", len(ps)-1, err)
				vs, err := tx.Processes().Versions(ctx, "u", b.process.ID)
				note("Processes.Versions", len(vs), err)
				use, err := tx.Processes().InUse(ctx, "u", b.version.VersionID)
				note("Processes.InUse", len(use), err)
				os, err := tx.Orders().List(ctx, "u", everyOrder())
				note("Orders.List", len(os), err)
				qs, err := tx.Quotes().List(ctx, "u", everyQuote())
				note("Quotes.List", len(qs), err)
				js, err := tx.Journal().Entries(ctx, "u", journal.KindOpportunity, d.ID, 0, 10)
				note("Journal.Entries", len(js), err)
				js, err = tx.Journal().Unrelayed(ctx, "u", 1000)
				note("Journal.Unrelayed beyond its own", len(js)-7, err)
				for what, ask := range map[string]func() (bool, error){
					"Customers.Used":               func() (bool, error) { return tx.Customers().Used(ctx, "u", b.customer.ID, uuid.Nil) },
					"Customers.Used for a contact": func() (bool, error) { return tx.Customers().Used(ctx, "u", b.customer.ID, b.contact.ID) },
					"Archives.Used":                func() (bool, error) { return tx.Archives().Used(ctx, "u", b.source.ID) },
					"Processes.Used":               func() (bool, error) { return tx.Processes().Used(ctx, "u", b.process.ID) },
				} {
					used, err := ask()
					note(what, map[bool]int{true: 1}[used], err)
				}
				rec, err := tx.Opportunities().Get(ctx, "t", d.ID, opportunity.Load{Archive: []uuid.UUID{other.source.ID}})
				note("Opportunities.Get's archive entries", len(rec.Archive), err)
				set, err := tx.Orders().Settings(ctx, "u")
				note("Orders.Settings", int(set.Version), err)
				for what, n := range counts {
					if n != 0 {
						e.errorf("%s shows %d of another tenant", what, n)
					}
				}
				return first
			})
		}},
		{"tenant/J03_writes-stay-inside", "writes by id alone would let one company change another one's books", func(e *env) {
			b, d, o := e.stocked("t")
			e.open("u")
			foreign := *d
			foreign.Tenant = "u"
			deal := b.change(&foreign)
			gone := deal
			gone.Delete = true
			c := e.nextCustomer(b.first)
			c.Customer.Tenant = "u"
			a := e.nextArchive(b.from)
			a.Entry.Tenant = "u"
			p := e.nextProcess(b.mode)
			p.Record.Tenant = "u"
			ord := b.nextOrder(o)
			ord.Root.Tenant = "u"
			offer := b.quote("Q", d)
			e.do("storing a quote", saveQuote(offer))
			offer = b.nextQuote(offer)
			offer.Root.Tenant = "u"
			e.refused("an opportunity of another tenant", fault.ErrConflict, "", saveDeal(deal))
			e.refused("deleting an opportunity of another tenant", fault.ErrConflict, "", saveDeal(gone))
			e.refused("a customer of another tenant", fault.ErrConflict, "", saveCustomer(c))
			e.refused("an archive entry of another tenant", fault.ErrConflict, "", saveArchive(a))
			e.refused("a process of another tenant", fault.ErrConflict, "", saveProcess(p))
			e.refused("an order of another tenant", fault.ErrConflict, "", saveOrder(ord))
			e.refused("a quote of another tenant", fault.ErrConflict, "", saveQuote(offer))
			e.equal("the opportunity", b.get(d.ID), *d)
			// Marking another tenant's entries as relayed does nothing.
			e.do("marking entries of another tenant", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Journal().Unrelayed(ctx, "t", 1000)
				if err != nil {
					return err
				}
				ids := mapped(list, func(j journal.Entry) uuid.UUID { return j.ID })
				if err := tx.Journal().MarkRelayed(ctx, "u", ids); err != nil {
					return err
				}
				after, err := tx.Journal().Unrelayed(ctx, "t", 1000)
				same(e, "entries to relay", mapped(after, func(j journal.Entry) uuid.UUID { return j.ID }), ids)
				return err
			})
		}},
		{"tenant/J03_same-keys-live-side-by-side", "makes keys unique over all tenants would tell one company what another one has", func(e *env) {
			// The same ids, numbers, codes and keys, in both.
			var states []opportunity.Snapshot
			for i, tenant := range []string{"t", "u"} {
				e.ids = 0
				b := e.open(tenant)
				s := b.draft(func(s *opportunity.Snapshot) {
					s.Name = tenant
					s.Activities = []opportunity.Activity{b.planned(day, tenant)}
					s.Expenses = []opportunity.Expense{b.spent(day, tenant, b.source.ID)}
				})
				c := e.newCustomer(tenant, tenant)
				c.Customer.Code = "K"
				deal := b.insert(&s)
				o, q := b.order("ORD", &s), b.quote("QUO", &s)
				states = append(states, s)
				e.do("storing the same keys in another tenant", func(ctx context.Context, tx storage.Tx) error {
					for _, save := range []func(context.Context, storage.Tx) error{saveCustomer(c), saveDeal(deal), saveOrder(o), saveQuote(q)} {
						if err := save(ctx, tx); err != nil {
							return err
						}
					}
					ok, err := tx.Requests().Claim(ctx, storage.Request{Tenant: tenant, Key: "k", Command: tenant, Result: []byte(`{}`), Recorded: day})
					if err == nil && !ok {
						e.errorf("another tenant's request key is in the way")
					}
					if err != nil {
						return err
					}
					n, err := tx.Numbers().Take(ctx, tenant, "s", 5)
					if i == 1 && n != 1 {
						e.errorf("another tenant's series goes on at %d", n)
					}
					if err != nil {
						return err
					}
					return tx.Orders().SaveSettings(ctx, order.SettingsChange{Settings: order.Settings{Tenant: tenant, NumberPrefix: tenant, Version: 1, Updated: day}})
				})
			}
			for i, tenant := range []string{"t", "u"} {
				s := states[i]
				e.equal("the opportunity", (&books{e: e, tenant: tenant}).get(s.ID), s)
				e.look("reading", func(ctx context.Context, tx storage.Tx) error {
					r, err := tx.Customers().ByCode(ctx, tenant, "K")
					same(e, "the customer's name", []string{r.Customer.Name}, []string{tenant})
					if err != nil {
						return err
					}
					q, err := tx.Requests().Find(ctx, tenant, "k")
					same(e, "the request", []string{q.Command}, []string{tenant})
					if err != nil {
						return err
					}
					set, err := tx.Orders().Settings(ctx, tenant)
					same(e, "the settings", []string{set.NumberPrefix}, []string{tenant})
					return err
				})
			}
		}},
	}
}
