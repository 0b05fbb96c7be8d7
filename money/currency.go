package money

import "github.com/pursuit-crm/pursuit/fault"

// Currency is an alphabetic code of ISO 4217, in capitals. The zero Currency is
// no currency.
type Currency string

// Some currencies, for convenience; ParseCurrency knows all active ones.
const (
	CNY Currency = "CNY"
	USD Currency = "USD"
	EUR Currency = "EUR"
	GBP Currency = "GBP"
	JPY Currency = "JPY"
	HKD Currency = "HKD"
	KWD Currency = "KWD"
	CLF Currency = "CLF"
)

// places maps three capital letters to the index in iso plus one; 0 means no
// currency. The list has fewer than 255.
var places = func() (t [26 * 26 * 26]uint8) {
	for i := range iso {
		k, _ := iso[i].code.key()
		t[k] = uint8(i + 1)
	}
	return t
}()

// key returns the number of a code of three capital letters.
func (c Currency) key() (int, bool) {
	if len(c) != 3 {
		return 0, false
	}
	x, y, z := c[0]-'A', c[1]-'A', c[2]-'A'
	return (int(x)*26+int(y))*26 + int(z), x < 26 && y < 26 && z < 26
}

// find returns the index in iso, or -1.
func (c Currency) find() int {
	if k, ok := c.key(); ok {
		return int(places[k]) - 1
	}
	return -1
}

// ParseCurrency parses a code. Errors: ErrInvalid unless it is an active currency
// of list one with minor units (gold and bond units have none).
func ParseCurrency(s string) (Currency, error) {
	if c := Currency(s); c.Valid() {
		return c, nil
	}
	return "", fault.Invalid("money.currency.unknown", fault.Field{Path: "/currency", Code: "unknown", Message: "is not an active ISO 4217 currency with minor units"})
}

// Valid reports whether amounts can be counted in c.
func (c Currency) Valid() bool {
	_, ok := c.scale()
	return ok
}

// Digits returns the number of decimals of an amount: 2 for most currencies, 0
// for JPY, 3 for KWD, 4 for CLF; 0 for an invalid currency.
func (c Currency) Digits() int {
	digits, _ := c.scale()
	return digits
}

// scale returns Digits and Valid together.
func (c Currency) scale() (digits int, ok bool) {
	if i := c.find(); i >= 0 && iso[i].digits >= 0 {
		return int(iso[i].digits), true
	}
	return 0, false
}

// Numeric returns the three-digit numeric code; 0 for an unknown currency.
func (c Currency) Numeric() int {
	if i := c.find(); i >= 0 {
		return iso[i].numeric
	}
	return 0
}

// Name returns the English name in the list; "" for an unknown currency.
func (c Currency) Name() string {
	if i := c.find(); i >= 0 {
		return iso[i].name
	}
	return ""
}

// Currencies returns all valid currencies, ordered by code.
func Currencies() []Currency {
	var out []Currency
	for i := range iso {
		if iso[i].digits >= 0 {
			out = append(out, iso[i].code)
		}
	}
	return out
}
