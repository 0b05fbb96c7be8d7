package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/order"
)

// orderIn brings an order into a status; whatever ended had a delivery before.
func (w *tenant) orderIn(status order.Status) uuid.UUID {
	w.t.Helper()
	_, id := w.ordered()
	if status == order.Draft {
		return id
	}
	w.must(w.s.Orders().Confirm(w.ctx, id))
	if status == order.Confirmed {
		return id
	}
	w.must(w.s.Orders().Execute(w.ctx, id, everythingDone()[:1]))
	switch status {
	case order.Completed:
		w.must(w.s.Orders().Complete(w.ctx, id, orderEnough))
	case order.Cancelled:
		w.must(w.s.Orders().Cancel(w.ctx, id, orderGone))
	}
	return id
}

// TestQ05_EveryPairOfStatusAndCommandOfAnOrder tries every command in every
// status: allowed, it leads where the lifecycle says; refused, it changes nothing.
func TestQ05_EveryPairOfStatusAndCommandOfAnOrder(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		refused := 0
		for _, from := range order.Statuses() {
			id := w.orderIn(from)
			before, written := w.order(id), w.written()
			require.Equal(t, from, before.Status)
			for _, c := range order.Commands() {
				name := from.String() + "/" + c.String()
				give := func(ctx context.Context, s *pursuit.Session) error {
					switch c {
					case order.CommandConfirm:
						return second(s.Orders().Confirm(ctx, id))
					case order.CommandExecute: // goods come back: what ended takes that in too
						return second(s.Orders().Execute(ctx, id, []order.EventInput{{External: "B1", Kind: order.Return, Line: 1, Quantity: dec("1"), On: onDay()}}))
					case order.CommandComplete:
						return second(s.Orders().Complete(ctx, id, orderEnough))
					default:
						return second(s.Orders().Cancel(ctx, id, orderGone))
					}
				}
				to, ok := order.Lifecycle().Next(from, c)
				if !ok {
					refused++
					require.ErrorIs(t, give(w.ctx, w.s), fault.ErrNotAllowed, name)
					continue
				}
				err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
					require.NoError(t, give(ctx, b), name)
					after, err := b.Orders().Get(ctx, id)
					require.NoError(t, err, name)
					require.Equal(t, to, after.Status, name)
					require.Equal(t, before.Items, after.Items, "%s: lines are immutable", name)
					return errEnough
				})
				require.ErrorIs(t, err, errEnough, name)
			}
			reference := "PO-1"
			err := second(w.s.Orders().Update(w.ctx, id, order.UpdateInput{Reference: &reference}))
			if from == order.Draft {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, fault.ErrNotAllowed, "only a draft is edited")
			require.Equal(t, before, w.order(id))
			require.Equal(t, written, w.written())
			w.sameOrder(id)
		}
		require.Greater(t, refused, 5)
	})
}
