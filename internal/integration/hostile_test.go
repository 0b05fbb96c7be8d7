package integration

import (
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// TestB14_DecimalBombs wants numbers that take minutes to print to be refused at
// once, also where a RequestID that is known makes them be printed.
func TestB14_DecimalBombs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record(pursuit.RequestID("known")).ID
		w.selling()
		_, ord := w.ordered()
		bombs := []decimal.Decimal{decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(0, math.MaxInt32), decimal.New(-1, 1<<30)}
		before := w.written()
		for _, d := range bombs {
			line := opportunity.LineInput{Description: "bomb", Quantity: d, Price: d, Discount: d, Tax: &d}
			for _, opts := range [][]pursuit.CallOption{nil, {pursuit.RequestID("fresh")}, {pursuit.RequestID("known")}} {
				start := time.Now()
				_, err := w.s.Lines().Add(w.ctx, id, []opportunity.LineInput{line}, opts...)
				require.ErrorIs(t, err, fault.ErrInvalid)
				_, err = w.s.Lines().Update(w.ctx, id, 1, line.Update(), opts...)
				require.ErrorIs(t, err, fault.ErrInvalid)
				in := w.input()
				in.Lines = append(in.Lines, line)
				_, err = w.s.Opportunities().Record(w.ctx, in, opts...)
				require.ErrorIs(t, err, fault.ErrInvalid)
				_, err = w.s.Orders().Execute(w.ctx, ord, []order.EventInput{{External: "x", Kind: order.Delivery, Line: 1, Quantity: d}}, opts...)
				require.ErrorIs(t, err, fault.ErrInvalid)
				_, err = w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{OverDelivery: d}, opts...)
				require.ErrorIs(t, err, fault.ErrInvalid)
				require.Less(t, time.Since(start), 30*time.Second, "an unbounded one takes minutes")
			}
		}
		require.Equal(t, before, w.written())
	})
}
