package money

import (
	"math/big"
	"sort"

	"github.com/pursuit-crm/pursuit/fault"
)

// Allocate splits the amount by weights, by largest remainder: the shares add up
// to the amount exactly, and each is within one minor unit of its exact share.
// Ties go to the earlier weight. Errors: ErrInvalid if there are no weights, one
// is negative, or none is above zero.
func (m Money) Allocate(weights ...int64) ([]Money, error) {
	var total big.Int
	for i, w := range weights {
		if w < 0 {
			return nil, fault.Invalid("money.weights", fault.Field{Path: fault.Index("/weights", i), Code: "negative", Message: "must not be negative"})
		}
		total.Add(&total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		return nil, fault.Invalid("money.weights", fault.Field{Path: "/weights", Code: "required", Message: "needs a weight above zero"})
	}
	neg := m.minor < 0
	whole := new(big.Int).Abs(big.NewInt(m.minor))
	left := new(big.Int).Set(whole)
	out := make([]Money, len(weights))
	rest := make([]*big.Int, len(weights))
	shares := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		p := new(big.Int).Mul(whole, big.NewInt(w))
		shares[i], rest[i] = new(big.Int).QuoRem(p, &total, new(big.Int))
		left.Sub(left, shares[i])
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return rest[order[a]].Cmp(rest[order[b]]) > 0 })
	for i := 0; left.Sign() > 0; i++ {
		shares[order[i]].Add(shares[order[i]], big.NewInt(1))
		left.Sub(left, big.NewInt(1))
	}
	for i, s := range shares {
		if neg {
			s.Neg(s)
		}
		out[i] = Money{s.Int64(), m.currency}
	}
	return out, nil
}
