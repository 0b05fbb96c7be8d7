package integration

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// grouped is a store whose commits are counted, and a plain one on the same file.
type grouped struct {
	t       *testing.T
	store   *sqlstore.Store
	plain   *sqlstore.Store
	db      *sql.DB
	c       *counter
	commits atomic.Int64
	// commit, if set, answers in the driver's place.
	commit func(driver.Tx) error
}

func newGrouped(t *testing.T, opts *sqlstore.Options) *grouped {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.db")
	g := &grouped{t: t, plain: mustStore(t, sqliteDB(t, path)), c: &counter{}}
	require.NoError(t, g.plain.Migrate(context.Background()))
	g.db = sql.OpenDB(&watchedSource{source: sqliteSource(path), c: g.c, closed: &atomic.Int64{}, commit: func(tx driver.Tx) error {
		g.commits.Add(1)
		if g.commit != nil {
			return g.commit(tx)
		}
		return tx.Commit()
	}})
	t.Cleanup(func() { require.NoError(t, g.db.Close()) })
	if opts == nil { // a machine may be slow
		opts = &sqlstore.Options{GroupTime: time.Minute}
	}
	var err error
	g.store, err = sqlstore.New(g.db, sqlstore.SQLite(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, g.store.Close()) })
	return g
}

// stored gives all series and how far they went, as another connection sees them.
func (g *grouped) stored() map[string]int64 { return seriesOf(g.t, g.db) }

func seriesOf(t testing.TB, db *sql.DB) map[string]int64 {
	t.Helper()
	rows, err := db.Query("SELECT series, last_number FROM pursuit_number_series WHERE tenant = 'acme'")
	require.NoError(t, err)
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var s string
		var n int64
		require.NoError(t, rows.Scan(&s, &n))
		out[s] = n
	}
	require.NoError(t, rows.Err())
	return out
}

// closure is what an Update runs.
type closure = func(context.Context, storage.Tx) error

// caller is one who calls Update: with a context of its own, if there is one.
type caller struct {
	ctx context.Context
	fn  closure
}

// takes is a closure that writes to two series.
func takes(name string) closure {
	return func(ctx context.Context, tx storage.Tx) error {
		return errors.Join(take(ctx, tx, name), take(ctx, tx, name+"'"))
	}
}

// queued counts callers who wait for their turn.
func queued() int {
	buf := make([]byte, 1<<22)
	return strings.Count(string(buf[:runtime.Stack(buf, true)]), "sqlstore.(*turns).take(")
}

// updater is a store's Update.
type updater func(context.Context, closure) error

func (u updater) Update(ctx context.Context, fn closure) error { return u(ctx, fn) }

// errPanicked and errGone are what lineUp gives for an Update that didn't return.
var (
	errPanicked = errors.New("the closure panicked")
	errGone     = errors.New("the closure ended its goroutine")
)

// lineUp runs callers in the order given. The first one's closure is held until
// all others wait, so that all of them may share a COMMIT.
func lineUp(t testing.TB, store interface {
	Update(context.Context, closure) error
}, callers ...caller) []error {
	t.Helper()
	errs := make([]error, len(callers))
	var wg sync.WaitGroup
	inside, free := make(chan struct{}), make(chan struct{})
	for i, c := range callers {
		if c.ctx == nil {
			c.ctx = context.Background()
		}
		fn := c.fn
		if i == 0 {
			fn = func(ctx context.Context, tx storage.Tx) error {
				close(inside)
				<-free
				return c.fn(ctx, tx)
			}
		}
		before := queued()
		wg.Go(func() {
			errs[i] = errGone
			defer func() {
				if p := recover(); p != nil {
					errs[i] = errPanicked
				}
			}()
			errs[i] = store.Update(c.ctx, fn)
		})
		if i == 0 {
			<-inside
			continue
		}
		require.Eventually(t, func() bool { return queued() > before }, patience, time.Millisecond, "caller %d waits", i)
	}
	close(free)
	wg.Wait()
	return errs
}

var errRefused = errors.New("refused")

// bad are ways in which a closure ends that must leave nothing behind, and harm
// nobody. Each gives a caller who writes to a series first, and what it must get.
var bad = []struct {
	name string
	want error
	make func(name string) caller
}{
	{"refused", errRefused, func(name string) caller {
		return caller{fn: func(ctx context.Context, tx storage.Tx) error { return errors.Join(takes(name)(ctx, tx), errRefused) }}
	}},
	{"refused before it wrote", errRefused, func(string) caller {
		return caller{fn: func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Find(ctx, "acme", "none")
			if !errors.Is(err, fault.ErrNotFound) {
				return err
			}
			return errRefused
		}}
	}},
	{"panic", errPanicked, func(name string) caller {
		return caller{fn: func(ctx context.Context, tx storage.Tx) error { _ = takes(name)(ctx, tx); panic("boom") }}
	}},
	{"goexit", errGone, func(name string) caller {
		return caller{fn: func(ctx context.Context, tx storage.Tx) error {
			_ = takes(name)(ctx, tx)
			runtime.Goexit()
			return nil
		}}
	}},
	{"poisoned", fault.ErrTxAborted, func(name string) caller {
		return caller{fn: func(ctx context.Context, tx storage.Tx) error {
			err := takes(name)(ctx, tx)
			if e := tx.Opportunities().Save(ctx, opportunity.Change{Expected: 7}); !errors.Is(e, fault.ErrConflict) {
				return fmt.Errorf("saved: %w", e)
			}
			return err // swallowed
		}}
	}},
	{"cancelled", context.Canceled, func(name string) caller {
		ctx, cancel := context.WithCancel(context.Background())
		return caller{ctx, func(ctx context.Context, tx storage.Tx) error {
			err := takes(name)(ctx, tx)
			cancel()
			return errors.Join(err, take(ctx, tx, name))
		}}
	}},
	{"cancelled at the end", context.Canceled, func(name string) caller {
		ctx, cancel := context.WithCancel(context.Background())
		return caller{ctx, func(ctx context.Context, tx storage.Tx) error {
			defer cancel()
			return takes(name)(ctx, tx)
		}}
	}},
}
