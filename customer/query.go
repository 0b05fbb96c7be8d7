package customer

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Validate returns ErrInvalid for a malformed query, naming all fields.
func (q Query) Validate() error {
	var f fault.Fields
	if q.Status != "" && !q.Status.Valid() {
		f.Add("/status", "unknown", "must be prospect, active or inactive")
	}
	if q.Kind != "" && !q.Kind.Valid() {
		f.Add("/kind", "unknown", "must be organisation or person")
	}
	text.AnyKey(&f, "/owner", q.Owner, 0, MaxOwner)
	if code, msg := text.Problem(q.Search, 0, MaxName, false); code != "" {
		f.Add("/search", code, msg)
	}
	return f.Invalid("query.invalid")
}
