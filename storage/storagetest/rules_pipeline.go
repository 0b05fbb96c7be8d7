package storagetest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

func usd(minor int64) money.Money { return money.FromMinor(minor, "USD") }

// portfolio stores opportunities that differ in every dimension.
func (b *books) portfolio() (deals []*opportunity.Snapshot, sector map[uuid.UUID]string) {
	sector = map[uuid.UUID]string{b.second.ID: "steel"}
	c := b.e.nextCustomer(b.other)
	c.Customer.Sector = "steel"
	b.e.do("changing a customer", saveCustomer(c))
	statuses := opportunity.Statuses()
	for i := range 24 {
		deals = append(deals, b.record(func(s *opportunity.Snapshot) {
			s.Status, s.Stage = statuses[i%6], []string{"s1", "s2", "S1"}[i%3]
			s.Owner, s.Department = []string{"ann", "bob"}[i%2], []string{"north", "", "south"}[i%3]
			if i%4 == 0 {
				s.Customer, s.Source = b.second.ID, b.source.ID
			}
			s.Probability, s.Category = []int{1000, 2000}[i%2], []stage.Category{stage.Pipeline, stage.Commit}[i/12]
			if i%5 == 0 {
				s.Currency, s.Estimated, s.LineTotal, s.Quoted, s.Ordered = "USD", usd(int64(i)), usd(0), usd(0), usd(0)
			} else {
				s.Estimated = yuan(int64(1000*i - 3000))
			}
			if i%3 == 1 {
				s.Lines = []opportunity.Line{{Number: 1, Product: "P", Amount: money.FromMinor(7, s.Currency)}, {Number: 2, Product: "Q", Amount: money.FromMinor(5, s.Currency)},
					{Number: 3, Product: "P", Amount: money.FromMinor(int64(i), s.Currency)}, {Number: 4, Description: "free", Amount: money.FromMinor(1, s.Currency)}}
				s.Counts.Lines, s.LineTotal = 4, money.FromMinor(int64(13+i), s.Currency)
			}
			if i%7 == 3 { // with lines, and without
				m := money.FromMinor(int64(500+i), s.Currency)
				s.Counts.AcceptedQuotes, s.Quoted, s.Accepted = 1, m, &m
			}
			if i%2 == 0 {
				n := i % 4
				s.CycleDays = &n
			}
		}))
	}
	return deals, sector
}

// groups returns the keys under which an opportunity counts, with the amounts.
func groups(s *opportunity.Snapshot, by pipeline.Dimension, sector map[uuid.UUID]string) map[string]int64 {
	text := func(id uuid.UUID) string {
		if id == uuid.Nil {
			return ""
		}
		return id.String()
	}
	if by == pipeline.ByProduct && len(s.Lines) > 0 {
		out := map[string]int64{}
		for _, l := range s.Lines {
			out[l.Product] += l.Amount.Minor()
		}
		return out
	}
	key := map[pipeline.Dimension]string{
		pipeline.ByStage: s.Stage, pipeline.ByOwner: s.Owner, pipeline.ByDepartment: s.Department, pipeline.ByCustomer: text(s.Customer),
		pipeline.BySource: text(s.Source), pipeline.ByProcess: text(s.Process), pipeline.BySector: sector[s.Customer], pipeline.ByCategory: string(s.Category),
	}[by]
	return map[string]int64{key: s.Amount().Minor()}
}

func dimensions() []pipeline.Dimension {
	return []pipeline.Dimension{pipeline.None, pipeline.ByStage, pipeline.ByOwner, pipeline.ByDepartment, pipeline.ByCustomer, pipeline.BySource,
		pipeline.ByProcess, pipeline.ByProduct, pipeline.BySector, pipeline.ByCategory}
}

func pipelineRules() []Rule {
	return []Rule{
		{"pipeline/sums", "groups, counts or orders sums wrongly would show a wrong forecast", func(e *env) {
			b := e.open("t")
			deals, sector := b.portfolio()
			for _, by := range dimensions() {
				found := map[pipeline.Bucket]*pipeline.Bucket{}
				var want []*pipeline.Bucket
				for _, s := range deals {
					for key, minor := range groups(s, by, sector) {
						k := pipeline.Bucket{Key: key, Status: s.Status, Currency: s.Currency, Probability: s.Probability, Category: string(s.Category)}
						if found[k] == nil {
							c := k
							found[k] = &c
							want = append(want, &c)
						}
						found[k].Count++
						found[k].Amount += minor
					}
				}
				slices.SortFunc(want, func(x, y *pipeline.Bucket) int {
					return cmp.Or(strings.Compare(x.Key, y.Key), cmp.Compare(x.Status, y.Status), cmp.Compare(x.Currency, y.Currency), cmp.Compare(x.Probability, y.Probability), cmp.Compare(x.Category, y.Category))
				})
				e.look("summing", func(ctx context.Context, tx storage.Tx) error {
					got, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, By: by})
					same(e, fmt.Sprintf("sums by %q", by), got, mapped(want, func(b *pipeline.Bucket) pipeline.Bucket { return *b }))
					return err
				})
			}
		}},
		{"pipeline/cycle-days", "counts undecided deals, or those without days, would shorten or lengthen the sales cycle", func(e *env) {
			b := e.open("t")
			deals, sector := b.portfolio()
			for _, by := range dimensions() {
				found := map[pipeline.Days]int64{}
				for _, s := range deals {
					if s.CycleDays == nil || !s.Status.IsDecided() {
						continue
					}
					for key := range groups(s, by, sector) {
						found[pipeline.Days{Key: key, Status: s.Status, Days: *s.CycleDays}]++
					}
				}
				var want []pipeline.Days
				for d, n := range found {
					d.Count = n
					want = append(want, d)
				}
				slices.SortFunc(want, func(x, y pipeline.Days) int {
					return cmp.Or(strings.Compare(x.Key, y.Key), cmp.Compare(x.Status, y.Status), cmp.Compare(x.Days, y.Days))
				})
				e.look("counting days", func(ctx context.Context, tx storage.Tx) error {
					got, err := tx.Pipeline().CycleDays(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, By: by})
					same(e, fmt.Sprintf("days by %q", by), got, want)
					return err
				})
			}
		}},
		{"pipeline/sums-are-exact", "sums in floating point would lose cents above 2^53", func(e *env) {
			b := e.open("t")
			for _, n := range []int64{1<<53 + 1, 2, 1<<60 + 1, 1} {
				b.record(func(s *opportunity.Snapshot) { s.Estimated = yuan(n) })
			}
			e.look("summing", func(ctx context.Context, tx storage.Tx) error {
				for _, at := range []*pipeline.AsOf{nil, {Effective: day.AddDate(1, 0, 0), Known: day.AddDate(1, 0, 0)}} {
					got, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, AsOf: at})
					if err != nil {
						return err
					}
					if len(got) != 1 || got[0].Amount != 1<<60+1<<53+5 {
						e.errorf("sums: %+v, want %d", got, int64(1<<60+1<<53+5))
					}
				}
				return nil
			})
		}},
		{"pipeline/overflow", "wraps, saturates or rounds a sum that is too large would report nonsense as a figure", func(e *env) {
			b := e.open("t")
			for range 2 {
				b.record(func(s *opportunity.Snapshot) {
					s.Estimated = yuan(math.MaxInt64/2 + 1)
				})
			}
			for _, at := range []*pipeline.AsOf{nil, {Effective: day.AddDate(1, 0, 0), Known: day.AddDate(1, 0, 0)}} {
				err := e.store.View(e.ctx, func(ctx context.Context, tx storage.Tx) error {
					_, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, AsOf: at})
					return err
				})
				e.kind("a sum beyond 64 bits", err, fault.ErrLimit, "pipeline.overflow")
			}
			// Sums of separate groups fit.
			b.record(func(s *opportunity.Snapshot) { s.Estimated, s.Owner = yuan(math.MaxInt64), "max" })
			e.look("summing what fits", func(ctx context.Context, tx storage.Tx) error {
				got, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, Filter: opportunity.Filter{Owner: "max"}})
				if len(got) != 1 || got[0].Amount != math.MaxInt64 {
					e.errorf("sums: %+v", got)
				}
				return err
			})
		}},
		{"pipeline/empty", "fails on nothing would fail on every new tenant", func(e *env) {
			e.look("summing nothing", func(ctx context.Context, tx storage.Tx) error {
				for _, by := range dimensions() {
					sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, By: by})
					if err != nil || len(sums) > 0 {
						e.errorf("sums by %q: %v, %v", by, sums, err)
					}
					days, err := tx.Pipeline().CycleDays(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, By: by})
					if err != nil || len(days) > 0 {
						e.errorf("days by %q: %v, %v", by, days, err)
					}
				}
				return nil
			})
		}},
	}
}
