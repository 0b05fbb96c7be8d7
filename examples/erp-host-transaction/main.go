package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the ERP's choice of driver

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "erp-host-transaction:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "pursuit-erp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	erp, err := start(ctx, filepath.Join(dir, "erp.db"))
	if err != nil {
		return err
	}
	defer erp.db.Close()

	first, err := erp.offer(ctx, "20 workstations", 179_990_00)
	if err != nil {
		return err
	}
	second, err := erp.offer(ctx, "A data centre", 9_000_000_00)
	if err != nil {
		return err
	}

	fmt.Fprintln(w, "1. The invoice and the win are committed together.")
	if err := erp.bill(ctx, "INV-1", first); err != nil {
		return err
	}
	if err := erp.show(ctx, w, first); err != nil {
		return err
	}

	fmt.Fprintln(w, "2. The ERP's own rule fails after the win: both are rolled back.")
	if err := erp.bill(ctx, "INV-2", second); !errors.Is(err, errCreditLimit) {
		return fmt.Errorf("the credit limit was not checked: %w", err)
	}
	if err := erp.show(ctx, w, second); err != nil {
		return err
	}

	fmt.Fprintln(w, "3. The library refuses the win, as the deal is won already: the invoice is rolled back too.")
	err = erp.bill(ctx, "INV-3", first)
	if err == nil {
		return errors.New("a deal was won twice")
	}
	fmt.Fprintln(w, "  ", err)
	return erp.show(ctx, w, first)
}

// erp is the host: a database, tables of its own, and the library beside them.
type erp struct {
	db     *sql.DB
	store  *sqlstore.Store
	engine *pursuit.Engine
	clerk  pursuit.Actor
	reason uuid.UUID
}

// start opens the database and makes the tables, the ERP's and the library's.
func start(ctx context.Context, file string) (_ *erp, err error) {
	// A transaction that reads first and writes later can't wait for another writer
	// on SQLite: immediate ones wait at their beginning.
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	if _, err := db.ExecContext(ctx, `CREATE TABLE erp_invoice (
		number      TEXT PRIMARY KEY,
		opportunity TEXT NOT NULL,
		cents       INTEGER NOT NULL,
		currency    TEXT NOT NULL)`); err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := store.Check(ctx); err != nil { // that the database is set up as the library needs it
		return nil, err
	}
	engine, err := pursuit.New(store, nil)
	if err != nil {
		return nil, err
	}
	e := &erp{db: db, store: store, engine: engine,
		clerk: pursuit.Actor{Tenant: "acme", User: "clerk", Roles: []access.Role{access.Administrator}}}
	s := engine.As(e.clerk)
	if _, err := s.Processes().Publish(ctx, stage.Process{Code: "simple", Names: stage.Names{"en": "Simple sale"}, Stages: []stage.Stage{
		{ID: "offer", Names: stage.Names{"en": "Offer"}, Probability: 5000, Category: stage.Pipeline},
	}}); err != nil {
		return nil, err
	}
	reason, err := s.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "price", Names: map[string]string{"en": "Price"}})
	e.reason = reason.ID
	return e, err
}

// offer records an opportunity; outside of the ERP's transactions the engine
// works in its own.
func (e *erp) offer(ctx context.Context, name string, cents int64) (uuid.UUID, error) {
	r, err := e.engine.As(e.clerk).Opportunities().RecordForNewCustomer(ctx,
		pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Buyer of " + name}, Opportunity: opportunity.RecordInput{Name: name, Currency: money.CNY, Estimated: money.FromMinor(cents, money.CNY)}})
	return r.ID, err
}

const creditLimit = 1_000_000_00

var errCreditLimit = errors.New("the credit limit is exceeded")

// bill books an invoice of the ERP and wins the opportunity, both or neither.
func (e *erp) bill(ctx context.Context, number string, deal uuid.UUID) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit

	// The library's session works inside tx, as long as tx lives: it never
	// begins, commits, rolls back or repeats. After any error from it, roll back;
	// an error of kind fault.ErrRetry says that the whole may be tried again.
	s := e.engine.In(e.store.Bind(sqlstore.Std(tx))).As(e.clerk)

	o, err := s.Opportunities().Get(ctx, deal, 0)
	if err != nil {
		return err
	}
	amount := o.Amount()
	if _, err := tx.ExecContext(ctx, `INSERT INTO erp_invoice (number, opportunity, cents, currency) VALUES (?, ?, ?, ?)`,
		number, deal.String(), amount.Minor(), string(amount.Currency())); err != nil {
		return err
	}
	if _, err := s.Opportunities().Win(ctx, deal, opportunity.WinInput{
		Reasons: []opportunity.Choice{{Reason: e.reason}}, Summary: "Invoiced as " + number,
	}); err != nil {
		return err
	}
	if amount.Minor() > creditLimit {
		return errCreditLimit
	}
	return tx.Commit()
}

// show prints what is committed, as another connection sees it.
func (e *erp) show(ctx context.Context, w io.Writer, deal uuid.UUID) error {
	o, err := e.engine.As(e.clerk).Opportunities().Get(ctx, deal, 0)
	if err != nil {
		return err
	}
	var invoices int
	if err := e.db.QueryRowContext(ctx, `SELECT count(*) FROM erp_invoice WHERE opportunity = ?`, deal.String()).Scan(&invoices); err != nil {
		return err
	}
	entries, err := e.engine.As(e.clerk).Opportunities().Journal(ctx, deal)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "   %s is %s; invoices: %d; journal: %d entries, whole\n", o.Number, o.Status, invoices, len(entries))
	return nil
}
