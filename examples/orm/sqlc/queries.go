package main

import (
	"context"
	"database/sql"
)

// What follows has the shape of what sqlc generates from an ERP's queries.

// DBTX is what *sql.DB and *sql.Tx have in common.
type DBTX interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// Queries are the ERP's own statements.
type Queries struct{ db DBTX }

// New gives the statements on a pool or in a transaction.
func New(db DBTX) *Queries { return &Queries{db} }

// WithTx gives the same statements inside a transaction.
func (q *Queries) WithTx(tx *sql.Tx) *Queries { return &Queries{tx} }

// CreateInvoiceParams are the arguments of CreateInvoice.
type CreateInvoiceParams struct {
	Number        string
	OpportunityID string
	Cents         int64
}

// CreateInvoice inserts an invoice.
func (q *Queries) CreateInvoice(ctx context.Context, p CreateInvoiceParams) error {
	_, err := q.db.ExecContext(ctx, `INSERT INTO erp_invoice (number, opportunity_id, cents) VALUES (?, ?, ?)`, p.Number, p.OpportunityID, p.Cents)
	return err
}
