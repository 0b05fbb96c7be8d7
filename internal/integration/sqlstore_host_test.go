package integration

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"

	"github.com/pursuit-crm/pursuit"
)

func TestHostTransactionCommitsAndRollsBackBoth(t *testing.T) {
	onSQL(t, hostTransactionCommitsAndRollsBackBoth)
}

func hostTransactionCommitsAndRollsBackBoth(t *testing.T, d database) {
	store, db := d.store(t, nil)
	w := newWorld(t, store)
	a, b := w.record("one", 1), w.record("two", 1)
	_, err := db.Exec("CREATE TABLE erp_invoice (opportunity " + d.id + ", total INTEGER)")
	require.NoError(t, err)
	win := func(id pursuit.Result, end func(*sql.Tx) error) {
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		_, err = tx.Exec(d.q("INSERT INTO erp_invoice VALUES (?, 1)"), d.key(id.ID))
		require.NoError(t, err)
		s := w.eng.In(store.Bind(sqlstore.Std(tx))).As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
		_, err = s.Opportunities().Win(w.ctx, id.ID, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
		require.NoError(t, err)
		require.NoError(t, end(tx))
	}
	state := func(id pursuit.Result) (opportunity.Status, int) {
		snap, err := w.s.Opportunities().Get(w.ctx, id.ID, 0)
		require.NoError(t, err)
		var n int
		require.NoError(t, db.QueryRow(d.q("SELECT COUNT(*) FROM erp_invoice WHERE opportunity = ?"), d.key(id.ID)).Scan(&n))
		return snap.Status, n
	}
	win(a, (*sql.Tx).Rollback)
	status, n := state(a)
	require.Equal(t, opportunity.Open, status)
	require.Zero(t, n)
	win(b, (*sql.Tx).Commit)
	status, n = state(b)
	require.Equal(t, opportunity.Won, status)
	require.Equal(t, 1, n)
}

func TestBoundStaysPoisoned(t *testing.T) { onSQL(t, boundStaysPoisoned) }

func boundStaysPoisoned(t *testing.T, d database) {
	store, db := d.store(t, nil)
	w := newWorld(t, store)
	a := w.record("one", 0)
	snap, err := w.s.Opportunities().Get(w.ctx, a.ID, 0)
	require.NoError(t, err)
	nothing := func(context.Context, storage.Tx) error { return nil }
	for name, fail := range map[string]func(ctx context.Context, tx storage.Tx) error{
		"conflict": func(ctx context.Context, tx storage.Tx) error {
			_ = tx.Opportunities().Save(ctx, opportunity.Change{Root: snap.Root, Expected: 9})
			return nil // swallowed
		},
		"half-written": func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, take(ctx, tx, "half"))
			return fault.New(fault.ErrNotAllowed, "test", "the host changed its mind")
		},
	} {
		t.Run(name, func(t *testing.T) {
			tx, err := db.Begin()
			require.NoError(t, err)
			bound := store.Bind(sqlstore.Std(tx))
			require.Error(t, bound.Update(w.ctx, fail))
			require.ErrorIs(t, bound.Update(w.ctx, nothing), fault.ErrTxAborted)
			require.ErrorIs(t, bound.View(w.ctx, nothing), fault.ErrTxAborted)
			require.NoError(t, tx.Rollback())
			require.ErrorIs(t, bound.Update(w.ctx, nothing), fault.ErrTxAborted)

			tx, err = db.Begin()
			require.NoError(t, err)
			defer tx.Rollback()
			require.NoError(t, store.Bind(sqlstore.Std(tx)).Update(w.ctx, nothing))
		})
	}
	t.Run("refusals leave it usable", func(t *testing.T) {
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		bound := store.Bind(sqlstore.Std(tx))
		err = bound.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().ByNumber(ctx, "acme", "none")
			return err
		})
		require.ErrorIs(t, err, fault.ErrNotFound)
		require.NoError(t, bound.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "n") }))
		require.ErrorIs(t, bound.View(w.ctx, func(ctx context.Context, tx storage.Tx) error { return take(ctx, tx, "n") }), fault.ErrNotAllowed)
	})
}
