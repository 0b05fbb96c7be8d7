// Gorm shows the library inside a transaction that GORM began.
package main

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/libtnb/sqlite"
	"gorm.io/driver/mysql"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// Invoice is a model of the ERP's own.
type Invoice struct {
	Number        string `gorm:"primaryKey"`
	OpportunityID string
	Cents         int64
}

// TableName is GORM's way to name its table.
func (Invoice) TableName() string { return "erp_invoice" }

func use(e *erp.ERP) (erp.Bill, error) {
	db, err := gorm.Open(dialector(e.Database), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, number string, deal uuid.UUID) error {
		// GORM commits if the function gives nil, and rolls back otherwise.
		return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			conn, err := connOf(tx)
			if err != nil {
				return err
			}
			s, mayCommit := e.In(conn)
			o, err := s.Opportunities().Get(ctx, deal, 0)
			if err != nil {
				return err
			}
			if err := tx.Create(&Invoice{Number: number, OpportunityID: deal.String(), Cents: o.Amount().Minor()}).Error; err != nil {
				return err
			}
			if err := e.Win(ctx, s, deal, number); err != nil {
				return err
			}
			if o.Amount().Minor() > erp.CreditLimit {
				return erp.ErrCreditLimit
			}
			return mayCommit()
		})
	}, nil
}

// dialector lets GORM use the ERP's pool.
func dialector(d erp.Database) gorm.Dialector {
	switch d.Kind {
	case erp.Postgres:
		return postgres.New(postgres.Config{Conn: d.DB})
	case erp.MariaDB:
		return mysql.New(mysql.Config{Conn: d.DB})
	}
	return sqlite.New(sqlite.Config{Conn: d.DB})
}

// connOf takes the *sql.Tx out of GORM's transaction; with PrepareStmt it stands
// one step further in.
func connOf(tx *gorm.DB) (sqlstore.StdConn, error) {
	switch c := tx.Statement.ConnPool.(type) {
	case *gorm.PreparedStmtTX:
		if inner, ok := c.Tx.(sqlstore.StdConn); ok {
			return inner, nil
		}
	case *gorm.PreparedStmtDB, gorm.TxBeginner: // a pool, where every statement would commit by itself
	case sqlstore.StdConn:
		return c, nil
	}
	return nil, errors.New("GORM isn't in a transaction")
}
