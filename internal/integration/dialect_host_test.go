package integration

import (
	"context"
	"database/sql"
	"regexp"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// erp is a host with a table of its own beside ours.
type erp struct {
	*world
	d     database
	db    *sql.DB
	store *sqlstore.Store
}

func newERP(t *testing.T, d database, store *sqlstore.Store, db *sql.DB) *erp {
	t.Helper()
	_, err := db.Exec("CREATE TABLE erp_invoice (opportunity " + d.id + ", total INTEGER)")
	require.NoError(t, err)
	return &erp{newWorld(t, store), d, db, store}
}

// invoice writes the host's own row.
func (e *erp) invoice(c sqlstore.StdConn, id uuid.UUID) {
	e.t.Helper()
	_, err := c.ExecContext(e.ctx, e.d.q("INSERT INTO erp_invoice VALUES (?, 1)"), e.d.key(id))
	require.NoError(e.t, err)
}

// win gives our command in the host's transaction.
func (e *erp) win(c sqlstore.StdConn, id uuid.UUID) error {
	s := e.eng.In(e.store.Bind(sqlstore.Std(c))).As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
	_, err := s.Opportunities().Win(e.ctx, id, opportunity.WinInput{Summary: "won", Reasons: choose(e.world.win)})
	return err
}

// state gives what became of both.
func (e *erp) state(id uuid.UUID) (opportunity.Status, int) {
	e.t.Helper()
	snap, err := e.s.Opportunities().Get(e.ctx, id, 0)
	require.NoError(e.t, err)
	var n int
	require.NoError(e.t, e.db.QueryRow(e.d.q("SELECT COUNT(*) FROM erp_invoice WHERE opportunity = ?"), e.d.key(id)).Scan(&n))
	return snap.Status, n
}

// TestSavepointsOfTheHost: what follows a savepoint is undone alone, ours and the
// host's, also after an error that ended a PostgreSQL transaction's current part.
func TestSavepointsOfTheHost(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		store, db := d.store(t, nil)
		e := newERP(t, d, store, db)
		a, b := e.record("a", 1), e.record("b", 1)
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		exec := func(q string) {
			_, err := tx.Exec(q)
			require.NoError(t, err)
		}
		e.invoice(tx, a.ID)
		require.NoError(t, e.win(tx, a.ID))
		exec("SAVEPOINT attempt")
		e.invoice(tx, b.ID)
		require.NoError(t, e.win(tx, b.ID))
		require.ErrorIs(t, e.win(tx, b.ID), fault.ErrNotAllowed, "refused, and nothing is lost")
		exec("ROLLBACK TO SAVEPOINT attempt")
		exec("SAVEPOINT other")
		require.NoError(t, e.win(tx, b.ID), "a new binding goes on after the savepoint")
		exec("ROLLBACK TO SAVEPOINT other")
		require.NoError(t, tx.Commit())
		status, n := e.state(a.ID)
		require.Equal(t, opportunity.Won, status)
		require.Equal(t, 1, n)
		status, n = e.state(b.ID)
		require.Equal(t, opportunity.Open, status)
		require.Zero(t, n)
	})
}

// TestHostConnection binds to a *sql.Conn on which the host begins and ends.
func TestHostConnection(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		store, db := d.store(t, nil)
		e := newERP(t, d, store, db)
		for _, end := range []string{"ROLLBACK", "COMMIT"} {
			a := e.record(end, 1)
			conn, err := db.Conn(e.ctx)
			require.NoError(t, err)
			_, err = conn.ExecContext(e.ctx, "BEGIN")
			require.NoError(t, err)
			e.invoice(conn, a.ID)
			require.NoError(t, e.win(conn, a.ID))
			_, err = conn.ExecContext(e.ctx, end)
			require.NoError(t, err)
			require.NoError(t, conn.Close())
			status, n := e.state(a.ID)
			require.Equal(t, end == "COMMIT", status == opportunity.Won)
			require.Equal(t, end == "COMMIT", n == 1)
		}
	})
}

// TestHostTransactionIsLeftAlone looks at every statement that is run in it: none
// begins, ends, or sets anything.
func TestHostTransactionIsLeftAlone(t *testing.T) {
	only := regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE) `)
	onSQL(t, func(t *testing.T, d database) {
		c := &counter{}
		db := opened(t, watchedSource{open: d.made(t), c: c})
		store := d.on(t, db, nil)
		w := newWorld(t, store)
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		require.NotEmpty(t, c.take(), "statements are looked at")
		s := w.eng.In(store.Bind(sqlstore.Std(tx))).As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
		r, err := s.Opportunities().Record(w.ctx, w.input("one", 3), pursuit.RequestID("k"))
		require.NoError(t, err)
		_, err = s.Opportunities().Win(w.ctx, r.ID, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
		require.NoError(t, err)
		_, err = s.Opportunities().Get(w.ctx, r.ID, opportunity.AllParts)
		require.NoError(t, err)
		_, err = s.Opportunities().Get(w.ctx, uuid.Max, 0)
		require.ErrorIs(t, err, fault.ErrNotFound)
		ran := c.take()
		require.Greater(t, len(ran), 10)
		for _, q := range ran {
			require.Regexp(t, only, q)
		}
		var one int
		require.NoError(t, tx.QueryRowContext(context.Background(), "SELECT 1").Scan(&one), "it goes on")
	})
}
