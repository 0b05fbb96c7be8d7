package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/storage"
)

// finds checks which opportunities a filter selects in lists, counts and sums.
func (e *env) finds(f opportunity.Filter, want ...string) {
	e.t.Helper()
	what := fmt.Sprintf("filter %+v", f)
	e.look(what, func(ctx context.Context, tx storage.Tx) error {
		q := everyDeal()
		q.Filter = f
		list, err := tx.Opportunities().List(ctx, "t", q)
		same(e, what, mapped(list, rootName), want)
		if err != nil {
			return err
		}
		n, err := tx.Opportunities().Count(ctx, "t", q)
		same(e, what+", counted", []int64{n}, []int64{int64(len(want))})
		if err != nil {
			return err
		}
		sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: q.Scope, Customers: q.Customers, Filter: f})
		same(e, what+", summed", []int64{total(sums)}, []int64{int64(len(want))})
		return err
	})
}

func readRules() []Rule {
	return []Rule{
		{"opportunity/list/J02_names-of-customers", "finds deals by the names of customers that the actor may not see would let those names be guessed", func(e *env) {
			b := e.open("t")
			theirs := e.newCustomer("t", "Hidden Harbour")
			theirs.Customer.Owner, theirs.Customer.Department = "zoe", "south"
			e.do("storing a customer", saveCustomer(theirs))
			b.record(func(s *opportunity.Snapshot) { s.Name, s.Customer = "deal", theirs.Customer.ID })
			for _, c := range []struct {
				customers access.Scope
				found     int64
			}{
				{access.Scope{All: true}, 1}, {access.Scope{Departments: []string{"south"}}, 1}, {access.Scope{User: "zoe"}, 1},
				{access.Scope{}, 0}, {access.Scope{Departments: []string{"north"}, User: "ann"}, 0},
			} {
				for _, f := range []opportunity.Filter{{Search: "harb"}, {Prefix: "hidden"}} {
					e.look(fmt.Sprintf("%+v by %+v", f, c.customers), func(ctx context.Context, tx storage.Tx) error {
						q := everyDeal()
						q.Filter, q.Customers = f, c.customers
						list, err := tx.Opportunities().List(ctx, "t", q)
						same(e, "what is listed", []int64{int64(len(list))}, []int64{c.found})
						if err != nil {
							return err
						}
						n, err := tx.Opportunities().Count(ctx, "t", q)
						same(e, "what is counted", []int64{n}, []int64{c.found})
						if err != nil {
							return err
						}
						sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: q.Scope, Customers: c.customers, Filter: f})
						same(e, "what is summed", []int64{total(sums)}, []int64{c.found})
						return err
					})
				}
			}
		}},
		{"opportunity/list/F4_reasons-of-the-current-cycle", "finds a deal by the reason of a loss that was taken back would count it as lost", func(e *env) {
			b := e.open("t")
			outcome := func(s *opportunity.Snapshot) {
				s.Status, s.LostAt = opportunity.Lost, day
				s.Outcome = &opportunity.Outcome{Status: opportunity.Lost, Reasons: []opportunity.Choice{{Reason: b.lost.ID}}, Amount: yuan(100), Stage: "s1", At: day, By: "ann"}
			}
			b.record(func(s *opportunity.Snapshot) { s.Name = "lost"; outcome(s) })
			for name, again := range map[string]opportunity.Status{"reopened": opportunity.Open, "won": opportunity.Won} {
				s := b.record(func(s *opportunity.Snapshot) { s.Name = name; outcome(s) })
				past := opportunity.Cycle{Number: 1, Outcome: *s.Outcome, Reason: "again", ReopenedAt: day.Add(time.Hour), ReopenedBy: "ann"}
				c := b.change(s, func(s *opportunity.Snapshot) {
					s.Status, s.LostAt, s.Outcome, s.Cycle = opportunity.Open, time.Time{}, nil, 2
				})
				c.Cycle = &past
				b.save("reopening", c)
				if again == opportunity.Won {
					b.save("winning", b.change(s, func(s *opportunity.Snapshot) {
						s.Status, s.WonAt = opportunity.Won, day.Add(2*time.Hour)
						s.Outcome = &opportunity.Outcome{Status: opportunity.Won, Reasons: []opportunity.Choice{{Reason: b.why.ID}}, Amount: yuan(100), Stage: "s1", At: s.WonAt, By: "ann"}
					}))
				}
			}
			e.finds(opportunity.Filter{Reason: b.lost.ID}, "lost")
			e.finds(opportunity.Filter{Reason: b.why.ID}, "won")
		}},
		{"opportunity/list/F10_time-on-hold", "counts the time on hold would call a deal stale that nobody could move", func(e *env) {
			b := e.open("t")
			at := func(days int) time.Time { return day.AddDate(0, 0, days) }
			deal := func(name string, steps ...int) { // on hold and open alternately
				s := b.record(func(s *opportunity.Snapshot) { s.Name, s.Created, s.StageEntered = name, at(0), at(0) })
				for i, d := range steps {
					b.save("holding or resuming", b.booked(s, at(d), at(d), func(s *opportunity.Snapshot) {
						s.Status, s.HeldAt = opportunity.OnHold, at(d)
						if i%2 == 1 {
							s.Status, s.HeldAt = opportunity.Open, time.Time{}
						}
					}))
				}
			}
			deal("a")
			deal("b", 1, 11)        // ten days on hold
			deal("c", 1, 6, 20, 25) // the same, in two holds
			deal("d", 1)            // still on hold
			s := b.record(func(s *opportunity.Snapshot) { s.Name, s.Created, s.StageEntered = "e", at(-30), at(-30) })
			for i, d := range []int{-20, -1, 0} { // on hold in the stage before
				b.save("a step", b.booked(s, at(d), at(d), func(s *opportunity.Snapshot) {
					s.Status = []opportunity.Status{opportunity.OnHold, opportunity.Open, opportunity.Open}[i]
					if i == 2 {
						s.Stage, s.StageEntered = "s2", at(0)
					}
				}))
			}
			e.finds(opportunity.Filter{StageEnteredTo: at(0)})
			e.finds(opportunity.Filter{StageEnteredTo: at(1)}, "e", "a")
			e.finds(opportunity.Filter{StageEnteredTo: at(10)}, "e", "a")
			e.finds(opportunity.Filter{StageEnteredTo: at(10).Add(time.Microsecond)}, "e", "a", "b", "c")
			e.finds(opportunity.Filter{StageEnteredTo: at(1000)}, "e", "a", "b", "c")
		}},
		{"ledger/J02_deleted-deals", "forgets whose a deleted deal was would show the past of a department differently to its manager and to an administrator", func(e *env) {
			b := e.open("t")
			at := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
			b.record(func(s *opportunity.Snapshot) { s.Department, s.Owner, s.Created = "north", "ann", at(0) })
			s := b.record(func(s *opportunity.Snapshot) { s.Department, s.Owner, s.Created = "south", "bob", at(0) })
			b.save("moving", b.booked(s, at(1), at(1), func(s *opportunity.Snapshot) { s.Department, s.Owner = "north", "cat" }))
			c := b.change(s)
			c.Delete = true
			c.Prior = &opportunity.LedgerRow{Opportunity: s.ID, Seq: s.Ledger.Seq, EffectiveTo: at(2), RecordedTo: at(2)}
			b.save("deleting", c)
			for _, x := range []struct {
				scope             access.Scope
				first, last, gone int64
			}{
				{access.Scope{All: true}, 2, 2, 1},
				{access.Scope{Departments: []string{"north"}}, 2, 2, 1},
				{access.Scope{Departments: []string{"south"}}, 0, 0, 0},
				{access.Scope{User: "cat"}, 1, 1, 0},
				{access.Scope{User: "bob"}, 0, 0, 0},
				{access.Scope{User: "ann"}, 1, 1, 1},
				{access.Scope{User: "bob", Departments: []string{"north"}}, 2, 2, 1},
				{access.Scope{}, 0, 0, 0},
			} {
				for h, want := range map[int]int64{0: x.first, 1: x.last, 2: x.gone} {
					what := fmt.Sprintf("scope %+v, %d hours on", x.scope, h)
					e.look(what, func(ctx context.Context, tx storage.Tx) error {
						sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: x.scope, AsOf: &pipeline.AsOf{Effective: at(h), Known: at(100)}})
						same(e, what, []int64{total(sums)}, []int64{want})
						return err
					})
				}
			}
		}},
	}
}
