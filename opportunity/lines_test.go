package opportunity_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestL01_ALinesAmount(t *testing.T) {
	for _, x := range []struct {
		quantity, price, discount string
		currency                  money.Currency
		want                      string
	}{
		{"3", "100.50", "10", money.USD, "271.35"},                 // 3 × 100.50 × 0.9
		{"1", "0.005", "0", money.USD, "0.01"},                     // half up
		{"1", "0.004999", "0", money.USD, "0.00"},                  //
		{"0.000001", "1000000", "0", money.USD, "1.00"},            // six decimals
		{"999999999999", "0.000001", "0", money.USD, "1000000.00"}, // 999999.999999, rounded
		{"1", "10", "100", money.USD, "0.00"},                      // all of it off
		{"3", "33.333333", "33.333333", money.USD, "66.67"},        // 66.6666663…
		{"3", "1.5", "0", money.JPY, "5"},                          // no minor units: 4.5 up
		{"1", "1.0005", "0", money.KWD, "1.001"},                   // three digits
		{"1", "1.00005", "0", money.CLF, "1.0001"},                 // four digits
	} {
		in := basic()
		in.Currency, in.Estimated = x.currency, money.Money{}
		in.Lines = []opportunity.LineInput{{Product: "p", Quantity: dec(x.quantity), Price: dec(x.price), Discount: dec(x.discount)}}
		d := record(t, in)
		require.Equal(t, x.want, d.snap.Lines[0].Amount.Amount(), "%+v", x)
		require.Equal(t, x.currency, d.snap.LineTotal.Currency())
	}
}

func TestL01_WhatALineMustBe(t *testing.T) {
	d := record(t, basic())
	ok := line("1")
	for _, x := range []struct {
		name   string
		change func(l *opportunity.LineInput)
		want   []string
	}{
		{"neither product nor description", func(l *opportunity.LineInput) { l.Product = "" }, []string{"/lines/0/product required"}},
		{"zero pieces", func(l *opportunity.LineInput) { l.Quantity = dec("0") }, []string{"/lines/0/quantity not_positive"}},
		{"seven decimals", func(l *opportunity.LineInput) {
			l.Quantity, l.Price, l.Discount = dec("1.0000001"), dec("1.0000001"), dec("1.0000001")
		},
			[]string{"/lines/0/discount too_precise", "/lines/0/price too_precise", "/lines/0/quantity too_precise"}},
		{"too many digits", func(l *opportunity.LineInput) { l.Quantity, l.Price = dec("1000000000000"), dec("100000000000000") },
			[]string{"/lines/0/price too_large", "/lines/0/quantity too_large"}},
		{"below zero", func(l *opportunity.LineInput) { l.Price, l.Discount, l.Tax = dec("-0.01"), dec("-1"), ptr(dec("-1")) },
			[]string{"/lines/0/discount out_of_range", "/lines/0/price negative", "/lines/0/tax out_of_range"}},
		{"above a hundred", func(l *opportunity.LineInput) { l.Discount, l.Tax = dec("100.000001"), ptr(dec("100.0001")) },
			[]string{"/lines/0/discount out_of_range", "/lines/0/tax out_of_range"}},
		{"a hostile decimal", func(l *opportunity.LineInput) { l.Price = decimal.New(1, math.MaxInt32) }, []string{"/lines/0/price too_large"}},
		{"an amount that is too large", func(l *opportunity.LineInput) { l.Quantity, l.Price = dec("999999999999"), dec("99999999999999") }, []string{"/lines/0 overflow"}},
	} {
		t.Run("L01/"+x.name, func(t *testing.T) {
			l := ok
			x.change(&l)
			require.Equal(t, x.want, d.refused(fault.ErrInvalid, none, addLines(l)))
		})
	}
	d.must(none, addLines(opportunity.LineInput{Description: " Fitting ", Quantity: dec("1.500000"), Price: dec("0"), Discount: dec("100.0"), Tax: ptr(dec("0.00"))}))
	l := d.snap.Lines[0]
	require.Equal(t, []string{"Fitting", "1.5", "0", "100", "0"}, []string{l.Description, l.Quantity.String(), l.Price.String(), l.Discount.String(), l.Tax.String()})
	require.Equal(t, []string{"/lines required"}, d.refused(fault.ErrInvalid, none, addLines()))
}

// huge is just below what 64 bits hold.
var huge = opportunity.LineInput{Product: "GTX", Quantity: dec("1000"), Price: dec("92233720368547.758")}

func TestL02_TheTotalIsTheExactSumOfRoundedAmounts(t *testing.T) {
	d := record(t, basic())
	d.must(none, addLines(line("0.005"), line("0.005"), line("0.005")))
	require.Equal(t, "0.03", d.snap.LineTotal.Amount()) // not 0.015 rounded
	d.must(lines, updateLine(2, huge.Update()))
	require.Equal(t, "92233720368547758.02", d.snap.LineTotal.Amount())
	require.Equal(t, []string{"/lines overflow"}, d.refused(fault.ErrInvalid, none, addLines(line("1"))))
	require.Equal(t, []string{"/lines overflow"}, d.refused(fault.ErrInvalid, none, addLines(huge, line("1"))))
	require.Equal(t, []string{"/lines overflow"}, d.refused(fault.ErrInvalid, lines, updateLine(1, line("1").Update())))
	d.must(lines, removeLines(2))
	require.Equal(t, "0.02", d.snap.LineTotal.Amount())
	in := basic()
	in.Lines = []opportunity.LineInput{huge, line("1")}
	require.Equal(t, []string{"/lines overflow"}, fields(tryNew(t, in, found(), rules(crmV1))))
}

func TestL03_LineNumbersAreStable(t *testing.T) {
	d := record(t, basic())
	many := make([]opportunity.LineInput, opportunity.MaxLines)
	for i := range many {
		many[i] = line("1")
	}
	o := d.load(none)
	at := d.next()
	got, err := o.AddLines(many, at)
	require.NoError(t, err)
	require.Equal(t, 500, got[len(got)-1])
	d.must(none, addLines(many...))
	require.Equal(t, []string{"/lines too_many"}, d.refused(fault.ErrLimit, none, addLines(line("1"))))
	d.must(lines, removeLines(500, 7))
	d.must(none, addLines(line("2")))
	require.Equal(t, 501, d.snap.Lines[498].Number) // 500 isn't given again
	require.Equal(t, 8, d.snap.Lines[6].Number)     // nor do the others move up
	require.ErrorIs(t, d.try(lines, removeLines(1, 7)), fault.ErrNotFound)
	require.ErrorIs(t, d.try(lines, updateLine(7, line("1").Update())), fault.ErrNotFound)
	require.Equal(t, []string{"/numbers required"}, d.refused(fault.ErrInvalid, lines, removeLines()))
	require.Equal(t, []string{"/quantity not_positive"}, d.refused(fault.ErrInvalid, lines, updateLine(1, opportunity.LineInput{Product: "x"}.Update())))
}
