package main

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

// figures are what the program prints. Amounts are in USD; what is undefined is
// null.
type figures struct {
	Rows     int            `json:"rows"`
	Mended   map[string]int `json:"mended"`
	Rejected []rejection    `json:"rejected"`
	// Imported, Updated and Repeated count rows: new ones, known ones that have
	// since been won or lost, and those of which everything was there already.
	Imported       int              `json:"imported"`
	Updated        int              `json:"updated"`
	Repeated       int              `json:"repeated"`
	Opportunities  int64            `json:"opportunities"`
	Won            int64            `json:"won"`
	Lost           int64            `json:"lost"`
	Open           int64            `json:"open"`
	WonAmount      string           `json:"won_amount"`
	OpenAmount     string           `json:"open_amount"`
	WeightedAmount string           `json:"weighted_amount"`
	WinRate        *string          `json:"win_rate"`
	MeanCycle      *string          `json:"mean_cycle_days_won"`
	MedianCycle    *int             `json:"median_cycle_days_won"`
	Seconds        float64          `json:"seconds"`
	AsOf           *asOf            `json:"as_of,omitempty"`
	Groups         map[string]group `json:"groups,omitempty"`

	mendings []mending
}

// asOf is the pipeline in Engaging at the end of a day, UTC.
type asOf struct {
	Date       calendar.Date `json:"date"`
	Open       int64         `json:"open"`
	OpenAmount string        `json:"open_amount"`
}

type group struct {
	N          int64  `json:"n"`
	Won        int64  `json:"won"`
	Lost       int64  `json:"lost"`
	Open       int64  `json:"open"`
	WonAmount  string `json:"won_amount"`
	OpenAmount string `json:"open_amount"`
}

// ask fills in what the reports answer.
func (out *figures) ask(ctx context.Context, s *pursuit.Session) error {
	all, err := one(ctx, s, pursuit.PipelineQuery{})
	if err != nil {
		return err
	}
	a := amounts(all)
	out.Opportunities, out.Won, out.Lost, out.Open = all.Count, all.Won, all.Lost, all.Open
	out.WonAmount, out.OpenAmount, out.WeightedAmount = a.Won.Amount(), a.Open.Amount(), a.Weighted.Amount()
	out.WinRate, out.MeanCycle, out.MedianCycle = fixed(all.WinRate), fixed(all.WonDays.Mean), all.WonDays.Median
	return nil
}

// one asks for a single group: no opportunities give the empty one.
func one(ctx context.Context, s *pursuit.Session, q pursuit.PipelineQuery) (pipeline.Group, error) {
	groups, err := s.Reports().Pipeline(ctx, q)
	if err != nil || len(groups) == 0 {
		return pipeline.Group{}, err
	}
	return groups[0], nil
}

// amounts gives a group's sums. All deals of the file are in USD.
func amounts(g pipeline.Group) pipeline.Amounts {
	if a := g.Amounts[money.USD]; a != nil {
		return *a
	}
	zero := money.Zero(money.USD)
	return pipeline.Amounts{Open: zero, Weighted: zero, OnHold: zero, Won: zero, Lost: zero}
}

// fixed gives a ratio with four decimals, or nil for none.
func fixed(d *decimal.Decimal) *string {
	if d == nil {
		return nil
	}
	s := d.StringFixed(4)
	return &s
}

// asOfDay asks the ledger.
func asOfDay(ctx context.Context, s *pursuit.Session, day calendar.Date) (*asOf, error) {
	g, err := one(ctx, s, pursuit.PipelineQuery{
		AsOf:   hour(day, 24).Add(-time.Microsecond), // the last moment of the day
		Filter: opportunity.Filter{Statuses: []opportunity.Status{opportunity.Open}, Stages: []string{engagingID}},
	})
	if err != nil {
		return nil, err
	}
	return &asOf{day, g.Open, amounts(g).Open.Amount()}, nil
}

// groupings are the values of -group-by.
var groupings = []string{"stage", "agent", "region", "product", "sector", "account", "manager"}

// groupBy asks for the figures by one of the groupings.
func groupBy(ctx context.Context, s *pursuit.Session, by string, d *data, b base) (map[string]group, error) {
	if by == "stage" {
		return byStage(ctx, s)
	}
	var q pursuit.PipelineQuery
	switch by {
	case "agent":
		q.By = pipeline.ByOwner
	case "manager":
		q.By, q.Merge = pipeline.ByOwner, func(agent string) string { return d.agents[agent].manager }
	case "region":
		q.By = pipeline.ByDepartment
	case "product":
		q.By = pipeline.ByProduct
	case "sector":
		q.By = pipeline.BySector
	case "account":
		names := map[string]string{}
		for name, id := range b.customers {
			names[id.String()] = name
		}
		q.By, q.Merge = pipeline.ByCustomer, func(id string) string { return names[id] }
	}
	groups, err := s.Reports().Pipeline(ctx, q)
	if err != nil {
		return nil, err
	}
	out := map[string]group{}
	for _, g := range groups {
		name := g.Key
		if name == "" { // the sector of the unknown account
			name = unknownAccount
		}
		out[name] = brief(g)
	}
	return out, nil
}

// byStage groups as the file's deal_stage does: open deals by the stage that
// they are in, decided ones by how they ended.
func byStage(ctx context.Context, s *pursuit.Session) (map[string]group, error) {
	open, err := s.Reports().Pipeline(ctx, pursuit.PipelineQuery{
		By: pipeline.ByStage, Filter: opportunity.Filter{Statuses: []opportunity.Status{opportunity.Open}}})
	if err != nil {
		return nil, err
	}
	out := map[string]group{}
	for _, g := range open {
		st, _ := crm().Stage(g.Key)
		out[st.Names["en"]] = brief(g)
	}
	for name, status := range map[string]opportunity.Status{won: opportunity.Won, lost: opportunity.Lost} {
		g, err := one(ctx, s, pursuit.PipelineQuery{Filter: opportunity.Filter{Statuses: []opportunity.Status{status}}})
		if err != nil {
			return nil, err
		}
		if g.Count > 0 {
			out[name] = brief(g)
		}
	}
	return out, nil
}

func brief(g pipeline.Group) group {
	a := amounts(g)
	return group{g.Count, g.Won, g.Lost, g.Open, a.Won.Amount(), a.Open.Amount()}
}
