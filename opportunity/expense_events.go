package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

type (
	// expenseStep is an expense after a command, with what it was before: empty if
	// it is new.
	expenseStep struct {
		Expense Expense       `json:"expense"`
		Was     ExpenseStatus `json:"was,omitempty"`
	}
	expenseAdded     struct{ expenseStep }
	expenseUpdated   struct{ expenseStep }
	expenseSubmitted struct{ expenseStep }
	expenseApproved  struct{ expenseStep }
	expenseRejected  struct{ expenseStep }
	expenseSettled   struct{ expenseStep }
	// expenseRemoved takes a draft away.
	expenseRemoved struct {
		ID uuid.UUID `json:"id"`
	}
)

func (expenseAdded) name() string     { return EventExpenseAdded }
func (expenseUpdated) name() string   { return EventExpenseUpdated }
func (expenseSubmitted) name() string { return EventExpenseSubmitted }
func (expenseApproved) name() string  { return EventExpenseApproved }
func (expenseRejected) name() string  { return EventExpenseRejected }
func (expenseSettled) name() string   { return EventExpenseSettled }
func (expenseRemoved) name() string   { return EventExpenseRemoved }

func (e expenseStep) apply(s *Snapshot, _ journal.Moment) {
	counted(&s.Counts.Expenses, false, e.Was == "")
	counted(&s.Counts.UnsettledExpenses, e.Was.Unsettled(), e.Expense.Status.Unsettled())
	if s.has(PartExpenses) {
		s.Expenses = put(s.Expenses, e.Expense, compareExpenses)
	}
}

func (e expenseRemoved) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Expenses--
	s.Counts.UnsettledExpenses--
	if s.has(PartExpenses) {
		s.Expenses = drop(s.Expenses, func(x Expense) bool { return x.ID == e.ID })
	}
}
