package lifecycle

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// handPgx is pgx without a library: a command reads in one batch, which begins with
// BEGIN, and writes in another, which ends with COMMIT. pgx keeps the statements
// prepared.
type handPgx struct {
	pool    *pgxpool.Pool
	numbers numbers
	// forgetful leaves the ledger out: a seeded bug, for the test of the test.
	forgetful bool
}

func newHandPgx(p *pgxpool.Pool, db *sql.DB) *handPgx {
	return &handPgx{pool: p, numbers: numbers{db: db, sql: postgresSQL}}
}

func (h *handPgx) end() error { return nil }

// lockOpportunity locks the row, since a version that turns out to have moved
// couldn't stop a COMMIT that travels with the statement that finds out.
const lockOpportunity = selectOpportunity + " FOR UPDATE"

// in runs a command. read, which may be nil, queues what it reads; write decides and
// queues what it writes.
func (h *handPgx) in(ctx context.Context, read func(b *pgx.Batch), write func(b *pgx.Batch) error) error {
	c, err := h.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	undo := func(err error) error {
		_, e := c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, e)
	}
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	if read != nil {
		read(b)
		if err := c.SendBatch(ctx, b).Close(); err != nil {
			return undo(err)
		}
		b = &pgx.Batch{}
	}
	if err := write(b); err != nil {
		return undo(err)
	}
	b.Queue("COMMIT")
	if err := c.SendBatch(ctx, b).Close(); err != nil {
		return undo(err)
	}
	return nil
}

// dollars are the statements as PostgreSQL wants them.
var dollars = func() map[string]string {
	out := map[string]string{}
	for _, q := range []string{
		insertCustomer, insertContact, insertOpportunity, insertChoice, insertLedger, insertOrder, insertEntry, insertEntries, insertMembers, insertLines, insertOrderLines,
		lockOpportunity, selectCustomer, selectReason, selectSettings, selectLines, updateAdvance, updateWin, updateOrdered, updateClose, updateLedger,
	} {
		out[q] = postgresSQL.text(q)
	}
	return out
}()

func queue(b *pgx.Batch, query string, args []any) *pgx.QueuedQuery {
	return b.Queue(dollars[query], args...)
}

// one queues the reading of one row.
func one(b *pgx.Batch, query string, args, dest []any) {
	queue(b, query, args).QueryRow(func(row pgx.Row) error { return row.Scan(dest...) })
}

// load queues the reading of what the commands need of an opportunity's row.
func (h *handPgx) load(b *pgx.Batch, d *deal) *opportunityRow {
	o := &opportunityRow{Tenant: tenant, ID: ident(d.opportunity)}
	one(b, lockOpportunity, []any{tenant, o.ID}, o.dest())
	return o
}

// update sets an opportunity's columns, which come first; the row moved by one
// version.
func (h *handPgx) update(b *pgx.Batch, query string, o *opportunityRow, set ...any) {
	queue(b, query, append(set, o.Updated, o.Effective, o.Version, o.JournalSeq, o.JournalHash, o.Tenant, o.ID, o.Version-1)).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != 1 {
			return errChanged
		}
		return nil
	})
}

// book ends the ledger's open row and writes the next one.
func (h *handPgx) book(b *pgx.Batch, o *opportunityRow, next *ledgerRow) {
	if h.forgetful {
		return
	}
	queue(b, updateLedger, []any{o.LedgerEffective, o.LedgerRecorded, o.Tenant, o.ID, o.LedgerSeq - 1})
	queue(b, insertLedger, next.values())
}

func (h *handPgx) createCustomer(ctx context.Context, d *deal) error {
	return h.in(ctx, nil, func(b *pgx.Batch) error {
		c, k, e, err := d.newCustomer()
		if err != nil {
			return err
		}
		queue(b, insertCustomer, c.values())
		queue(b, insertContact, k.values())
		queue(b, insertEntries, valuesOf(e))
		return nil
	})
}

func (h *handPgx) record(ctx context.Context, d *deal) error {
	number, err := h.numbers.take(ctx, "OPP", d.now())
	if err != nil {
		return err
	}
	var status string
	return h.in(ctx, func(b *pgx.Batch) {
		one(b, selectCustomer, []any{tenant, ident(d.customer)}, []any{&status})
	}, func(b *pgx.Batch) error {
		if status == "inactive" {
			return errNotAllowed
		}
		o, l, e, err := d.newOpportunity(number)
		if err != nil {
			return err
		}
		queue(b, insertOpportunity, o.values())
		queue(b, insertMembers, valuesOf(o.Members))
		queue(b, insertLines, valuesOf(o.Lines))
		queue(b, insertLedger, l.values())
		queue(b, insertEntry, e.values())
		return nil
	})
}

func (h *handPgx) advance(ctx context.Context, d *deal, to string) error {
	var o *opportunityRow
	return h.in(ctx, func(b *pgx.Batch) { o = h.load(b, d) }, func(b *pgx.Batch) error {
		l, e, err := o.advance(d, to)
		if err != nil {
			return err
		}
		h.update(b, updateAdvance, o, o.Stage, o.StageEntered, o.Probability, o.Category, o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded)
		h.book(b, o, &l)
		queue(b, insertEntry, e.values())
		return nil
	})
}

func (h *handPgx) win(ctx context.Context, d *deal) error {
	var o *opportunityRow
	var kind, status string
	return h.in(ctx, func(b *pgx.Batch) {
		o = h.load(b, d)
		one(b, selectReason, []any{tenant, ident(d.reason)}, []any{&kind, &status})
	}, func(b *pgx.Batch) error {
		if kind != "win_reason" || status != "active" {
			return errNotAllowed
		}
		l, e, x, err := o.win(d)
		if err != nil {
			return err
		}
		h.update(b, updateWin, o, o.Status, o.Probability, o.Category, o.WonAt, o.CycleDays, o.Outcome, o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded)
		queue(b, insertChoice, x.values())
		h.book(b, o, &l)
		queue(b, insertEntry, e.values())
		return nil
	})
}

func (h *handPgx) createOrder(ctx context.Context, d *deal) error {
	number, err := h.numbers.take(ctx, "ORD", d.now())
	if err != nil {
		return err
	}
	var o *opportunityRow
	var enabled, ready int64
	var prefix, status string
	var st settings
	return h.in(ctx, func(b *pgx.Batch) {
		one(b, selectSettings, []any{tenant}, []any{&enabled, &ready, &prefix, &st.over, &st.tax})
		o = h.load(b, d)
		queue(b, selectLines, []any{tenant, o.ID}).Query(o.readLines)
		// The host knows whose deal it is.
		one(b, selectCustomer, []any{tenant, ident(d.customer)}, []any{&status})
	}, func(b *pgx.Batch) error {
		if enabled == 0 || ready == 0 || status == "prospect" || o.CustomerID != ident(d.customer) {
			return errNotAllowed
		}
		s, rows, e, err := o.newOrder(d, number, st)
		if err != nil {
			return err
		}
		h.update(b, updateOrdered, o, o.Ordered, o.Counts)
		queue(b, insertOrder, s.values())
		queue(b, insertOrderLines, valuesOf(rows))
		queue(b, insertEntries, valuesOf(e))
		return nil
	})
}

// readLines reads the lines of an opportunity.
func (o *opportunityRow) readLines(rows pgx.Rows) error {
	for rows.Next() {
		l := lineRow{Tenant: tenant, OpportunityID: o.ID}
		if err := rows.Scan(&l.Number, &l.Product, &l.Description, &l.Quantity, &l.Unit, &l.Price, &l.Discount, &l.Tax, &l.Amount, &l.Currency); err != nil {
			return err
		}
		o.Lines = append(o.Lines, l)
	}
	return rows.Err()
}

func (h *handPgx) closeDeal(ctx context.Context, d *deal) error {
	var o *opportunityRow
	return h.in(ctx, func(b *pgx.Batch) { o = h.load(b, d) }, func(b *pgx.Batch) error {
		l, e, err := o.closeDeal(d)
		if err != nil {
			return err
		}
		h.update(b, updateClose, o, o.Status, o.ClosedAt, o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded)
		h.book(b, o, &l)
		queue(b, insertEntry, e.values())
		return nil
	})
}
