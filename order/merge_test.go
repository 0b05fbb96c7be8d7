package order_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// TestC08_CustomerMerged: the survivor stands in the place of the one that went,
// whatever the status, and the journal still replays (J05).
func TestC08_CustomerMerged(t *testing.T) {
	merged := func(from, into uuid.UUID) func(o *order.Order, at journal.Moment) error {
		return func(o *order.Order, at journal.Moment) error { return o.CustomerMerged(from, into, at) }
	}
	for name, x := range map[string]struct{ from, into, customer, billTo, endUser uuid.UUID }{
		"customer":             {id(2), id(7), id(7), id(3), id(4)},
		"customer, by bill-to": {id(2), id(3), id(3), uuid.Nil, id(4)},
		"bill-to":              {id(3), id(7), id(2), id(7), id(4)},
		"end user":             {id(4), id(2), id(2), id(3), uuid.Nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := create(t, source(money.CNY, line(1, "5", "2", money.CNY)), order.CreateInput{})
			require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: "gone"}, at) }))
			require.NoError(t, b.run(merged(x.from, x.into)))
			require.Equal(t, []uuid.UUID{x.customer, x.billTo, x.endUser}, []uuid.UUID{b.s.Customer, b.s.BillTo, b.s.EndUser})
			got, err := order.Replay(b.entries)
			require.NoError(t, err)
			require.Equal(t, b.s.Root, got.Root)
			for _, wrong := range [][2]uuid.UUID{{id(99), id(7)}, {x.customer, uuid.Nil}, {uuid.Nil, id(7)}} {
				err := b.run(merged(wrong[0], wrong[1]))
				require.ErrorIs(t, err, fault.ErrInvalid)
				require.Equal(t, "order.merge.invalid", fault.CodeOf(err))
			}
		})
	}
}
