package integration

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// budget is how many statements a command may take.
type budget struct {
	name string
	most int
	run  func() (pursuit.Result, error)
}

// spend runs the command, and wants no more statements than it may take, unless it
// is free: the first one takes a block of numbers.
func (b budget) spend(t *testing.T, c *counter, lines int, free bool) {
	t.Helper()
	c.take()
	_, err := b.run()
	require.NoError(t, err, b.name)
	got := c.take()
	require.NotEmpty(t, got, b.name)
	t.Logf("%s, %d lines: %d statements", b.name, lines, len(got))
	if !free {
		require.LessOrEqual(t, len(got), b.most, "%s:\n%s", b.name, strings.Join(got, "\n"))
	}
}

// counted is a world on SQLite with a sales system, whose statements are counted.
func counted(t *testing.T) (*counter, *world) {
	c := &counter{}
	db := sql.OpenDB(watchedSource{source: sqliteSource(filepath.Join(t.TempDir(), "p.db")), c: c})
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(context.Background()))
	w := newWorld(t, store)
	_, err = w.s.SalesSystem().Enable(w.ctx)
	require.NoError(t, err)
	_, err = w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY})
	require.NoError(t, err)
	return c, w
}

// TestStatementBudgetsOfOrders counts what an order needs, for whatever size.
func TestStatementBudgetsOfOrders(t *testing.T) {
	t.Parallel()
	c, w := counted(t)
	for i, lines := range []int{1, 3, 200} { // the first one takes a block of numbers
		deal := w.record("big", lines).ID
		_, err := w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
		require.NoError(t, err)
		var id uuid.UUID
		var all []order.EventInput
		for n := 1; n <= lines; n++ {
			all = append(all, order.EventInput{External: "D1", Kind: order.Delivery, Line: n, Quantity: dec("3.5"), On: onDay()})
		}
		for _, x := range []budget{
			{"create", 6, func() (pursuit.Result, error) {
				r, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{})
				id = r.ID
				return r, err
			}},
			{"confirm", 6, func() (pursuit.Result, error) { return w.s.Orders().Confirm(w.ctx, id) }},
			{"deliver all lines", 8, func() (pursuit.Result, error) { return w.s.Orders().Execute(w.ctx, id, all) }},
			{"deliver again", 5, func() (pursuit.Result, error) { return w.s.Orders().Execute(w.ctx, id, all) }},
			{"complete", 8, func() (pursuit.Result, error) {
				return w.s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "paid elsewhere"})
			}},
		} {
			x.spend(t, c, lines, i == 0)
		}
	}
	// The views on several orders, with 204 lines and their events.
	for name, run := range map[string]func() (int, error){
		"of a customer": func() (int, error) {
			x, err := w.s.Orders().ExecutionOfCustomer(w.ctx, w.customer)
			return len(x.Orders), err
		},
		"page": func() (int, error) {
			x, err := w.s.Orders().Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})
			return len(x.Items), err
		},
	} {
		c.take()
		n, err := run()
		require.NoError(t, err, name)
		require.Equal(t, 3, n, name)
		got := c.take()
		require.LessOrEqual(t, len(got), 3, "%s:\n%s", name, strings.Join(got, "\n"))
	}
}
