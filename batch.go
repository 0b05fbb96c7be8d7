package pursuit

import (
	"time"

	"context"
	"errors"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// batch remembers that a command of it broke off, perhaps half-way.
type batch struct {
	broken bool
	latest time.Time // of its commands
}

func (b *batch) refusal() error {
	if b.broken {
		return fault.New(fault.ErrTxAborted, "batch.aborted", "a command in the batch failed")
	}
	return nil
}

// run runs a command of the batch. What isn't a refusal, a panic above all, may
// have left it half-written: nothing of the batch may be committed then.
func (b *batch) run(fn func() error) (err error) {
	if err := b.refusal(); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			b.broken = true
		}
	}()
	defer rescue(&err)
	err = fn()
	done = err == nil || refused(err)
	return err
}

// nested runs a batch inside the batch, which is all or nothing only together
// with it.
func (b *batch) nested(fn func() error) error {
	if err := b.refusal(); err != nil {
		return err
	}
	done := false
	defer func() { b.broken = b.broken || !done }()
	err := fn()
	done = err == nil
	return err
}

// refused says whether an error is a refusal, which comes before anything is
// written.
func refused(err error) bool {
	for _, kind := range []error{fault.ErrInvalid, fault.ErrNotFound, fault.ErrConflict, fault.ErrDuplicate, fault.ErrNotAllowed,
		fault.ErrForbidden, fault.ErrInUse, fault.ErrLimit, fault.ErrRequestReused, fault.ErrSalesSystemDisabled, fault.ErrSalesSystemNotInitialised} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// Batch runs many commands in one transaction, for imports: all or none. fn's
// session works inside it; it must not be used afterwards, nor from several
// goroutines. If fn fails, or a command failed after it began to write, nothing
// is written. Refusals (invalid input, gates, …) leave the batch usable; after
// anything else, and after a batch inside it failed, it refuses everything with
// ErrTxAborted. Only fn's session may be used in fn. Another one of the same store
// would wait for the batch to end: with the context that fn is given it is refused
// at once with ErrNotAllowed ("session.nested"); with a context that doesn't come
// from that one it can't be told, and does wait. fn may run again when the database
// gives the transaction up, so it must not have effects of its own.
// Errors: fn's; ErrHost if fn panics; ErrTxAborted; those of the commit.
func (s *Session) Batch(ctx context.Context, fn func(ctx context.Context, b *Session) error) error {
	s = s.made()
	if err := s.enter(ctx); err != nil {
		return err
	}
	if fn == nil {
		return fault.Invalid("batch.invalid", fault.Field{Path: "/fn", Code: "required", Message: "is required"})
	}
	if s.tx != nil {
		return s.batch.nested(func() (err error) {
			defer rescue(&err)
			return guarded("batch", func() error { return fn(ctx, s) })
		})
	}
	return s.observe(ctx, "batch", true, func(ctx context.Context) (bool, error) { return false, s.together(ctx, fn) })
}

// together is Batch in a transaction of its own.
func (s *Session) together(ctx context.Context, fn func(ctx context.Context, b *Session) error) error {
	var last time.Time
	err := s.run(ctx, false, func(ctx context.Context, tx storage.Tx) error {
		b := &batch{}
		n := &numbers{}
		in := &Session{eng: s.eng, actor: s.actor, tx: tx, numbers: n, batch: b}
		if err := guarded("batch", func() error { return fn(in.inside(ctx, b), in) }); err != nil {
			return err
		}
		if err := b.refusal(); err != nil {
			return err
		}
		last = b.latest
		return back(ctx, tx, n.empty())
	})
	if err == nil {
		s.done(last)
	}
	return err
}
