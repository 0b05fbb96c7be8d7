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

const createInvoice = `INSERT INTO erp_invoice (number, opportunity_id, cents) VALUES (?, ?, ?)`

// Queries are the ERP's own statements, in the SQL of its database.
type Queries struct {
	db            DBTX
	createInvoice string
}

// New gives the statements on a pool or in a transaction.
func New(db DBTX, createInvoice string) *Queries { return &Queries{db, createInvoice} }

// WithTx gives the same statements inside a transaction.
func (q *Queries) WithTx(tx *sql.Tx) *Queries { return &Queries{tx, q.createInvoice} }

// CreateInvoiceParams are the arguments of CreateInvoice.
type CreateInvoiceParams struct {
	Number        string
	OpportunityID string
	Cents         int64
}

// CreateInvoice inserts an invoice.
func (q *Queries) CreateInvoice(ctx context.Context, p CreateInvoiceParams) error {
	_, err := q.db.ExecContext(ctx, q.createInvoice, p.Number, p.OpportunityID, p.Cents)
	return err
}
