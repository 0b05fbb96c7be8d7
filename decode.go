package pursuit

import "github.com/pursuit-crm/pursuit/internal/wire"

// Decode decodes a request's JSON into an input, as [encoding/json.Unmarshal] does,
// and says where it fails: the error lists every value that doesn't decode, with
// its JSON pointer and the code of what is wrong with it.
//
//	var in opportunity.RecordInput
//	if err := pursuit.Decode(body, &in); err != nil {
//		return err // input.json: /estimated/amount has too many decimals, …
//	}
//
// The input stays as it was if anything fails. At most 100 faults are listed.
// Errors: ErrInvalid ("input.json").
func Decode(data []byte, input any) error { return wire.Decode(data, input) }
