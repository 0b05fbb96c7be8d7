package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// history stores opportunities with late entries, ties and deletions, and returns
// all expected ledger rows.
func (b *books) history() (rows []opportunity.LedgerRow) {
	type step struct{ effective, recorded int } // hours
	at := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
	for i, steps := range [][]step{
		{{1, 1}},
		{{1, 1}, {3, 3}, {5, 5}},
		{{1, 4}, {2, 6}, {2, 8}},         // entered late, twice the same effective time
		{{2, 2}, {2, 2}, {2, 2}, {6, 6}}, // several commands in one moment
		{{3, 3}, {3, 7}},                 // corrected later
	} {
		s := b.draft(func(s *opportunity.Snapshot) { s.Created, s.Name = at(steps[0].effective), fmt.Sprint("d", i) })
		c := b.insert(&s)
		c.Next.RecordedFrom = at(steps[0].recorded)
		s.Ledger.Recorded = c.Next.RecordedFrom
		c.Root = s.Root
		b.save("recording", c)
		own := []opportunity.LedgerRow{*c.Next}
		for j, x := range steps[1:] {
			c := b.booked(&s, at(x.effective), at(x.recorded), func(s *opportunity.Snapshot) {
				s.Estimated, s.Probability, s.Stage = yuan(int64(1000*i+j)), 100*j, fmt.Sprint("s", j)
			})
			b.save("changing", c)
			last := &own[len(own)-1]
			last.EffectiveTo, last.RecordedTo = at(x.effective), at(x.recorded)
			own = append(own, *c.Next)
		}
		if i == 1 { // deleted at 9
			c := b.change(&s)
			c.Delete = true
			c.Prior = &opportunity.LedgerRow{Opportunity: s.ID, Seq: s.Ledger.Seq, EffectiveTo: at(9), RecordedTo: at(9)}
			b.save("deleting", c)
			own[len(own)-1].EffectiveTo, own[len(own)-1].RecordedTo = at(9), at(9)
		}
		rows = append(rows, own...)
	}
	return rows
}

func ledgerRules() []Rule {
	return []Rule{
		{"ledger/J07_rows", "loses an end or a row of the ledger would count a deal twice, or not at all, in the past", func(e *env) {
			b := e.open("t")
			want := map[uuid.UUID][]opportunity.LedgerRow{}
			for _, r := range b.history() {
				want[r.Opportunity] = append(want[r.Opportunity], r)
			}
			for id, rows := range want {
				e.readBack("the ledger", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Opportunities().Ledger(ctx, "t", id)
					return got, rows, err
				})
			}
			e.look("the ledger of nothing", func(ctx context.Context, tx storage.Tx) error {
				rows, err := tx.Opportunities().Ledger(ctx, "t", e.id())
				same(e, "rows", []int{len(rows)}, []int{0})
				return err
			})
		}},
		{"ledger/J07_only-the-ends-of-prior", "writes all of the row that ends would put guesses into history", func(e *env) {
			b := e.open("t")
			s := b.record()
			first := row(&s.Root, 1, s.Created, s.Created)
			end := s.Created.Add(time.Hour)
			c := b.booked(s, end, end, func(s *opportunity.Snapshot) { s.Stage = "s2" })
			c.Prior.Status, c.Prior.Stage, c.Prior.Owner, c.Prior.Event, c.Prior.Summary, c.Prior.Amount = opportunity.Void, "guess", "guess", "guess", "guess", yuan(77)
			b.save("closing a row", c)
			first.EffectiveTo, first.RecordedTo, first.Entry = end, end, 1
			e.readBack("the ledger", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, err := tx.Opportunities().Ledger(ctx, "t", s.ID)
				return got, []opportunity.LedgerRow{first, *c.Next}, err
			})
		}},
		{"ledger/J07_as-of", "answers as-of questions by other than both times would report a past that nobody knew, or that never was", func(e *env) {
			b := e.open("t")
			rows := b.history()
			var times []time.Time
			for h := range 11 {
				at := day.Add(time.Duration(h) * time.Hour)
				times = append(times, at.Add(-time.Microsecond), at, at.Add(time.Microsecond))
			}
			e.look("asking for the past", func(ctx context.Context, tx storage.Tx) error {
				for _, effective := range times {
					for _, known := range times {
						want := map[string]int64{}
						for _, r := range rows {
							if !r.EffectiveFrom.After(effective) && !r.RecordedFrom.After(known) &&
								(r.EffectiveTo.IsZero() || r.EffectiveTo.After(effective) || r.RecordedTo.After(known)) {
								want[r.Stage] += r.Amount.Minor()*1000 + 1
							}
						}
						sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, By: pipeline.ByStage, AsOf: &pipeline.AsOf{Effective: effective, Known: known}})
						if err != nil {
							return err
						}
						got := map[string]int64{}
						for _, s := range sums {
							got[s.Key] += s.Amount*1000 + s.Count
						}
						if fmt.Sprint(got) != fmt.Sprint(want) {
							e.errorf("as of %v, known at %v: %v, want %v (amounts times 1000, plus counts)", effective.Sub(day), known.Sub(day), got, want)
							return nil
						}
					}
				}
				return nil
			})
		}},
		{"ledger/J07_as-of-takes-the-past-values", "mixes today's values into the past would change last year's reports with every command", func(e *env) {
			b := e.open("t")
			ten := 10
			s := b.record(func(s *opportunity.Snapshot) { s.Department = "north"; s.Source = b.source.ID })
			end := s.Created.Add(time.Hour)
			c := b.booked(s, end, end, func(s *opportunity.Snapshot) {
				s.Status, s.Stage, s.Owner, s.Department, s.Customer, s.Source = opportunity.Won, "s2", "bob", "south", b.second.ID, uuid.Nil
				s.Estimated, s.Probability, s.Category, s.CycleDays = yuan(5), 10000, stage.Closed, &ten
			})
			b.save("changing all that the ledger watches", c)
			e.look("asking for the past", func(ctx context.Context, tx storage.Tx) error {
				ask := func(f opportunity.Filter, by pipeline.Dimension, at time.Time) []pipeline.Bucket {
					out, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, Filter: f, By: by, AsOf: &pipeline.AsOf{Effective: at, Known: at}})
					if err != nil {
						e.errorf("sums: %v", err)
					}
					return out
				}
				before := pipeline.Bucket{Status: opportunity.Open, Currency: cny, Probability: 1000, Category: string(stage.Pipeline), Count: 1, Amount: 1000}
				after := pipeline.Bucket{Status: opportunity.Won, Currency: cny, Probability: 10000, Category: string(stage.Closed), Count: 1, Amount: 5}
				for by, keys := range map[pipeline.Dimension][2]string{
					pipeline.None: {"", ""}, pipeline.ByStage: {"s1", "s2"}, pipeline.ByOwner: {"ann", "bob"}, pipeline.ByDepartment: {"north", "south"},
					pipeline.ByCustomer: {b.customer.ID.String(), b.second.ID.String()}, pipeline.BySource: {b.source.ID.String(), ""},
					pipeline.ByCategory: {"pipeline", "closed"}, pipeline.ByProcess: {b.process.ID.String(), b.process.ID.String()},
				} {
					before.Key, after.Key = keys[0], keys[1]
					same(e, fmt.Sprintf("by %q before", by), ask(opportunity.Filter{}, by, end.Add(-time.Microsecond)), []pipeline.Bucket{before})
					same(e, fmt.Sprintf("by %q after", by), ask(opportunity.Filter{}, by, end), []pipeline.Bucket{after})
				}
				for at, n := range map[time.Time]int64{end.Add(-time.Microsecond): 1, end: 0} {
					same(e, "filtered by the owner of then", []int64{total(ask(opportunity.Filter{Owner: "ann"}, "", at))}, []int64{n})
					days, err := tx.Pipeline().CycleDays(ctx, "t", pipeline.Query{Scope: access.Scope{All: true}, AsOf: &pipeline.AsOf{Effective: at, Known: at}})
					if err != nil {
						return err
					}
					same(e, "decided deals", []int{len(days)}, []int{1 - int(n)})
				}
				return nil
			})
		}},
	}
}
