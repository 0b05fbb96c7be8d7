package memory

import (
	"context"

	"github.com/pursuit-crm/pursuit/storage"
)

// HostTx stands for a transaction of a host, as tests of one need it. It has
// the store to itself until Commit or Rollback, one of which must be called. It
// isn't safe for concurrent use.
type HostTx struct{ w *work }

// Begin starts a host's transaction.
func (s *Store) Begin() *HostTx {
	_ = s.lock.write(context.Background()) // which never ends
	return &HostTx{&work{s: s}}
}

// Commit keeps what was written. Errors: ErrTxAborted after a failed write or a
// command that failed half-way (it then rolled back), and once ended.
func (h *HostTx) Commit() error {
	if h.w.ended {
		return aborted()
	}
	defer h.end()
	if h.w.poisoned {
		h.w.rollback()
		return aborted()
	}
	return nil
}

// Rollback takes back what was written; once ended it does nothing.
func (h *HostTx) Rollback() {
	if !h.w.ended {
		h.w.rollback()
		h.end()
	}
}

func (h *HostTx) end() {
	h.w.ended = true
	h.w.s.lock.written()
}

// Bind returns a store that works inside a host's transaction.
func (s *Store) Bind(h *HostTx) storage.Bound { return bound{h.w} }

type bound struct{ w *work }

func (b bound) Err() error {
	if b.w.poisoned || b.w.ended {
		return aborted()
	}
	return nil
}

func (b bound) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return b.run(ctx, &tx{work: b.w, write: true}, fn)
}

func (b bound) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return b.run(ctx, &tx{work: b.w}, fn)
}

// run poisons the host's transaction if fn fails after it has written.
func (b bound) run(ctx context.Context, t *tx, fn func(context.Context, storage.Tx) error) error {
	if err := t.can(ctx, false); err != nil {
		return err
	}
	written, done := len(b.w.undo), false
	defer func() {
		t.over = true
		if !done && len(b.w.undo) > written {
			b.w.poisoned = true
		}
	}()
	err := fn(ctx, t)
	if err == nil {
		err = t.can(ctx, false)
	}
	done = err == nil
	return err
}
