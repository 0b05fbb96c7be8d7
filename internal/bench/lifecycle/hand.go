package lifecycle

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// hand is database/sql without a library: each statement is written for its
// command and kept prepared.
type hand struct {
	db      *sql.DB
	sql     flavour
	numbers numbers
	mu      sync.RWMutex
	stmts   map[string]*sql.Stmt
	// forgetful leaves the ledger out: a seeded bug, for the test of the test.
	forgetful bool
}

func newHand(db *sql.DB, f flavour) *hand {
	return &hand{db: db, sql: f, numbers: numbers{db: db, sql: f}, stmts: map[string]*sql.Stmt{}}
}

func (h *hand) end() error {
	var err error
	for _, st := range h.stmts {
		err = errors.Join(err, st.Close())
	}
	return err
}

// stmt prepares a statement the first time, outside of transactions: there are as
// many as the commands have.
func (h *hand) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	h.mu.RLock()
	st := h.stmts[query]
	h.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if st := h.stmts[query]; st != nil {
		return st, nil
	}
	st, err := h.db.PrepareContext(ctx, h.sql.text(query))
	if err == nil {
		h.stmts[query] = st
	}
	return st, err
}

// handTx is one command's transaction; the first error sticks.
type handTx struct {
	ctx     context.Context
	h       *hand
	tx      *sql.Tx
	queries []string
	stmts   [8]*sql.Stmt
	err     error
}

// in runs a command whose statements are named beforehand, so that preparing them
// needs no second connection.
func (h *hand) in(ctx context.Context, queries []string, f func(t *handTx) error) error {
	t := &handTx{ctx: ctx, h: h, queries: queries}
	for i, q := range queries {
		var err error
		if t.stmts[i], err = h.stmt(ctx, q); err != nil {
			return err
		}
	}
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	t.tx = tx
	if err := f(t); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if t.err != nil {
		return errors.Join(t.err, tx.Rollback())
	}
	return tx.Commit()
}

func (t *handTx) stmt(query string) *sql.Stmt {
	for i, q := range t.queries {
		if q == query {
			return t.tx.StmtContext(t.ctx, t.stmts[i])
		}
	}
	t.err = errors.New("a statement wasn't named: " + query)
	return nil
}

func (t *handTx) exec(query string, args []any) int64 {
	if t.err != nil {
		return 0
	}
	st := t.stmt(query)
	if t.err != nil {
		return 0
	}
	r, err := st.ExecContext(t.ctx, args...)
	if err != nil {
		t.err = err
		return 0
	}
	n, err := r.RowsAffected()
	t.err = err
	return n
}

// one reads one row.
func (t *handTx) one(query string, args, dest []any) {
	if t.err != nil {
		return
	}
	if st := t.stmt(query); t.err == nil {
		t.err = st.QueryRowContext(t.ctx, args...).Scan(dest...)
	}
}

// load reads what the commands on an opportunity need of its row.
func (t *handTx) load(d *deal) (*opportunityRow, error) {
	o := &opportunityRow{Tenant: tenant, ID: ident(d.opportunity)}
	t.one(selectOpportunity, []any{tenant, o.ID}, o.dest())
	return o, t.err
}

// update sets an opportunity's columns, which come first; the row moved by one
// version.
func (t *handTx) update(query string, o *opportunityRow, set ...any) {
	n := t.exec(query, append(set, o.Updated, o.Effective, o.Version, o.JournalSeq, o.JournalHash, o.Tenant, o.ID, o.Version-1))
	if t.err == nil && n != 1 {
		t.err = errChanged
	}
}

// book ends the ledger's open row and writes the next one.
func (t *handTx) book(o *opportunityRow, next *ledgerRow) {
	if t.h.forgetful {
		return
	}
	t.exec(updateLedger, []any{o.LedgerEffective, o.LedgerRecorded, o.Tenant, o.ID, o.LedgerSeq - 1})
	t.exec(insertLedger, next.values())
}

func (t *handTx) journal(e ...journalRow) {
	if len(e) == 1 {
		t.exec(insertEntry, e[0].values())
		return
	}
	t.exec(insertEntries, valuesOf(e))
}

var (
	insertCustomer    = insertInto("pursuit_customer", customerColumns, 1)
	insertContact     = insertInto("pursuit_contact", contactColumns, 1)
	insertOpportunity = insertInto("pursuit_opportunity", opportunityColumns, 1)
	insertChoice      = insertInto("pursuit_opportunity_choice", choiceColumns, 1)
	insertLedger      = insertInto("pursuit_opportunity_ledger", ledgerColumns, 1)
	insertOrder       = insertInto("pursuit_sales_order", orderColumns, 1)
	insertEntry       = insertInto("pursuit_journal", journalColumns, 1)
	insertEntries     = insertInto("pursuit_journal", journalColumns, 2)
	// Deals have three members and three lines.
	insertMembers    = insertInto("pursuit_opportunity_member", memberColumns, 3)
	insertLines      = insertInto("pursuit_opportunity_line", lineColumns, 3)
	insertOrderLines = insertInto("pursuit_sales_order_line", orderLineColumns, 3)
)

func (h *hand) createCustomer(ctx context.Context, d *deal) error {
	return h.in(ctx, []string{insertCustomer, insertContact, insertEntries}, func(t *handTx) error {
		c, k, e, err := d.newCustomer()
		if err != nil {
			return err
		}
		t.exec(insertCustomer, c.values())
		t.exec(insertContact, k.values())
		t.journal(e...)
		return nil
	})
}

func (h *hand) record(ctx context.Context, d *deal) error {
	number, err := h.numbers.take(ctx, "OPP", d.now())
	if err != nil {
		return err
	}
	return h.in(ctx, []string{selectCustomer, insertOpportunity, insertMembers, insertLines, insertLedger, insertEntry}, func(t *handTx) error {
		var status string
		if t.one(selectCustomer, []any{tenant, ident(d.customer)}, []any{&status}); t.err != nil || status == "inactive" {
			return errors.Join(t.err, errNotAllowed)
		}
		o, l, e, err := d.newOpportunity(number)
		if err != nil {
			return err
		}
		t.exec(insertOpportunity, o.values())
		t.exec(insertMembers, valuesOf(o.Members))
		t.exec(insertLines, valuesOf(o.Lines))
		t.exec(insertLedger, l.values())
		t.journal(e)
		return nil
	})
}

func (h *hand) advance(ctx context.Context, d *deal, to string) error {
	return h.in(ctx, []string{selectOpportunity, updateAdvance, updateLedger, insertLedger, insertEntry}, func(t *handTx) error {
		o, err := t.load(d)
		if err != nil {
			return err
		}
		l, e, err := o.advance(d, to)
		if err != nil {
			return err
		}
		t.update(updateAdvance, o, o.Stage, o.StageEntered, o.Probability, o.Category, o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded)
		t.book(o, &l)
		t.journal(e)
		return nil
	})
}

func (h *hand) win(ctx context.Context, d *deal) error {
	return h.in(ctx, []string{selectOpportunity, selectReason, updateWin, insertChoice, updateLedger, insertLedger, insertEntry}, func(t *handTx) error {
		o, err := t.load(d)
		if err != nil {
			return err
		}
		var kind, status string
		if t.one(selectReason, []any{tenant, ident(d.reason)}, []any{&kind, &status}); t.err != nil || kind != "win_reason" || status != "active" {
			return errors.Join(t.err, errNotAllowed)
		}
		l, e, x, err := o.win(d)
		if err != nil {
			return err
		}
		t.update(updateWin, o, o.Status, o.Probability, o.Category, o.WonAt, o.CycleDays, o.Outcome, o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded)
		t.exec(insertChoice, x.values())
		t.book(o, &l)
		t.journal(e)
		return nil
	})
}

func (h *hand) createOrder(ctx context.Context, d *deal) error {
	number, err := h.numbers.take(ctx, "ORD", d.now())
	if err != nil {
		return err
	}
	return h.in(ctx, []string{selectSettings, selectOpportunity, selectLines, selectCustomer, updateOrdered, insertOrder, insertOrderLines, insertEntries}, func(t *handTx) error {
		var enabled, ready int64
		var prefix, status string
		var st settings
		t.one(selectSettings, []any{tenant}, []any{&enabled, &ready, &prefix, &st.over, &st.tax})
		o, err := t.load(d)
		if err != nil || enabled == 0 || ready == 0 {
			return errors.Join(err, errNotAllowed)
		}
		if err := t.lines(o); err != nil {
			return err
		}
		if t.one(selectCustomer, []any{tenant, o.CustomerID}, []any{&status}); t.err != nil || status == "prospect" {
			return errors.Join(t.err, errNotAllowed)
		}
		s, rows, e, err := o.newOrder(d, number, st)
		if err != nil {
			return err
		}
		t.update(updateOrdered, o, o.Ordered, o.Counts)
		t.exec(insertOrder, s.values())
		t.exec(insertOrderLines, valuesOf(rows))
		t.journal(e...)
		return nil
	})
}

// lines reads the lines of an opportunity.
func (t *handTx) lines(o *opportunityRow) error {
	st := t.stmt(selectLines)
	if t.err != nil {
		return t.err
	}
	rows, err := st.QueryContext(t.ctx, tenant, o.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		l := lineRow{Tenant: tenant, OpportunityID: o.ID}
		if err := rows.Scan(&l.Number, &l.Product, &l.Description, &l.Quantity, &l.Unit, &l.Price, &l.Discount, &l.Tax, &l.Amount, &l.Currency); err != nil {
			return err
		}
		o.Lines = append(o.Lines, l)
	}
	return rows.Err()
}

func (h *hand) closeDeal(ctx context.Context, d *deal) error {
	return h.in(ctx, []string{selectOpportunity, updateClose, updateLedger, insertLedger, insertEntry}, func(t *handTx) error {
		o, err := t.load(d)
		if err != nil {
			return err
		}
		l, e, err := o.closeDeal(d)
		if err != nil {
			return err
		}
		t.update(updateClose, o, o.Status, o.ClosedAt, o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded)
		t.book(o, &l)
		t.journal(e)
		return nil
	})
}
