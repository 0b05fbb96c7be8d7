package pipeline

import "github.com/pursuit-crm/pursuit/fault"

// Validate returns ErrInvalid for a malformed query: a malformed filter, unknown
// dimensions, and, with AsOf, fields that the ledger doesn't hold.
func (q Query) Validate() error {
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
		if q.By == ByProduct {
			f.Add("/by", "not_in_ledger", "isn't recorded for the past")
		}
		for _, path := range q.Filter.Historic() {
			f.Add("/filter"+path, "not_in_ledger", "isn't recorded for the past")
		}
	}
	return f.Invalid("query.invalid")
}
