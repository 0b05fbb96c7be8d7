package main

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
	"github.com/pursuit-crm/pursuit/examples/orm/erp/erptest"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestSavepoint: a nested transaction of bun's is a savepoint; it takes the win
// back, and what came before it stays.
func TestSavepoint(t *testing.T) {
	erptest.OnEach(t, func(t *testing.T, d erp.Database) {
		ctx := t.Context()
		e, err := erp.Open(ctx, d)
		require.NoError(t, err)
		defer e.Close()
		first, err := e.Offer(ctx, "first", 1)
		require.NoError(t, err)
		second, err := e.Offer(ctx, "second", 1)
		require.NoError(t, err)
		undone := errors.New("undone")
		db := bun.NewDB(e.DB, dialect(d.Kind))
		require.NoError(t, db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			s, mayCommit := e.In(tx.Tx)
			require.NoError(t, e.Win(ctx, s, first, "INV-1"))
			err := tx.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				require.NoError(t, e.Win(ctx, s, second, "INV-2"))
				return undone
			})
			require.ErrorIs(t, err, undone)
			return mayCommit()
		}))
		for deal, want := range map[[16]byte]opportunity.Status{first: opportunity.Won, second: opportunity.Open} {
			o, err := e.Session().Opportunities().Get(ctx, deal, 0)
			require.NoError(t, err)
			require.Equal(t, want, o.Status)
		}
	})
}
