package integration

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/pgxconn"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// pgxERP is a host on pgx with a table of its own beside ours.
type pgxERP struct {
	*world
	p     *pgxpool.Pool
	store *sqlstore.Store
}

func newPgxERP(t *testing.T, set ...func(*pgxpool.Config)) *pgxERP {
	t.Helper()
	p := pgxPool(t, set...)
	store := onPgx(t, p)
	_, err := p.Exec(context.Background(), "CREATE TABLE erp_invoice (opportunity UUID, total INTEGER)")
	require.NoError(t, err)
	return &pgxERP{newWorld(t, store), p, store}
}

func (e *pgxERP) begin() pgx.Tx {
	e.t.Helper()
	tx, err := e.p.Begin(e.ctx)
	require.NoError(e.t, err)
	e.t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

func (e *pgxERP) invoice(q pgxconn.Querier, id uuid.UUID) {
	e.t.Helper()
	_, err := q.Exec(e.ctx, "INSERT INTO erp_invoice VALUES ($1, 1)", id)
	require.NoError(e.t, err)
}

func (e *pgxERP) in(b storage.Bound) *pursuit.Session {
	return e.eng.In(b).As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
}

func (e *pgxERP) win(q pgxconn.Querier, id uuid.UUID) error {
	_, err := e.in(e.store.Bind(pgxconn.Tx(q))).Opportunities().Win(e.ctx, id, opportunity.WinInput{Summary: "won", Reasons: choose(e.world.win)})
	return err
}

func (e *pgxERP) both(id uuid.UUID, won bool) {
	e.t.Helper()
	snap, err := e.s.Opportunities().Get(e.ctx, id, 0)
	require.NoError(e.t, err)
	var n int
	require.NoError(e.t, e.p.QueryRow(e.ctx, "SELECT COUNT(*) FROM erp_invoice WHERE opportunity = $1", id).Scan(&n))
	require.Equal(e.t, won, snap.Status == opportunity.Won)
	require.Equal(e.t, won, n == 1)
}

// TestPgxHostCommitsAndRollsBackBoth: the host's row and ours stay or go together,
// in a pgx.Tx and on a *pgx.Conn on which the host begins and ends.
func TestPgxHostCommitsAndRollsBackBoth(t *testing.T) {
	e := newPgxERP(t)
	for _, won := range []bool{false, true} {
		a := e.record("tx", 1)
		tx := e.begin()
		e.invoice(tx, a.ID)
		require.NoError(t, e.win(tx, a.ID))
		if won {
			require.NoError(t, tx.Commit(e.ctx))
		} else {
			require.NoError(t, tx.Rollback(e.ctx))
		}
		e.both(a.ID, won)

		a = e.record("conn", 1)
		conn, err := pgx.ConnectConfig(e.ctx, e.p.Config().ConnConfig)
		require.NoError(t, err)
		_, err = conn.Exec(e.ctx, "BEGIN")
		require.NoError(t, err)
		e.invoice(conn, a.ID)
		require.NoError(t, e.win(conn, a.ID))
		_, err = conn.Exec(e.ctx, map[bool]string{false: "ROLLBACK", true: "COMMIT"}[won])
		require.NoError(t, err)
		require.NoError(t, conn.Close(e.ctx))
		e.both(a.ID, won)
	}
}

// TestPgxSavepointsOfTheHost: what follows a savepoint is undone alone, ours and
// the host's, also after an error that ended that part of the transaction.
func TestPgxSavepointsOfTheHost(t *testing.T) {
	e := newPgxERP(t)
	a, b := e.record("a", 1), e.record("b", 1)
	tx := e.begin()
	e.invoice(tx, a.ID)
	require.NoError(t, e.win(tx, a.ID))

	part, err := tx.Begin(e.ctx)
	require.NoError(t, err)
	e.invoice(part, b.ID)
	require.NoError(t, e.win(part, b.ID))
	require.ErrorIs(t, e.win(part, b.ID), fault.ErrNotAllowed, "refused, and nothing is lost")
	require.NoError(t, part.Rollback(e.ctx))

	part, err = tx.Begin(e.ctx)
	require.NoError(t, err)
	bound := e.store.Bind(pgxconn.Tx(part))
	require.ErrorIs(t, bound.Update(e.ctx, e.stale(b.ID)), fault.ErrConflict)
	require.ErrorIs(t, bound.Err(), fault.ErrTxAborted)
	require.NoError(t, part.Rollback(e.ctx))

	part, err = tx.Begin(e.ctx)
	require.NoError(t, err)
	require.NoError(t, e.win(part, b.ID), "a new binding goes on after the savepoint")
	require.NoError(t, part.Rollback(e.ctx))
	require.NoError(t, tx.Commit(e.ctx))
	e.both(a.ID, true)
	e.both(b.ID, false)
}

// stale saves an opportunity, with a member more, of a version that isn't there.
func (e *pgxERP) stale(id uuid.UUID) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error {
		rec, err := tx.Opportunities().Get(ctx, "acme", id, opportunity.Load{})
		if err != nil {
			return err
		}
		c := opportunity.Change{Root: rec.Snapshot.Root, Expected: rec.Snapshot.Version + 7,
			Members: []opportunity.Member{{User: "eve", Role: opportunity.RoleSupport, Access: opportunity.Read, Joined: e.now}}}
		c.Root.Version = c.Expected + 1
		return tx.Opportunities().Save(ctx, c)
	}
}

// unguarded takes the guards out of statements: the seeded bug.
type unguarded struct{ sqlstore.Batcher }

var guard = regexp.MustCompile(`^WITH touched AS \((.*) RETURNING 1\) SELECT .* FROM touched$`)

func (u unguarded) Batch(ctx context.Context, list []sqlstore.Statement) ([]int64, error) {
	for i := range list {
		list[i].Query = guard.ReplaceAllString(list[i].Query, "$1")
	}
	return u.Batcher.Batch(ctx, list)
}

// TestO11_PgxConflictLeavesNoPart: what is sent behind an UPDATE that finds another
// version can't be committed, even by a host that commits in spite of the error.
func TestO11_PgxConflictLeavesNoPart(t *testing.T) {
	t.Parallel()
	e := newPgxERP(t)
	members := func(id uuid.UUID) int {
		snap, err := e.s.Opportunities().Get(e.ctx, id, opportunity.PartMembers)
		require.NoError(t, err)
		return len(snap.Members)
	}
	a := e.record("a", 1)
	before := members(a.ID)
	tx := e.begin()
	err := e.store.Bind(pgxconn.Tx(tx)).Update(e.ctx, e.stale(a.ID))
	require.ErrorIs(t, err, fault.ErrConflict)
	require.Equal(t, "opportunity.changed", fault.CodeOf(err))
	require.ErrorIs(t, tx.Commit(e.ctx), pgx.ErrTxCommitRollback)
	require.Equal(t, before, members(a.ID))
	for _, late := range []bool{false, true} {
		err = e.store.Update(e.ctx, func(ctx context.Context, tx storage.Tx) error {
			if late {
				tx.(storage.Deferring).Defer()
			}
			err := e.stale(a.ID)(ctx, tx)
			require.Equal(t, late, err == nil, "it comes at the end then")
			return err
		})
		require.ErrorIs(t, err, fault.ErrConflict, "late: %v", late)
		require.Equal(t, before, members(a.ID))
	}

	tx = e.begin()
	require.NoError(t, e.store.Bind(unguarded{pgxconn.Tx(tx)}).Update(e.ctx, e.stale(a.ID)), "the seeded bug")
	require.NoError(t, tx.Commit(e.ctx))
	require.Equal(t, before+1, members(a.ID), "is seen")
}

// sqlSeen notes every statement that a connection runs.
type sqlSeen struct {
	mu   sync.Mutex
	list []string
}

func (s *sqlSeen) note(q string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, q)
}

func (s *sqlSeen) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.list
	s.list = nil
	return out
}

func (s *sqlSeen) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	s.note(d.SQL)
	return ctx
}
func (s *sqlSeen) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (s *sqlSeen) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	for _, q := range d.Batch.QueuedQueries {
		s.note(q.SQL)
	}
	return ctx
}
func (s *sqlSeen) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (s *sqlSeen) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// TestPgxHostTransactionIsLeftAlone looks at every statement that is run in it:
// none begins, ends, or sets anything.
func TestPgxHostTransactionIsLeftAlone(t *testing.T) {
	t.Parallel()
	seen := &sqlSeen{}
	e := newPgxERP(t, func(c *pgxpool.Config) { c.ConnConfig.Tracer = seen })
	tx := e.begin()
	require.Contains(t, strings.ToUpper(strings.Join(seen.take(), "\n")), "BEGIN", "statements are looked at")
	s := e.in(e.store.Bind(pgxconn.Tx(tx)))
	r, err := s.Opportunities().Record(e.ctx, e.input("one", 3), pursuit.RequestID("k"))
	require.NoError(t, err)
	_, err = s.Opportunities().Win(e.ctx, r.ID, opportunity.WinInput{Summary: "won", Reasons: choose(e.world.win)})
	require.NoError(t, err)
	_, err = s.Opportunities().Get(e.ctx, uuid.Max, 0)
	require.ErrorIs(t, err, fault.ErrNotFound)
	ran := seen.take()
	require.Greater(t, len(ran), 10)
	for _, q := range ran {
		require.Regexp(t, `^(SELECT|INSERT|UPDATE|DELETE|WITH touched AS \((INSERT|UPDATE|DELETE)) `, q)
	}
	var one int
	require.NoError(t, tx.QueryRow(e.ctx, "SELECT 1").Scan(&one), "it goes on")
}

// TestPgxErrorClasses: pgx's own errors mean what those of database/sql mean, and
// end what they come in.
func TestPgxErrorClasses(t *testing.T) {
	t.Parallel()
	e := newPgxERP(t)
	a := e.record("a", 1)
	holder := e.begin()
	_, err := holder.Exec(e.ctx, "UPDATE pursuit_opportunity SET version = version WHERE id = $1", a.ID)
	require.NoError(t, err)
	for name, x := range map[string]struct {
		kind  error
		spoil func(tx pgx.Tx)
	}{
		"a lock that wasn't got":  {fault.ErrRetry, func(tx pgx.Tx) { _, _ = tx.Exec(e.ctx, "SET LOCAL lock_timeout = '20ms'") }},
		"ended by another error":  {fault.ErrTxAborted, func(tx pgx.Tx) { _, _ = tx.Exec(e.ctx, "SELECT 1/0") }},
		"a connection that ended": {fault.ErrInternal, func(tx pgx.Tx) { _ = tx.Conn().Close(e.ctx) }},
	} {
		tx := e.begin()
		x.spoil(tx)
		bound := e.store.Bind(pgxconn.Tx(tx))
		_, err := e.in(bound).Opportunities().Win(e.ctx, a.ID, opportunity.WinInput{Summary: "won", Reasons: choose(e.world.win)})
		require.ErrorIs(t, err, x.kind, name)
		require.ErrorIs(t, bound.Err(), fault.ErrTxAborted, name)
		require.NotContains(t, err.Error(), "pursuit_", name)
		_ = tx.Rollback(e.ctx)
	}
}
