package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// AddExpenseInput is an expense to add (R02).
type AddExpenseInput struct {
	// Category is an archive entry of kind archive.ExpenseKind. Its code may
	// identify it.
	Category     uuid.UUID `json:"category,omitzero"`
	CategoryCode string    `json:"category_code,omitempty"`
	// Amount is above zero, in any currency.
	Amount money.Money `json:"amount"`
	// Date is not after today in the tenant's time zone.
	Date        calendar.Date `json:"date"`
	Description string        `json:"description,omitempty"`
	// User is the user who spent it; empty means the actor.
	User string `json:"user,omitempty" host:"user"`
}

// UpdateExpenseInput changes an expense; nil fields stay as they are.
type UpdateExpenseInput struct {
	Category    *uuid.UUID     `json:"category,omitempty"`
	Amount      *money.Money   `json:"amount,omitempty"`
	Date        *calendar.Date `json:"date,omitempty"`
	Description *string        `json:"description,omitempty"`
	User        *string        `json:"user,omitempty" host:"user"`
}

// RejectExpenseInput explains why an expense isn't approved.
type RejectExpenseInput struct {
	Reason string `json:"reason"`
}

// SettleExpenseInput names the payment of an expense, if the host has one.
type SettleExpenseInput struct {
	Reference string `json:"reference,omitempty"`
}

const badExpense = "opportunity.expense.invalid"

// check checks amount, description and user against R02.
func (e *Expense) check(f *fault.Fields) {
	switch {
	case !e.Amount.Currency().Valid():
		f.Add("/amount/currency", "unknown", "must be an active ISO 4217 currency")
	case e.Amount.Sign() <= 0:
		f.Add("/amount/amount", "not_positive", "must be above zero")
	}
	text.Block(f, "/description", &e.Description, 0, text.MaxDescription)
	text.Key(f, "/user", e.User, 1, text.MaxKey)
}

// spent requires a day that isn't after today, in the tenant's time zone.
func (o *Opportunity) spent(f *fault.Fields, d calendar.Date, at journal.Moment) {
	switch {
	case d.IsZero():
		f.Add("/date", "required", "is required")
	case d.After(calendar.Of(at.Recorded, o.zone())):
		f.Add("/date", "future", "must not be after today")
	}
}

// AddExpense adds an expense as a draft under a new id; it needs no parts. Load
// must name its category. Errors: ErrInvalid (R02, A02); ErrNotAllowed (O08);
// ErrLimit.
func (o *Opportunity) AddExpense(id uuid.UUID, in AddExpenseInput, at journal.Moment) error {
	if err := o.follow("opportunity.expenses.status", at); err != nil {
		return err
	}
	var f fault.Fields
	e := Expense{ID: id, Category: in.Category, Amount: in.Amount, Date: in.Date, Description: in.Description, User: in.User,
		Status: ExpenseDraft, Created: at.Effective, CreatedBy: at.By}
	if e.User == "" {
		e.User = at.By
	}
	o.usable(&f, "/category", e.Category, archive.ExpenseKind)
	e.check(&f)
	o.spent(&f, e.Date, at)
	if err := f.Invalid(badExpense); err != nil {
		return err
	}
	if o.s.Counts.Expenses >= MaxExpenses {
		return fault.New(fault.ErrLimit, "opportunity.expenses.too_many", "an opportunity has at most 1000 expenses")
	}
	return o.saveExpense(&f, &ExpenseAddedPayload{ExpenseStep{Expense: e}}, e, at)
}

// UpdateExpense changes a draft, or a rejected expense before it is submitted
// again. Load must name a new category. It needs the expense (Load.Expense) or
// PartExpenses. Errors: ErrNotFound; ErrInvalid (R02, A02); ErrNotAllowed by its
// status, and (O08).
func (o *Opportunity) UpdateExpense(id uuid.UUID, in UpdateExpenseInput, at journal.Moment) error {
	e, was, err := o.expense(id, "update", at)
	if err != nil {
		return err
	}
	before := e
	before.Status = was
	var f fault.Fields
	if in.Category != nil && *in.Category != e.Category { // an earlier choice stays valid (A02)
		o.usable(&f, "/category", *in.Category, archive.ExpenseKind)
	}
	optional.Set(&e.Category, in.Category)
	optional.Set(&e.Amount, in.Amount)
	optional.Set(&e.Date, in.Date)
	optional.Set(&e.Description, in.Description)
	optional.Set(&e.User, in.User)
	e.check(&f)
	if in.Date != nil {
		o.spent(&f, e.Date, at)
	}
	return o.saveExpense(&f, &ExpenseUpdatedPayload{ExpenseStep{e, was}, &before}, e, at)
}

// SubmitExpense submits a draft, or a rejected expense again, for approval. It
// needs the expense (Load.Expense) or PartExpenses. Errors: ErrNotFound;
// ErrNotAllowed by its status, and (O08).
func (o *Opportunity) SubmitExpense(id uuid.UUID, at journal.Moment) error {
	e, was, err := o.expense(id, "submit", at)
	if err != nil {
		return err
	}
	var none Expense
	e.SubmittedBy, e.Submitted = at.By, at.Effective
	e.DecidedBy, e.Decided, e.Reason = "", none.Decided, ""
	return o.saveExpense(nil, &ExpenseSubmittedPayload{ExpenseStep{e, was}}, e, at)
}

// ApproveExpense approves a submitted expense. Whoever submitted it, or spent the
// money, can't approve it. It needs the expense (Load.Expense) or PartExpenses.
// Errors: ErrNotFound; ErrNotAllowed by its status, for the actor's own expense,
// and (O08).
func (o *Opportunity) ApproveExpense(id uuid.UUID, at journal.Moment) error {
	e, was, err := o.expense(id, "approve", at)
	if err != nil {
		return err
	}
	if at.By == e.SubmittedBy || at.By == e.User {
		return fault.NotAllowed("opportunity.expense.own", "somebody else has to approve it",
			fault.Field{Path: "/by", Code: "same", Message: "submitted the expense, or spent it"})
	}
	e.DecidedBy, e.Decided = at.By, at.Effective
	return o.saveExpense(nil, &ExpenseApprovedPayload{ExpenseStep{e, was}}, e, at)
}

// RejectExpense rejects a submitted expense for a reason. It needs the expense
// (Load.Expense) or PartExpenses. Errors: ErrNotFound; ErrInvalid without a
// reason; ErrNotAllowed by its status, and (O08).
func (o *Opportunity) RejectExpense(id uuid.UUID, in RejectExpenseInput, at journal.Moment) error {
	e, was, err := o.expense(id, "reject", at)
	if err != nil {
		return err
	}
	var f fault.Fields
	e.DecidedBy, e.Decided, e.Reason = at.By, at.Effective, in.Reason
	text.Block(&f, "/reason", &e.Reason, 1, text.MaxDescription)
	return o.saveExpense(&f, &ExpenseRejectedPayload{ExpenseStep{e, was}}, e, at)
}

// SettleExpense records that an approved expense was paid. It needs the expense
// (Load.Expense) or PartExpenses. Errors: ErrNotFound; ErrInvalid; ErrNotAllowed
// by its status, and (O08).
func (o *Opportunity) SettleExpense(id uuid.UUID, in SettleExpenseInput, at journal.Moment) error {
	e, was, err := o.expense(id, "settle", at)
	if err != nil {
		return err
	}
	var f fault.Fields
	e.SettledBy, e.Settled, e.Reference = at.By, at.Effective, in.Reference
	text.Name(&f, "/reference", &e.Reference, 0, text.MaxKey)
	return o.saveExpense(&f, &ExpenseSettledPayload{ExpenseStep{e, was}}, e, at)
}

// RemoveExpense removes a draft; the journal keeps it. It needs the expense
// (Load.Expense) or PartExpenses. Errors: ErrNotFound; ErrNotAllowed by its
// status, and (O08).
func (o *Opportunity) RemoveExpense(id uuid.UUID, at journal.Moment) error {
	e, was, err := o.expense(id, "remove", at)
	if err != nil {
		return err
	}
	e.Status = was
	o.do(&ExpenseRemovedPayload{ID: id, Removed: &e}, at)
	o.dirty.RemovedExpenses = append(o.dirty.RemovedExpenses, id)
	o.named = named{}
	return nil
}

func (o *Opportunity) saveExpense(f *fault.Fields, ev any, e Expense, at journal.Moment) error {
	if f != nil {
		if err := f.Invalid(badExpense); err != nil {
			return err
		}
	}
	o.do(ev, at)
	o.dirty.Expenses = append(o.dirty.Expenses, e)
	o.named = named{}
	return nil
}

// expense begins a move of an expense, and returns it in its new status together
// with the previous one.
func (o *Opportunity) expense(id uuid.UUID, move string, at journal.Moment) (e Expense, was ExpenseStatus, err error) {
	if err := o.follow("opportunity.expenses.status", at); err != nil {
		return e, "", err
	}
	found := false
	if o.s.has(PartExpenses) {
		if i := slices.IndexFunc(o.s.Expenses, func(x Expense) bool { return x.ID == id }); i >= 0 {
			e, found = o.s.Expenses[i], true
		}
	} else if x := o.named.expense; x != nil && x.ID == id {
		e, found = *x, true
	}
	if !found {
		return e, "", fault.NotFound("opportunity.expense.not_found")
	}
	for _, m := range expenseMoves {
		if m.from == e.Status && m.move == move {
			was, e.Status = e.Status, m.to
			return e, was, nil
		}
	}
	return e, "", fault.NotAllowed("opportunity.expense.status", "the expense's status forbids this",
		fault.Field{Path: "/status", Code: string(e.Status), Message: "is " + string(e.Status)})
}
