package opportunity

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// Filter selects opportunities. Zero fields select all; an opportunity must match
// every given field. A list matches any of its values. Times are half-open: from
// ≤ t < to; an opportunity without the time isn't selected.
type Filter struct {
	Statuses []Status  `json:"statuses,omitzero"`
	Process  uuid.UUID `json:"process,omitzero"`
	// Version selects opportunities pinned to a version of a process, by its id.
	Version uuid.UUID `json:"version,omitzero"`
	Stages  []string  `json:"stages,omitzero"`
	Owner   string    `json:"owner,omitzero"`
	// Owners selects by owner: those of a manager's staff, for example.
	Owners []string `json:"owners,omitzero"`
	// Member selects opportunities whose team includes the user.
	Member      string    `json:"member,omitzero"`
	Department  string    `json:"department,omitzero"`
	Departments []string  `json:"departments,omitzero"`
	Customer    uuid.UUID `json:"customer,omitzero"`
	// Party selects opportunities with the customer as customer, bill-to or end
	// user.
	Party uuid.UUID `json:"party,omitzero"`
	// Contact selects opportunities on which the contact has a role.
	Contact uuid.UUID `json:"contact,omitzero"`
	Source  uuid.UUID `json:"source,omitzero"`
	// Competitor selects opportunities with the competitor. Reason selects
	// opportunities whose current outcome names the reason; past cycles don't
	// count (F4).
	Competitor uuid.UUID `json:"competitor,omitzero"`
	Reason     uuid.UUID `json:"reason,omitzero"`
	// Product selects opportunities with a line of the product.
	Product    string           `json:"product,omitzero"`
	Categories []stage.Category `json:"categories,omitzero"`
	// ProbabilityFrom and ProbabilityTo are in basis points, inclusive.
	ProbabilityFrom *int `json:"probability_from,omitzero"`
	ProbabilityTo   *int `json:"probability_to,omitzero"`
	// Ratings are 0 (none) to 5.
	Ratings  []int          `json:"ratings,omitzero"`
	Currency money.Currency `json:"currency,omitzero"`
	// AmountFrom and AmountTo are in minor units of Currency, which they require;
	// inclusive.
	AmountFrom  *int64    `json:"amount_from,omitzero"`
	AmountTo    *int64    `json:"amount_to,omitzero"`
	CreatedFrom time.Time `json:"created_from,omitzero"`
	CreatedTo   time.Time `json:"created_to,omitzero"`
	UpdatedFrom time.Time `json:"updated_from,omitzero"`
	UpdatedTo   time.Time `json:"updated_to,omitzero"`
	// DecidedFrom and DecidedTo apply to the win or loss of the current cycle.
	DecidedFrom time.Time `json:"decided_from,omitzero"`
	DecidedTo   time.Time `json:"decided_to,omitzero"`
	ClosedFrom  time.Time `json:"closed_from,omitzero"`
	ClosedTo    time.Time `json:"closed_to,omitzero"`
	// StageEnteredTo selects opportunities that entered their stage before this
	// time, not counting time on hold: after 10 days on hold in the stage, it
	// counts as entered 10 days later. It excludes those on hold now (F6, F10).
	StageEnteredTo time.Time `json:"stage_entered_to,omitzero"`
	// IdleSince selects opportunities created before this time, without an
	// activity done at or after it. It excludes those on hold now (F19).
	IdleSince time.Time `json:"idle_since,omitzero"`
	// NextFrom and NextTo apply to the next planned activity; NoNext selects
	// opportunities without one.
	NextFrom time.Time `json:"next_from,omitzero"`
	NextTo   time.Time `json:"next_to,omitzero"`
	NoNext   bool      `json:"no_next,omitzero"`
	// ExpectedFrom and ExpectedTo are inclusive dates, and so is ResumeTo, which
	// applies to those on hold.
	ExpectedFrom calendar.Date `json:"expected_from,omitzero"`
	ExpectedTo   calendar.Date `json:"expected_to,omitzero"`
	ResumeTo     calendar.Date `json:"resume_to,omitzero"`
	// OrderCancelled selects opportunities whose order was cancelled after the
	// win (Q09).
	OrderCancelled bool `json:"order_cancelled,omitzero"`
	// Search selects opportunities whose name, number, or customer's name
	// contains the text, literally and ignoring case. With Prefix, one of them
	// begins with it.
	Search string `json:"search,omitzero"`
	Prefix string `json:"prefix,omitzero"`
	Number string `json:"number,omitzero"`
}

// MaxFilterValues is the most values in a list of a filter.
const MaxFilterValues = 100

// Validate returns ErrInvalid for a malformed filter, naming all fields.
func (q Filter) Validate() error {
	var f fault.Fields
	values(&f, "/statuses", q.Statuses, func(path string, s Status) {
		if !s.Valid() {
			f.Add(path, "unknown", "isn't a status")
		}
	})
	values(&f, "/categories", q.Categories, func(path string, c stage.Category) {
		if !c.Valid() {
			f.Add(path, "unknown", "isn't a category")
		}
	})
	values(&f, "/ratings", q.Ratings, func(path string, n int) {
		if n < 0 || n > 5 {
			f.Add(path, "out_of_range", "must be 0 to 5")
		}
	})
	values(&f, "/stages", q.Stages, func(path, s string) { text.AnyKey(&f, path, s, 1, text.MaxCode) })
	values(&f, "/owners", q.Owners, func(path, s string) { text.AnyKey(&f, path, s, 1, text.MaxKey) })
	values(&f, "/departments", q.Departments, func(path, s string) { text.AnyKey(&f, path, s, 1, text.MaxKey) })
	text.AnyKey(&f, "/owner", q.Owner, 0, text.MaxKey)
	text.AnyKey(&f, "/member", q.Member, 0, text.MaxKey)
	text.AnyKey(&f, "/department", q.Department, 0, text.MaxKey)
	text.AnyKey(&f, "/product", q.Product, 0, text.MaxKey)
	text.AnyKey(&f, "/number", q.Number, 0, text.MaxCode)
	if q.Currency != "" && !q.Currency.Valid() {
		f.Add("/currency", "unknown", "isn't an active ISO 4217 currency")
	}
	for _, x := range [][2]string{{"/search", q.Search}, {"/prefix", q.Prefix}} {
		if code, msg := text.Problem(x[1], 0, text.MaxName, false); code != "" {
			f.Add(x[0], code, msg)
		}
	}
	if (q.AmountFrom != nil || q.AmountTo != nil) && q.Currency == "" {
		f.Add("/currency", "required", "is required beside amounts")
	}
	if q.AmountFrom != nil && q.AmountTo != nil && *q.AmountFrom > *q.AmountTo {
		f.Add("/amount_from", "order", "is above amount_to")
	}
	if q.NoNext && (!q.NextFrom.IsZero() || !q.NextTo.IsZero()) {
		f.Add("/no_next", "contradiction", "contradicts next_from and next_to")
	}
	q.checkTimes(&f)
	return f.Invalid("query.invalid")
}

// values checks the values of a list; too many values are one fault.
func values[T any](f *fault.Fields, path string, list []T, check func(path string, x T)) {
	if len(list) > MaxFilterValues {
		f.Add(path, "too_many", "has more than 100 values")
		return
	}
	for i, x := range list {
		check(fault.Index(path, i), x)
	}
}

// checkTimes refuses times that stores can't keep, because they would wrap
// around.
func (q *Filter) checkTimes(f *fault.Fields) {
	for _, x := range q.times() {
		if y := x.t.UTC().Year(); y < 1 || y > 9999 {
			f.Add(x.path, "out_of_range", "must be in the years 1 to 9999")
		}
	}
}

// filterTime is a time in a filter, and its path.
type filterTime struct {
	path string
	t    time.Time
}

// times returns all times of the filter; the ledger holds none of them.
func (q *Filter) times() []filterTime {
	return []filterTime{
		{"/created_from", q.CreatedFrom}, {"/created_to", q.CreatedTo}, {"/updated_from", q.UpdatedFrom}, {"/updated_to", q.UpdatedTo},
		{"/decided_from", q.DecidedFrom}, {"/decided_to", q.DecidedTo}, {"/closed_from", q.ClosedFrom}, {"/closed_to", q.ClosedTo},
		{"/stage_entered_to", q.StageEnteredTo}, {"/idle_since", q.IdleSince}, {"/next_from", q.NextFrom}, {"/next_to", q.NextTo},
	}
}

// Historic returns the set fields that the ledger doesn't hold, and that can't be
// used for the past. The names are those of JSON pointers.
func (q Filter) Historic() (unknown []string) {
	for _, x := range []struct {
		set  bool
		path string
	}{
		{q.Version != uuid.Nil, "/version"}, {q.Member != "", "/member"}, {q.Party != uuid.Nil, "/party"}, {q.Contact != uuid.Nil, "/contact"},
		{q.Competitor != uuid.Nil, "/competitor"}, {q.Reason != uuid.Nil, "/reason"}, {q.Product != "", "/product"}, {len(q.Ratings) > 0, "/ratings"},
		{q.NoNext, "/no_next"}, {!q.ResumeTo.IsZero(), "/resume_to"}, {q.OrderCancelled, "/order_cancelled"},
		{q.Search != "", "/search"}, {q.Prefix != "", "/prefix"}, {q.Number != "", "/number"},
	} {
		if x.set {
			unknown = append(unknown, x.path)
		}
	}
	for _, x := range q.times() {
		if !x.t.IsZero() {
			unknown = append(unknown, x.path)
		}
	}
	return unknown
}

// Valid reports whether o is a known sort.
func (o Sort) Valid() bool { return slices.Contains(Sorts(), o) }

// Check returns ErrInvalid for an unknown sort, and, at /currency, for a sort by
// amount with a filter that names no currency, because amounts in several
// currencies have no order. The zero Sort is ByCreated.
func (o Sort) Check(q *Filter) error {
	switch {
	case o != "" && !o.Valid():
		return fault.Invalid("query.invalid", fault.Field{Path: "/sort", Code: "unknown", Message: "isn't a sort"})
	case o == ByAmount && q.Currency == "":
		return fault.Invalid("query.invalid", fault.Field{Path: "/currency", Code: "required", Message: "is required to sort by amount"})
	}
	return nil
}
