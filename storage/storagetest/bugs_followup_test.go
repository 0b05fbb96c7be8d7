package storagetest_test

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// lister edits what is asked of lists, and what comes back.
type lister struct {
	opportunity.FollowUps
	ask      func(q *opportunity.ActivityQuery)
	askMoney func(q *opportunity.ExpenseQuery)
	answer   func(a *opportunity.ListedActivity)
}

func (l *lister) Activities(ctx context.Context, tenant string, q opportunity.ActivityQuery) ([]opportunity.ListedActivity, error) {
	if l.ask != nil {
		l.ask(&q)
	}
	list, err := l.FollowUps.Activities(ctx, tenant, q)
	for i := range list {
		if l.answer != nil {
			l.answer(&list[i])
		}
	}
	return list, err
}

func (l *lister) Expenses(ctx context.Context, tenant string, q opportunity.ExpenseQuery) ([]opportunity.ListedExpense, error) {
	if l.askMoney != nil {
		l.askMoney(&q)
	}
	return l.FollowUps.Expenses(ctx, tenant, q)
}

func listed(l lister) func(*memory.Store) *broken {
	return swapping(func(tx storage.Tx) swapped {
		l := l
		l.FollowUps = tx.FollowUps()
		return swapped{followUps: &l}
	})
}

func followUpBugs() []bug {
	everywhere := uuid.UUID(bytes.Repeat([]byte{0xff}, 16))
	getting := func(edit func(rec *opportunity.Record)) func(*memory.Store) *broken {
		return func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				rec, err := r.Get(ctx, tenant, id, l)
				edit(&rec)
				return rec, err
			}}
		}
	}
	return []bug{
		{"gives no other activity", "opportunity/get/R01_one-of-many", getting(func(rec *opportunity.Record) { rec.Others = opportunity.ActivityMarks{} })},
		{"counts the activity among the others", "opportunity/get/R01_one-of-many", getting(func(rec *opportunity.Record) {
			if a := rec.Activity; a != nil && a.Status == opportunity.ActivityOpen && (rec.Others.Next.IsZero() || a.Due.Before(rec.Others.Next)) {
				rec.Others.Next = a.Due
			}
		})},
		{"finds no expense", "opportunity/get/R01_one-of-many", getting(func(rec *opportunity.Record) { rec.Expense = nil })},
		{"forgets an activity's removal", "opportunity/parts/R01_R02_follow-up-replaced-by-key", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.RemovedActivities = nil })},
		{"forgets an expense's removal", "opportunity/parts/R01_R02_follow-up-replaced-by-key", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.RemovedExpenses = nil })},
		{"drops an activity's field", "fields/followups", listed(lister{answer: func(a *opportunity.ListedActivity) { a.Deal.Customer = uuid.Nil }})},
		{"pages activities without ids", "followups/list/pages", listed(lister{ask: func(q *opportunity.ActivityQuery) {
			if q.AfterID != uuid.Nil {
				q.AfterID = everywhere
			}
		}})},
		{"pages expenses without ids", "followups/list/pages", listed(lister{askMoney: func(q *opportunity.ExpenseQuery) {
			if q.AfterID != uuid.Nil {
				q.AfterID = everywhere
			}
		}})},
		{"ignores whose activity it is", "followups/list/J02_filters", listed(lister{ask: func(q *opportunity.ActivityQuery) { q.Filter.Assignee = "" }})},
		{"takes the end of a day in", "followups/list/J02_filters", listed(lister{ask: func(q *opportunity.ActivityQuery) {
			if !q.Filter.To.IsZero() {
				q.Filter.To = q.Filter.To.Add(time.Microsecond)
			}
		}})},
		{"ignores the status of expenses", "followups/list/J02_filters", listed(lister{askMoney: func(q *opportunity.ExpenseQuery) { q.Filter.Status = "" }})},
		{"ignores the scope of activities", "followups/list/J02_scope", listed(lister{ask: func(q *opportunity.ActivityQuery) { q.Scope = access.Scope{All: true} }})},
		{"ignores the scope of expenses", "followups/list/J02_scope", listed(lister{askMoney: func(q *opportunity.ExpenseQuery) { q.Scope = access.Scope{All: true} }})},
	}
}
