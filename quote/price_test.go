package quote_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// priced is a quote in figures: subtotal, discounted, net, tax, gross; by line
// amount, share, net, tax; by rate rate, net, tax, gross.
type priced struct {
	totals string
	lines  []string
	rates  []string
}

func priceOf(t *testing.T, s quote.Snapshot) (p priced) {
	t.Helper()
	join := func(ms ...money.Money) (out string) {
		for i, m := range ms {
			if i > 0 {
				out += " "
			}
			out += m.Amount()
		}
		return out
	}
	p.totals = join(s.Subtotal, s.Discounted, s.Net, s.Tax, s.Gross)
	for _, l := range s.Items {
		p.lines = append(p.lines, join(l.Amount, l.Share, l.Net, l.TaxAmount))
	}
	rates, err := quote.RateTotals(s.Items)
	require.NoError(t, err)
	for _, r := range rates {
		p.rates = append(p.rates, text(r.Rate)+" "+join(r.Net, r.Tax, r.Gross))
	}
	return p
}

// TestQ02_WorkedExamples are computed by hand.
func TestQ02_WorkedExamples(t *testing.T) {
	mixed := []opportunity.LineInput{
		item("3", "33.335", "10", "13"), // 100.005 × 0.9 = 90.0045 → 90.00
		item("7", "1.115", "0", "13"),   // 7.805 → 7.81
		item("1", "100.50", "0", "6"),   // 100.50
		item("1", "0.33", "0", ""),      // 0.33
	}
	hundred := amount("100.00", money.CNY)
	for _, x := range []struct {
		name      string
		currency  money.Currency
		treatment money.TaxTreatment
		in        quote.CreateInput
		want      priced
	}{
		{"mixed rates, exclusive", money.CNY, money.TaxExclusive, quote.CreateInput{Lines: mixed}, priced{
			// 13 % of 90.00 + 7.81 = 97.81: 12.7153 → 12.72. Shared out by 9000 : 781 it is
			// 1170.43… and 101.56…: 11.70, and, with the unit that is left, 1.02.
			// 6 % of 100.50: 6.03.
			"198.64 0.00 198.64 18.75 217.39",
			[]string{"90.00 0.00 90.00 11.70", "7.81 0.00 7.81 1.02", "100.50 0.00 100.50 6.03", "0.33 0.00 0.33 0.00"},
			[]string{"nil 0.33 0.00 0.33", "6 100.50 6.03 106.53", "13 97.81 12.72 110.53"},
		}},
		{"a discount of 5 % on the whole", money.CNY, money.TaxExclusive, quote.CreateInput{Lines: mixed, Discount: dec("5")}, priced{
			// 5 % of 198.64: 9.932 → 9.93. By 9000 : 781 : 10050 : 33 of 19864 that is 449.90…,
			// 39.04…, 502.39…, 1.64…; the two units that are left go to the first and the last.
			// 13 % of 85.50 + 7.42 = 92.92: 12.0796 → 12.08, as 1111.53… and 96.46…: 11.12 and 0.96.
			// 6 % of 95.48: 5.7288 → 5.73.
			"198.64 9.93 188.71 17.81 206.52",
			[]string{"90.00 4.50 85.50 11.12", "7.81 0.39 7.42 0.96", "100.50 5.02 95.48 5.73", "0.33 0.02 0.31 0.00"},
			[]string{"nil 0.31 0.00 0.31", "6 95.48 5.73 101.21", "13 92.92 12.08 105.00"},
		}},
		{"an amount off three equal lines", money.CNY, money.TaxExclusive,
			quote.CreateInput{Lines: []opportunity.LineInput{item("1", "100", "0", ""), item("1", "100", "0", ""), item("1", "100", "0", "0")}, DiscountAmount: &hundred}, priced{
				// 33.33 each, and a unit is left: the earliest gets it.
				"300.00 100.00 200.00 0.00 200.00",
				[]string{"100.00 33.34 66.66 0.00", "100.00 33.33 66.67 0.00", "100.00 33.33 66.67 0.00"},
				[]string{"nil 133.33 0.00 133.33", "0 66.67 0.00 66.67"}, // 0 % isn't no rate
			}},
		{"mixed rates, inclusive", money.EUR, money.TaxInclusive,
			quote.CreateInput{Lines: []opportunity.LineInput{item("1", "10", "0", "19"), item("1", "9.99", "0", "19"), item("1", "5", "0", "7")}}, priced{
				// 19.99 × 19 ÷ 119 = 3.1916… → 3.19, as 159.57… and 159.42…: 1.60 and 1.59.
				// 5.00 × 7 ÷ 107 = 0.3271… → 0.33.
				"24.99 0.00 21.47 3.52 24.99",
				[]string{"10.00 0.00 8.40 1.60", "9.99 0.00 8.40 1.59", "5.00 0.00 4.67 0.33"},
				[]string{"7 4.67 0.33 5.00", "19 16.80 3.19 19.99"},
			}},
		{"yen: no decimals", money.JPY, money.TaxExclusive,
			quote.CreateInput{Lines: []opportunity.LineInput{item("3", "333.5", "0", "10"), item("1", "98.4", "0", "10")}, Discount: dec("2.5")}, priced{
				// 1000.5 → 1001; 98.4 → 98. 2.5 % of 1099: 27.475 → 27, as 24.59… and 2.40…: 25 and 2.
				// 10 % of 1072: 107.2 → 107, as 97.41… and 9.58…: 97 and 10.
				"1099 27 1072 107 1179",
				[]string{"1001 25 976 97", "98 2 96 10"},
				[]string{"10 1072 107 1179"},
			}},
		{"dinars: three decimals, inclusive", "KWD", money.TaxInclusive,
			quote.CreateInput{Lines: []opportunity.LineInput{item("7", "1.2345", "0", "5"), item("2", "0.0005", "50", "5")}}, priced{
				// 8.6415 → 8.642; 0.001 × 0.5 = 0.0005 → 0.001.
				// 8.643 × 5 ÷ 105 = 0.4115… → 0.412, as 411.95… and 0.04…: 0.412 and nothing.
				"8.643 0.000 8.231 0.412 8.643",
				[]string{"8.642 0.000 8.230 0.412", "0.001 0.000 0.001 0.000"},
				[]string{"5 8.231 0.412 8.643"},
			}},
		{"all of it off", money.CNY, money.TaxInclusive, quote.CreateInput{Lines: []opportunity.LineInput{item("1", "100", "0", "13")}, Discount: dec("100")}, priced{
			"100.00 100.00 0.00 0.00 0.00", []string{"100.00 100.00 0.00 0.00"}, []string{"13 0.00 0.00 0.00"},
		}},
		{"nothing to pay", money.CNY, money.TaxExclusive, quote.CreateInput{Lines: []opportunity.LineInput{item("1", "0", "0", "13")}, Discount: dec("10")}, priced{
			"0.00 0.00 0.00 0.00 0.00", []string{"0.00 0.00 0.00 0.00"}, []string{"13 0.00 0.00 0.00"},
		}},
	} {
		t.Run("Q02/"+x.name, func(t *testing.T) {
			b := offerOf(t, open(x.currency, x.treatment), x.in)
			require.Equal(t, x.want, priceOf(t, b.s))
		})
	}
}

// sums checks that a quote's figures add up in every direction.
func sums(t *testing.T, s quote.Snapshot) {
	t.Helper()
	var subtotal, discounted, net, tax int64
	for _, l := range s.Items {
		for _, m := range []money.Money{l.Amount, l.Share, l.Net, l.TaxAmount} {
			require.GreaterOrEqual(t, m.Sign(), 0)
		}
		rest := l.Amount.Minor() - l.Share.Minor()
		if s.TaxTreatment == money.TaxInclusive {
			require.Equal(t, rest, l.Net.Minor()+l.TaxAmount.Minor())
		} else {
			require.Equal(t, rest, l.Net.Minor())
		}
		subtotal, discounted, net, tax = subtotal+l.Amount.Minor(), discounted+l.Share.Minor(), net+l.Net.Minor(), tax+l.TaxAmount.Minor()
	}
	require.Equal(t, []int64{subtotal, discounted, net, tax, net + tax},
		[]int64{s.Subtotal.Minor(), s.Discounted.Minor(), s.Net.Minor(), s.Tax.Minor(), s.Gross.Minor()})
	rates, err := quote.RateTotals(s.Items)
	require.NoError(t, err)
	var rNet, rTax, rGross int64
	for _, r := range rates {
		require.Equal(t, r.Gross.Minor(), r.Net.Minor()+r.Tax.Minor())
		rNet, rTax, rGross = rNet+r.Net.Minor(), rTax+r.Tax.Minor(), rGross+r.Gross.Minor()
	}
	require.Equal(t, []int64{net, tax, net + tax}, []int64{rNet, rTax, rGross})
}

// TestQ02_RandomQuotesAddUp tries quotes of all sorts.
func TestQ02_RandomQuotesAddUp(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 3))
	some := func(of ...string) string { return of[g.IntN(len(of))] }
	number := func(most, decimals int) string {
		return strconv.Itoa(g.IntN(most)) + "." + strconv.Itoa(g.IntN(decimals))
	}
	for range 3000 {
		currency := []money.Currency{money.CNY, money.JPY, "KWD", money.USD}[g.IntN(4)]
		treatment := []money.TaxTreatment{money.TaxExclusive, money.TaxInclusive}[g.IntN(2)]
		var in quote.CreateInput
		for range 1 + g.IntN(12) {
			in.Lines = append(in.Lines, item(number(50, 99999)+"1", number(2000, 999999), some("0", "0", "10", "33.333333", "100"), some("", "0", "6", "13", "9.975", "100")))
		}
		switch g.IntN(3) {
		case 0:
			in.Discount = dec(some("1", "5", "33.333333", "99.999999", "100"))
		case 1:
			m := money.FromMinor(g.Int64N(1000), currency)
			in.DiscountAmount = &m
		}
		q, err := quote.New(id(7), "QUO-1", open(currency, treatment), in, at(0))
		if err != nil { // the amount may be more than the lines come to
			require.Equal(t, []string{"/discount_amount too_large"}, paths(err))
			continue
		}
		sums(t, q.Snapshot())
	}
}

// TestQ02_TheSumsHaveTeeth is the twin: rounding the tax by line instead of by rate
// gives other totals.
func TestQ02_TheSumsHaveTeeth(t *testing.T) {
	b := offerOf(t, open(money.CNY, money.TaxExclusive), quote.CreateInput{Lines: []opportunity.LineInput{
		item("1", "0.04", "0", "13"), item("1", "0.04", "0", "13"), // 0.0052 each → 0.01 each; together 0.0104 → 0.01
	}})
	require.Equal(t, "0.01", b.s.Tax.Amount())
	byLine := money.Zero(money.CNY)
	for _, l := range b.s.Items {
		tax, err := l.Net.Percent(*l.Tax, money.HalfUp)
		require.NoError(t, err)
		byLine, err = byLine.Add(tax)
		require.NoError(t, err)
	}
	require.Equal(t, "0.02", byLine.Amount())
}

func TestL02_TotalsThatOverflowAreRefused(t *testing.T) {
	most := item("999999999", "89999999.99", "0", "100")                    // nearly as much as money holds
	for _, lines := range [][]opportunity.LineInput{{most}, {most, most}} { // the gross, the subtotal
		_, err := quote.New(id(7), "QUO-1", open(money.CNY, money.TaxExclusive), quote.CreateInput{Lines: lines}, at(0))
		require.ErrorIs(t, err, fault.ErrLimit)
	}
	_, err := quote.New(id(7), "QUO-1", open(money.CNY, money.TaxInclusive), quote.CreateInput{Lines: []opportunity.LineInput{most}}, at(0))
	require.NoError(t, err)
}
