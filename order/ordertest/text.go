package ordertest

import "encoding/json"

// text is a value's stable form.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		fail("what was read doesn't encode: %v", err)
	}
	return string(b)
}
