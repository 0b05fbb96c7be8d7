package pgxconn_test

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/pgxconn"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// An ERP's own row and a command commit together, in the ERP's transaction.
func ExampleTx() {
	win := func(ctx context.Context, db *pgxpool.Pool, eng *pursuit.Engine, store *sqlstore.Store, actor pursuit.Actor, deal uuid.UUID, in opportunity.WinInput) error {
		return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO invoice (deal) VALUES ($1)", deal); err != nil {
				return err
			}
			_, err := eng.In(store.Bind(pgxconn.Tx(tx))).As(actor).Opportunities().Win(ctx, deal, in)
			return err // any error rolls both back
		})
	}
	_ = win
}

// A store whose own transactions go through pgx, with few round trips.
func ExampleNew() {
	open := func(ctx context.Context, db *pgxpool.Pool) (*pursuit.Engine, error) {
		store, err := pgxconn.New(db, nil)
		if err != nil {
			return nil, err
		}
		if err := store.Migrate(ctx); err != nil {
			return nil, err
		}
		return pursuit.New(store, nil)
	}
	_ = open
}
