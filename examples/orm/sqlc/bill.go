// Sqlc shows the library beside code of the kind that sqlc generates: both get
// the same *sql.Tx.
package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
)

func use(e *erp.ERP) (erp.Bill, error) {
	queries := New(e.DB, e.Query(createInvoice))
	return func(ctx context.Context, number string, deal uuid.UUID) error {
		tx, err := e.DB.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after Commit

		// Whatever satisfies sqlc's DBTX satisfies the library too.
		s, mayCommit := e.In(tx)
		o, err := s.Opportunities().Get(ctx, deal, 0)
		if err != nil {
			return err
		}
		if err := queries.WithTx(tx).CreateInvoice(ctx, CreateInvoiceParams{
			Number: number, OpportunityID: deal.String(), Cents: o.Amount().Minor()}); err != nil {
			return err
		}
		if err := e.Win(ctx, s, deal, number); err != nil {
			return err
		}
		if o.Amount().Minor() > erp.CreditLimit {
			return erp.ErrCreditLimit
		}
		if err := mayCommit(); err != nil {
			return err
		}
		return tx.Commit()
	}, nil
}
