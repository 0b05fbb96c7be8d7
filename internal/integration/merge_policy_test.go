package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
)

// guarded is a policy that lets nobody merge one customer, and notes about which
// ones it was asked. With forgets it answers like one that is asked about the
// survivor only.
type guarded struct {
	access.Default
	closed  uuid.UUID
	forgets bool
	asked   []uuid.UUID
}

func (g *guarded) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	if act == access.CustomerMerge {
		g.asked = append(g.asked, on.ID)
		if on.ID == g.closed && !g.forgets {
			return fault.New(fault.ErrForbidden, "access.forbidden", "no")
		}
	}
	return g.Default.Allow(ctx, a, act, on)
}

// A merge asks about the customer that goes as well as about the survivor.
func TestJ01_MergeAsksAboutBothCustomers(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		kept, gone := w.newCustomer(customer.Input{Name: "Kept"}), w.newCustomer(customer.Input{Name: "Gone"})
		merge := func(g *guarded) error {
			h := w.engine(g).As(w.s.Actor()).Customers()
			_, err := h.Merge(w.ctx, kept.ID, customer.MergeInput{Loser: gone.ID, Reason: "the same"})
			return err
		}
		before := w.written()
		for _, closed := range []pursuit.Result{kept, gone} {
			require.ErrorIs(t, merge(&guarded{closed: closed.ID}), fault.ErrForbidden)
			require.Equal(t, before, w.written(), "nothing is written")
		}
		twin := &guarded{closed: gone.ID, forgets: true}
		require.NoError(t, merge(twin), "the refusal above came from the question about the loser")
		require.Equal(t, []uuid.UUID{kept.ID, gone.ID}, twin.asked)
		require.Greater(t, w.written(), before)
	})
}
