package order

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/money"
)

// TaxTotal is the total of the lines at one tax rate. Gross is Net + Tax.
type TaxTotal struct {
	// Rate is in percent; nil for lines without a tax rate.
	Rate  *decimal.Decimal `json:"rate,omitempty"`
	Net   money.Money      `json:"net"`
	Tax   money.Money      `json:"tax"`
	Gross money.Money      `json:"gross"`
}

// Totals are an order's totals. Gross is Net + Tax, and each is the exact sum of
// Rates (Q07).
type Totals struct {
	Net   money.Money `json:"net"`
	Tax   money.Money `json:"tax"`
	Gross money.Money `json:"gross"`
	// Rates are by rising rate, with lines without one first.
	Rates []TaxTotal `json:"rates"`
}

// TotalsOf returns an order's totals, by tax rate. The tax of a rate is computed
// on its lines together, rounded half up once to the currency's scale: added to
// their amounts if the order's TaxTreatment is TaxExclusive, contained in them if
// it is TaxInclusive. Errors: ErrLimit if it overflows.
func TotalsOf(s Snapshot) (Totals, error) {
	c := newCalc(s.Currency)
	zero := money.Zero(s.Currency)
	out := Totals{Net: zero, Tax: zero, Gross: zero}
	taxes := c.taxes(s.Items, s.TaxTreatment)
	for i := range s.Items {
		l := &s.Items[i]
		at, found := slices.BinarySearchFunc(out.Rates, l.Tax, func(t TaxTotal, rate *decimal.Decimal) int { return byRate(t.Rate, rate) })
		if !found {
			out.Rates = slices.Insert(out.Rates, at, TaxTotal{Rate: l.Clone().Tax, Net: zero, Tax: zero, Gross: zero})
		}
		t := &out.Rates[at]
		gross := c.payable(l, taxes[i], s.TaxTreatment)
		net := c.Sub(gross, taxes[i])
		t.Net, t.Tax, t.Gross = c.Add(t.Net, net), c.Add(t.Tax, taxes[i]), c.Add(t.Gross, gross)
		out.Net, out.Tax, out.Gross = c.Add(out.Net, net), c.Add(out.Tax, taxes[i]), c.Add(out.Gross, gross)
	}
	if c.Err != nil {
		return Totals{}, c.Err
	}
	return out, nil
}

func grossOf(lines []Line, treatment money.TaxTreatment, currency money.Currency) (money.Money, error) {
	c := newCalc(currency)
	sum := money.Zero(currency)
	for i, tax := range c.taxes(lines, treatment) {
		sum = c.Add(sum, c.payable(&lines[i], tax, treatment))
	}
	return sum, c.Err
}

// payable returns a line's amount with its tax.
func (c *calc) payable(l *Line, tax money.Money, treatment money.TaxTreatment) money.Money {
	if treatment == money.TaxExclusive {
		return c.Add(l.Amount, tax)
	}
	return l.Amount
}

// taxes returns each line's tax: the rate's tax, allocated to the rate's lines by
// largest remainder, so that the sums are exact.
func (c *calc) taxes(lines []Line, treatment money.TaxTreatment) []money.Money {
	out := make([]money.Money, len(lines))
	order := make([]int, len(lines))
	for i := range lines {
		out[i], order[i] = money.Zero(c.Currency), i
	}
	if treatment == "" {
		return out
	}
	slices.SortStableFunc(order, func(a, b int) int { return byRate(lines[a].Tax, lines[b].Tax) })
	for from := 0; from < len(order); {
		rate := lines[order[from]].Tax
		to, base := from, money.Zero(c.Currency)
		var weights []int64
		for ; to < len(order) && byRate(lines[order[to]].Tax, rate) == 0; to++ {
			amount := lines[order[to]].Amount
			base, weights = c.Add(base, amount), append(weights, amount.Minor())
		}
		if tax := c.rated(base, rate, treatment); !tax.IsZero() && c.Err == nil {
			shares, err := tax.Allocate(weights...)
			c.Keep(tax, err)
			for i := range shares {
				out[order[from+i]] = shares[i]
			}
		}
		from = to
	}
	return out
}

// rated returns the tax of an amount at a rate, rounded half up.
func (c *calc) rated(base money.Money, rate *decimal.Decimal, treatment money.TaxTreatment) money.Money {
	switch {
	case rate == nil:
		return money.Zero(c.Currency)
	case treatment == money.TaxExclusive:
		return c.Keep(base.Percent(*rate, money.HalfUp))
	}
	whole := rate.Add(decimal.New(100, 0))
	d := decimal.NewFromInt(base.Minor()).Mul(*rate).DivRound(whole, 0)
	return money.FromMinor(d.IntPart(), c.Currency) // less than the base
}

// byRate compares tax rates; no rate is less than any.
func byRate(a, b *decimal.Decimal) int {
	switch {
	case a != nil && b != nil:
		return a.Cmp(*b)
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	}
	return 1
}
