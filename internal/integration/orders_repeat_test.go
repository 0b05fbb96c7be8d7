package integration

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// TestO13_ARepetitionThatCameInBetween makes an order twice with one RequestID: the
// second one overtakes the first while that takes a number.
func TestO13_ARepetitionThatCameInBetween(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		store, host := d.asStore(t)
		w := tenantOn(t, store, host)
		w.selling()
		deal := w.record()
		require.NoError(t, w.command(deal.ID, opportunity.CommandWin))
		for _, opts := range [][]pursuit.CallOption{{pursuit.RequestID("a")}, {pursuit.RequestID("b"), pursuit.IfVersion(2)}} {
			var first pursuit.Result
			overtake := sync.OnceFunc(func() {
				var err error
				first, err = w.s.Orders().Create(w.ctx, deal.ID, order.CreateInput{}, opts...)
				require.NoError(t, err)
			})
			eng, err := pursuit.New(store, &pursuit.Options{Clock: w.clock, Zone: func(string) *time.Location { overtake(); return nil }})
			require.NoError(t, err)
			got, err := eng.As(w.s.Actor()).Orders().Create(w.ctx, deal.ID, order.CreateInput{}, opts...)
			require.NoError(t, err)
			require.True(t, got.Repeated)
			first.Repeated = true
			require.Equal(t, first, got)
			_, err = w.s.Orders().Create(w.ctx, deal.ID, order.CreateInput{})
			require.ErrorIs(t, err, fault.ErrNotAllowed, "there is one (Q04)")
			deal = w.record()
			require.NoError(t, w.command(deal.ID, opportunity.CommandWin))
		}
	})
}

// TestO13_ARepetitionThatIsRefusedForItsTwin repeats a command while the first one
// is still on its way, and commits after the second one looked for it: what the
// second one is refused for, a version or a status, is the first one's doing.
func TestO13_ARepetitionThatIsRefusedForItsTwin(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		store, host := d.asStore(t)
		w := tenantOn(t, store, host)
		deal := w.record()
		opts := []pursuit.CallOption{pursuit.RequestID("a"), pursuit.IfVersion(1)}
		in := opportunity.UpdateInput{Rating: ptr(3)}
		policy := &meanwhile{do: sync.OnceFunc(func() {
			_, err := w.s.Opportunities().Update(w.ctx, deal.ID, in, opts...)
			require.NoError(t, err)
		})}
		late := w.engine(policy).As(w.s.Actor()).Opportunities()
		got, err := late.Update(w.ctx, deal.ID, in, opts...)
		require.NoError(t, err)
		require.True(t, got.Repeated)
		require.Equal(t, int64(2), got.Version)

		// Another command's doing is a conflict as before.
		policy.do = sync.OnceFunc(func() {
			_, err := w.s.Opportunities().Update(w.ctx, deal.ID, in, pursuit.RequestID("b"), pursuit.IfVersion(2))
			require.NoError(t, err)
		})
		_, err = late.Update(w.ctx, deal.ID, in, pursuit.RequestID("c"), pursuit.IfVersion(2))
		require.ErrorIs(t, err, fault.ErrConflict)
	})
}

// meanwhile is a policy that lets something happen when it is asked.
type meanwhile struct {
	spy
	do func()
}

func (p *meanwhile) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	p.do()
	return p.spy.Allow(ctx, a, action, on)
}
