package pursuit

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Expenses works on opportunities' expenses 商机费用 (S3; R02). An expense has a
// currency of its own, and isn't part of the opportunity's amounts (O17). The
// policy decides on OpportunityFollowUp, for Approve and Reject on
// OpportunityExpenseApprove, and for Settle on OpportunityExpenseSettle. Errors
// common to all methods are those of [Opportunities]. Methods on one expense also
// fail with ErrNotFound ("opportunity.expense.not_found") if the opportunity has
// no such expense, and all except List and All with ErrNotAllowed on a void or
// closed opportunity (O08).
type Expenses struct{ handle }

// Expenses returns the handle of expenses.
func (s *Session) Expenses() Expenses { return Expenses{handle{s}} }

// Add adds an expense as a draft, Result.Expense. Its category is an
// active archive entry of kind archive.ExpenseKind. Errors: ErrInvalid (R02, A02),
// ErrLimit.
func (h Expenses) Add(ctx context.Context, id uuid.UUID, in opportunity.AddExpenseInput, opts ...CallOption) (Result, error) {
	given, by := in, codes{}
	by.add(archive.ExpenseKind, in.CategoryCode, "/category_code", "/category", &in.Category)
	return h.s().on(ctx, id, what{name: "expenses.add", action: access.OpportunityFollowUp, archive: []uuid.UUID{in.Category}, codes: &by}, given, opts,
		func(_ context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error {
			res.Expense = c.id()
			return o.AddExpense(res.Expense, in, at)
		})
}

// Update changes a draft, or a rejected expense. Errors: ErrInvalid (R02, A02),
// ErrNotAllowed.
func (h Expenses) Update(ctx context.Context, id, expense uuid.UUID, in opportunity.UpdateExpenseInput, opts ...CallOption) (Result, error) {
	w := what{name: "expenses.update", action: access.OpportunityFollowUp, expense: expense}
	if in.Category != nil {
		w.archive = []uuid.UUID{*in.Category}
	}
	return h.s().on(ctx, id, w, ofPart{expense, in}, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateExpense(expense, in, at) }))
}

func (h Expenses) on(ctx context.Context, id, expense uuid.UUID, name string, action access.Action, in any, opts []CallOption, f func(o *opportunity.Opportunity, at journal.Moment) error) (Result, error) {
	return h.s().on(ctx, id, what{name: name, action: action, expense: expense}, ofPart{expense, in}, opts, simple(f))
}

// Submit submits a draft, or a rejected expense again, for approval. Errors:
// ErrNotAllowed.
func (h Expenses) Submit(ctx context.Context, id, expense uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, expense, "expenses.submit", access.OpportunityFollowUp, nil, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.SubmitExpense(expense, at) })
}

// Approve approves a submitted expense. Whoever submitted it, or spent the money,
// can't approve it. Errors: ErrNotAllowed.
func (h Expenses) Approve(ctx context.Context, id, expense uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, expense, "expenses.approve", access.OpportunityExpenseApprove, nil, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.ApproveExpense(expense, at) })
}

// Reject rejects a submitted expense for a reason. Errors: ErrInvalid,
// ErrNotAllowed.
func (h Expenses) Reject(ctx context.Context, id, expense uuid.UUID, in opportunity.RejectExpenseInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, expense, "expenses.reject", access.OpportunityExpenseApprove, in, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.RejectExpense(expense, in, at) })
}

// Settle records that an approved expense was paid. Errors: ErrInvalid,
// ErrNotAllowed.
func (h Expenses) Settle(ctx context.Context, id, expense uuid.UUID, in opportunity.SettleExpenseInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, expense, "expenses.settle", access.OpportunityExpenseSettle, in, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.SettleExpense(expense, in, at) })
}

// Remove removes a draft; the journal keeps it. Errors: ErrNotAllowed.
func (h Expenses) Remove(ctx context.Context, id, expense uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, expense, "expenses.remove", access.OpportunityFollowUp, nil, opts,
		func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveExpense(expense, at) })
}

// ExpenseQuery selects expenses of all opportunities; zero fields select all.
type ExpenseQuery struct {
	// Filter: Status ExpenseSubmitted selects expenses that await approval.
	Filter opportunity.ExpenseFilter `json:"filter,omitzero"`
	// Desc starts with the latest date; otherwise the list starts with the
	// earliest.
	Desc bool `json:"desc,omitzero"`
}

// List returns a page of expenses by date, of the opportunities that the actor may
// see (J02). Errors: ErrInvalid.
func (h Expenses) List(ctx context.Context, q ExpenseQuery, page Page) (List[opportunity.ListedExpense], error) {
	if err := q.Filter.Validate(); err != nil {
		return List[opportunity.ListedExpense]{}, err
	}
	sc, err := h.s().scope(ctx, access.Opportunities)
	if err != nil {
		return List[opportunity.ListedExpense]{}, err
	}
	return list(ctx, h.s(), "expenses.list", page, q, byDate, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]opportunity.ListedExpense, error) {
		after, err := dateOf(from)
		if err != nil {
			return nil, err
		}
		return tx.FollowUps().Expenses(ctx, h.s().actor.Tenant, opportunity.ExpenseQuery{Scope: sc, Filter: q.Filter, Desc: q.Desc, After: after, AfterID: from.ID, Limit: limit})
	}, func(x opportunity.ListedExpense) position { return position{x.Date.String(), x.ID} })
}

// All iterates over everything that a query selects, page by page. Errors as for
// List.
func (h Expenses) All(ctx context.Context, q ExpenseQuery) iter.Seq2[opportunity.ListedExpense, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[opportunity.ListedExpense], error) { return h.List(ctx, q, p) })
}

// dateOf reads the date of a cursor.
func dateOf(from position) (d calendar.Date, err error) {
	if from.ID == uuid.Nil {
		return d, nil
	}
	if d, err = calendar.Parse(from.Key); err != nil {
		return d, badCursor()
	}
	return d, nil
}
