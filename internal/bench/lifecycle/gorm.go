package lifecycle

import (
	"context"
	"database/sql"
	"errors"

	"github.com/libtnb/sqlite"
	"gorm.io/driver/mysql"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

// withGORM writes with GORM: Preload loads an opportunity with its parts, Save
// writes all of it back. Tuned, it does what GORM's pages on performance and on
// transactions recommend: no transaction of its own around each write, Updates of
// the columns that changed WHERE the version is as read, and no parts that the
// command doesn't need.
type withGORM struct {
	db      *gorm.DB
	numbers numbers
	tuned   bool
	// lock is FOR UPDATE, where there is such a thing: Save doesn't guard a version.
	lock bool
}

func newGORM(db *sql.DB, f flavour, tuned bool) (*withGORM, error) {
	var d gorm.Dialector
	switch f {
	case postgresSQL:
		d = postgres.New(postgres.Config{Conn: db})
	case mariadbSQL:
		d = mysql.New(mysql.Config{Conn: db})
	default:
		d = sqlite.New(sqlite.Config{Conn: db})
	}
	g, err := gorm.Open(d, &gorm.Config{SkipDefaultTransaction: tuned, Logger: logger.Discard})
	return &withGORM{db: g, numbers: numbers{db: db, sql: f}, tuned: tuned, lock: f != sqliteSQL && !tuned}, err
}

func (g *withGORM) end() error { return nil }

func (g *withGORM) in(ctx context.Context, f func(tx *gorm.DB) error) error {
	return g.db.WithContext(ctx).Transaction(f)
}

// load reads an opportunity, with its parts unless tuned.
func (g *withGORM) load(tx *gorm.DB, d *deal, lines bool) (*opportunityRow, error) {
	o := &opportunityRow{}
	q := tx
	if g.lock {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	if !g.tuned {
		q = q.Preload("Members")
	}
	if !g.tuned || lines {
		q = q.Preload("Lines")
	}
	return o, q.First(o, "tenant = ? AND id = ?", tenant, ident(d.opportunity)).Error
}

// save writes an opportunity back: all of it, or some columns of the version
// that was read.
func (g *withGORM) save(tx *gorm.DB, o *opportunityRow, columns ...string) error {
	if !g.tuned {
		return tx.Save(o).Error
	}
	columns = append(columns, "updated", "effective", "version", "journal_seq", "journal_hash")
	r := tx.Model(o).Omit(clause.Associations).Where("version = ?", o.Version-1).Select(columns).Updates(o)
	if r.Error == nil && r.RowsAffected != 1 {
		return errChanged
	}
	return r.Error
}

// book ends the ledger's open row and writes the next one.
func (g *withGORM) book(tx *gorm.DB, o *opportunityRow, next *ledgerRow) error {
	if g.tuned {
		err := tx.Model(&ledgerRow{}).Where("tenant = ? AND opportunity_id = ? AND seq = ?", o.Tenant, o.ID, o.LedgerSeq-1).
			Updates(map[string]any{"effective_to": o.LedgerEffective, "recorded_to": o.LedgerRecorded}).Error
		return errors.Join(err, tx.Create(next).Error)
	}
	var open ledgerRow
	if err := tx.First(&open, "tenant = ? AND opportunity_id = ? AND seq = ?", o.Tenant, o.ID, o.LedgerSeq-1).Error; err != nil {
		return err
	}
	open.EffectiveTo, open.RecordedTo = o.LedgerEffective, o.LedgerRecorded
	return errors.Join(tx.Save(&open).Error, tx.Create(next).Error)
}

func (g *withGORM) createCustomer(ctx context.Context, d *deal) error {
	return g.in(ctx, func(tx *gorm.DB) error {
		c, k, e, err := d.newCustomer()
		if err != nil {
			return err
		}
		return errors.Join(tx.Create(&c).Error, tx.Create(&k).Error, tx.Create(&e).Error)
	})
}

// customer looks a customer up; tuned, only the column that is needed.
func (g *withGORM) customer(tx *gorm.DB, id ident) (string, error) {
	var c customerRow
	if g.tuned {
		tx = tx.Select("status")
	}
	err := tx.Take(&c, "tenant = ? AND id = ?", tenant, id).Error
	return c.Status, err
}

func (g *withGORM) record(ctx context.Context, d *deal) error {
	number, err := g.numbers.take(ctx, "OPP", d.now())
	if err != nil {
		return err
	}
	return g.in(ctx, func(tx *gorm.DB) error {
		if status, err := g.customer(tx, ident(d.customer)); err != nil || status == "inactive" {
			return errors.Join(err, errNotAllowed)
		}
		o, l, e, err := d.newOpportunity(number)
		if err != nil {
			return err
		}
		return errors.Join(tx.Create(&o).Error, tx.Create(&l).Error, tx.Create(&e).Error) // with the parts
	})
}

func (g *withGORM) advance(ctx context.Context, d *deal, to string) error {
	return g.in(ctx, func(tx *gorm.DB) error {
		o, err := g.load(tx, d, false)
		if err != nil {
			return err
		}
		l, e, err := o.advance(d, to)
		if err != nil {
			return err
		}
		if err := g.save(tx, o, "stage", "stage_entered", "probability", "category", "ledger_seq", "ledger_effective", "ledger_recorded"); err != nil {
			return err
		}
		return errors.Join(g.book(tx, o, &l), tx.Create(&e).Error)
	})
}

// reasonRow is what is needed of an archive entry.
type reasonRow struct {
	Kind   string
	Status string
}

func (g *withGORM) win(ctx context.Context, d *deal) error {
	return g.in(ctx, func(tx *gorm.DB) error {
		o, err := g.load(tx, d, false)
		if err != nil {
			return err
		}
		var r reasonRow
		err = tx.Table("pursuit_archive_entry").Where("tenant = ? AND id = ?", tenant, ident(d.reason)).Take(&r).Error
		if err != nil || r.Kind != "win_reason" || r.Status != "active" {
			return errors.Join(err, errNotAllowed)
		}
		l, e, x, err := o.win(d)
		if err != nil {
			return err
		}
		if err := g.save(tx, o, "status", "probability", "category", "won_at", "cycle_days", "outcome", "ledger_seq", "ledger_effective", "ledger_recorded"); err != nil {
			return err
		}
		return errors.Join(tx.Create(&x).Error, g.book(tx, o, &l), tx.Create(&e).Error)
	})
}

// settingsRow is what is needed of the sales system's settings.
type settingsRow struct {
	Enabled      int64
	Initialised  int64
	NumberPrefix string
	OverDelivery string
	TaxTreatment string
}

func (g *withGORM) createOrder(ctx context.Context, d *deal) error {
	number, err := g.numbers.take(ctx, "ORD", d.now())
	if err != nil {
		return err
	}
	return g.in(ctx, func(tx *gorm.DB) error {
		var st settingsRow
		err := tx.Table("pursuit_sales_settings").Where("tenant = ?", tenant).Take(&st).Error
		if err != nil || st.Enabled == 0 || st.Initialised == 0 {
			return errors.Join(err, errNotAllowed)
		}
		o, err := g.load(tx, d, true)
		if err != nil {
			return err
		}
		if status, err := g.customer(tx, o.CustomerID); err != nil || status == "prospect" {
			return errors.Join(err, errNotAllowed)
		}
		s, rows, e, err := o.newOrder(d, number, settings{st.OverDelivery, st.TaxTreatment})
		if err != nil {
			return err
		}
		if err := g.save(tx, o, "ordered", "counts"); err != nil {
			return err
		}
		return errors.Join(tx.Create(&s).Error, tx.Create(&rows).Error, tx.Create(&e).Error)
	})
}

func (g *withGORM) closeDeal(ctx context.Context, d *deal) error {
	return g.in(ctx, func(tx *gorm.DB) error {
		o, err := g.load(tx, d, false)
		if err != nil {
			return err
		}
		l, e, err := o.closeDeal(d)
		if err != nil {
			return err
		}
		if err := g.save(tx, o, "status", "closed_at", "ledger_seq", "ledger_effective", "ledger_recorded"); err != nil {
			return err
		}
		return errors.Join(g.book(tx, o, &l), tx.Create(&e).Error)
	})
}
