package opportunity

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
)

// ExpenseStatus is the progress of an expense (R02).
type ExpenseStatus string

// The statuses of expenses: draft → submitted → approved | rejected;
// approved → settled; a rejected one may be edited and submitted again.
const (
	ExpenseDraft     ExpenseStatus = "draft"     // 草稿
	ExpenseSubmitted ExpenseStatus = "submitted" // 已提交
	ExpenseApproved  ExpenseStatus = "approved"  // 已批准
	ExpenseRejected  ExpenseStatus = "rejected"  // 已驳回
	ExpenseSettled   ExpenseStatus = "settled"   // 已结算
)

// ExpenseStatuses returns all statuses, in order.
func ExpenseStatuses() []ExpenseStatus {
	return []ExpenseStatus{ExpenseDraft, ExpenseSubmitted, ExpenseApproved, ExpenseRejected, ExpenseSettled}
}

// Valid reports whether s is a known status.
func (s ExpenseStatus) Valid() bool { return slices.Contains(ExpenseStatuses(), s) }

// Unsettled reports whether an expense of the status keeps the opportunity from
// being closed (O09): a draft, submitted or approved expense must still be paid
// or refused.
func (s ExpenseStatus) Unsettled() bool {
	return s == ExpenseDraft || s == ExpenseSubmitted || s == ExpenseApproved
}

// expenseMoves is the only table of the moves of expenses (R02).
var expenseMoves = [...]struct {
	from ExpenseStatus
	move string
	to   ExpenseStatus
}{
	{ExpenseDraft, "update", ExpenseDraft},
	{ExpenseRejected, "update", ExpenseRejected},
	{ExpenseDraft, "submit", ExpenseSubmitted},
	{ExpenseRejected, "submit", ExpenseSubmitted},
	{ExpenseSubmitted, "approve", ExpenseApproved},
	{ExpenseSubmitted, "reject", ExpenseRejected},
	{ExpenseApproved, "settle", ExpenseSettled},
	{ExpenseDraft, "remove", ""},
}

// Expense is money spent on the opportunity 商机费用 (R02).
type Expense struct {
	ID uuid.UUID `json:"id"`
	// Category is an archive entry of kind archive.ExpenseKind.
	Category uuid.UUID `json:"category"`
	// Amount is above zero, in a currency of its own: it isn't part of the
	// opportunity's amounts (O17).
	Amount money.Money `json:"amount"`
	// Date is the day the money was spent, in the tenant's time zone.
	Date        calendar.Date `json:"date"`
	Description string        `json:"description,omitempty"`
	// User is the user who spent it.
	User   string        `json:"user" host:"user"`
	Status ExpenseStatus `json:"status"`
	// SubmittedBy, DecidedBy and SettledBy, with their times, are about the
	// latest submission; each is empty until it happens. The approver neither
	// submitted nor spent it.
	SubmittedBy string    `json:"submitted_by,omitempty" host:"user"`
	Submitted   time.Time `json:"submitted,omitzero"`
	DecidedBy   string    `json:"decided_by,omitempty" host:"user"`
	Decided     time.Time `json:"decided,omitzero"`
	// Reason explains why it was rejected.
	Reason    string    `json:"reason,omitempty"`
	SettledBy string    `json:"settled_by,omitempty" host:"user"`
	Settled   time.Time `json:"settled,omitzero"`
	// Reference is the host's reference to the payment that settled it.
	Reference string    `json:"reference,omitempty"`
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by" host:"user"`
}
