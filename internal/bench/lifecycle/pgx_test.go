package lifecycle

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
)

// onServer gives PostgreSQL, started for the test.
func onServer(t *testing.T) pgxSite {
	t.Helper()
	s, err := servers.Postgres(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return pgxSite{postgresSite{s, new(int)}}
}

// onPgx gives a contender on a database of its own, with a clock that moves only
// between commands.
func onPgx(t *testing.T, s pgxSite, name string) *opened {
	t.Helper()
	o := &opened{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	r, err := enterAt(context.Background(), s, name, 2, nil, func() time.Time { return o.now })
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.close()) })
	o.db, o.w, o.c = r.db, r.w, r.c
	return o
}

// TestPgxWritesTheSameRows compares, on PostgreSQL, the library and the batches
// written by hand with database/sql written by hand.
func TestPgxWritesTheSameRows(t *testing.T) {
	s := onServer(t)
	hand := onPgx(t, s, Hand).lives(t, 2)
	require.Greater(t, len(hand), 1000)
	for _, name := range []string{Ours, HandPgx} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, strings.Join(differences(hand, onPgx(t, s, name).lives(t, 2), 20), "\n"))
		})
	}
	t.Run("who leaves rows out is caught", func(t *testing.T) {
		o := onPgx(t, s, HandPgx)
		o.c.(*handPgx).forgetful = true
		require.Contains(t, strings.Join(differences(hand, o.lives(t, 2), 20), "\n"), "pursuit_opportunity_ledger")
	})
	t.Run("a command that is refused leaves nothing", func(t *testing.T) {
		o := onPgx(t, s, HandPgx)
		d := o.w.deal(1)
		require.NoError(t, o.c.createCustomer(context.Background(), d))
		before, err := content(context.Background(), o.db)
		require.NoError(t, err)
		d.opportunity = uuid.Must(uuid.NewV7())
		require.Error(t, o.c.win(context.Background(), d))
		require.Error(t, o.c.createCustomer(context.Background(), &deal{world: o.w, customerName: "\x00"}))
		after, err := content(context.Background(), o.db)
		require.NoError(t, err)
		require.Equal(t, before, after)
	})
}

// oursTripsOnPgx is how many trips a life costs the library at most: BEGIN travels
// with what is read first, COMMIT with what is written.
const oursTripsOnPgx = 22

// TestBudgetsOnPgx holds the statements and trips of a life on PostgreSQL.
func TestBudgetsOnPgx(t *testing.T) {
	res := &Result{Statements: map[string]float64{}, Trips: map[string]float64{}}
	require.NoError(t, count(context.Background(), onServer(t), res))
	require.Equal(t, 49.0, res.Statements[HandPgx], "as many as on database/sql")
	require.Equal(t, 2.0*commands-1, res.Trips[HandPgx], "the customer's needs no reading")
	require.Equal(t, 49.0, res.Statements[Hand])
	require.Equal(t, 49.0+2*commands, res.Trips[Hand])
	require.LessOrEqual(t, res.Statements[Ours], 49.0)
	require.LessOrEqual(t, res.Trips[Ours], float64(oursTripsOnPgx))
	for _, name := range contendersOn(pgxSite{}) {
		require.Greater(t, res.Statements[name], 30.0, name)
	}
}
