package integration

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// sqliteSource is a data source that keeps the store's promises.
func sqliteSource(path string) string {
	return "file:" + path + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)"
}

// sqliteDB opens a file.
func sqliteDB(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", sqliteSource(path))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// sqliteStore makes a store on a new file.
func sqliteStore(t testing.TB, opts *sqlstore.Options) (*sqlstore.Store, *sql.DB) {
	t.Helper()
	db := sqliteDB(t, filepath.Join(t.TempDir(), "p.db"))
	s, err := sqlstore.New(db, sqlstore.SQLite(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(context.Background()))
	return s, db
}

// world is a tenant with what a sale needs, on any store. Its clock and ids are
// the same in every world.
type world struct {
	t        testing.TB
	ctx      context.Context
	tenant   string
	store    storage.Store
	eng      *pursuit.Engine
	s        *pursuit.Session
	now      time.Time
	ids      atomic.Uint64
	customer uuid.UUID
	other    uuid.UUID
	contact  uuid.UUID
	win      uuid.UUID
	lossTo   uuid.UUID // demands a competitor
	rival    uuid.UUID
	source   uuid.UUID
	travel   uuid.UUID // a kind of expense
	process  uuid.UUID
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func date(t testing.TB, s string) calendar.Date {
	d, err := calendar.Parse(s)
	require.NoError(t, err)
	return d
}

func newWorld(t testing.TB, store storage.Store) *world { return newWorldOf(t, store, "acme") }

func newWorldOf(t testing.TB, store storage.Store, tenant string) *world {
	w := &world{t: t, ctx: context.Background(), tenant: tenant, store: store, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	eng, err := pursuit.New(store, &pursuit.Options{
		Clock: func() time.Time { w.now = w.now.Add(time.Second); return w.now },
		NewID: func() (id uuid.UUID) {
			n := w.ids.Add(1)
			copy(id[:], fmt.Sprintf("%016d", n))
			return id
		},
	})
	require.NoError(t, err)
	w.eng = eng
	w.s = w.as("ann")
	c, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Northwind", Code: "C1", Sector: "retail", Status: customer.Active, Contacts: []customer.ContactInput{{Name: "Li Wei", Primary: true}}})
	require.NoError(t, err)
	w.customer, w.contact = c.ID, c.Contacts[0]
	c, err = w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Contoso 100%_!", Department: "west", Attributes: map[string]string{"a": "b"}})
	require.NoError(t, err)
	w.other = c.ID
	entry := func(in archive.CreateInput) uuid.UUID {
		in.Names = map[string]string{"en": in.Code}
		r, err := w.s.Archives().Create(w.ctx, in)
		require.NoError(t, err)
		return r.ID
	}
	w.win = entry(archive.CreateInput{Kind: archive.WinReason, Code: "price"})
	w.lossTo = entry(archive.CreateInput{Kind: archive.LossReason, Code: "rival", NeedsCompetitor: true})
	w.rival = entry(archive.CreateInput{Kind: archive.Competitor, Code: "contoso"})
	w.source = entry(archive.CreateInput{Kind: archive.Source, Code: "fair"})
	w.travel = entry(archive.CreateInput{Kind: archive.ExpenseKind, Code: "travel"})
	n := func(s string) stage.Names { return stage.Names{"en": s} }
	p, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "crm", Names: n("CRM"), AllowBack: true, Stages: []stage.Stage{
		{ID: "prospecting", Names: n("Prospecting"), Probability: 1000, Category: stage.Pipeline},
		{ID: "engaging", Names: n("Engaging"), Probability: 5000, Category: stage.BestCase, Start: true,
			Checklist: []stage.ChecklistItem{{ID: "demo", Names: n("Demo")}}},
	}})
	require.NoError(t, err)
	w.process = p.ID
	return w
}

func (w *world) as(user string) *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: w.tenant, User: user, Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
}

func (w *world) input(name string, lines int) opportunity.RecordInput {
	in := opportunity.RecordInput{Name: name, Customer: w.customer, Currency: money.USD, ExpectedClose: date(w.t, "2026-06-30"), Source: w.source,
		Estimated: money.FromMinor(5000, money.USD)}
	for i := range lines {
		in.Lines = append(in.Lines, opportunity.LineInput{Product: fmt.Sprintf("GTX-%d", i%3), Quantity: dec("3.50"), Price: dec("100.50"), Discount: dec("10")})
	}
	return in
}

func (w *world) record(name string, lines int, opts ...pursuit.CallOption) pursuit.Result {
	w.t.Helper()
	r, err := w.s.Opportunities().Record(w.ctx, w.input(name, lines), opts...)
	require.NoError(w.t, err)
	return r
}

func choose(id uuid.UUID) []opportunity.Choice {
	return []opportunity.Choice{{Reason: id, Explanation: "as said"}}
}
