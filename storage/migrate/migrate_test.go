package migrate

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func open(t *testing.T) (string, *sql.DB) {
	source := "file:" + filepath.Join(t.TempDir(), "p.db") + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	return source, again(t, source)
}

func again(t *testing.T, source string) *sql.DB {
	db, err := sql.Open("sqlite", source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func provider(t *testing.T, db *sql.DB, opts *Options) *goose.Provider {
	p, err := New(db, sqlstore.SQLite(), opts)
	require.NoError(t, err)
	return p
}

func check(t *testing.T, db *sql.DB, opts *sqlstore.Options) error {
	s, err := sqlstore.New(db, sqlstore.SQLite(), opts)
	require.NoError(t, err)
	defer s.Close()
	return s.Check(t.Context())
}

// TestUpAndDown: two instances beside the host's own goose table.
func TestUpAndDown(t *testing.T) {
	_, db := open(t)
	db.SetMaxOpenConns(1) // the lock needs no connection of its own
	_, err := db.Exec("CREATE TABLE goose_db_version (id INTEGER)")
	require.NoError(t, err)
	for _, opts := range []*Options{nil, {Options: sqlstore.Options{Prefix: "erp_"}}} {
		var tables *sqlstore.Options
		if opts != nil {
			tables = &opts.Options
		}
		for range 2 {
			p := provider(t, db, opts)
			require.ErrorIs(t, check(t, db, tables), fault.ErrNotAllowed)
			applied, err := p.Up(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, applied)
			require.NoError(t, check(t, db, tables))
			applied, err = provider(t, db, opts).Up(t.Context())
			require.NoError(t, err)
			require.Empty(t, applied, "nothing is left to do")
			_, err = p.DownTo(t.Context(), 0)
			require.NoError(t, err)
		}
		_, err := provider(t, db, opts).Up(t.Context())
		require.NoError(t, err)
	}
	require.NoError(t, check(t, db, nil))
	var n int
	require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM goose_db_version").Scan(&n))
	require.Zero(t, n)
}

// TestOneAtATime: each with a pool of its own, and each migration is applied once.
func TestOneAtATime(t *testing.T) {
	source, db := open(t)
	require.Equal(t, 1, race(t, source, 4), "one of them did it")
	require.NoError(t, check(t, db, nil))
}

func race(t *testing.T, source string, n int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	did := 0
	for range n {
		p := provider(t, again(t, source), &Options{Poll: 5 * time.Millisecond})
		wg.Go(func() {
			applied, err := p.Up(context.Background())
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if len(applied) > 0 {
				did++
			}
		})
	}
	wg.Wait()
	return did
}

// TestHeldLock: whoever comes second waits, until the context ends, until the
// lock is given back, or until the holder counts as dead.
func TestHeldLock(t *testing.T) {
	source, db := open(t)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	l := &rowLock{names: sqlstore.DefaultPrefix, poll: time.Millisecond, stale: time.Hour}
	require.NoError(t, l.SessionLock(t.Context(), conn))

	p := provider(t, again(t, source), &Options{Poll: time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = p.Up(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorIs(t, check(t, db, nil), fault.ErrNotAllowed, "nothing was done")

	// The holder gives it back while another waits.
	time.AfterFunc(20*time.Millisecond, func() { _ = l.SessionUnlock(context.Background(), conn) })
	_, err = p.Up(t.Context())
	require.NoError(t, err)

	// A holder that never gives it back, and one that comes back too late.
	require.NoError(t, l.SessionLock(t.Context(), conn))
	thief := &rowLock{names: sqlstore.DefaultPrefix, poll: time.Millisecond, stale: 20 * time.Millisecond}
	other, err := again(t, source).Conn(t.Context())
	require.NoError(t, err)
	defer other.Close()
	require.NoError(t, thief.SessionLock(t.Context(), other))
	require.NoError(t, l.SessionUnlock(t.Context(), conn), "it isn't its own any more")
	var holder string
	require.NoError(t, db.QueryRow("SELECT holder FROM pursuit_goose_lock").Scan(&holder))
	require.Equal(t, thief.holder, holder)
}

// TestMixingIsRefused: tables of Store.Migrate, and the other way round.
func TestMixingIsRefused(t *testing.T) {
	_, db := open(t)
	s, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	defer s.Close()
	require.NoError(t, s.Migrate(t.Context()))
	_, err = provider(t, db, nil).Up(t.Context())
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "storage.migrate.mixed", fault.CodeOf(err))
	var held int
	require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM pursuit_goose_lock WHERE holder <> ''").Scan(&held))
	require.Zero(t, held, "the lock was given back")

	_, db = open(t)
	_, err = provider(t, db, nil).Up(t.Context())
	require.NoError(t, err)
	other, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	require.NoError(t, err)
	defer other.Close()
	require.Error(t, other.Migrate(t.Context()), "the tables are there")
	require.NoError(t, check(t, db, nil))
}

// TestBadOptionsAreNamed.
func TestBadOptionsAreNamed(t *testing.T) {
	_, err := New(nil, sqlstore.SQLite(), nil)
	require.Equal(t, "storage.no_database", fault.CodeOf(err))
	_, err = New(nil, sqlstore.SQLite(), &Options{Options: sqlstore.Options{Prefix: `x"`}})
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = New(nil, sqlstore.Dialect{}, nil)
	require.ErrorIs(t, err, fault.ErrInvalid)
}
