package archive

import "github.com/pursuit-crm/pursuit/fault"

// Validate refuses malformed queries with ErrInvalid, naming all fields.
func (q Query) Validate() error {
	var f fault.Fields
	if q.Kind != "" && !q.Kind.Valid() {
		f.Add("/kind", "unknown", "isn't a kind of archive")
	}
	if q.Status != "" && !q.Status.Valid() {
		f.Add("/status", "unknown", "must be active or retired")
	}
	return f.Invalid("query.invalid")
}
