package money

import (
	"maps"
	"math/big"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// Rate is the number of units of To that one unit of From was worth.
type Rate struct {
	From, To Currency
	Value    decimal.Decimal
	// On is the day of the quotations used.
	On calendar.Date
	// Source names who quoted the rate.
	Source string
}

// Rates looks up the rate of a pair on a date. Implementations are safe for
// concurrent use.
type Rates interface {
	// Rate returns the rate of the day, or of the last earlier day that has one.
	// Errors: ErrNotFound ("money.rate.missing"); a missing rate is never 1.
	Rate(from, to Currency, on calendar.Date) (Rate, error)
}

// Table is a history of rates against one base currency. It is immutable.
type Table struct {
	base    Currency
	source  string
	columns map[Currency]int
	days    []day // ascending
}

// day holds the quotations of one day by column: units of the currency for one
// of the base, 0 for none.
type day struct {
	on     calendar.Date
	quotes []decimal.Decimal
}

// MaxRateDigits is the precision of a cross rate: digits after its point.
const MaxRateDigits = MaxFracDigits

// Rate crosses two currencies through the base, to MaxRateDigits decimals,
// half-even. For a day without quotations (a weekend, a holiday, a day after the
// last) it uses the last earlier day that has them; Rate.On is that day. A
// currency that isn't quoted on that day is missing: a discontinued or suspended
// currency keeps no rate. Errors as for Rates; ErrLimit ("money.rate.precision")
// for a rate that would round to zero.
func (t *Table) Rate(from, to Currency, on calendar.Date) (Rate, error) {
	if from == to && from != "" {
		return Rate{From: from, To: to, Value: decimal.New(1, 0), On: on, Source: t.source}, nil
	}
	a, b, day, err := t.pair(from, to, on)
	if err != nil {
		return Rate{}, err
	}
	v := b
	if from != t.base {
		v = b.DivRound(a, MaxRateDigits+8).RoundBank(MaxRateDigits)
	}
	if !v.IsPositive() {
		return Rate{}, fault.New(fault.ErrLimit, "money.rate.precision", "the rate is too small to be said")
	}
	return Rate{From: from, To: to, Value: v, On: day, Source: t.source}, nil
}

// pair returns the units of two currencies that one unit of the base is worth,
// and the day of the quotations.
func (t *Table) pair(from, to Currency, on calendar.Date) (a, b decimal.Decimal, day calendar.Date, err error) {
	i := sort.Search(len(t.days), func(i int) bool { return t.days[i].on.After(on) })
	if i == 0 {
		return a, b, day, missing()
	}
	d := t.days[i-1]
	get := func(c Currency) (decimal.Decimal, bool) {
		if c == t.base {
			return decimal.New(1, 0), true
		}
		k, ok := t.columns[c]
		if !ok || k >= len(d.quotes) {
			return decimal.Decimal{}, false
		}
		return d.quotes[k], d.quotes[k].IsPositive()
	}
	a, ok1 := get(from)
	b, ok2 := get(to)
	if !ok1 || !ok2 {
		return a, b, day, missing()
	}
	return a, b, d.on, nil
}

func missing() error {
	return fault.New(fault.ErrNotFound, "money.rate.missing", "there is no rate for this pair on or before that date")
}

// exact converts without rounding the rate first; the caller found the pair with
// Rate.
func (t *Table) exact(m Money, to Currency, on calendar.Date, r Rounding) (Money, error) {
	a, b, _, _ := t.pair(m.currency, to, on)
	// minor × b ÷ a, each a coefficient and a power of ten.
	num := new(big.Int).Mul(big.NewInt(m.minor), b.Coefficient())
	den := a.Coefficient()
	if shift := int64(b.Exponent()) - int64(a.Exponent()) + int64(to.Digits()-m.currency.Digits()); shift >= 0 {
		num.Mul(num, new(big.Int).Exp(big.NewInt(10), big.NewInt(shift), nil))
	} else {
		den.Mul(den, new(big.Int).Exp(big.NewInt(10), big.NewInt(-shift), nil))
	}
	minor, ok := quoBig(num, den, r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, to}, nil
}

// Exchange converts an amount at the rate of a day, and returns the rate used. It
// rounds once, to the scale of the target currency: it uses a Table's cross rates
// unrounded (Rate.Value shows them to MaxRateDigits decimals), and takes
// Rate.Value of other Rates as it is. It returns an amount already in the target
// currency unchanged. Errors: ErrNotFound ("money.rate.missing"), never a rate of
// 1; ErrInvalid for an unknown currency or a rate that isn't positive or is out
// of bounds; ErrLimit for overflow.
func Exchange(m Money, to Currency, on calendar.Date, rates Rates, r Rounding) (Money, Rate, error) {
	for _, c := range []Currency{m.currency, to} {
		if !c.Valid() {
			_, err := ParseCurrency(string(c))
			return Money{}, Rate{}, err
		}
	}
	if rates == nil {
		return Money{}, Rate{}, missing()
	}
	rate, err := rates.Rate(m.currency, to, on)
	if err != nil {
		return Money{}, Rate{}, err
	}
	if err := CheckDecimal(rate.Value, MaxIntDigits, MaxFracDigits); err != nil {
		return Money{}, Rate{}, err
	}
	if !rate.Value.IsPositive() {
		return Money{}, Rate{}, badDecimal("not_positive", "the rate must be positive")
	}
	var out Money
	if t, ok := rates.(*Table); ok && m.currency != to {
		out, err = t.exact(m, to, on, r)
	} else {
		out, err = m.Convert(rate.Value, to, r)
	}
	if err != nil {
		return Money{}, Rate{}, err
	}
	return out, rate, nil
}

// Currencies returns the base and every currency with a quotation, ordered by
// code.
func (t *Table) Currencies() []Currency {
	all := map[Currency]bool{t.base: true}
	for c, k := range t.columns {
		for _, d := range t.days {
			if k < len(d.quotes) && d.quotes[k].IsPositive() {
				all[c] = true
				break
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
