package money

import (
	"math/big"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
)

// The most digits that a decimal may have before and after its point.
const (
	MaxIntDigits  = 20
	MaxFracDigits = 10
)

func badDecimal(code, message string) error {
	return fault.Invalid("decimal.invalid", fault.Field{Code: code, Message: message})
}

// ParseDecimal parses a plain decimal: an optional sign, up to maxInt digits, and
// up to maxFrac digits after a point. It refuses exponents, white space and
// separators before it parses anything. MaxIntDigits and MaxFracDigits cap the
// limits. Errors: ErrInvalid.
func ParseDecimal(s string, maxInt, maxFrac int) (decimal.Decimal, error) {
	maxInt, maxFrac = clamp(maxInt, MaxIntDigits), clamp(maxFrac, MaxFracDigits)
	if len(s) > MaxIntDigits+MaxFracDigits+2 {
		return decimal.Decimal{}, badDecimal("too_long", "has too many digits")
	}
	digits := s
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		digits = digits[1:]
	}
	whole, frac, point := strings.Cut(digits, ".")
	if whole == "" || (point && frac == "") || !onlyDigits(whole) || !onlyDigits(frac) {
		return decimal.Decimal{}, badDecimal("bad_decimal", "must be a plain decimal number")
	}
	switch {
	case len(strings.TrimLeft(whole, "0")) > maxInt:
		return decimal.Decimal{}, badDecimal("too_large", "has too many digits before the point")
	case len(strings.TrimRight(frac, "0")) > maxFrac:
		return decimal.Decimal{}, badDecimal("too_precise", "has too many digits after the point")
	}
	d, _ := decimal.NewFromString(s) // the form was checked above
	return d, nil
}

func clamp(n, most int) int { return max(0, min(n, most)) }

func onlyDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// maxBits exceeds the bits of any acceptable coefficient: 30 digits and as many
// trailing zeros.
const maxBits = 256

// CheckDecimal refuses a decimal with more than maxInt digits before or maxFrac
// digits after its point. It is fast even for hostile input: it checks exponent
// and size before any arithmetic. Errors: ErrInvalid.
func CheckDecimal(d decimal.Decimal, maxInt, maxFrac int) error {
	maxInt, maxFrac = clamp(maxInt, MaxIntDigits), clamp(maxFrac, MaxFracDigits)
	exp := int(d.Exponent())
	if d.IsZero() {
		if exp < -1000 || exp > 1000 {
			return badDecimal("bad_exponent", "has an exponent out of range")
		}
		return nil
	}
	if exp > maxInt {
		return badDecimal("too_large", "has too many digits before the point")
	}
	if exp < -100 {
		return badDecimal("too_precise", "has too many digits after the point")
	}
	if n, scale, ok := small(d); ok && scale <= maxFrac && (maxInt >= 18 || uint64(n) < pow10[maxInt]) {
		return nil
	}
	c := d.Coefficient()
	if c.BitLen() > maxBits {
		return badDecimal("too_long", "has too many digits")
	}
	var r big.Int
	ten := big.NewInt(10)
	q := new(big.Int).Abs(c)
	for exp < 0 {
		next, _ := new(big.Int).QuoRem(q, ten, &r)
		if r.Sign() != 0 {
			break
		}
		q, exp = next, exp+1
	}
	if exp < -maxFrac {
		return badDecimal("too_precise", "has too many digits after the point")
	}
	if len(q.String())+exp > maxInt {
		return badDecimal("too_large", "has too many digits before the point")
	}
	return nil
}

// Text returns the canonical text of a checked decimal: no exponent, no trailing
// zeros, no sign on zero.
func Text(d decimal.Decimal) string {
	s := d.String()
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Canonical returns the decimal parsed from d's canonical text, so equal values
// are equal in every field and encode to the same bytes.
func Canonical(d decimal.Decimal) decimal.Decimal {
	c, _ := decimal.NewFromString(Text(d)) // Text always parses
	return c
}
