package reliability

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func plan(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Activities().Plan(ctx, id, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call Li Wei" + w.Mark, Due: w.now().Add(24 * time.Hour)}, o...)
}

func visit(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Activities().Log(ctx, id, opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Result: "they like it" + w.Mark}, o...)
}

func spend(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	in := opportunity.AddExpenseInput{Category: w.Travel, Amount: money.FromMinor(42_50, money.EUR), Date: calendar.Of(w.now(), nil), User: "bob", Description: w.Mark}
	return w.S.Expenses().Add(ctx, id, in, o...)
}

// begun records a deal with one part, and remembers which it is.
func begun(add func(context.Context, *World, uuid.UUID, ...pursuit.CallOption) (result, error), then ...func(context.Context, *World, uuid.UUID) (result, error)) func(context.Context, *World) (uuid.UUID, error) {
	return func(ctx context.Context, w *World) (uuid.UUID, error) {
		id, err := deal(ctx, w)
		if err != nil {
			return id, err
		}
		r, err := add(ctx, w, id)
		if err != nil {
			return id, err
		}
		w.Part = added(r)
		for _, f := range then {
			if _, err := f(ctx, w, id); err != nil {
				return id, err
			}
		}
		return id, nil
	}
}

// submit is bob's, so that ann may approve.
func submit(ctx context.Context, w *World, id uuid.UUID) (result, error) {
	return w.As("bob").Expenses().Submit(ctx, id, w.Part)
}

func approveExpense(ctx context.Context, w *World, id uuid.UUID) (result, error) {
	return w.S.Expenses().Approve(ctx, id, w.Part)
}

var followUpCommands = []Command{
	{"Activities.Plan", deal, plan},
	{"Activities.Log", deal, visit},
	{"Activities.Update", begun(plan), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		subject := "Call Zoe"
		return w.S.Activities().Update(ctx, id, w.Part, opportunity.UpdateActivityInput{Subject: &subject}, o...)
	}},
	{"Activities.Complete", begun(plan), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Activities().Complete(ctx, id, w.Part, opportunity.CompleteActivityInput{Result: "she agrees"}, o...)
	}},
	{"Activities.Cancel", begun(plan), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Activities().Cancel(ctx, id, w.Part, opportunity.CancelActivityInput{Reason: "she is ill"}, o...)
	}},
	{"Activities.Remove", begun(plan), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Activities().Remove(ctx, id, w.Part, o...)
	}},
	{"Expenses.Add", deal, spend},
	{"Expenses.Update", begun(spend), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		amount := money.FromMinor(1, money.JPY)
		return w.S.Expenses().Update(ctx, id, w.Part, opportunity.UpdateExpenseInput{Amount: &amount, Category: &w.Travel}, o...)
	}},
	{"Expenses.Submit", begun(spend), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Expenses().Submit(ctx, id, w.Part, o...)
	}},
	{"Expenses.Approve", begun(spend, submit), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Expenses().Approve(ctx, id, w.Part, o...)
	}},
	{"Expenses.Reject", begun(spend, submit), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Expenses().Reject(ctx, id, w.Part, opportunity.RejectExpenseInput{Reason: "no receipt"}, o...)
	}},
	{"Expenses.Settle", begun(spend, submit, approveExpense), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Expenses().Settle(ctx, id, w.Part, opportunity.SettleExpenseInput{Reference: "PAY-7"}, o...)
	}},
	{"Expenses.Remove", begun(spend), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Expenses().Remove(ctx, id, w.Part, o...)
	}},
}

// added is the part that a command added to an opportunity.
func added(r result) uuid.UUID { return cmp.Or(r.Activity, r.Expense, r.Document, r.Evaluation) }
