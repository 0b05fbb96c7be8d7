package money

import (
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

var pow10 = [...]uint64{1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
	10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
	10000000000000000, 100000000000000000, 1000000000000000000, 10000000000000000000}

// LineAmount returns quantity × price × (1 − discount ÷ 100), rounded once to the
// currency's scale (L01). The discount is in percent, 0 to 100. Operands of up to
// 18 digits whose product fits into 128 bits don't allocate; others take a slower
// exact path. Errors: ErrInvalid for an unknown currency or an operand out of
// bounds, ErrLimit for overflow. The caller checks signs and the discount's
// range.
func LineAmount(quantity, price, discount decimal.Decimal, c Currency, r Rounding) (Money, error) {
	q, qe, ok1 := small(quantity)
	p, pe, ok2 := small(price)
	d, de, ok3 := small(discount)
	digits, known := c.scale()
	if known && ok1 && ok2 && ok3 && de <= 8 {
		hundred := 100 * int64(pow10[de])
		if d <= hundred {
			if minor, ok := lineFast(uint64(q), uint64(p), uint64(hundred-d), qe+pe+de+2-digits, r); ok {
				return Money{minor, c}, nil
			}
		}
	}
	return lineBig(quantity, price, discount, c, r)
}

// most holds 10^18 − 1 at each allowed scale: decimals of one scale compare
// without allocating.
var most = func() (list [MaxFracDigits + 1]decimal.Decimal) {
	for i := range list {
		list[i] = decimal.New(int64(pow10[18])-1, -int32(i))
	}
	return list
}()

// small splits a decimal of at least zero without allocating, however big it is:
// its value is n ÷ 10^scale. A decimal with more than MaxFracDigits digits after
// its point is left to the exact path, which refuses it unless they are zeros.
func small(d decimal.Decimal) (n int64, scale int, ok bool) {
	e := int(d.Exponent())
	switch d.Sign() {
	case -1:
		return 0, 0, false
	case 0:
		return 0, 0, e >= -1000 && e <= 1000
	}
	if e > 0 || e < -MaxFracDigits || d.Cmp(most[-e]) > 0 {
		return 0, 0, false
	}
	return d.CoefficientInt64(), -e, true
}

// lineFast computes q × p × f ÷ 10^scale in 128 bits; ok is false if it doesn't
// fit.
func lineFast(q, p, f uint64, scale int, r Rounding) (int64, bool) {
	hi, lo := bits.Mul64(q, p)
	h2, l2 := bits.Mul64(lo, f)
	h3, l3 := bits.Mul64(hi, f)
	if h3 != 0 {
		return 0, false
	}
	hi, carry := bits.Add64(h2, l3, 0)
	if carry != 0 || scale < 0 {
		return 0, false
	}
	lo = l2
	// Divide in steps of at most 10^19 and keep the remainder sticky: only the
	// last step rounds, and digits cut off earlier only break ties.
	sticky := false
	for scale > 19 {
		d := pow10[10]
		var rem uint64
		hiq := hi / d
		loq, rem := bits.Div64(hi%d, lo, d)
		hi, lo = hiq, loq
		sticky = sticky || rem != 0
		scale -= 10
	}
	d := pow10[scale]
	if hi >= d {
		return 0, false
	}
	quo, rem := bits.Div64(hi, lo, d)
	up := false
	switch half := d / 2; {
	case d == 1:
	case rem > half:
		up = true
	case rem == half:
		up = sticky || r == HalfUp || quo&1 == 1
	}
	if quo > 1<<63-2 {
		return 0, false
	}
	if up {
		quo++
	}
	return int64(quo), true
}

func lineBig(quantity, price, discount decimal.Decimal, c Currency, r Rounding) (Money, error) {
	for _, d := range []decimal.Decimal{quantity, price, discount} {
		if err := CheckDecimal(d, MaxIntDigits, MaxFracDigits); err != nil {
			return Money{}, err
		}
	}
	if !c.Valid() {
		_, err := ParseCurrency(string(c))
		return Money{}, err
	}
	factor := decimal.New(100, 0).Sub(discount)
	v := new(big.Int).Mul(quantity.Coefficient(), price.Coefficient())
	v.Mul(v, factor.Coefficient())
	exp := int(quantity.Exponent()) + int(price.Exponent()) + int(factor.Exponent()) - 2 + c.Digits()
	minor, ok := roundBig(v, exp, r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, c}, nil
}
