package integration

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// twoRows asks for two rows on a transaction's own connection, as a host's sales
// system does.
func twoRows(t *testing.T, ctx context.Context, tx storage.Tx) sqlstore.Rows {
	c, ok := sqlstore.ConnOf(tx)
	require.True(t, ok)
	rows, err := c.Query(ctx, "SELECT 1 UNION SELECT 2")
	require.NoError(t, err)
	return rows
}

// A host may have rows open while it goes on, and may forget to close them; where
// it stands in its group makes no difference, and the others none the worse.
func TestGroupMembersMayHaveRowsOpen(t *testing.T) {
	for name, use := range map[string]struct {
		fn   closure
		want error
	}{
		"closed at the end": {func(ctx context.Context, tx storage.Tx) error {
			rows := twoRows(t, ctx, tx)
			defer rows.Close()
			for rows.Next() {
			}
			return take(ctx, tx, "host")
		}, nil},
		"a statement for each row": {func(ctx context.Context, tx storage.Tx) error {
			rows := twoRows(t, ctx, tx)
			defer rows.Close()
			n := 0
			for rows.Next() {
				require.NoError(t, rows.Scan(&n))
				inner := twoRows(t, ctx, tx)
				require.True(t, inner.Next())
				require.NoError(t, inner.Close())
				if n == 2 {
					require.NoError(t, take(ctx, tx, "host"))
				}
			}
			require.Equal(t, 2, n)
			return rows.Err()
		}, nil},
		"never closed": {func(ctx context.Context, tx storage.Tx) error {
			require.True(t, twoRows(t, ctx, tx).Next())
			require.True(t, twoRows(t, ctx, tx).Next())
			return take(ctx, tx, "host")
		}, nil},
		"a panic between rows": {func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "lost"))
			require.True(t, twoRows(t, ctx, tx).Next())
			panic("host")
		}, errPanicked},
		"an error between rows": {func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "lost"))
			require.True(t, twoRows(t, ctx, tx).Next())
			return fault.ErrNotAllowed
		}, fault.ErrNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			for at := range 3 {
				g := newGrouped(t, nil)
				callers := []caller{{fn: takes("0")}, {fn: takes("1")}, {fn: takes("2")}}
				callers[at].fn = use.fn
				errs := lineUp(t, g.store, callers...)
				want := map[string]int64{}
				for i, err := range errs {
					if i != at {
						require.NoError(t, err)
						name := string(rune('0' + i))
						want[name], want[name+"'"] = 1, 1
					}
				}
				if require.ErrorIs(t, errs[at], use.want); use.want == nil {
					want["host"] = 1
				}
				require.Equal(t, want, g.stored())
				require.EqualValues(t, 1, g.commits.Load())
				require.Zero(t, g.db.Stats().InUse)
			}
		})
	}
}

// One who stalls with rows open is given up as any other, and its rows end.
func TestGroupGivesUpWhoStallsBetweenRows(t *testing.T) {
	g := newGrouped(t, nil)
	store, answered := g.telling()
	errs := lineUp(t, store, caller{context.WithValue(context.Background(), first{}, 1), takes("a")},
		caller{fn: func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "b"))
			rows := twoRows(t, ctx, tx)
			require.True(t, rows.Next())
			<-answered
			require.False(t, rows.Next())
			require.ErrorIs(t, rows.Err(), fault.ErrRetry)
			require.NoError(t, rows.Close())
			return nil // swallowed
		}},
		caller{fn: takes("c")})
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], fault.ErrRetry)
	require.NoError(t, errs[2])
	require.Equal(t, map[string]int64{"a": 1, "a'": 1, "c": 1, "c'": 1}, g.stored())
}
