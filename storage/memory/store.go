package memory

import (
	"context"
	"sync"

	"github.com/pursuit-crm/pursuit/storage"
)

// Store keeps everything in memory. It is safe for concurrent use; but inside a
// transaction only the transaction may be used, or the store waits for itself.
type Store struct {
	mu      sync.RWMutex
	tenants map[string]*books
}

// New makes an empty store.
func New() *Store { return &Store{tenants: map[string]*books{}} }

// Update runs fn with the store to itself; see storage.Store.
func (s *Store) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
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
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := &tx{work: &work{s: s}}
	defer func() { t.over = true }()
	return fn(ctx, t)
}
