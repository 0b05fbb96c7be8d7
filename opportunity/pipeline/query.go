package pipeline

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Validate refuses malformed queries with ErrInvalid: what a filter refuses,
// unknown dimensions, and, at an as-of, what the ledger doesn't hold.
func (q *Query) Validate() error {
	var f fault.Fields
	if err := q.Filter.Validate(); err != nil {
		f.Merge("/filter", err)
	}
	switch q.By {
	case None, ByStage, ByOwner, ByDepartment, ByCustomer, BySource, ByProcess, ByProduct, BySector, ByCategory:
	default:
		f.Add("/by", "unknown", "isn't a dimension")
	}
	if q.AsOf != nil {
		x := &q.Filter
		for _, c := range []struct {
			set  bool
			path string
		}{
			{q.By == ByProduct, "/by"}, {x.Product != "", "/filter/product"}, {x.Member != "", "/filter/member"},
			{x.Search != "", "/filter/search"}, {x.Number != "", "/filter/number"}, {x.Version != uuid.Nil, "/filter/version"},
			{!x.CreatedFrom.IsZero() || !x.CreatedTo.IsZero(), "/filter/created"},
		} {
			if c.set {
				f.Add(c.path, "not_in_ledger", "can't be asked of the past")
			}
		}
	}
	return f.Invalid("query.invalid")
}
