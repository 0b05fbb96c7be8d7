package storagetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// planned returns an open activity.
func (b *books) planned(due time.Time, assignee string) opportunity.Activity {
	return opportunity.Activity{ID: b.e.id(), Kind: opportunity.Call, Subject: "s", Assignee: assignee, Status: opportunity.ActivityOpen, Due: due, Created: day, CreatedBy: "ann"}
}

// done returns a done activity.
func (b *books) done(at time.Time, assignee string) opportunity.Activity {
	return opportunity.Activity{ID: b.e.id(), Kind: opportunity.Visit, Subject: "s", Assignee: assignee, Status: opportunity.ActivityDone, Done: at, Result: "r", Created: day, CreatedBy: "ann"}
}

// spent returns an expense.
func (b *books) spent(on time.Time, user string, category uuid.UUID) opportunity.Expense {
	return opportunity.Expense{ID: b.e.id(), Category: category, Amount: usd(100), Date: calendar.Of(on, time.UTC), User: user, Status: opportunity.ExpenseDraft, Created: day, CreatedBy: "ann"}
}

func listedActivityID(a opportunity.ListedActivity) uuid.UUID { return a.ID }
func listedExpenseID(x opportunity.ListedExpense) uuid.UUID   { return x.ID }

// inPages walks a list page by page.
func inPages[T any](e *env, limit int, get func(ctx context.Context, tx storage.Tx, last *T) ([]T, error)) (out []T) {
	e.t.Helper()
	var last *T
	for range 100 {
		var page []T
		e.look("a page", func(ctx context.Context, tx storage.Tx) (err error) {
			page, err = get(ctx, tx, last)
			return err
		})
		if len(page) > limit {
			e.errorf("a page of %d has %d", limit, len(page))
		}
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
		last = &page[len(page)-1]
	}
	e.errorf("the pages never end")
	return out
}

func (e *env) activityPages(q opportunity.ActivityQuery) []uuid.UUID {
	return mapped(inPages(e, q.Limit, func(ctx context.Context, tx storage.Tx, last *opportunity.ListedActivity) ([]opportunity.ListedActivity, error) {
		if last != nil {
			q.After, q.AfterID = last.When(), last.ID
		}
		return tx.FollowUps().Activities(ctx, "t", q)
	}), listedActivityID)
}

func (e *env) expensePages(q opportunity.ExpenseQuery) []uuid.UUID {
	return mapped(inPages(e, q.Limit, func(ctx context.Context, tx storage.Tx, last *opportunity.ListedExpense) ([]opportunity.ListedExpense, error) {
		if last != nil {
			q.After, q.AfterID = last.Date, last.ID
		}
		return tx.FollowUps().Expenses(ctx, "t", q)
	}), listedExpenseID)
}

// ordered returns the ids in the order of a list.
func ordered[T any](list []T, desc bool, compare func(a, b T) int, id func(T) uuid.UUID) []uuid.UUID {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b T) int {
		c := compare(a, b)
		if desc {
			c = -c
		}
		return cmp.Or(c, compareIDs(id(a), id(b)))
	})
	return mapped(list, id)
}

// one is a Record's content for the parts that Load names.
type one struct {
	Activity   *opportunity.Activity
	Others     opportunity.ActivityMarks
	Expense    *opportunity.Expense
	Archive    int
	HasExpense bool
}

func followUpRules() []Rule {
	return []Rule{
		{"opportunity/get/R01_one-of-many", "confuses one activity or expense with another, or forgets one of the others, would end the wrong one, or show the wrong next step", func(e *env) {
			b := e.open("t")
			at := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
			s := b.record(func(s *opportunity.Snapshot) {
				called := b.planned(at(-9), "ann")
				called.Status, called.Reason = opportunity.ActivityCancelled, "off"
				s.Activities = []opportunity.Activity{b.planned(at(3), "ann"), b.planned(at(1), "bob"), b.planned(at(2), "ann"), b.done(at(-1), "ann"), b.done(at(-2), "bob"), called}
				s.Expenses = []opportunity.Expense{b.spent(day, "ann", b.source.ID), b.spent(day, "bob", b.source.ID)}
			})
			b.record(func(s *opportunity.Snapshot) {
				s.Activities = []opportunity.Activity{b.planned(at(-100), "ann"), b.done(at(100), "ann")}
			})
			alone := b.record(func(s *opportunity.Snapshot) { s.Activities = []opportunity.Activity{b.planned(at(1), "ann")} })
			want := func(d *opportunity.Snapshot, id uuid.UUID) (a *opportunity.Activity, m opportunity.ActivityMarks) {
				for i := range d.Activities {
					if d.Activities[i].ID == id {
						a, m = &d.Activities[i], opportunity.MarksOf(d.Activities, id)
					}
				}
				return a, m
			}
			for _, d := range []*opportunity.Snapshot{s, alone} {
				for _, a := range slices.Concat(s.Activities, alone.Activities) {
					for _, load := range []opportunity.Load{
						{Activity: a.ID}, {Activity: a.ID, Viewer: "ann", Archive: []uuid.UUID{b.rival.ID, b.why.ID}},
						{Activity: a.ID, Expense: s.Expenses[1].ID, Parts: opportunity.PartMembers | opportunity.PartExpenses},
					} {
						e.readBack("an activity", func(ctx context.Context, tx storage.Tx) (any, any, error) {
							rec, err := tx.Opportunities().Get(ctx, "t", d.ID, load)
							x, m := want(d, a.ID)
							return one{rec.Activity, rec.Others, nil, len(rec.Archive), rec.Expense != nil},
								one{x, m, nil, len(load.Archive), load.Expense != uuid.Nil && d == s}, err
						})
					}
				}
			}
			for i := range s.Expenses {
				for _, archive := range [][]uuid.UUID{nil, {b.rival.ID, b.why.ID}} {
					e.readBack("an expense", func(ctx context.Context, tx storage.Tx) (any, any, error) {
						rec, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{Expense: s.Expenses[i].ID, Archive: archive})
						return one{rec.Activity, rec.Others, rec.Expense, len(rec.Archive), true}, one{Expense: &s.Expenses[i], Archive: len(archive), HasExpense: true}, err
					})
				}
			}
		}},
		{"opportunity/parts/R01_R02_follow-up-replaced-by-key", "writes activities or expenses without regard to their keys would double them, lose them, or change another deal's", func(e *env) {
			b := e.open("t")
			fill := func(s *opportunity.Snapshot) {
				s.Activities = []opportunity.Activity{b.planned(day, "ann"), b.planned(day, "bob"), b.done(day, "ann")}
				s.Expenses = []opportunity.Expense{b.spent(day, "ann", b.source.ID), b.spent(day, "bob", b.source.ID), b.spent(day, "cat", b.source.ID)}
			}
			s, other := b.record(fill), b.record(fill)
			c := b.change(s, func(s *opportunity.Snapshot) {
				s.Activities = []opportunity.Activity{s.Activities[0], b.done(day.Add(time.Hour), "cat")}
				s.Activities[0].Status, s.Activities[0].Done, s.Activities[0].Result = opportunity.ActivityDone, day.Add(time.Microsecond), "new"
				s.Expenses = []opportunity.Expense{s.Expenses[0], b.spent(day, "dan", b.rival.ID)}
				s.Expenses[0].Status, s.Expenses[0].SubmittedBy, s.Expenses[0].Submitted = opportunity.ExpenseSubmitted, "ann", day
			})
			c.Activities, c.Expenses = s.Activities, s.Expenses
			c.RemovedActivities, c.RemovedExpenses = mapped(other.Activities, activityID), mapped(other.Expenses, expenseID)
			e.do("replacing parts", saveDeal(c)) // another deal's ids remove nothing
			e.equal("the other deal", b.get(other.ID), *other)
			c = b.change(s)
			rest := b.get(s.ID)
			c.RemovedActivities, c.RemovedExpenses = mapped(rest.Activities, activityID)[1:3], mapped(rest.Expenses, expenseID)[1:3]
			b.save("removing parts", c)
			e.equal("the deal", b.get(s.ID), *s)
			c = b.change(s, func(s *opportunity.Snapshot) { s.Activities, s.Expenses = nil, nil })
			c.RemovedActivities, c.RemovedExpenses = mapped(b.get(s.ID).Activities, activityID), mapped(b.get(s.ID).Expenses, expenseID)
			b.save("removing the last", c)
			e.equal("the deal", b.get(s.ID), *s)
			e.equal("the other deal", b.get(other.ID), *other)
		}},
		{"followups/list/pages", "breaks ties in another way than by id would skip somebody's work between pages, or show it twice", func(e *env) {
			b := e.open("t")
			var all []opportunity.Activity
			var costs []opportunity.Expense
			var one *opportunity.Snapshot
			for i := range 3 {
				one = b.record(func(s *opportunity.Snapshot) {
					for n := range 4 {
						at := day.Add(time.Duration((n+i)%3) * time.Microsecond)
						s.Activities = append(s.Activities, b.planned(at, "ann"), b.done(at.Add(time.Microsecond), "ann"))
						s.Expenses = append(s.Expenses, b.spent(day.AddDate(0, 0, (n+i)%3), "ann", b.source.ID))
					}
				})
				all, costs = append(all, one.Activities...), append(costs, one.Expenses...)
			}
			for _, desc := range []bool{false, true} {
				for _, limit := range []int{1, 5, 100} {
					what := fmt.Sprintf("desc %v, in pages of %d", desc, limit)
					q, x := everyActivity(), everyExpense()
					q.Desc, q.Limit, x.Desc, x.Limit = desc, limit, desc, limit
					same(e, "activities, "+what, e.activityPages(q), ordered(all, desc, func(a, b opportunity.Activity) int { return a.When().Compare(b.When()) }, activityID))
					same(e, "expenses, "+what, e.expensePages(x), ordered(costs, desc, func(a, b opportunity.Expense) int { return a.Date.Compare(b.Date) }, expenseID))
					q.Filter.Opportunity, x.Filter.Opportunity = one.ID, one.ID
					same(e, "a deal's activities, "+what, e.activityPages(q), ordered(one.Activities, desc, func(a, b opportunity.Activity) int { return a.When().Compare(b.When()) }, activityID))
					same(e, "a deal's expenses, "+what, e.expensePages(x), ordered(one.Expenses, desc, func(a, b opportunity.Expense) int { return a.Date.Compare(b.Date) }, expenseID))
				}
			}
		}},
		{"followups/list/J02_filters", "ignores a filter would fill people's lists with what isn't theirs to do", followUpFilters},
		{"followups/list/J02_scope", "ignores the scope would show what is done on deals to people who may not see them", func(e *env) {
			b := e.open("t")
			deal := func(name, department, owner string, team ...string) {
				b.record(func(s *opportunity.Snapshot) {
					s.Name, s.Department, s.Owner = name, department, owner
					s.Activities, s.Expenses = []opportunity.Activity{b.planned(day, "eve")}, []opportunity.Expense{b.spent(day, "eve", b.source.ID)}
					for _, u := range append([]string{owner}, team...) {
						s.Members = append(s.Members, opportunity.Member{User: u, Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day})
					}
				})
			}
			deal("a", "north", "ann")
			deal("b", "south", "bob", "ann")
			deal("c", "", "cat")
			for _, c := range []struct {
				scope access.Scope
				want  []string
			}{
				{access.Scope{All: true}, []string{"a", "b", "c"}}, {access.Scope{}, nil}, {access.Scope{Departments: []string{"north"}}, []string{"a"}},
				{access.Scope{Departments: []string{""}}, nil}, {access.Scope{User: "ann"}, []string{"a", "b"}}, {access.Scope{User: "eve"}, nil},
				{access.Scope{User: "cat", Departments: []string{"south"}}, []string{"b", "c"}},
			} {
				what := fmt.Sprintf("scope %+v", c.scope)
				e.look(what, func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.FollowUps().Activities(ctx, "t", opportunity.ActivityQuery{Scope: c.scope, Limit: 100})
					anyOrder(e, what+", activities", mapped(list, func(a opportunity.ListedActivity) string { return a.Deal.Name }), c.want)
					if err != nil {
						return err
					}
					costs, err := tx.FollowUps().Expenses(ctx, "t", opportunity.ExpenseQuery{Scope: c.scope, Limit: 100})
					anyOrder(e, what+", expenses", mapped(costs, func(x opportunity.ListedExpense) string { return x.Deal.Name }), c.want)
					return err
				})
			}
		}},
		{"fields/followups", "drops or confuses a field would show what nobody wrote", func(e *env) {
			b, f := e.open("t"), &filler{}
			s := b.fullDeal(f)
			b.save("storing", b.insert(&s))
			deal := opportunity.Deal{ID: s.ID, Number: s.Number, Name: s.Name, Customer: s.Customer, Status: s.Status}
			e.readBack("activities in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				list, err := tx.FollowUps().Activities(ctx, "t", everyActivity())
				return list, mapped(s.Activities, func(a opportunity.Activity) opportunity.ListedActivity {
					return opportunity.ListedActivity{Activity: a, Deal: deal}
				}), err
			})
			e.readBack("expenses in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				list, err := tx.FollowUps().Expenses(ctx, "t", everyExpense())
				slices.SortFunc(list, func(x, y opportunity.ListedExpense) int { return compareIDs(x.ID, y.ID) })
				return list, mapped(s.Expenses, func(x opportunity.Expense) opportunity.ListedExpense {
					return opportunity.ListedExpense{Expense: x, Deal: deal}
				}), err
			})
		}},
	}
}
