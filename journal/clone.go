package journal

import "bytes"

// Clone returns a copy that shares nothing.
func (e Entry) Clone() Entry {
	e.Payload = bytes.Clone(e.Payload)
	return e
}
