package lifecycle

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// opened is a contender on a SQLite file of its own, with a clock that moves only
// between commands.
type opened struct {
	db  *sql.DB
	w   *world
	c   contender
	now time.Time
}

func openOn(t *testing.T, make func(db *sql.DB, w *world) (contender, error)) *opened {
	t.Helper()
	o := &opened{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	o.w = &world{now: func() time.Time { return o.now }, newID: func() uuid.UUID { return uuid.Must(uuid.NewV7()) }}
	db := openSQLite(filepath.Join(t.TempDir(), "p.db"), "NORMAL", nil)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	o.db = db
	require.NoError(t, prepare(context.Background(), db, sqlstore.SQLite(), o.w))
	c, err := make(db, o.w)
	o.c = c
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.c.end()) })
	return o
}

// lives runs some lives, and gives what the tables hold then.
func (o *opened) lives(t *testing.T, n int) []string {
	t.Helper()
	for i := range n {
		require.NoError(t, live(context.Background(), ticking{o.c, &o.now}, o.w.deal(i)))
	}
	lines, err := content(context.Background(), o.db)
	require.NoError(t, err)
	return lines
}

// ticking lets a day pass after each command.
type ticking struct {
	contender
	now *time.Time
}

func (k ticking) tick(err error) error { *k.now = k.now.Add(25 * time.Hour); return err }
func (k ticking) createCustomer(ctx context.Context, d *deal) error {
	return k.tick(k.contender.createCustomer(ctx, d))
}
func (k ticking) record(ctx context.Context, d *deal) error {
	return k.tick(k.contender.record(ctx, d))
}
func (k ticking) advance(ctx context.Context, d *deal, to string) error {
	return k.tick(k.contender.advance(ctx, d, to))
}
func (k ticking) win(ctx context.Context, d *deal) error { return k.tick(k.contender.win(ctx, d)) }
func (k ticking) createOrder(ctx context.Context, d *deal) error {
	return k.tick(k.contender.createOrder(ctx, d))
}
func (k ticking) closeDeal(ctx context.Context, d *deal) error {
	return k.tick(k.contender.closeDeal(ctx, d))
}

func theLibrary(db *sql.DB, w *world) (contender, error) { return newLibrary(db, sqlstore.SQLite(), w) }

var others = map[string]func(db *sql.DB, w *world) (contender, error){
	"hand":       func(db *sql.DB, _ *world) (contender, error) { return newHand(db, sqliteSQL), nil },
	"gorm":       func(db *sql.DB, _ *world) (contender, error) { return newGORM(db, sqliteSQL, false) },
	"gorm tuned": func(db *sql.DB, _ *world) (contender, error) { return newGORM(db, sqliteSQL, true) },
	"bun":        func(db *sql.DB, _ *world) (contender, error) { return newBun(db, sqliteSQL), nil },
}

// TestEverybodyWritesTheSameRows is what makes the comparison fair.
func TestEverybodyWritesTheSameRows(t *testing.T) {
	ours := openOn(t, theLibrary).lives(t, 2)
	require.Greater(t, len(ours), 1000)
	for name, make := range others {
		t.Run(name, func(t *testing.T) {
			o := openOn(t, make)
			require.Empty(t, strings.Join(differences(ours, o.lives(t, 2), 20), "\n"))

			// The library reads what the other wrote, and the chains of hashes hold.
			store, err := sqlstore.New(o.db, sqlstore.SQLite(), nil)
			require.NoError(t, err)
			defer store.Close()
			s, err := session(store, o.w)
			require.NoError(t, err)
			d := o.w.deal(7)
			require.NoError(t, live(context.Background(), ticking{o.c, &o.now}, d))
			got, err := s.Opportunities().Get(context.Background(), d.opportunity, opportunity.AllParts)
			require.NoError(t, err)
			require.Equal(t, opportunity.Closed, got.Status)
			require.Len(t, got.Lines, 3)
			entries, err := s.Opportunities().Journal(context.Background(), d.opportunity)
			require.NoError(t, err, "the journal's chain")
			require.Len(t, entries, 8)
			replayed, rows, _, err := opportunity.Replay(entries)
			require.NoError(t, err)
			require.Equal(t, got.Root, replayed.Root)
			history, err := s.Opportunities().History(context.Background(), d.opportunity)
			require.NoError(t, err)
			require.Equal(t, history, rows)
		})
	}
}

// TestWhoLeavesRowsOutIsCaught is the twin: the comparison finds a contender that
// saves itself the ledger.
func TestWhoLeavesRowsOutIsCaught(t *testing.T) {
	ours := openOn(t, theLibrary).lives(t, 1)
	theirs := openOn(t, func(db *sql.DB, _ *world) (contender, error) {
		h := newHand(db, sqliteSQL)
		h.forgetful = true
		return h, nil
	}).lives(t, 1)
	require.Contains(t, strings.Join(differences(ours, theirs, 20), "\n"), "pursuit_opportunity_ledger")
}
