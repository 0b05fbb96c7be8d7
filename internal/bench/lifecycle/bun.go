package lifecycle

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/mysqldialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// withBun writes with bun as its guide does: models, WherePK, the columns that
// change, rows of a kind together.
type withBun struct {
	db      *bun.DB
	numbers numbers
}

func newBun(db *sql.DB, f flavour) *withBun {
	var d schema.Dialect = sqlitedialect.New()
	switch f {
	case postgresSQL:
		d = pgdialect.New()
	case mariadbSQL:
		d = mysqldialect.New()
	}
	return &withBun{db: bun.NewDB(db, d), numbers: numbers{db: db, sql: f}}
}

func (b *withBun) end() error { return nil }

// insert inserts models in their order.
func insert(ctx context.Context, tx bun.Tx, models ...any) error {
	for _, m := range models {
		if _, err := tx.NewInsert().Model(m).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// update sets some columns of the version that was read.
func update(ctx context.Context, tx bun.Tx, o *opportunityRow, columns ...string) error {
	r, err := tx.NewUpdate().Model(o).Column(append(columns, "updated", "effective", "version", "journal_seq", "journal_hash")...).WherePK().
		Where("version = ?", o.Version-1).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errChanged)
	}
	return nil
}

func (b *withBun) in(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	return b.db.RunInTx(ctx, nil, f)
}

// load reads an opportunity, with its lines if asked for.
func load(ctx context.Context, tx bun.Tx, d *deal, lines bool) (*opportunityRow, error) {
	o := &opportunityRow{Tenant: tenant, ID: ident(d.opportunity)}
	q := tx.NewSelect().Model(o).WherePK()
	if lines {
		q = q.Relation("Lines")
	}
	return o, q.Scan(ctx)
}

// book ends the ledger's open row and writes the next one.
func book(ctx context.Context, tx bun.Tx, o *opportunityRow, next *ledgerRow) error {
	open := &ledgerRow{Tenant: o.Tenant, OpportunityID: o.ID, Seq: o.LedgerSeq - 1, EffectiveTo: o.LedgerEffective, RecordedTo: o.LedgerRecorded}
	_, err := tx.NewUpdate().Model(open).Column("effective_to", "recorded_to").WherePK().Exec(ctx)
	if err != nil {
		return err
	}
	return insert(ctx, tx, next)
}

func (b *withBun) createCustomer(ctx context.Context, d *deal) error {
	return b.in(ctx, func(ctx context.Context, tx bun.Tx) error {
		c, k, e, err := d.newCustomer()
		if err != nil {
			return err
		}
		return insert(ctx, tx, &c, &k, &e)
	})
}

func customerStatus(ctx context.Context, tx bun.Tx, id ident) (string, error) {
	c := &customerRow{Tenant: tenant, ID: id}
	err := tx.NewSelect().Model(c).Column("status").WherePK().Scan(ctx)
	return c.Status, err
}

func (b *withBun) record(ctx context.Context, d *deal) error {
	number, err := b.numbers.take(ctx, "OPP", d.now())
	if err != nil {
		return err
	}
	return b.in(ctx, func(ctx context.Context, tx bun.Tx) error {
		if status, err := customerStatus(ctx, tx, ident(d.customer)); err != nil || status == "inactive" {
			return errors.Join(err, errNotAllowed)
		}
		o, l, e, err := d.newOpportunity(number)
		if err != nil {
			return err
		}
		return insert(ctx, tx, &o, &o.Members, &o.Lines, &l, &e)
	})
}

func (b *withBun) advance(ctx context.Context, d *deal, to string) error {
	return b.in(ctx, func(ctx context.Context, tx bun.Tx) error {
		o, err := load(ctx, tx, d, false)
		if err != nil {
			return err
		}
		l, e, err := o.advance(d, to)
		if err != nil {
			return err
		}
		if err := update(ctx, tx, o, "stage", "stage_entered", "probability", "category", "ledger_seq", "ledger_effective", "ledger_recorded"); err != nil {
			return err
		}
		return errors.Join(book(ctx, tx, o, &l), insert(ctx, tx, &e))
	})
}

func (b *withBun) win(ctx context.Context, d *deal) error {
	return b.in(ctx, func(ctx context.Context, tx bun.Tx) error {
		o, err := load(ctx, tx, d, false)
		if err != nil {
			return err
		}
		var kind, status string
		err = tx.NewSelect().Table("pursuit_archive_entry").Column("kind", "status").Where("tenant = ? AND id = ?", tenant, ident(d.reason)).Scan(ctx, &kind, &status)
		if err != nil || kind != "win_reason" || status != "active" {
			return errors.Join(err, errNotAllowed)
		}
		l, e, x, err := o.win(d)
		if err != nil {
			return err
		}
		if err := update(ctx, tx, o, "status", "probability", "category", "won_at", "cycle_days", "outcome", "ledger_seq", "ledger_effective", "ledger_recorded"); err != nil {
			return err
		}
		return errors.Join(insert(ctx, tx, &x), book(ctx, tx, o, &l), insert(ctx, tx, &e))
	})
}

func (b *withBun) createOrder(ctx context.Context, d *deal) error {
	number, err := b.numbers.take(ctx, "ORD", d.now())
	if err != nil {
		return err
	}
	return b.in(ctx, func(ctx context.Context, tx bun.Tx) error {
		var enabled, ready int64
		var st settings
		err := tx.NewSelect().Table("pursuit_sales_settings").Column("enabled", "initialised", "over_delivery", "tax_treatment").Where("tenant = ?", tenant).Scan(ctx, &enabled, &ready, &st.over, &st.tax)
		if err != nil || enabled == 0 || ready == 0 {
			return errors.Join(err, errNotAllowed)
		}
		o, err := load(ctx, tx, d, true)
		if err != nil {
			return err
		}
		if status, err := customerStatus(ctx, tx, o.CustomerID); err != nil || status == "prospect" {
			return errors.Join(err, errNotAllowed)
		}
		s, rows, e, err := o.newOrder(d, number, st)
		if err != nil {
			return err
		}
		if err := update(ctx, tx, o, "ordered", "counts"); err != nil {
			return err
		}
		return insert(ctx, tx, &s, &rows, &e)
	})
}

func (b *withBun) closeDeal(ctx context.Context, d *deal) error {
	return b.in(ctx, func(ctx context.Context, tx bun.Tx) error {
		o, err := load(ctx, tx, d, false)
		if err != nil {
			return err
		}
		l, e, err := o.closeDeal(d)
		if err != nil {
			return err
		}
		if err := update(ctx, tx, o, "status", "closed_at", "ledger_seq", "ledger_effective", "ledger_recorded"); err != nil {
			return err
		}
		return errors.Join(book(ctx, tx, o, &l), insert(ctx, tx, &e))
	})
}
