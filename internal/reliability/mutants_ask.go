package reliability

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

func publisher(got *[]string) pursuit.Publisher {
	return pursuit.PublisherFunc(func(_ context.Context, e journal.Entry) error {
		*got = append(*got, e.Type+e.ID.String())
		return nil
	})
}

// all gathers what a walk gives.
func all[T any](seq iter.Seq2[T, error]) (out []T, err error) {
	for v, e := range seq {
		if e != nil {
			return out, e
		}
		out = append(out, v)
	}
	return out, nil
}

// filters are of each sort of condition that a list of deals has.
func (w *World) filters(x rich) []opportunity.Filter {
	now := w.now()
	from, to := 10, 9000
	low, high := int64(0), int64(1_000_000)
	f := []opportunity.Filter{
		{}, {Statuses: []opportunity.Status{opportunity.Open, opportunity.OnHold}}, {Process: w.Process}, {Stages: []string{"lead"}}, {Owner: "ann"}, {Owners: []string{"ann", "bob"}},
		{Member: "bob"}, {Member: "carl"}, {Contact: x.contact2}, {Product: "ONLY"}, {Reason: w.Win}, {Search: "northwind-b"}, {Search: "northwind-a"}, {Prefix: "northwind-b"}, {Department: "east"}, {Departments: []string{"east", "west"}}, {Customer: w.Customer}, {Party: x.other}, {Contact: w.Contact}, {Source: w.Source},
		{Competitor: w.Rival}, {Reason: w.Loss}, {Product: "LTX"}, {Categories: []stage.Category{stage.Pipeline, stage.Closed, stage.Omitted}}, {ProbabilityFrom: &from, ProbabilityTo: &to}, {Ratings: []int{3}},
		{Currency: money.USD, AmountFrom: &low, AmountTo: &high}, {CreatedTo: now}, {UpdatedTo: now}, {DecidedTo: now}, {ClosedTo: now}, {StageEnteredTo: now},
		{IdleSince: now.Add(-time.Hour)}, {NextFrom: x.then.AddDate(-1, 0, 0)}, {NoNext: true}, {ExpectedTo: w.Day}, {OrderCancelled: true}, {Search: "deal"}, {Search: "northwind"}, {Prefix: "Big"}, {Number: "OPP-2026-000001"},
		{Statuses: []opportunity.Status{opportunity.Won, opportunity.Lost, opportunity.Closed}}, {Product: "OTHER"}, {Competitor: x.rival2}, {Reason: x.win2}, {Reason: x.loss2},
		{StageEnteredTo: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)}, {IdleSince: now.Add(40 * 24 * time.Hour)}, {NextTo: now.Add(400 * 24 * time.Hour)},
	}
	return f
}

type noteFunc func(what string, v any, err error)

// askers are those who see all, some and next to nothing.
func (w *World) askers() []*pursuit.Session {
	return []*pursuit.Session{w.S, w.seller("ann", "west"), w.seller("carl", "")}
}

func (t *theatre) askLists(w *World, x rich, note noteFunc) {
	s := w.S
	for _, f := range w.filters(x) {
		for _, who := range w.askers() {
			l, err := who.Opportunities().List(t, pursuit.OpportunityQuery{Filter: f}, pursuit.Page{Size: 3})
			note("list", l, err)
			n, err := who.Opportunities().Count(t, f)
			note("count", n, err)
		}
	}
	for _, sort := range []opportunity.Sort{opportunity.ByCreated, opportunity.ByNumber, opportunity.ByName, opportunity.ByAmount, opportunity.ByExpectedClose, opportunity.ByUpdated, opportunity.ByStageEntered, opportunity.ByProbability, opportunity.ByNextActivity} {
		for _, desc := range []bool{false, true} {
			var page pursuit.Page
			page.Size = 2
			for range 3 {
				l, err := s.Opportunities().List(t, pursuit.OpportunityQuery{Sort: sort, Desc: desc, Filter: opportunity.Filter{Currency: money.USD}}, page)
				note("page by "+string(sort), l.Items, err)
				if page.Cursor, page.Size = l.Next, 50; l.Next == "" {
					break
				}
			}
		}
	}
}

func (t *theatre) askReports(w *World, x rich, note noteFunc) {
	s := w.S
	for _, f := range w.filters(x) {
		g, err := s.Reports().Pipeline(t, pursuit.PipelineQuery{Filter: f})
		note("pipeline", g, err)
	}
	for _, by := range []pipeline.Dimension{pipeline.None, pipeline.ByStage, pipeline.ByOwner, pipeline.ByDepartment, pipeline.ByCustomer, pipeline.BySource, pipeline.ByProcess, pipeline.ByProduct, pipeline.BySector, pipeline.ByCategory} {
		for _, who := range w.askers() {
			g, err := who.Reports().Pipeline(t, pursuit.PipelineQuery{By: by})
			note("pipeline by "+string(by), g, err)
			g, err = who.Reports().Pipeline(t, pursuit.PipelineQuery{By: by, AsOf: w.now()})
			note("pipeline as of by "+string(by), g, err)
			g, err = who.Reports().Pipeline(t, pursuit.PipelineQuery{By: by, AsOf: x.then})
			note("pipeline as of then by "+string(by), g, err)
		}
	}
}

func (t *theatre) askDeals(w *World, x rich, note noteFunc) {
	for _, id := range []uuid.UUID{x.main, x.won, x.lost, x.held, x.third, x.reopened} {
		t.askDeal(w, id, note)
	}
}

func (t *theatre) askDeal(w *World, id uuid.UUID, note noteFunc) {
	for _, s := range []*pursuit.Session{w.S, w.seller("carl", "")} {
		d, err := s.Opportunities().Get(t, id, opportunity.AllParts)
		note("get", d, err)
		d, err = s.Opportunities().Get(t, id, 0)
		note("get root", d, err)
		for p := opportunity.Parts(1); p != 0 && p <= opportunity.AllParts; p <<= 1 {
			d, err = s.Opportunities().Get(t, id, p)
			note("get part", d, err)
		}
		if d.Number == "" {
			d.Number = "OPP-2026-000001"
		}
		d, err = s.Opportunities().ByNumber(t, d.Number, opportunity.AllParts)
		note("by number", d, err)
		v, err := s.Opportunities().View(t, id)
		note("view", v, err)
		h, err := s.Opportunities().History(t, id)
		note("history", h, err)
		j, err := s.Opportunities().Journal(t, id)
		note("journal", j, err)
		page := pursuit.Page{Size: 3}
		for range 3 {
			l, err := s.Opportunities().Timeline(t, id, page)
			note("timeline", l.Items, err)
			if page.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		o, err := all(s.Orders().ByOpportunity(t, id))
		note("orders", o, err)
		q, err := all(s.Quotes().ByOpportunity(t, id))
		note("quotes", q, err)
		e, err := s.Orders().ExecutionOfOpportunity(t, id)
		note("execution", e, err)
	}
}

func (t *theatre) askOthers(w *World, x rich, note noteFunc) {
	for _, s := range []*pursuit.Session{w.S, w.seller("ann", "west"), w.seller("carl", "")} {
		for _, f := range []opportunity.ActivityFilter{{}, {Opportunity: x.main}, {Assignee: "ann"}, {Status: opportunity.ActivityOpen}, {Kind: opportunity.Visit}, {To: w.now()}} {
			l, err := s.Activities().List(t, pursuit.ActivityQuery{Filter: f}, pursuit.Page{Size: 1})
			note("activities", l, err)
			a, err := all(s.Activities().All(t, pursuit.ActivityQuery{Filter: f, Desc: true}))
			note("all activities", a, err)
		}
		for _, f := range []opportunity.ExpenseFilter{{}, {Opportunity: x.main}, {User: "bob"}, {Category: w.Travel}, {To: w.Day}} {
			l, err := s.Expenses().List(t, pursuit.ExpenseQuery{Filter: f}, pursuit.Page{Size: 1})
			note("expenses", l, err)
		}
		for _, q := range []pursuit.OrderQuery{{}, {Opportunity: x.won}, {Customer: w.Customer}, {Statuses: []order.Status{order.Executing}}} {
			l, err := s.Orders().List(t, q, pursuit.Page{Size: 1})
			note("orders", l, err)
			e, err := s.Orders().Executions(t, q, pursuit.Page{})
			note("executions", e, err)
		}
		for _, q := range []pursuit.QuoteQuery{{}, {Opportunity: x.main}, {Opportunity: x.main, Statuses: []order.QuoteStatus{order.QuoteDraft, order.QuoteSent}}, {Customer: w.Customer}, {ValidBefore: w.Day.AddDays(90)}} {
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
		for _, p := range []customer.Probe{{Name: "Fabrikam"}, {Name: "Fabrikam-a"}, {TaxID: "91310000MA1K35"}, {Emails: []string{"zoe@fabrikam.example"}}, {Emails: []string{"info@fabrikam.example"}}, {Phones: []string{"+86 21 6888 6888", "+86 21 6888 6889"}}, {Name: "Max-a", Except: x.person}, {Name: "Max-a"}, {Name: "Max-b"},
			{TaxID: "TAX99999901"}, {TaxID: "TAX99999902"}, {Emails: []string{"max@max-a.example"}}, {Emails: []string{"max@max-b.example"}}, {Emails: []string{"eve@eve-a.example"}}, {Emails: []string{"eve@eve-b.example"}},
			{Emails: []string{"max@max-a.example", "eve@eve-a.example"}}, {Emails: []string{"max@max-b.example", "eve@eve-b.example"}}, {Phones: []string{"+86 21 5555 0001"}}, {Phones: []string{"+86 21 5555 0002"}}, {Phones: []string{"+86 21 4444 0001"}}, {Phones: []string{"+86 21 4444 0002"}},
			{Phones: []string{"+86 21 5555 0001", "+86 21 4444 0009"}}, {Phones: []string{"+86 21 5555 0002", "+86 21 4444 0009"}},
			{Phones: []string{"+86 21 5555 0009", "+86 21 4444 0001"}}, {Phones: []string{"+86 21 5555 0009", "+86 21 4444 0002"}}} {
			d, err := s.Customers().Duplicates(t, p)
			note("duplicates", d, err)
		}
		for _, id := range []uuid.UUID{w.Customer, x.other, x.person} {
			c, k, err := s.Customers().Get(t, id)
			note("customer", []any{c, k}, err)
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
	list, err := s.Processes().List(t)
	note("processes", list, err)
	for _, id := range []uuid.UUID{w.Process, x.mode} {
		r, p, err := s.Processes().Get(t, id)
		note("process", []any{r, p}, err)
		v, err := s.Processes().Versions(t, id)
		note("versions", v, err)
		j, err := s.Processes().Journal(t, id)
		note("process journal", j, err)
		for _, p := range v {
			one, err := s.Processes().Version(t, p.VersionID)
			note("version", one, err)
			m, err := s.Processes().PlanMigration(t, pursuit.MigrationInput{Version: p.VersionID, Process: x.mode, Stages: map[string]string{"lead": "only", "offer": "only"}})
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

// askPorts asks what no method of the engine asks with another's ids.
func (t *theatre) askPorts(w *World, x rich, note noteFunc) {
	err := t.store.View(t, func(ctx context.Context, tx storage.Tx) error {
		c, err := tx.Customers().Named(ctx, w.Tenant, []uuid.UUID{w.Customer, x.other, x.person})
		note("named", sorted(c), err)
		k, err := tx.Customers().ContactsNamed(ctx, w.Tenant, []uuid.UUID{w.Contact, x.contact2})
		note("contacts named", sorted(k), err)
		for _, id := range []uuid.UUID{w.Customer, x.other, x.person} {
			u, err := tx.Customers().Used(ctx, w.Tenant, id, uuid.Nil)
			note("used", u, err)
			d, err := tx.Customers().Dependents(ctx, w.Tenant, id, 10)
			note("dependents", d, err)
		}
		for _, id := range []uuid.UUID{w.Contact, x.contact2} {
			u, err := tx.Customers().Used(ctx, w.Tenant, w.Customer, id)
			note("contact used", u, err)
		}
		for _, id := range []uuid.UUID{w.Win, w.Loss, w.Rival, w.Source, w.Travel, x.entry, x.card, x.kind, x.win2, x.rival2} {
			u, err := tx.Archives().Used(ctx, w.Tenant, id)
			note("entry used", u, err)
		}
		e, err := tx.Archives().Named(ctx, w.Tenant, []uuid.UUID{w.Win, w.Rival, x.entry})
		note("entries named", sorted(e), err)
		for _, id := range []uuid.UUID{w.Process, x.mode} {
			u, err := tx.Processes().Used(ctx, w.Tenant, id)
			note("process used", u, err)
			r, err := tx.Processes().Get(ctx, w.Tenant, id)
			if err == nil {
				n, err := tx.Processes().InUse(ctx, w.Tenant, r.Current)
				note("in use", n, err)
			}
		}
		for n := range 40 { // of which one tenant has more
			id, err := tx.Opportunities().ByNumber(ctx, w.Tenant, fmt.Sprintf("OPP-2026-%06d", n))
			note("id by number", id, err)
		}
		docs, err := tx.Opportunities().StoredDocuments(ctx, w.Tenant, []uuid.UUID{x.document})
		note("stored documents", docs, err)
		for mask := range 16 {
			var refs opportunity.Refs
			if mask&1 != 0 {
				refs.Customers = []uuid.UUID{w.Customer, x.other}
			}
			if mask&2 != 0 {
				refs.Contacts = []uuid.UUID{w.Contact}
			}
			if mask&4 != 0 {
				refs.Archive = []uuid.UUID{w.Source, w.Rival}
			}
			if mask&8 != 0 {
				refs.Process = x.mode
			}
			f, err := tx.Opportunities().References(ctx, w.Tenant, refs)
			note("references", []any{sorted(f.Customers), sorted(f.Contacts), sorted(f.Archive), f.Process}, err)
		}
		for mask := range 16 { // as commands ask, of one each
			var refs opportunity.Refs
			if mask&1 != 0 {
				refs.Customers = []uuid.UUID{x.person}
			}
			if mask&2 != 0 {
				refs.Contacts = []uuid.UUID{x.contact2}
			}
			if mask&4 != 0 {
				refs.Archive = []uuid.UUID{x.loss2}
			}
			if mask&8 != 0 {
				refs.Process = x.mode
			}
			f, err := tx.Opportunities().References(ctx, w.Tenant, refs)
			note("references to one", []any{sorted(f.Customers), sorted(f.Contacts), sorted(f.Archive), f.Process}, err)
		}
		for _, id := range []uuid.UUID{x.main, x.won, x.third} {
			for _, viewer := range []string{"", "ann", "carl"} {
				for _, l := range []opportunity.Load{{}, {Expense: x.expense}, {Activity: x.activity}} {
					l.Viewer, l.Archive = viewer, []uuid.UUID{w.Rival}
					s, err := tx.Opportunities().Get(ctx, w.Tenant, id, l)
					note("deal with an entry", s, err)
				}
			}
		}
		for _, id := range []uuid.UUID{x.main, x.won} {
			for _, viewer := range []string{"ann", "carl"} {
				b, err := tx.Orders().Basis(ctx, w.Tenant, id, viewer)
				note("basis", b, err)
			}
		}
		for _, viewer := range []string{"ann", "carl"} {
			o, rel, err := tx.Orders().Get(ctx, w.Tenant, x.order, true, viewer)
			note("order", []any{o, rel}, err)
			q, rel, err := tx.Quotes().Get(ctx, w.Tenant, x.quote, order.QuoteLoad{Items: true, Past: true, Viewer: viewer})
			note("quote", []any{q, rel}, err)
		}
		u, err := tx.Journal().Unrelayed(ctx, w.Tenant, 5)
		note("unrelayed", u, err)
		l, err := tx.Customers().Alike(ctx, w.Tenant, customer.AlikeQuery{Scope: access.Scope{All: true}, Domains: []string{"fabrikam.example"}, Limit: 20})
		note("alike", l, err)
		for _, domain := range []string{"max-a.example", "max-b.example", "eve-a.example", "eve-b.example"} {
			l, err := tx.Customers().Alike(ctx, w.Tenant, customer.AlikeQuery{Scope: access.Scope{All: true}, Domains: []string{domain}, Limit: 20})
			note("alike", l, err)
		}
		return nil
	})
	note("ports", nil, err)
	err = t.store.Update(t, func(ctx context.Context, tx storage.Tx) error {
		size := map[string]int64{"a": 2, "b": 3, "c": 4}[w.Tenant]
		n, err := tx.Numbers().Take(ctx, w.Tenant, "own", size)
		note("number", n, err)
		if n, err = tx.Numbers().Take(ctx, w.Tenant, "back", size); err == nil {
			err = tx.Numbers().Back(ctx, w.Tenant, "back", n, size)
		}
		note("number given back", n, err)
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		for i := range 3 {
			ok, err := tx.Leases().Take(ctx, storage.Lease{Tenant: w.Tenant, Name: "own", Holder: []string{w.Tenant, "z", w.Tenant}[i], Until: now.Add(time.Hour)}, now)
			note("lease", ok, err)
		}
		if w.Tenant == "b" {
			note("release", nil, tx.Leases().Release(ctx, w.Tenant, "own", "a"))
			note("release", nil, tx.Leases().Release(ctx, w.Tenant, "own", "b"))
		}
		return nil
	})
	note("writing ports", nil, err)
}

// sorted puts what may come in any order into one.
func sorted[T any](list []T) []string {
	var out []string
	for _, v := range list {
		b, err := json.Marshal(v)
		out = append(out, string(b)+fmt.Sprint(err))
	}
	slices.Sort(out)
	return out
}
