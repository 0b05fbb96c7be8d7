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
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "erp-sales-system:", err)
		os.Exit(1)
	}
}

// erp is the host: a database, tables of its own, and the library beside them.
type erp struct {
	db     *sql.DB
	store  *sqlstore.Store
	engine *pursuit.Engine
}

// start opens the database and makes the tables, the ERP's and the library's.
func start(ctx context.Context, file string) (_ *erp, err error) {
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
	if _, err := db.ExecContext(ctx, tables); err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	engine, err := pursuit.New(store, &pursuit.Options{SalesSystem: plug})
	return &erp{db, store, engine}, err
}

// clerk may do everything.
var clerk = pursuit.Actor{Tenant: "acme", User: "clerk", Roles: []access.Role{access.Administrator}}

// prepare sets the tenant up, and wins a deal of 5 pumps.
func (e *erp) prepare(ctx context.Context) (deal uuid.UUID, err error) {
	s := e.engine.As(clerk)
	_, err1 := s.Processes().Publish(ctx, stage.Process{Code: "simple", Names: stage.Names{"en": "Simple sale"}, Stages: []stage.Stage{
		{ID: "offer", Names: stage.Names{"en": "Offer"}, Probability: 5000, Category: stage.Pipeline},
	}})
	reason, err2 := s.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "price", Names: map[string]string{"en": "Price"}})
	_, err3 := s.SalesSystem().Enable(ctx)
	_, err4 := s.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY})
	r, err5 := s.Opportunities().RecordForNewCustomer(ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Buyer", Status: customer.Active}, Opportunity: opportunity.RecordInput{Name: "Pumps", Currency: money.CNY, Lines: []opportunity.LineInput{
		{Product: "pump", Quantity: decimal.NewFromInt(5), Price: decimal.NewFromInt(200)},
	}}})
	_, err6 := s.Opportunities().Win(ctx, r.ID, opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: reason.ID}}})
	return r.ID, errors.Join(err1, err2, err3, err4, err5, err6)
}

// order makes and confirms an order in a transaction of the ERP; commit says how
// it ends.
func (e *erp) order(ctx context.Context, deal uuid.UUID, commit bool) (id uuid.UUID, err error) {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return id, err
	}
	defer tx.Rollback() // does nothing after Commit
	s := e.engine.In(e.store.Bind(sqlstore.Std(tx))).As(clerk)
	r, err := s.Orders().Create(ctx, deal, order.CreateInput{Reference: "PO 7"})
	if err != nil {
		return id, err
	}
	if _, err := s.Orders().Confirm(ctx, r.ID); err != nil || !commit {
		return r.ID, err
	}
	return r.ID, tx.Commit()
}

// show prints what is committed, as another connection sees it.
func (e *erp) show(ctx context.Context, w io.Writer, deal uuid.UUID) error {
	o, err := e.engine.As(clerk).Opportunities().Get(ctx, deal, 0)
	if err != nil {
		return err
	}
	var rows, ours int
	if err := e.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM erp_order), (SELECT count(*) FROM pursuit_sales_order)`).Scan(&rows, &ours); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "   the ERP's orders: %d; the library's: %d; the opportunity knows of %d, ordered %s\n", rows, ours, o.Counts.LiveOrders, o.Ordered)
	return err
}

func run(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "pursuit-erp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e, err := start(ctx, filepath.Join(dir, "erp.db"))
	if err != nil {
		return err
	}
	defer e.db.Close()
	deal, err := e.prepare(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "1. The ERP rolls its transaction back: neither order nor opportunity has changed.")
	if _, err := e.order(ctx, deal, false); err != nil {
		return err
	}
	if err := e.show(ctx, w, deal); err != nil {
		return err
	}
	fmt.Fprintln(w, "2. It commits: the ERP's rows and the opportunity's event are there together.")
	id, err := e.order(ctx, deal, true)
	if err != nil {
		return err
	}
	return errors.Join(e.show(ctx, w, deal), e.cancel(ctx, w, deal, id))
}

// cancel cancels the order, in the library's own transaction.
func (e *erp) cancel(ctx context.Context, w io.Writer, deal, id uuid.UUID) error {
	s := e.engine.As(clerk)
	if _, err := s.Orders().Cancel(ctx, id, order.CancelInput{Reason: "they withdrew"}); err != nil {
		return err
	}
	o, err := s.Opportunities().Get(ctx, deal, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "3. The order is cancelled: the opportunity is %s still, and flagged: %t\n", o.Status, o.OrderCancelled)
	return err
}
