package reliability

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
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
	from, to, none, certain := 10, 9000, 0, 10_000
	low, high := int64(0), int64(1_000_000)
	f := []opportunity.Filter{
		{}, {Statuses: []opportunity.Status{opportunity.Open, opportunity.OnHold}}, {Process: w.Process}, {Stages: []string{"lead"}}, {Owner: "ann"}, {Owners: []string{"ann", "bob"}},
		{Member: "bob"}, {Member: "carl"}, {Contact: x.contact2}, {Product: "ONLY"}, {Reason: w.Win}, {Search: "northwind-b"}, {Search: "northwind-a"}, {Prefix: "northwind-b"}, {Department: "east"}, {Departments: []string{"east", "west"}}, {Customer: w.Customer}, {Party: x.other}, {Contact: w.Contact}, {Source: w.Source},
		{Competitor: w.Rival}, {Reason: w.Loss}, {Product: "LTX"}, {Categories: []stage.Category{stage.Pipeline, stage.Closed, stage.Omitted}}, {ProbabilityFrom: &from, ProbabilityTo: &to}, {Ratings: []int{3}},
		{Currency: money.USD, AmountFrom: &low, AmountTo: &high}, {CreatedTo: now}, {UpdatedTo: now}, {DecidedTo: now}, {ClosedTo: now}, {StageEnteredTo: now},
		{IdleSince: now.Add(-time.Hour)}, {NextFrom: x.then.AddDate(-1, 0, 0)}, {NoNext: true}, {ExpectedTo: w.Day}, {OrderCancelled: true}, {Search: "deal"}, {Search: "northwind"}, {Prefix: "Big"}, {Number: "OPP-2026-000001"}, {Number: "OPP-2026-000002"}, {ProbabilityFrom: &none, ProbabilityTo: &certain},
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

// bosses also have one who sees a department of which there is nothing, and what is
// a user's own.
func (w *World) bosses(user string) []*pursuit.Session {
	boss := pursuit.Actor{Tenant: w.Tenant, User: user, Department: "south", Roles: []access.Role{access.Manager}}
	return append(w.askers(), w.Engine.As(boss))
}

// Somebody has living deals in one tenant, and a deleted one in each; a helper is in
// many teams, in one tenant only.
const somebody, helper = "eve", "carl"

func (t *theatre) askLists(w *World, x rich, note noteFunc) {
	for i, f := range w.filters(x) {
		askers := w.askers()
		if i == 0 || len(f.Statuses) > 0 { // of all, and of those by status
			askers = w.bosses(somebody)
		}
		for _, who := range askers {
			l, err := who.Opportunities().List(t, pursuit.OpportunityQuery{Filter: f}, pursuit.Page{Size: 3})
			note("list", l, err)
			n, err := who.Opportunities().Count(t, f)
			note("count", n, err)
		}
	}
}

func (t *theatre) askPages(w *World, _ rich, note noteFunc) {
	s := w.S
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
}

var dimensions = []pipeline.Dimension{pipeline.None, pipeline.ByStage, pipeline.ByOwner, pipeline.ByDepartment, pipeline.ByCustomer, pipeline.BySource, pipeline.ByProcess, pipeline.ByProduct, pipeline.BySector, pipeline.ByCategory}

func (t *theatre) askDimensions(w *World, _ rich, note noteFunc) {
	for _, by := range dimensions {
		for _, who := range w.bosses(somebody) {
			g, err := who.Reports().Pipeline(t, pursuit.PipelineQuery{By: by})
			note("pipeline by "+string(by), g, err)
		}
	}
}

func (t *theatre) askPast(w *World, x rich, note noteFunc) {
	for _, by := range dimensions {
		for _, who := range w.bosses(somebody) {
			g, err := who.Reports().Pipeline(t, pursuit.PipelineQuery{By: by, AsOf: w.now()})
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
