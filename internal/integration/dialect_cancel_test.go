package integration

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// TestCancelWhileWaitingForALock: the caller gets its answer at once, in a
// transaction of ours and of the host's; nothing is written, and no connection or
// transaction is left behind.
func TestCancelWhileWaitingForALock(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		where := d.made(t)
		holder := d.on(t, opened(t, where), nil)
		db := opened(t, where)
		store := d.on(t, db, nil)
		require.NoError(t, holder.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "a") }))
		waits := func(ctx context.Context, tx storage.Tx) error {
			if err := take(ctx, tx, "before"); err != nil {
				return err
			}
			return take(ctx, tx, "a")
		}
		require.NoError(t, holder.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "a")) // holds the row

			soon(t, 350*time.Millisecond, func() time.Duration {
				short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
				defer cancel()
				began := time.Now()
				err := store.Update(short, waits)
				took := time.Since(began)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, "storage.cancelled", fault.CodeOf(err))
				require.Zero(t, db.Stats().InUse)
				return took
			})
			soon(t, 350*time.Millisecond, func() time.Duration {
				host, err := db.Begin()
				require.NoError(t, err)
				bound := store.Bind(sqlstore.Std(host))
				short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
				defer cancel()
				began := time.Now()
				require.ErrorIs(t, bound.Update(short, waits), context.DeadlineExceeded)
				took := time.Since(began)
				require.ErrorIs(t, bound.Update(context.Background(), waits), fault.ErrTxAborted)
				_ = host.Rollback()
				require.Zero(t, db.Stats().InUse)
				return took
			})
			return nil
		}))
		require.Zero(t, taken(t, store, "before"))
		require.EqualValues(t, 2, taken(t, store, "a"))
	})
}
