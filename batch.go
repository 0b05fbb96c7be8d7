package pursuit

import (
	"time"

	"context"
	"errors"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// batch remembers that one of its commands failed, perhaps half-way.
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

// run runs a command of the batch. Any failure other than a refusal, above all a
// panic, may leave the command half-written; then nothing of the batch may
// commit.
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

// nested runs a batch inside the batch, which commits only together with it.
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

// refused reports whether an error is a refusal, which comes before any write.
func refused(err error) bool {
	for _, kind := range []error{fault.ErrInvalid, fault.ErrNotFound, fault.ErrConflict, fault.ErrDuplicate, fault.ErrNotAllowed,
		fault.ErrForbidden, fault.ErrInUse, fault.ErrLimit, fault.ErrRequestReused, fault.ErrSalesSystemDisabled, fault.ErrSalesSystemNotInitialised} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// Batch runs many commands in one transaction, for imports: all or nothing. fn's
// session works inside it; don't use it afterwards, nor from several goroutines.
// If fn fails, or a command failed after it began to write, nothing is written.
// Refusals (invalid input, gates, …) leave the batch usable. After any other
// error, and after a nested batch failed, it refuses every call with
// ErrTxAborted.
//
// Use only fn's session in fn. Another session of the same store would wait for
// the batch to end. With a context derived from fn's, it is refused at once with
// ErrNotAllowed ("session.nested"); with any other context the library can't
// detect it, and it does wait. fn may run again if the database abandons the
// transaction, so it must not have side effects. Errors: fn's; ErrHost if fn
// panics; ErrTxAborted; those of the commit.
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
