package integration

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/blobdir"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/migrate"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// What follows is the Go of docs/embedding.md, line by line.

func embedMemory() storage.Store {
	store := memory.New()
	return store
}

func embedSQLite() (*sqlstore.Store, error) {
	db, err := sql.Open("sqlite", "file:erp.db?_txlock=immediate&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	return store, err
}

func embedPostgres() (*sqlstore.Store, error) {
	db, err := sql.Open("pgx", "postgres://erp:secret@db.internal:5432/erp")
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.PostgreSQL(), &sqlstore.Options{Schema: "crm"})
	return store, err
}

func embedMariaDB() (*sqlstore.Store, error) {
	db, err := sql.Open("mysql", "erp:secret@tcp(db.internal:3306)/erp?charset=utf8mb4&interpolateParams=true")
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.MySQL(), nil)
	return store, err
}

func embedGoose(ctx context.Context, db *sql.DB) error {
	provider, err := migrate.New(db, sqlstore.PostgreSQL(), &migrate.Options{Options: sqlstore.Options{Schema: "crm"}})
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

func embedCommand(ctx context.Context, store storage.Store, customer uuid.UUID, shanghai *time.Location) error {
	engine, err := pursuit.New(store, &pursuit.Options{Zone: func(tenant string) *time.Location { return shanghai }})
	if err != nil {
		return err
	}
	s := engine.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Sales}})
	deal, err := s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: "20 workstations", Customer: customer, Currency: money.CNY, Estimated: money.FromMinor(17_999_000, money.CNY),
	}, pursuit.RequestID("erp-quote-4711"))
	if err == nil && deal.Repeated {
		err = fmt.Errorf("the command was done before")
	}
	return err
}

func embedBlobs(store storage.Store) (*pursuit.Engine, error) {
	blobs, err := blobdir.Open("documents") // a directory that exists
	if err != nil {
		return nil, err
	}
	engine, err := pursuit.New(store, &pursuit.Options{Blobs: blobs, MaxDocument: 20 << 20})
	return engine, err
}

func embedTransaction(ctx context.Context, db *sql.DB, store *sqlstore.Store, engine *pursuit.Engine, clerk pursuit.Actor,
	deal uuid.UUID, reasons []opportunity.Choice, number string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit

	bound := store.Bind(sqlstore.Std(tx))
	s := engine.In(bound).As(clerk)
	if _, err := tx.ExecContext(ctx, `INSERT INTO erp_invoice (number, deal) VALUES (?, ?)`, number, deal.String()); err != nil {
		return err
	}
	if _, err := s.Opportunities().Win(ctx, deal, opportunity.WinInput{Reasons: reasons, Summary: "Invoiced as " + number}); err != nil {
		return err
	}
	if err := bound.Err(); err != nil {
		return err
	}
	return tx.Commit()
}

// sender is a queue of the host's.
type sender interface {
	Send(ctx context.Context, id, typ string, payload []byte) error
}

func embedRelay(ctx context.Context, engine *pursuit.Engine, queue sender, report func(error)) error {
	relay, err := engine.Relay("acme", pursuit.PublisherFunc(func(ctx context.Context, e journal.Entry) error {
		return queue.Send(ctx, e.ID.String(), e.Type, e.Payload)
	}), &pursuit.RelayOptions{OnError: report})
	if err != nil {
		return err
	}
	return relay.Run(ctx) // until ctx ends
}

// Nobody below a manager wins or loses deals.
type fair struct{ access.Default }

func (p fair) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	if (action == access.OpportunityWin || action == access.OpportunityLose) && !a.Has(access.Manager) && !a.Has(access.Administrator) {
		return fault.New(fault.ErrForbidden, "erp.managers_decide", "a manager decides deals")
	}
	return p.Default.Allow(ctx, a, action, on)
}

// ledger is the host's, which says what a customer owes.
type ledger interface {
	Of(ctx context.Context, conn sqlstore.Conn, customer string) (int, error)
}

func embedGates(store storage.Store, debts ledger) (*pursuit.Engine, error) {
	engine, err := pursuit.New(store, &pursuit.Options{Policy: fair{}, Gates: map[string]pursuit.GateKind{
		"erp.credit": {Evaluate: func(ctx context.Context, in pursuit.GateInput) (stage.Verdict, error) {
			conn, _ := sqlstore.ConnOf(in.Tx) // the transaction, on a store on SQL
			owes, err := debts.Of(ctx, conn, in.Customer.Code)
			return stage.Verdict{Met: owes <= 10_000, Message: "the customer is over its credit limit"}, err
		}},
	}})
	return engine, err
}

func embedObserve(store storage.Store, log *slog.Logger) (*pursuit.Engine, error) {
	engine, err := pursuit.New(store, &pursuit.Options{Observe: func(ctx context.Context, op pursuit.Operation) (context.Context, func(pursuit.Ending)) {
		return ctx, func(e pursuit.Ending) {
			log.InfoContext(ctx, op.Name, "tenant", op.Tenant, "took", e.Duration, "tries", e.Attempts, "code", e.Code)
		}
	}})
	return engine, err
}

// articleList is the host's.
type articleList interface {
	Missing(ctx context.Context, conn sqlstore.Conn, keys []string) ([]string, error)
}

func embedValidate(store storage.Store, articles articleList) (*pursuit.Engine, error) {
	engine, err := pursuit.New(store, &pursuit.Options{Validate: func(ctx context.Context, in pursuit.KeysInput) (unknown pursuit.Keys, err error) {
		conn, _ := sqlstore.ConnOf(in.Tx)
		unknown.Products, err = articles.Missing(ctx, conn, in.Keys.Products)
		return unknown, err
	}})
	return engine, err
}

// numberRanges are the host's.
type numberRanges interface {
	Next(ctx context.Context, conn sqlstore.Conn, of string) (string, error)
}

func embedNumbers(store storage.Store, ranges numberRanges) (*pursuit.Engine, error) {
	engine, err := pursuit.New(store, &pursuit.Options{Numbers: func(ctx context.Context, in pursuit.NumberInput) (string, error) {
		conn, _ := sqlstore.ConnOf(in.Tx)
		return ranges.Next(ctx, conn, string(in.Of))
	}})
	return engine, err
}

// TestEmbeddingDocument_ItsGoIsThis, as it stands there.
func TestEmbeddingDocument_ItsGoIsThis(t *testing.T) {
	flat := func(s string) string { return regexp.MustCompile(`(?m)^\s+`).ReplaceAllString(s, "") }
	source, err := os.ReadFile("embedding_test.go")
	require.NoError(t, err)
	text, err := os.ReadFile("../../docs/embedding.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	require.Len(t, blocks, 14)
	for _, b := range blocks {
		require.Contains(t, flat(string(source)), flat(b[1]))
	}
}

// TestEmbeddingDocument_ItsGoWorks: all but reaching the servers, whose names there
// are nobody's.
func TestEmbeddingDocument_ItsGoWorks(t *testing.T) {
	ctx := context.Background()
	require.NotNil(t, embedMemory())
	over, stop := context.WithCancel(ctx)
	stop()
	eng, err := pursuit.New(embedMemory(), nil)
	require.NoError(t, err)
	require.ErrorIs(t, embedRelay(over, eng, nil, nil), fault.ErrCancelled)
	_, err = embedGates(embedMemory(), nil)
	require.NoError(t, err)
	_, err = embedObserve(embedMemory(), slog.Default())
	require.NoError(t, err)
	_, err = embedValidate(embedMemory(), nil)
	require.NoError(t, err)
	_, err = embedNumbers(embedMemory(), nil)
	require.NoError(t, err)
	for _, open := range []func() (*sqlstore.Store, error){embedPostgres, embedMariaDB} {
		s, err := open()
		require.NoError(t, err)
		require.NoError(t, s.Close())
	}
	t.Chdir(t.TempDir())
	s, err := embedSQLite()
	require.NoError(t, err)
	require.NoError(t, s.Migrate(ctx))
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.Close())
	require.NoError(t, os.Mkdir("documents", 0o700))
	_, err = embedBlobs(embedMemory())
	require.NoError(t, err)
	dir, err := os.Getwd()
	require.NoError(t, err)
	db := opened(t, sqliteConnector{sqliteSource(filepath.Join(dir, "erp.db")) + "&_txlock=immediate"})
	store := databases[0].on(t, db, nil)
	w := newWorld(t, store)
	require.NoError(t, embedCommand(ctx, store, w.customer, time.UTC))
	require.ErrorContains(t, embedCommand(ctx, store, w.customer, time.UTC), "done before")

	execAll(t, db, []string{"CREATE TABLE erp_invoice (number TEXT PRIMARY KEY, deal TEXT)"})
	for _, c := range []struct {
		number string
		free   bool
	}{{"INV-1", true}, {"INV-1", false}, {"INV-2", true}} {
		a := w.record("deal of "+c.number, 1)
		err := embedTransaction(ctx, db, store, w.eng, pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}},
			a.ID, choose(w.win), c.number)
		require.Equal(t, c.free, err == nil)
		o, err := w.s.Opportunities().Get(ctx, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, c.free, o.Status == opportunity.Won)
	}
	require.Equal(t, []string{"INV-1", "INV-2"}, lists(t, db, "SELECT number FROM erp_invoice ORDER BY number"))

	// The goose part, where there is such a schema.
	pg := opened(t, freshPostgres(t))
	execAll(t, pg, []string{"CREATE SCHEMA crm"})
	require.NoError(t, embedGoose(ctx, pg))
	crm, err := sqlstore.New(pg, sqlstore.PostgreSQL(), &sqlstore.Options{Schema: "crm"})
	require.NoError(t, err)
	require.NoError(t, crm.Check(ctx))
}
