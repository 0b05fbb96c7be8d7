package opportunity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// ActivityFilter selects activities; zero fields select all.
type ActivityFilter struct {
	Opportunity uuid.UUID    `json:"opportunity,omitzero"`
	Assignee    string       `json:"assignee,omitzero"`
	Kind        ActivityKind `json:"kind,omitzero"`
	// Status ActivityOpen selects work to do: open activities of opportunities
	// that still take follow-up, which void and closed ones don't.
	Status ActivityStatus `json:"status,omitzero"`
	// From and To limit Activity.When, half-open: from ≤ t < to. For open
	// activities that is the due time.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// ActivityQuery selects a page, ordered by Activity.When and then by id.
type ActivityQuery struct {
	Scope  access.Scope
	Filter ActivityFilter
	// Desc reverses the order of times, not of ids.
	Desc bool
	// After and AfterID are the When and id of the last activity of the previous
	// page; AfterID is Nil for the first page.
	After   time.Time
	AfterID uuid.UUID
	// Limit is the page size, 1 or more.
	Limit int
}

// ListedActivity is an activity with its opportunity.
type ListedActivity struct {
	Activity
	Deal Deal `json:"opportunity"`
}

// Deal identifies the opportunity of a listed part.
type Deal struct {
	ID       uuid.UUID `json:"id"`
	Number   string    `json:"number"`
	Name     string    `json:"name"`
	Customer uuid.UUID `json:"customer"`
	Status   Status    `json:"status"`
}

// ExpenseFilter selects expenses; zero fields select all.
type ExpenseFilter struct {
	Opportunity uuid.UUID     `json:"opportunity,omitzero"`
	User        string        `json:"user,omitzero"`
	Category    uuid.UUID     `json:"category,omitzero"`
	Status      ExpenseStatus `json:"status,omitzero"`
	// From and To are inclusive dates.
	From calendar.Date `json:"from,omitzero"`
	To   calendar.Date `json:"to,omitzero"`
}

// ExpenseQuery selects a page, ordered by date and then by id.
type ExpenseQuery struct {
	Scope  access.Scope
	Filter ExpenseFilter
	// Desc reverses the order of dates, not of ids.
	Desc bool
	// After and AfterID are the date and id of the last expense of the previous
	// page; AfterID is Nil for the first page.
	After   calendar.Date
	AfterID uuid.UUID
	// Limit is the page size, 1 or more.
	Limit int
}

// ListedExpense is an expense with its opportunity.
type ListedExpense struct {
	Expense
	Deal Deal `json:"opportunity"`
}

// FollowUps lists parts across opportunities, and the timeline of one.
// Repository.Get returns the parts of one opportunity. Errors are storage errors.
type FollowUps interface {
	// Activities returns a page of activities of the opportunities in the scope.
	Activities(ctx context.Context, tenant string, q ActivityQuery) ([]ListedActivity, error)
	// Expenses returns a page of expenses of the opportunities in the scope.
	Expenses(ctx context.Context, tenant string, q ExpenseQuery) ([]ListedExpense, error)
	// Timeline returns a page of one opportunity's timeline, in the order of
	// TimelinePlace.Compare; on SQL in one statement. It may rely on effective times
	// that don't run backwards along the journal (O12). An unknown opportunity has
	// no items.
	Timeline(ctx context.Context, tenant string, q TimelineQuery) ([]TimelineItem, error)
}

// Validate returns ErrInvalid for a malformed filter, naming all fields.
func (q *ActivityFilter) Validate() error {
	var f fault.Fields
	text.AnyKey(&f, "/assignee", q.Assignee, 0, text.MaxKey)
	if q.Kind != "" && !q.Kind.Valid() {
		f.Add("/kind", "unknown", "isn't a kind of activity")
	}
	if q.Status != "" && !q.Status.Valid() {
		f.Add("/status", "unknown", "isn't a status of activities")
	}
	for _, x := range []struct {
		path string
		t    time.Time
	}{{"/from", q.From}, {"/to", q.To}} {
		if !x.t.IsZero() {
			checkTime(&f, x.path, &x.t)
		}
	}
	return f.Invalid("query.invalid")
}

// Validate returns ErrInvalid for a malformed filter, naming all fields.
func (q *ExpenseFilter) Validate() error {
	var f fault.Fields
	text.AnyKey(&f, "/user", q.User, 0, text.MaxKey)
	if q.Status != "" && !q.Status.Valid() {
		f.Add("/status", "unknown", "isn't a status of expenses")
	}
	return f.Invalid("query.invalid")
}
