package money

import "math/big"

// Accumulator sums products of 64-bit integers exactly, such as amounts times
// basis points for a weighted pipeline (F2), and rounds once at the end. The zero
// value is ready to use; it isn't safe for concurrent use.
type Accumulator struct{ sum big.Int }

// Add adds minor × weight to the sum.
func (a *Accumulator) Add(minor, weight int64) {
	var p, w big.Int
	a.sum.Add(&a.sum, p.Mul(p.SetInt64(minor), w.SetInt64(weight)))
}

// Total returns the sum divided by a positive divisor (10000 for basis points),
// rounded once. Errors: ErrInvalid for a divisor that isn't positive, ErrLimit
// for overflow.
func (a *Accumulator) Total(c Currency, divisor int64, r Rounding) (Money, error) {
	if divisor <= 0 {
		return Money{}, badDecimal("not_positive", "the divisor must be positive")
	}
	minor, ok := quoBig(&a.sum, big.NewInt(divisor), r)
	if !ok {
		return Money{}, overflow()
	}
	return Money{minor, c}, nil
}
