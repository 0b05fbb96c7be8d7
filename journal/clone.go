package journal

import "bytes"

// Clone returns a deep copy.
func (e Entry) Clone() Entry {
	e.Payload = bytes.Clone(e.Payload)
	return e
}
