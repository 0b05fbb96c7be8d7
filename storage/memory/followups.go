package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// named returns the activity and the expense that a command is on.
func (d *deal) named(load opportunity.Load, rec *opportunity.Record) {
	for _, a := range d.Activities {
		if load.Activity != uuid.Nil && a.ID == load.Activity {
			rec.Activity, rec.Others = &a, opportunity.MarksOf(d.Activities, a.ID)
		}
	}
	for _, x := range d.Expenses {
		if load.Expense != uuid.Nil && x.ID == load.Expense {
			rec.Expense = &x
		}
	}
}

type followUps struct{ t *tx }

// visible calls fn for each opportunity that the scope shows, or for one of them.
func (b *books) visible(sc access.Scope, id uuid.UUID, fn func(d *deal)) {
	for _, d := range b.deals {
		if (id == uuid.Nil || id == d.ID) && (sc.All || sc.Sees(d.Department, d.Owner, d.member(sc.User) != nil)) {
			fn(d)
		}
	}
}

func (d *deal) brief() opportunity.Deal {
	return opportunity.Deal{ID: d.ID, Number: d.Number, Name: d.Name, Customer: d.Customer, Status: d.Status}
}

// paged sorts by a key, then by id, and gives what comes after a place.
func paged[T any](list []T, compare func(a, b *T) int, id func(*T) uuid.UUID, desc bool, after *T, limit int) []T {
	order := func(a, b *T) int {
		c := compare(a, b)
		if desc {
			c = -c
		}
		return cmp.Or(c, compareIDs(id(a), id(b)))
	}
	if after != nil {
		list = slices.DeleteFunc(list, func(x T) bool { return order(&x, after) <= 0 })
	}
	slices.SortFunc(list, func(a, b T) int { return order(&a, &b) })
	return list[:min(limit, len(list))]
}

func (r followUps) Activities(ctx context.Context, tenant string, q opportunity.ActivityQuery) ([]opportunity.ListedActivity, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var hits []opportunity.ListedActivity
	f := &q.Filter
	b.visible(q.Scope, f.Opportunity, func(d *deal) {
		if f.Status == opportunity.ActivityOpen && !d.Status.TakesFollowUp() {
			return
		}
		for _, a := range d.Activities {
			at := a.When()
			if (f.Assignee == "" || f.Assignee == a.Assignee) && (f.Kind == "" || f.Kind == a.Kind) && (f.Status == "" || f.Status == a.Status) &&
				(f.From.IsZero() || !at.Before(f.From)) && (f.To.IsZero() || at.Before(f.To)) {
				hits = append(hits, opportunity.ListedActivity{Activity: a, Deal: d.brief()})
			}
		}
	})
	var after *opportunity.ListedActivity
	if q.AfterID != uuid.Nil {
		after = &opportunity.ListedActivity{Activity: opportunity.Activity{ID: q.AfterID, Due: q.After}}
	}
	return paged(hits, func(a, b *opportunity.ListedActivity) int { return a.When().Compare(b.When()) },
		func(x *opportunity.ListedActivity) uuid.UUID { return x.ID }, q.Desc, after, q.Limit), nil
}

func (r followUps) Expenses(ctx context.Context, tenant string, q opportunity.ExpenseQuery) ([]opportunity.ListedExpense, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var hits []opportunity.ListedExpense
	f := &q.Filter
	b.visible(q.Scope, f.Opportunity, func(d *deal) {
		for _, x := range d.Expenses {
			if (f.User == "" || f.User == x.User) && (f.Category == uuid.Nil || f.Category == x.Category) && (f.Status == "" || f.Status == x.Status) &&
				(f.From.IsZero() || !x.Date.Before(f.From)) && (f.To.IsZero() || !x.Date.After(f.To)) {
				hits = append(hits, opportunity.ListedExpense{Expense: x, Deal: d.brief()})
			}
		}
	})
	var after *opportunity.ListedExpense
	if q.AfterID != uuid.Nil {
		after = &opportunity.ListedExpense{Expense: opportunity.Expense{ID: q.AfterID, Date: q.After}}
	}
	return paged(hits, func(a, b *opportunity.ListedExpense) int { return a.Date.Compare(b.Date) },
		func(x *opportunity.ListedExpense) uuid.UUID { return x.ID }, q.Desc, after, q.Limit), nil
}
