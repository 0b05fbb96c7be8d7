package wire

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// maxText is longer than any decimal that an input takes.
const maxText = 64

// Decimal decodes a decimal of an input. Its length is looked at before anything
// is parsed.
type Decimal struct {
	path string
	to   *decimal.Decimal
	opt  **decimal.Decimal
}

// Into decodes into d; null leaves it as it is. Errors name the path.
func Into(path string, d *decimal.Decimal) Decimal { return Decimal{path: path, to: d} }

// IntoOptional decodes into a decimal that may be absent; null makes it nil.
func IntoOptional(path string, d **decimal.Decimal) Decimal { return Decimal{path: path, opt: d} }

// UnmarshalJSON reads a number, or one in quotes. Errors: ErrInvalid
// ("decimal.invalid") with the path.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		if d.opt != nil {
			*d.opt = nil
		}
		return nil
	}
	v, err := parse(b)
	if err != nil {
		var f fault.Fields
		f.Merge(d.path, err)
		return f.Invalid("decimal.invalid")
	}
	if d.opt != nil {
		*d.opt = &v
	} else {
		*d.to = v
	}
	return nil
}

func parse(b []byte) (decimal.Decimal, error) {
	if len(b) > maxText {
		return decimal.Decimal{}, bad("too_long", "has too many digits")
	}
	s := string(b)
	if s[0] == '"' && json.Unmarshal(b, &s) != nil {
		return decimal.Decimal{}, bad("bad_decimal", "must be a decimal number")
	}
	v, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, bad("bad_decimal", "must be a decimal number")
	}
	return v, money.CheckDecimal(v, money.MaxIntDigits, money.MaxFracDigits)
}

func bad(code, message string) error {
	return fault.Invalid("decimal.invalid", fault.Field{Code: code, Message: message})
}
