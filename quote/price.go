package quote

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/sum"
	"github.com/pursuit-crm/pursuit/money"
)

// calc computes with one error check at the end.
type calc struct{ sum.Calc }

func newCalc(currency money.Currency) *calc { return &calc{sum.Calc{Currency: currency}} }

// RateTotal is a quote's total at one tax rate. Gross is Net + Tax.
type RateTotal struct {
	// Rate is in percent; nil for lines without a tax rate.
	Rate  *decimal.Decimal `json:"rate,omitempty"`
	Net   money.Money      `json:"net"`
	Tax   money.Money      `json:"tax"`
	Gross money.Money      `json:"gross"`
}

// RateTotals returns the totals per tax rate of a quote's lines, by rising rate,
// with lines without one first. They add up to the quote's totals exactly.
// Errors: ErrLimit if they overflow.
func RateTotals(lines []Line) ([]RateTotal, error) {
	var out []RateTotal
	for i := range lines {
		l := &lines[i]
		c := newCalc(l.Amount.Currency())
		at, found := slices.BinarySearchFunc(out, l.Tax, func(t RateTotal, rate *decimal.Decimal) int { return compareRates(t.Rate, rate) })
		if !found {
			zero := money.Zero(c.Currency)
			out = slices.Insert(out, at, RateTotal{Rate: l.Clone().Tax, Net: zero, Tax: zero, Gross: zero})
		}
		t := &out[at]
		t.Net, t.Tax = c.Add(t.Net, l.Net), c.Add(t.Tax, l.TaxAmount)
		t.Gross = c.Add(t.Net, t.Tax)
		if c.Err != nil {
			return nil, c.Err
		}
	}
	return out, nil
}

func compareRates(a, b *decimal.Decimal) int {
	if a == nil || b == nil {
		return cmp.Compare(flag(a != nil), flag(b != nil))
	}
	return a.Cmp(*b)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// price computes the totals of the lines, and writes them into the content and
// the lines. It rounds half-up to the currency's scale in exactly three places:
// each line's amount (which the line already has), the discount on the whole
// quote if it is in percent, and the tax of each rate. An amount that is rounded
// as a whole is allocated to lines by largest remainder, so that all sums are
// exact.
func price(c *Content, lines []Line, treatment money.TaxTreatment, currency money.Currency) error {
	k := newCalc(currency)
	zero := money.Zero(currency)
	amounts := make([]int64, len(lines))
	c.Subtotal, c.Lines = zero, len(lines)
	for i := range lines {
		amounts[i] = lines[i].Amount.Minor()
		c.Subtotal = k.Add(c.Subtotal, lines[i].Amount)
	}
	c.Discounted = c.DiscountAmount
	if c.DiscountAmount.IsZero() {
		c.Discounted = k.Keep(c.Subtotal.Percent(c.Discount, money.HalfUp))
	}
	if k.Err != nil {
		return k.Err
	}
	if c.Discounted.Minor() > c.Subtotal.Minor() {
		return fault.Invalid("quote.discount.invalid", fault.Field{Path: "/discount_amount", Code: "too_large", Message: "is more than the lines come to"})
	}
	for i, share := range k.share(c.Discounted, amounts) {
		lines[i].Share = share
	}
	c.Net, c.Tax = zero, zero
	for _, rate := range ratesOf(lines) {
		var at []int
		var weights []int64
		base := zero
		for i := range lines {
			if compareRates(lines[i].Tax, rate) == 0 {
				rest := k.Sub(lines[i].Amount, lines[i].Share)
				at, weights, base = append(at, i), append(weights, rest.Minor()), k.Add(base, rest)
			}
		}
		tax := k.tax(base, rate, treatment)
		c.Tax = k.Add(c.Tax, tax)
		for j, share := range k.share(tax, weights) {
			l := &lines[at[j]]
			l.TaxAmount, l.Net = share, money.FromMinor(weights[j], currency)
			if treatment == money.TaxInclusive {
				l.Net = k.Sub(l.Net, share)
			}
			c.Net = k.Add(c.Net, l.Net)
		}
	}
	c.Gross = k.Add(c.Net, c.Tax)
	return k.Err
}

// tax returns the tax of a rate's lines taken together, rounded once.
func (k *calc) tax(base money.Money, rate *decimal.Decimal, treatment money.TaxTreatment) money.Money {
	if rate == nil {
		return money.Zero(k.Currency)
	}
	if treatment == money.TaxExclusive {
		return k.Keep(base.Percent(*rate, money.HalfUp))
	}
	hundred := decimal.New(100, 0)
	d := decimal.NewFromInt(base.Minor()).Mul(*rate).DivRound(hundred.Add(*rate), 0)
	return money.FromMinor(d.IntPart(), k.Currency) // less than the base
}

// share allocates an amount by weights; zero needs no weights.
func (k *calc) share(m money.Money, weights []int64) []money.Money {
	if m.IsZero() {
		out := make([]money.Money, len(weights))
		for i := range out {
			out[i] = money.Zero(k.Currency)
		}
		return out
	}
	out, err := m.Allocate(weights...)
	k.Keep(m, err)
	return out
}

// ratesOf returns the distinct rates of lines, rising.
func ratesOf(lines []Line) []*decimal.Decimal {
	var out []*decimal.Decimal
	for i := range lines {
		if at, found := slices.BinarySearchFunc(out, lines[i].Tax, compareRates); !found {
			out = slices.Insert(out, at, lines[i].Tax)
		}
	}
	return out
}
