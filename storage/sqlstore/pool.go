package sqlstore

import (
	"context"
	"database/sql"

	"github.com/pursuit-crm/pursuit/storage"
)

// Pool begins the store's own transactions where they don't use database/sql;
// package pgxconn has one for pgx.
type Pool interface {
	// Begin returns a transaction that writes at the database's default
	// isolation, or one that reads a single consistent state and can't write. It
	// may delay BEGIN and send it with the first statement.
	Begin(ctx context.Context, write bool) (OwnTx, error)
	// OpenDB returns the same database for Migrate and Check, which close it.
	OpenDB() *sql.DB
}

// OwnTx is a transaction of a Pool.
type OwnTx interface {
	Batcher
	// Commit commits. An error without the database's own reply in its chain
	// means that the outcome is unknown.
	Commit(ctx context.Context) error
	// CommitAfter is Batch and Commit, in one round trip where that is safe:
	// COMMIT doesn't run if a statement fails. When the context ends it still
	// waits briefly for the reply. An error that comes with the numbers of all
	// statements is COMMIT's.
	CommitAfter(ctx context.Context, list []Statement) (touched []int64, err error)
	// Release ends the transaction, unless Commit did, and returns the
	// connection. A connection that may still be inside a transaction is closed.
	Release(ctx context.Context)
}

// NewOn is New for a store whose own transactions come from a pool. Errors as for
// New.
func NewOn(p Pool, d Dialect, opts *Options) (*Store, error) {
	s, err := New(nil, d, opts)
	if err != nil {
		return nil, err
	}
	s.pool = p
	return s, nil
}

// opened gives the database for Migrate and Check, and what ends its use; nil if
// there is none.
func (s *Store) opened() (*sql.DB, func()) {
	if s.pool == nil {
		return s.db, func() {}
	}
	db := s.pool.OpenDB()
	return db, func() { _ = db.Close() }
}

// pooled is run for a pool's transactions.
func (s *Store) pooled(ctx context.Context, write bool, fn func(context.Context, storage.Tx) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	base := context.WithoutCancel(ctx) // see run
	own, err := s.pool.Begin(ctx, write)
	if err != nil {
		return s.fault(ctx, err)
	}
	t := &tx{s: s, c: own, state: &state{}, write: write}
	defer func() {
		t.end()
		own.Release(base)
	}()
	err = fn(ctx, t)
	if err == nil && t.state.poisoned && write {
		err = aborted()
	}
	if err == nil {
		err = cancelled(ctx)
	}
	if err != nil || !write {
		return err
	}
	if len(t.queue.list) > 0 {
		return t.sendLast(ctx, own)
	}
	if err := own.Commit(base); err != nil {
		return s.commitFault(err)
	}
	return nil
}

// sendLast sends what is queued, and commits.
func (t *tx) sendLast(ctx context.Context, own OwnTx) error {
	var unknown error
	err := t.send(ctx, func(list []Statement) ([]int64, error) {
		touched, err := own.CommitAfter(ctx, list)
		// Without an answer of the database COMMIT may have been run.
		if err != nil && (len(touched) == len(list) || t.s.class(err) == classLost || t.s.d.refused != nil && !t.s.d.refused(err)) {
			unknown = t.s.commitFault(err)
		}
		return touched, err
	})
	if unknown != nil {
		return unknown
	}
	return err
}
