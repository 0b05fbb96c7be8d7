package money

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
)

// Rounding is the treatment of a half.
type Rounding uint8

// The roundings. HalfUp, away from zero, is the default.
const (
	HalfUp Rounding = iota
	HalfEven
)

// Money is an amount in a currency's minor units. The zero Money has no currency
// and is zero. Values are comparable with ==.
type Money struct {
	minor    int64
	currency Currency
}

// FromMinor returns an amount of minor units: FromMinor(1234, CNY) is 12.34 CNY.
func FromMinor(minor int64, c Currency) Money { return Money{minor, c} }

// Zero returns the amount zero in a currency.
func Zero(c Currency) Money { return Money{0, c} }

func overflow() error {
	return fault.New(fault.ErrLimit, "money.overflow", "the amount is too large")
}

func mismatch() error {
	return fault.Invalid("money.currency.mismatch", fault.Field{Path: "/currency", Code: "mismatch", Message: "amounts are in different currencies"})
}

// FromDecimal rounds a decimal to the currency's scale. Errors: ErrInvalid for an
// unknown currency or a decimal out of bounds, ErrLimit for overflow.
func FromDecimal(d decimal.Decimal, c Currency, r Rounding) (Money, error) {
	if !c.Valid() {
		_, err := ParseCurrency(string(c))
		return Money{}, err
	}
	coef, exp := d.Coefficient(), int(d.Exponent())
	if exp > 2*MaxIntDigits || exp < -200 || coef.BitLen() > 3*maxBits {
		return Money{}, badDecimal("out_of_bounds", "has too many digits")
	}
	minor, ok := roundBig(coef, exp+c.Digits(), r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, c}, nil
}

// roundBig rounds coef × 10^exp to a whole number.
func roundBig(coef *big.Int, exp int, r Rounding) (int64, bool) {
	v := new(big.Int).Set(coef)
	if exp >= 0 {
		v.Mul(v, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil))
		return v.Int64(), v.IsInt64()
	}
	return quoBig(v, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-exp)), nil), r)
}

// quoBig returns num ÷ den, rounded; den is positive.
func quoBig(num, den *big.Int, r Rounding) (int64, bool) {
	neg := num.Sign() < 0
	q, rest := new(big.Int).QuoRem(new(big.Int).Abs(num), den, new(big.Int))
	switch rest.Lsh(rest, 1).Cmp(den) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if r == HalfUp || q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	}
	if neg {
		q.Neg(q)
	}
	return q.Int64(), q.IsInt64()
}

// Parse parses "1234.50" in a currency. Errors: ErrInvalid for an unknown
// currency, malformed text, or more decimals than the currency has; ErrLimit for
// overflow.
func Parse(amount string, c Currency) (Money, error) {
	if !c.Valid() {
		_, err := ParseCurrency(string(c))
		return Money{}, err
	}
	d, err := ParseDecimal(amount, MaxIntDigits, c.Digits())
	if err != nil {
		return Money{}, err
	}
	return FromDecimal(d, c, HalfUp)
}

// Minor returns the amount in minor units.
func (m Money) Minor() int64 { return m.minor }

// Currency returns the amount's currency.
func (m Money) Currency() Currency { return m.currency }

// Decimal returns the amount in major units.
func (m Money) Decimal() decimal.Decimal { return decimal.New(m.minor, -int32(m.currency.Digits())) }

// Amount returns the amount as text with all decimals of the currency: "1234.50".
func (m Money) Amount() string {
	digits := m.currency.Digits()
	u := uint64(m.minor)
	if m.minor < 0 {
		u = -u
	}
	s := strconv.FormatUint(u, 10)
	if digits > 0 {
		if len(s) <= digits {
			s = strings.Repeat("0", digits-len(s)+1) + s
		}
		s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	}
	if m.minor < 0 {
		s = "-" + s
	}
	return s
}

// String returns the amount and its currency: "1234.50 CNY".
func (m Money) String() string {
	if m.currency == "" {
		return m.Amount()
	}
	return m.Amount() + " " + string(m.currency)
}

// IsZero reports whether the amount is zero, in any currency or none.
func (m Money) IsZero() bool { return m.minor == 0 }

// Sign returns -1, 0 or 1.
func (m Money) Sign() int {
	switch {
	case m.minor < 0:
		return -1
	case m.minor > 0:
		return 1
	}
	return 0
}

// Add returns m + n. Errors: ErrInvalid for different currencies, ErrLimit for
// overflow.
func (m Money) Add(n Money) (Money, error) {
	if m.currency != n.currency {
		return Money{}, mismatch()
	}
	s := m.minor + n.minor
	if (s > m.minor) != (n.minor > 0) {
		return Money{}, overflow()
	}
	return Money{s, m.currency}, nil
}

// Sub returns m − n. Errors as for Add.
func (m Money) Sub(n Money) (Money, error) {
	if m.currency != n.currency {
		return Money{}, mismatch()
	}
	s := m.minor - n.minor
	if (s < m.minor) != (n.minor > 0) {
		return Money{}, overflow()
	}
	return Money{s, m.currency}, nil
}

// Neg returns −m. Errors: ErrLimit for the one amount without an opposite.
func (m Money) Neg() (Money, error) {
	if m.minor == math.MinInt64 {
		return Money{}, overflow()
	}
	return Money{-m.minor, m.currency}, nil
}

// Abs returns the amount without its sign. Errors as for Neg.
func (m Money) Abs() (Money, error) {
	if m.minor < 0 {
		return m.Neg()
	}
	return m, nil
}

// Cmp returns -1, 0 or 1. Errors: ErrInvalid for different currencies.
func (m Money) Cmp(n Money) (int, error) {
	switch {
	case m.currency != n.currency:
		return 0, mismatch()
	case m.minor < n.minor:
		return -1, nil
	case m.minor > n.minor:
		return 1, nil
	}
	return 0, nil
}

// Mul returns the amount times a decimal of at most MaxIntDigits and
// MaxFracDigits digits, rounded once. Errors: ErrInvalid for a decimal out of
// bounds, ErrLimit for overflow.
func (m Money) Mul(d decimal.Decimal, r Rounding) (Money, error) {
	return m.Convert(d, m.currency, r)
}

// Percent returns p per cent of the amount, rounded once. Errors as for Mul.
func (m Money) Percent(p decimal.Decimal, r Rounding) (Money, error) {
	if err := CheckDecimal(p, MaxIntDigits, MaxFracDigits); err != nil {
		return Money{}, err
	}
	v := new(big.Int).Mul(big.NewInt(m.minor), p.Coefficient())
	minor, ok := roundBig(v, int(p.Exponent())-2, r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, m.currency}, nil
}

// Div returns the amount divided by a decimal, rounded once. Errors: ErrInvalid
// for zero or a decimal out of bounds, ErrLimit for overflow.
func (m Money) Div(d decimal.Decimal, r Rounding) (Money, error) {
	if err := CheckDecimal(d, MaxIntDigits, MaxFracDigits); err != nil {
		return Money{}, err
	}
	if d.IsZero() {
		return Money{}, fault.Invalid("money.division_by_zero", fault.Field{Code: "zero", Message: "can't be zero"})
	}
	num, den := big.NewInt(m.minor), d.Coefficient()
	ten := big.NewInt(10)
	if exp := int64(d.Exponent()); exp >= 0 {
		den.Mul(den, new(big.Int).Exp(ten, big.NewInt(exp), nil))
	} else {
		num.Mul(num, new(big.Int).Exp(ten, big.NewInt(-exp), nil))
	}
	if den.Sign() < 0 {
		num.Neg(num)
		den.Neg(den)
	}
	minor, ok := quoBig(num, den, r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, m.currency}, nil
}

// Convert returns the amount in another currency at a rate (units of to for one
// unit of the amount's currency), rounded once. Errors: ErrInvalid for an unknown
// currency or a rate out of bounds, ErrLimit for overflow.
func (m Money) Convert(rate decimal.Decimal, to Currency, r Rounding) (Money, error) {
	if !to.Valid() || !m.currency.Valid() {
		_, err := ParseCurrency("")
		return Money{}, err
	}
	if err := CheckDecimal(rate, MaxIntDigits, MaxFracDigits); err != nil {
		return Money{}, err
	}
	v := new(big.Int).Mul(big.NewInt(m.minor), rate.Coefficient())
	minor, ok := roundBig(v, int(rate.Exponent())+to.Digits()-m.currency.Digits(), r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, to}, nil
}

// Sum returns the exact sum; it overflows only if the final sum does. Errors as
// for Add.
func Sum(c Currency, ms ...Money) (Money, error) {
	var s Accumulator
	for _, m := range ms {
		if m.currency != c {
			return Money{}, mismatch()
		}
		s.Add(m.minor, 1)
	}
	return s.Total(c, 1, HalfUp)
}

type wire struct {
	Amount   string   `json:"amount"`
	Currency Currency `json:"currency"`
}

// MarshalJSON returns {"amount":"1234.50","currency":"CNY"}, and null for the
// zero Money.
func (m Money) MarshalJSON() ([]byte, error) {
	if m == (Money{}) {
		return []byte("null"), nil
	}
	b := make([]byte, 0, 48)
	b = append(b, `{"amount":"`...)
	b = append(b, m.Amount()...)
	b = append(b, `","currency":`...)
	if m.currency.find() < 0 { // an unlisted code may hold quotes
		q, err := json.Marshal(string(m.currency))
		return append(append(b, q...), '}'), err
	}
	b = append(b, '"')
	b = append(b, m.currency...)
	return append(b, `"}`...), nil
}

// maxWire limits an amount's JSON, white space included, so a long one isn't
// copied before it is refused.
const maxWire = 1024

// own splits the output of MarshalJSON for a listed currency.
func own(s string) (amount string, code Currency, ok bool) {
	rest, ok := strings.CutPrefix(s, `{"amount":"`)
	if !ok {
		return "", "", false
	}
	amount, rest, ok = strings.Cut(rest, `","currency":"`)
	c, found := strings.CutSuffix(rest, `"}`)
	return amount, Currency(c), ok && found && len(c) == 3 && !strings.ContainsAny(amount, `"\`) && !strings.ContainsAny(c, `"\`)
}

// UnmarshalJSON parses the output of MarshalJSON, strictly. Errors as for Parse.
func (m *Money) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*m = Money{}
		return nil
	}
	if len(b) > maxWire {
		return badDecimal("too_long", "is longer than any amount")
	}
	if amount, code, ok := own(string(b)); ok {
		return m.parse(amount, code)
	}
	var w wire
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	err := dec.Decode(&w)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	if err != nil {
		return fault.Wrap(fault.ErrInvalid, "money.json", `must be {"amount":"…","currency":"…"}`, err)
	}
	return m.parse(w.Amount, w.Currency)
}

// parse is Parse with the paths of the JSON.
func (m *Money) parse(amount string, c Currency) error {
	v, err := Parse(amount, c)
	if err == nil {
		*m = v
		return nil
	}
	var e *fault.Error
	if !c.Valid() || !errors.As(err, &e) {
		return err
	}
	var f fault.Fields
	f.Merge("/amount", err)
	return fault.New(e.Kind, e.Code, e.Message, f.List()...)
}
