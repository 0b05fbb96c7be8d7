package opportunity

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// MaxFilterValues bounds the lists in a filter.
const MaxFilterValues = 100

// Validate refuses malformed filters with ErrInvalid, naming all fields.
func (q *Filter) Validate() error {
	var f fault.Fields
	if len(q.Statuses) > MaxFilterValues || len(q.Stages) > MaxFilterValues {
		f.Add("/", "too_many", "has too many values")
	}
	for i, s := range q.Statuses {
		if !s.Valid() {
			f.Add(fault.Index("/statuses", i), "unknown", "isn't a status")
		}
	}
	for i, s := range q.Stages {
		text.Key(&f, fault.Index("/stages", i), s, 1, text.MaxCode)
	}
	text.Key(&f, "/owner", q.Owner, 0, text.MaxKey)
	text.Key(&f, "/member", q.Member, 0, text.MaxKey)
	text.Key(&f, "/department", q.Department, 0, text.MaxKey)
	text.Key(&f, "/product", q.Product, 0, text.MaxKey)
	text.Key(&f, "/number", q.Number, 0, text.MaxCode)
	if q.Currency != "" && !q.Currency.Valid() {
		f.Add("/currency", "unknown", "isn't an active ISO 4217 currency")
	}
	if code, msg := text.Problem(q.Search, 0, text.MaxName, false); code != "" {
		f.Add("/search", code, msg)
	}
	if (q.AmountFrom != nil || q.AmountTo != nil) && q.Currency == "" {
		f.Add("/currency", "required", "is required beside amounts")
	}
	if q.AmountFrom != nil && q.AmountTo != nil && *q.AmountFrom > *q.AmountTo {
		f.Add("/amount_from", "order", "is above amount_to")
	}
	return f.Invalid("query.invalid")
}

// Valid says whether o is one of the sorts.
func (o Sort) Valid() bool {
	switch o {
	case ByCreated, ByNumber, ByName, ByAmount, ByExpectedClose, ByUpdated:
		return true
	}
	return false
}
