package memory

import (
	"context"

	"github.com/pursuit-crm/pursuit/storage"
)

// Store keeps everything in memory. It is safe for concurrent use; but inside a
// transaction only the transaction may be used, or the store waits for itself.
type Store struct {
	lock    lock
	tenants map[string]*books
}

// New makes an empty store.
func New() *Store { return &Store{lock: newLock(), tenants: map[string]*books{}} }

// Update runs fn with the store to itself; see storage.Store.
func (s *Store) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	if err := s.lock.write(ctx); err != nil {
		return err
	}
	defer s.lock.written()
	t := &tx{work: &work{s: s}, write: true}
	done := false
	defer func() {
		t.over = true
		if !done {
			t.rollback()
		}
	}()
	err := fn(ctx, t)
	if err == nil {
		err = t.can(ctx, true)
	}
	done = err == nil
	return err
}

// View runs fn while nothing writes; see storage.Store.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	if err := s.lock.read(ctx); err != nil {
		return err
	}
	defer s.lock.done()
	t := &tx{work: &work{s: s}}
	defer func() { t.over = true }()
	return fn(ctx, t)
}
