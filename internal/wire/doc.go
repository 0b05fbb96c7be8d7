// Package wire reads inputs from JSON that nobody has looked at yet. Decode lists
// all that doesn't decode in a document, by JSON pointers.
//
// decimal.Decimal parses whatever it is given: a million digits take seconds and
// gigabytes. An input that holds one therefore decodes it with Decimal, from an
// UnmarshalJSON of its own:
//
//	func (in *Input) UnmarshalJSON(b []byte) error {
//		type plain Input
//		return json.Unmarshal(b, &struct {
//			*plain
//			Quantity wire.Decimal `json:"quantity"`
//		}{(*plain)(in), wire.Into("/quantity", &in.Quantity)})
//	}
//
// The outer field hides the one of the same name in the embedded struct.
package wire
