// Bun shows the library inside a transaction that bun began.
package main

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/mysqldialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
)

// Invoice is a model of the ERP's own.
type Invoice struct {
	bun.BaseModel `bun:"table:erp_invoice"`

	Number        string `bun:",pk"`
	OpportunityID string
	Cents         int64
}

func dialect(k erp.Kind) schema.Dialect {
	switch k {
	case erp.Postgres:
		return pgdialect.New()
	case erp.MariaDB:
		return mysqldialect.New()
	}
	return sqlitedialect.New()
}

func use(e *erp.ERP) (erp.Bill, error) {
	db := bun.NewDB(e.DB, dialect(e.Kind))
	return func(ctx context.Context, number string, deal uuid.UUID) error {
		// bun commits if the function gives nil, and rolls back otherwise.
		return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			// tx.Tx is the *sql.Tx; tx itself would do as well, and let bun's hooks see
			// the library's statements, but bun would look for its own ? in them.
			s, mayCommit := e.In(tx.Tx)
			o, err := s.Opportunities().Get(ctx, deal, 0)
			if err != nil {
				return err
			}
			invoice := &Invoice{Number: number, OpportunityID: deal.String(), Cents: o.Amount().Minor()}
			if _, err := tx.NewInsert().Model(invoice).Exec(ctx); err != nil {
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
