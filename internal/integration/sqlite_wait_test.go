package integration

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func locked(t *testing.T, store *sqlstore.Store, opts *pursuit.Options) func(context.Context) error {
	eng, err := pursuit.New(store, opts)
	require.NoError(t, err)
	s := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Roles: []access.Role{access.Administrator}})
	return func(ctx context.Context) error {
		_, err := s.Customers().Create(ctx, customer.CreateInput{Name: "Northwind"})
		return err
	}
}

// waits runs f under a deadline of a second while somebody else has the lock for
// far longer.
func waits(t *testing.T, f func(context.Context) error) {
	t.Helper()
	soon(t, 4*time.Second, func() time.Duration { // a tenth of busy_timeout, and slack
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start := time.Now()
		err := f(ctx)
		took := time.Since(start)
		assert.ErrorIs(t, err, fault.ErrCancelled)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return took
	})
}

// With a data source such as README's, whoever waits for a lock of another process
// returns when its deadline passes.
func TestB21_ADeadlineEndsTheWaitForAForeignLock(t *testing.T) {
	for _, more := range []string{"", "&_txlock=immediate"} {
		for _, opts := range []*sqlstore.Options{nil, {NoGroups: true}} {
			t.Run(fmt.Sprintf("%v%s", opts == nil, more), func(t *testing.T) {
				t.Parallel()
				store, db, release := foreign(t, 10_000, more, opts)
				defer release()
				command := locked(t, store, nil)
				waits(t, command)
				waits(t, store.Migrate)
				require.Zero(t, db.Stats().InUse)

				// A question doesn't wait for who writes, nor does the check.
				soon(t, 4*time.Second, func() time.Duration {
					start := time.Now()
					require.NoError(t, store.Check(context.Background()))
					return time.Since(start)
				})

				// A host's transaction that has begun: its first statement waits if it writes.
				// Once it has read, SQLite refuses at once.
				if more != "" {
					return
				}
				tx, err := db.BeginTx(context.Background(), nil)
				require.NoError(t, err)
				bound := store.Bind(sqlstore.Std(tx))
				waits(t, func(ctx context.Context) error {
					return bound.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
						_, err := tx.Numbers().Take(ctx, "acme", "OPP-2026", 1)
						return err
					})
				})
				require.ErrorIs(t, bound.Err(), fault.ErrTxAborted)
				require.NoError(t, tx.Rollback())
			})
		}
	}
}

// Without a deadline the whole wait is bounded too: attempts don't multiply it.
func TestB21_TheWaitForAForeignLockIsBounded(t *testing.T) {
	for _, wait := range []int{100, 8_000} {
		t.Run(fmt.Sprint(wait), func(t *testing.T) {
			t.Parallel()
			store, _, release := foreign(t, wait, "", nil)
			defer release()
			start := time.Now()
			err := locked(t, store, nil)(context.Background())
			require.ErrorIs(t, err, fault.ErrRetry)
			// Two attempts; it was ten, which took 50 s and 80 s.
			require.Less(t, time.Since(start), 30*time.Second)

			start = time.Now()
			err = locked(t, store, &pursuit.Options{Patience: time.Second})(context.Background())
			require.ErrorIs(t, err, fault.ErrRetry)
			require.Less(t, time.Since(start), 20*time.Second, "one attempt")

			start = time.Now()
			require.ErrorIs(t, store.Migrate(context.Background()), fault.ErrRetry)
			require.Less(t, time.Since(start), 20*time.Second, "it was five times busy_timeout")
		})
	}
}
