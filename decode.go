package pursuit

import "github.com/pursuit-crm/pursuit/internal/wire"

// Decode decodes a request's JSON into an input, like [encoding/json.Unmarshal],
// and locates failures: the error lists every invalid value, with its JSON
// pointer and the code of the fault.
//
//	var in opportunity.RecordInput
//	if err := pursuit.Decode(body, &in); err != nil {
//		return err // input.json: /estimated/amount has too many decimals, …
//	}
//
// If anything fails, the input stays unchanged. At most 100 faults are listed.
// Errors: ErrInvalid ("input.json").
func Decode(data []byte, input any) error { return wire.Decode(data, input) }
