package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// losing is a store that gives the first attempt of a transaction up when it is
// through, as a database does.
type losing struct {
	storage.Store
	lost *int
}

func (l losing) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return l.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		counting := false
		err := fn(ctx, numberTaker{tx, &counting})
		if err == nil && !counting && *l.lost == 0 {
			*l.lost++
			return fault.New(fault.ErrRetry, "storage.retry", "given up")
		}
		return err
	})
}

// numberTaker notes that a transaction takes numbers, which is one of its own.
type numberTaker struct {
	storage.Tx
	counting *bool
}

func (c numberTaker) Numbers() storage.Numbers {
	*c.counting = true
	return c.Tx.Numbers()
}

// TestJ01_B17_EachAttemptAsksOnce: a command that is done at the second attempt asks
// twice about each subject, and is done once.
func TestJ01_B17_EachAttemptAsksOnce(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		if !everywhere(t) {
			return
		}
		for name, p := range probes {
			if p.sort != creates && p.sort != changes || name == "Quotes.ExpireQuotes" {
				continue // ExpireQuotes is a question and a command for each quote
			}
			t.Run(name, func(t *testing.T) {
				w := fresh(t)
				var id uuid.UUID
				if p.prepare != nil {
					id = p.prepare(w)
				}
				policy, lost, real := &spy{}, 0, w.store
				w.store = losing{real, &lost} // of the engine only
				s := w.with(policy)
				w.store = real
				_, err := p.call(w, s, id)
				require.NoError(t, err)
				require.Equal(t, 1, lost)
				require.Equal(t, 2*max(1, subjects[name]), policy.asked)
			})
		}
	})
}
