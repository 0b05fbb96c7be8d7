package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// ExpenseStep is an expense after a command, with its previous status: empty if
// it is new.
type ExpenseStep struct {
	Expense Expense       `json:"expense"`
	Was     ExpenseStatus `json:"was,omitempty"`
}

// ExpenseAddedPayload is a new draft.
type ExpenseAddedPayload struct{ ExpenseStep }

// ExpenseUpdatedPayload is a changed expense, with its previous state.
type ExpenseUpdatedPayload struct {
	ExpenseStep
	Before *Expense `json:"before,omitempty"`
}

// ExpenseSubmittedPayload is an expense that awaits approval.
type ExpenseSubmittedPayload struct{ ExpenseStep }

// ExpenseApprovedPayload is an approved expense.
type ExpenseApprovedPayload struct{ ExpenseStep }

// ExpenseRejectedPayload is a rejected expense.
type ExpenseRejectedPayload struct{ ExpenseStep }

// ExpenseSettledPayload is a paid expense.
type ExpenseSettledPayload struct{ ExpenseStep }

// ExpenseRemovedPayload is a removed draft.
type ExpenseRemovedPayload struct {
	ID      uuid.UUID `json:"id"`
	Removed *Expense  `json:"removed,omitempty"`
}

func (e *ExpenseStep) apply(s *Snapshot, _ journal.Moment) {
	counted(&s.Counts.Expenses, false, e.Was == "")
	counted(&s.Counts.UnsettledExpenses, e.Was.Unsettled(), e.Expense.Status.Unsettled())
	if s.has(PartExpenses) {
		s.Expenses = put(s.Expenses, e.Expense, compareExpenses)
	}
}

func (e *ExpenseRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Expenses--
	s.Counts.UnsettledExpenses--
	if s.has(PartExpenses) {
		s.Expenses = drop(s.Expenses, func(x Expense) bool { return x.ID == e.ID })
	}
}
