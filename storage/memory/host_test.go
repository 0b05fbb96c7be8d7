package memory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// A host that commits in spite of a command that failed half-way gets an
// error, and nothing of it is kept.
func TestJ08_CommitAfterFailureKeepsNothing(t *testing.T) {
	ctx, own := context.Background(), errors.New("own")
	take := func(n int64, err error) func(context.Context, storage.Tx) error {
		return func(ctx context.Context, tx storage.Tx) error {
			first, takeErr := tx.Numbers().Take(ctx, "t", "s", n)
			require.NoError(t, takeErr)
			require.EqualValues(t, 1, first)
			return err
		}
	}
	for name, fail := range map[string]func(b storage.Bound){
		"half-way": func(b storage.Bound) { require.ErrorIs(t, b.Update(ctx, take(5, own)), own) },
		"refused write": func(b storage.Bound) {
			require.ErrorIs(t, b.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
				return tx.Archives().Save(ctx, archive.Change{Entry: archive.Entry{Tenant: "t"}, Expected: 1})
			}), fault.ErrConflict)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := memory.New()
			h := s.Begin()
			b := s.Bind(h)
			fail(b)
			require.ErrorIs(t, h.Commit(), fault.ErrTxAborted)
			require.ErrorIs(t, h.Commit(), fault.ErrTxAborted, "it has ended")
			require.ErrorIs(t, b.Update(ctx, take(1, nil)), fault.ErrTxAborted, "it has ended")
			h.Rollback()
			require.NoError(t, s.Update(ctx, take(1, nil)), "the numbers are free again")
		})
	}
}
