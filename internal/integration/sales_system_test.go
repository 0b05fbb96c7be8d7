package integration

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/order/ordertest"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// TestQ04_SalesSystemsOnEveryStore runs the suite of sales systems on the
// embedded one.
func TestQ04_SalesSystemsOnEveryStore(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, r := range ordertest.Rules() {
			t.Run(r.Name, func(t *testing.T) {
				store, _ := open(t)
				eng, err := pursuit.New(store, nil)
				require.NoError(t, err)
				require.NoError(t, r.Check(t.Context(), eng))
			})
		}
	})
}

// TestJ08_ConnOf holds what the connection of a transaction promises.
func TestJ08_ConnOf(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		ours := false
		err := w.store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			c, ok := sqlstore.ConnOf(tx)
			if ours = ok; !ok {
				return nil
			}
			_, err := c.Exec(ctx, "UPDATE nothing SET x = 1")
			require.Error(t, err)
			_, err = c.Query(ctx, "SELECT 1")
			require.ErrorIs(t, err, fault.ErrTxAborted, "after an error all is refused")
			return nil
		})
		if !ours { // the store in memory
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, fault.ErrTxAborted)
		require.NoError(t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			c, _ := sqlstore.ConnOf(tx)
			_, err := c.Exec(ctx, "DELETE FROM pursuit_sales_order")
			require.ErrorIs(t, err, fault.ErrNotAllowed, "a view doesn't write")
			rows, err := c.Query(ctx, "SELECT 1")
			require.NoError(t, err)
			require.True(t, rows.Next())
			return rows.Close()
		}))
	})
}
