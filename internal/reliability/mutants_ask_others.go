package reliability

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

func (t *theatre) askOthers(w *World, x rich, note noteFunc) {
	for _, s := range w.bosses(helper) {
		for _, f := range []opportunity.ActivityFilter{{}, {Opportunity: x.main}, {Assignee: "ann"}, {Status: opportunity.ActivityOpen}, {Kind: opportunity.Visit}, {To: w.now()}} {
			l, err := s.Activities().List(t, pursuit.ActivityQuery{Filter: f}, pursuit.Page{Size: 1})
			note("activities", l, err)
			a, err := all(s.Activities().All(t, pursuit.ActivityQuery{Filter: f, Desc: true}))
			note("all activities", a, err)
		}
		for _, f := range []opportunity.ExpenseFilter{{}, {Opportunity: x.main}, {User: "bob"}, {Category: w.Travel}, {To: w.Day}} {
			l, err := s.Expenses().List(t, pursuit.ExpenseQuery{Filter: f}, pursuit.Page{Size: 1})
			note("expenses", l, err)
			l, err = s.Expenses().List(t, pursuit.ExpenseQuery{Filter: f}, pursuit.Page{Size: 50})
			note("all expenses", l, err)
		}
		for _, q := range []pursuit.OrderQuery{{}, {Opportunity: x.won}, {Customer: w.Customer}, {Statuses: []order.Status{order.Executing}}, {Statuses: []order.Status{order.Cancelled}}} {
			l, err := s.Orders().List(t, q, pursuit.Page{Size: 1})
			note("orders", l, err)
			a, err := all(s.Orders().All(t, q))
			note("all orders", a, err)
			e, err := s.Orders().Executions(t, q, pursuit.Page{})
			note("executions", e, err)
		}
		for _, q := range []pursuit.QuoteQuery{{}, {Opportunity: x.main}, {Opportunity: x.main, Statuses: []quote.Status{quote.Draft, quote.Sent}}, {Customer: w.Customer}, {ValidBefore: w.Day.AddDays(90)}} {
			l, err := s.Quotes().List(t, q, pursuit.Page{Size: 1})
			note("quotes", l, err)
			a, err := all(s.Quotes().All(t, q))
			note("all quotes", a, err)
		}
		for _, q := range []pursuit.CustomerQuery{{}, {Kind: customer.Organisation}, {Owner: "ann"}, {Parent: w.Customer}, {Search: "fabrikam"}, {Status: customer.Active}} {
			a, err := all(s.Customers().All(t, q))
			note("customers", a, err)
			l, err := s.Customers().List(t, q, pursuit.Page{Size: 1})
			note("customers page", l, err)
		}
		for _, p := range []customer.Probe{{Name: "Fabrikam"}, {Name: "Fabrikam-a"}, {TaxID: "91310000MA1K35"}, {Emails: []string{"zoe@fabrikam.example"}}, {Emails: []string{"info@fabrikam.example"}}, {Phones: []string{"+86 21 6888 6888", "+86 21 6888 6889"}}, {Name: "Max-a", Except: x.person}, {Name: "Fabrikam-a", Except: x.person}, {Name: "Fabrikam-b", Except: x.person}, {Name: "Max-a"}, {Name: "Max-b"},
			{TaxID: "TAX99999901"}, {TaxID: "TAX99999902"}, {Emails: []string{"max@max-a.example"}}, {Emails: []string{"max@max-b.example"}}, {Emails: []string{"eve@eve-a.example"}}, {Emails: []string{"eve@eve-b.example"}},
			{Emails: []string{"max@max-a.example", "eve@eve-a.example"}}, {Emails: []string{"max@max-b.example", "eve@eve-b.example"}}, {Phones: []string{"+86 21 5555 0001"}}, {Phones: []string{"+86 21 5555 0002"}}, {Phones: []string{"+86 21 4444 0001"}}, {Phones: []string{"+86 21 4444 0002"}},
			{Phones: []string{"+86 21 5555 0001", "+86 21 4444 0009"}}, {Phones: []string{"+86 21 5555 0002", "+86 21 4444 0009"}},
			{Phones: []string{"+86 21 5555 0009", "+86 21 4444 0001"}}, {Phones: []string{"+86 21 5555 0009", "+86 21 4444 0002"}}} {
			d, err := s.Customers().Duplicates(t, p)
			note("duplicates", d, err)
		}
		for _, id := range []uuid.UUID{w.Customer, x.other, x.person} {
			c, err := s.Customers().Get(t, id)
			note("customer", c, err)
			e, err := s.Orders().ExecutionOfCustomer(t, id)
			note("execution of customer", e, err)
			j, err := s.Customers().Journal(t, id)
			note("customer journal", j, err)
		}
		for _, code := range []string{"C1", "C2"} {
			c, err := s.Customers().ByCode(t, code)
			note("by code", c, err)
		}
		for _, id := range []uuid.UUID{w.Contact, x.contact2} {
			whole, err := s.Customers().ContactDeals(t, id, pursuit.Page{Size: 50})
			note("all contact deals", whole, err)
			page := pursuit.Page{Size: 1}
			for range 2 {
				l, err := s.Customers().ContactDeals(t, id, page)
				note("contact deals", l.Items, err)
				if page.Cursor, page.Size = l.Next, 50; l.Next == "" {
					break
				}
			}
		}
		o, err := s.Orders().Get(t, x.order)
		note("order", o, err)
		ev, err := s.Orders().Events(t, x.order, pursuit.Page{Size: 1})
		note("events", ev, err)
		if ev.Next != "" {
			ev, err = s.Orders().Events(t, x.order, pursuit.Page{Size: 1, Cursor: ev.Next})
			note("more events", ev, err)
		}
		ex, err := s.Orders().Execution(t, x.order)
		note("execution", ex, err)
		j, err := s.Orders().Journal(t, x.order)
		note("order journal", j, err)
		for _, id := range []uuid.UUID{x.quote, x.copied} {
			q, err := s.Quotes().Get(t, id)
			note("quote", q, err)
			j, err := s.Quotes().Journal(t, id)
			note("quote journal", j, err)
		}
		doc, r, err := s.Documents().Open(t, x.main, x.document)
		if err == nil {
			r.Close()
		}
		note("document", doc, err)
	}
}

func (t *theatre) askArchives(w *World, x rich, note noteFunc) {
	s := w.S
	for _, id := range []uuid.UUID{w.Win, w.Loss, w.Rival, w.Source, x.entry, x.card} {
		e, err := s.Archives().Get(t, id)
		note("entry", e, err)
		j, err := s.Archives().Journal(t, id)
		note("entry journal", j, err)
		v, err := s.Archives().Scorecard(t, id, 1)
		note("scorecard", v, err)
	}
	for _, q := range []pursuit.ArchiveQuery{{}, {Kind: archive.Source}, {Status: archive.Retired}} {
		page := pursuit.Page{Size: 3}
		for range 3 {
			l, err := s.Archives().List(t, q, page)
			note("entries", l.Items, err)
			if page.Cursor = l.Next; l.Next == "" {
				break
			}
		}
	}
	list, err := s.Processes().List(t, pursuit.ProcessQuery{}, pursuit.Page{})
	note("processes", list, err)
	for _, id := range []uuid.UUID{w.Process, x.mode} {
		r, err := s.Processes().Get(t, id)
		note("process", r, err)
		v, err := s.Processes().Versions(t, id)
		note("versions", v, err)
		j, err := s.Processes().Journal(t, id)
		note("process journal", j, err)
		for _, p := range v {
			one, err := s.Processes().Version(t, p.VersionID)
			note("version", one, err)
			m, err := s.Processes().PlanMigration(t, pursuit.MigrateInput{Version: p.VersionID, Process: x.mode, Stages: map[string]string{"lead": "only", "offer": "only"}})
			note("plan", m, err)
			note("check", nil, s.Processes().CheckMigration(t, p.VersionID, x.mode, map[string]string{"lead": "only"}))
		}
	}
	for _, code := range []string{"crm", "second"} {
		r, err := s.Processes().ByCode(t, code)
		note("process by code", r, err)
	}
	set, err := s.SalesSystem().Settings(t)
	note("settings", set, err)
	j, err := s.SalesSystem().Journal(t)
	note("settings journal", j, err)
}
