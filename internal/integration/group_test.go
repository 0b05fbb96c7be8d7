package integration

import (
	"context"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func TestGroupSharesACommit(t *testing.T) {
	g := newGrouped(t, nil)
	errs := lineUp(t, g.store, caller{fn: takes("a")}, caller{fn: takes("b")}, caller{fn: func(ctx context.Context, tx storage.Tx) error {
		n, err := tx.Numbers().Take(ctx, "acme", "a", 1)
		require.EqualValues(t, 2, n, "it sees what came before it")
		return err
	}})
	require.Equal(t, []error{nil, nil, nil}, errs)
	require.EqualValues(t, 1, g.commits.Load())
	require.Equal(t, map[string]int64{"a": 2, "a'": 1, "b": 1, "b'": 1}, g.stored())

	t.Run("a bound", func(t *testing.T) {
		g := newGrouped(t, &sqlstore.Options{GroupSize: 2, GroupTime: time.Minute})
		errs := lineUp(t, g.store, slices.Repeat([]caller{{fn: takes("a")}}, 5)...)
		require.Equal(t, make([]error, 5), errs)
		require.EqualValues(t, 3, g.commits.Load())
		require.EqualValues(t, 5, g.stored()["a"])
	})
	t.Run("a bound of time", func(t *testing.T) {
		g := newGrouped(t, &sqlstore.Options{GroupTime: time.Nanosecond})
		errs := lineUp(t, g.store, slices.Repeat([]caller{{fn: takes("a")}}, 5)...)
		require.Equal(t, make([]error, 5), errs)
		require.GreaterOrEqual(t, g.commits.Load(), int64(3), "one may join while the time is taken")
	})
	t.Run("switched off", func(t *testing.T) {
		g := newGrouped(t, &sqlstore.Options{NoGroups: true})
		for range 3 {
			require.NoError(t, g.store.Update(context.Background(), takes("a")))
		}
		require.EqualValues(t, 3, g.commits.Load())
	})
	for _, o := range []sqlstore.Options{{GroupSize: -1}, {GroupSize: 1001}, {GroupTime: -1}} {
		_, err := sqlstore.New(nil, sqlstore.SQLite(), &o)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
}

// One who is alone runs the same statements as without groups.
func TestGroupOfOneCostsNothing(t *testing.T) {
	var runs [2][]string
	for i := range runs {
		g := newGrouped(t, &sqlstore.Options{NoGroups: i == 1})
		for range 3 {
			require.NoError(t, g.store.Update(context.Background(), takes("a")))
		}
		runs[i] = g.c.take()
		require.NotEmpty(t, runs[i])
		require.NotContains(t, strings.Join(runs[i], ";"), "SAVEPOINT")
	}
	require.Equal(t, runs[1], runs[0])
}

// TestGroupMembersDontHarmEachOther puts each bad end at each place of a group.
func TestGroupMembersDontHarmEachOther(t *testing.T) {
	for _, x := range bad {
		t.Run(x.name, func(t *testing.T) {
			for at := range 3 {
				g := newGrouped(t, nil)
				callers := []caller{{fn: takes("0")}, {fn: takes("1")}, {fn: takes("2")}}
				callers[at] = x.make("bad")
				errs := lineUp(t, g.store, callers...)
				want := map[string]int64{}
				for i, err := range errs {
					if i == at {
						require.ErrorIs(t, err, x.want)
						continue
					}
					require.NoError(t, err, "%d of a group with %s at %d", i, x.name, at)
					name := string(rune('0' + i))
					want[name], want[name+"'"] = 1, 1
				}
				require.Equal(t, want, g.stored())
				require.EqualValues(t, 1, g.commits.Load())
				require.Zero(t, g.db.Stats().InUse)
			}
		})
	}
}

// telling is a store that tells when a closure begins.
type telling struct {
	storage.Store
	began func()
}

func (s *telling) Update(ctx context.Context, fn closure) error {
	return s.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		s.began()
		return fn(ctx, tx)
	})
}

// A caller's context ends sooner or later while a large opportunity is being
// recorded. SQLite would take the whole transaction back.
func TestGroupStatementsArentInterrupted(t *testing.T) {
	g := newGrouped(t, nil)
	w := newWorld(t, g.store)
	w.record("takes a block of numbers", 0)
	inside := &telling{g.store, func() {}}
	eng, err := pursuit.New(inside, nil)
	require.NoError(t, err)
	s := eng.As(w.s.Actor())
	_, err = s.Opportunities().Record(w.ctx, w.input("this one too", 0))
	require.NoError(t, err)
	rounds, done, given := int64(0), int64(0), int64(0)
	for wait := time.Duration(0); rounds < 300 && done < 5; wait += wait/10 + 300*time.Microsecond { // a machine may be slow
		rounds++
		ctx, cancel := context.WithCancel(w.ctx)
		inside.began = func() { time.AfterFunc(wait, cancel) }
		errs := lineUp(t, updater(func(c context.Context, fn closure) error {
			if c != ctx {
				return g.store.Update(c, fn)
			}
			_, err := s.Opportunities().Record(c, w.input("big", 400))
			return err
		}), caller{fn: takes("a")}, caller{ctx: ctx}, caller{fn: takes("c")})
		require.NoError(t, errs[0])
		require.NoError(t, errs[2])
		if errs[1] == nil {
			done++
			wait = wait * 2 / 3
		} else {
			require.ErrorIs(t, errs[1], context.Canceled)
			given++
		}
		cancel()
	}
	require.NotZero(t, given)
	require.NotZero(t, done)
	stored := g.stored()
	require.EqualValues(t, rounds, stored["a"])
	require.EqualValues(t, rounds, stored["c"])
	n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
	require.NoError(t, err)
	require.Equal(t, 2+done, n)
	var lines int64
	require.NoError(t, g.db.QueryRow("SELECT COUNT(*) FROM pursuit_opportunity_line").Scan(&lines))
	require.Equal(t, 400*done, lines, "all or nothing")
}

// The database is full in the middle of a group, and SQLite ends the transaction:
// nobody is told that its work is stored, and nothing of it is.
func TestGroupWhenTheDiskIsFull(t *testing.T) {
	g := newGrouped(t, nil)
	g.db.SetMaxOpenConns(1) // the limit is the connection's
	_, err := g.db.Exec("PRAGMA cache_size = 5; PRAGMA max_page_count = 1")
	require.NoError(t, err)
	big := strings.Repeat("x", 100_000)
	errs := lineUp(t, g.store, caller{fn: takes("a")}, caller{fn: func(ctx context.Context, tx storage.Tx) error {
		_, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: "k", Result: []byte(big)})
		require.ErrorIs(t, take(ctx, tx, "after"), fault.ErrTxAborted)
		return err
	}}, caller{fn: takes("c")})
	require.ErrorIs(t, errs[0], fault.ErrRetry)
	require.Equal(t, "storage.full", fault.CodeOf(errs[1]))
	require.NoError(t, errs[2])
	require.Equal(t, map[string]int64{"c": 1, "c'": 1}, g.stored())
	require.Equal(t, []error{nil, nil}, lineUp(t, g.store, caller{fn: takes("a")}, caller{fn: takes("b")}), "the store goes on")
}

func TestGroupWhoseCommitFails(t *testing.T) {
	for _, x := range []struct {
		name string
		err  error
		kind error
	}{
		{"lost", driver.ErrBadConn, fault.ErrOutcomeUnknown},
		{"busy", errors.New("database is locked (5) (SQLITE_BUSY)"), fault.ErrRetry},
		{"full", errors.New("database or disk is full"), fault.ErrInternal},
		{"other", errors.New("disk I/O error"), fault.ErrInternal},
	} {
		t.Run(x.name, func(t *testing.T) {
			g := newGrouped(t, nil)
			g.commit = func(driver.Tx) error { return x.err }
			ctx, cancel := context.WithCancel(context.Background())
			errs := lineUp(t, g.store,
				caller{fn: takes("a")}, caller{fn: takes("b")},
				caller{fn: func(ctx context.Context, tx storage.Tx) error { // refused for what was never stored
					n, err := tx.Numbers().Take(ctx, "acme", "a", 1)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
					return errRefused
				}},
				caller{ctx, func(context.Context, storage.Tx) error { cancel(); return errRefused }},
				caller{fn: takes("c")})
			for _, i := range []int{0, 1, 4} {
				require.ErrorIs(t, errs[i], x.kind)
				require.ErrorIs(t, errs[i], x.err)
			}
			require.ErrorIs(t, errs[2], fault.ErrRetry)
			require.ErrorIs(t, errs[3], errRefused)
			g.commit = nil
			require.EqualValues(t, 1, g.commits.Load())
			require.Empty(t, g.stored())
			require.Zero(t, taken(t, g.plain, "a"), "the connection let go of the lock")
			require.NoError(t, g.store.Update(context.Background(), takes("d")))
		})
	}
}

// Nobody gets its answer before COMMIT has one.
func TestGroupAnswersAfterCommit(t *testing.T) {
	g := newGrouped(t, nil)
	var early []string
	answered := make(chan string, 8)
	g.commit = func(tx driver.Tx) error {
		time.Sleep(30 * time.Millisecond)
		for len(answered) > 0 {
			early = append(early, <-answered)
		}
		return tx.Commit()
	}
	errs := lineUp(t, updater(func(ctx context.Context, fn closure) error {
		err := g.store.Update(ctx, fn)
		answered <- "somebody"
		return err
	}), caller{fn: takes("a")}, bad[0].make("b"), caller{fn: takes("c")})
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], errRefused)
	require.NoError(t, errs[2])
	require.Empty(t, early)
	require.Len(t, answered, 3)
}
