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

// TestO01_OrdersTakeTheirNumberWhereTheyAreMade: whether a number is held or not,
// in a transaction of its own, a batch and a host's: a refusal leaves each of them
// usable, no number is given twice, and the policy is asked once (J01).
func TestO01_OrdersTakeTheirNumberWhereTheyAreMade(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		open := w.record().ID
		policy := &spy{}
		seen := map[string]bool{}
		create := func(s *pursuit.Session) {
			deal := w.won()
			policy.asked = 0
			_, err := s.Orders().Create(w.ctx, open, order.CreateInput{})
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			require.Equal(t, 1, policy.asked)
			r, err := s.Orders().Create(w.ctx, deal, order.CreateInput{})
			require.NoError(t, err)
			require.Equal(t, 2, policy.asked)
			require.False(t, seen[r.Number], r.Number)
			seen[r.Number] = true
		}
		eng := w.engine(policy)
		own := eng.As(w.s.Actor())
		for range 2 { // none is held, one is
			create(own)
		}
		deals := []uuid.UUID{w.won(), w.won()}
		policy.asked = 0
		require.NoError(t, eng.As(w.s.Actor()).Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			for _, id := range deals {
				_, err := b.Orders().Create(ctx, open, order.CreateInput{})
				require.ErrorIs(t, err, fault.ErrNotAllowed)
				r, err := b.Orders().Create(ctx, id, order.CreateInput{})
				require.NoError(t, err)
				require.False(t, seen[r.Number], r.Number)
				seen[r.Number] = true
			}
			return nil
		}))
		require.Equal(t, 4, policy.asked)
		deals = []uuid.UUID{w.won(), w.won()}
		for _, commit := range []bool{false, true} {
			tx := w.host()
			s := eng.In(tx.bound).As(w.s.Actor())
			for _, id := range deals {
				policy.asked = 0
				_, err := s.Orders().Create(w.ctx, open, order.CreateInput{})
				require.ErrorIs(t, err, fault.ErrNotAllowed)
				require.NoError(t, tx.bound.Err())
				r, err := s.Orders().Create(w.ctx, id, order.CreateInput{})
				require.NoError(t, err)
				require.Equal(t, 2, policy.asked)
				require.False(t, seen[r.Number], r.Number)
				seen[r.Number] = commit // one that was rolled back may come again
			}
			if commit {
				require.NoError(t, tx.commit())
			} else {
				require.NoError(t, tx.rollback())
			}
		}
		create(own)
		_, err := own.Orders().Create(w.ctx, deals[0], order.CreateInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "Q04: it has one")
	})
}
