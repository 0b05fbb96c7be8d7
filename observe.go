package pursuit

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Operation describes an operation to an observer when it begins.
type Operation struct {
	// Name is the command's or the query's: "opportunity.win", "view"; "batch";
	// "relay.publish" for the delivery of one entry.
	Name string
	// Tenant and User are the actor's; a relay has no user.
	Tenant, User string
	// Writes reports whether it may write.
	Writes bool
}

// Ending describes the end of an operation.
type Ending struct {
	// Attempts is the number of attempts, including one that found that it needs
	// a number first; 0 if it was refused before the first.
	Attempts int
	// Duration is measured by the machine's monotonic clock, not by
	// Options.Clock.
	Duration time.Duration
	// Err is the caller's error, nil on success; Code is its code.
	Err  error
	Code string
	// Repeated means that the RequestID was used before, and nothing was done.
	Repeated bool
}

// Observer is called when an operation begins. It returns the context to continue
// with, so spans nest, and a function to call at the end, which may be nil. The
// operation's goroutine calls both. A panic at the beginning refuses the
// operation with ErrHost ("host.panic"); a panic at the end is swallowed and
// doesn't change the outcome.
type Observer func(ctx context.Context, op Operation) (context.Context, func(Ending))

// observe runs an operation, and calls the observer, if there is one. do reports
// whether it was a repetition.
func (s *Session) observe(ctx context.Context, name string, writes bool, do func(ctx context.Context) (repeated bool, err error)) (err error) {
	if s.eng.opts.Observe == nil {
		_, err := do(ctx)
		return err
	}
	defer rescue(&err)
	since, t := started(), &tally{}
	op := Operation{Name: name, Tenant: s.actor.Tenant, User: s.actor.User, Writes: writes}
	var end func(Ending)
	if on := guarded("Observe", func() (on context.Context) {
		on, end = s.eng.opts.Observe(ctx, op)
		return on
	}); on != nil {
		ctx = on
	}
	repeated, err := do(context.WithValue(ctx, tallyKey{}, t))
	if end != nil {
		func() {
			defer func() { _ = recover() }() // the outcome stands
			end(Ending{Attempts: t.attempts, Duration: since.elapsed(), Err: err, Code: fault.CodeOf(err), Repeated: repeated})
		}()
	}
	return err
}

// command is observe for a command.
func (s *Session) command(ctx context.Context, name string, do func(ctx context.Context) (Result, error)) (Result, error) {
	if s.eng.opts.Observe == nil {
		return do(ctx)
	}
	if err := s.enter(ctx); err != nil {
		return Result{}, err
	}
	var res Result
	err := s.observe(ctx, name, true, func(ctx context.Context) (_ bool, err error) {
		res, err = do(ctx)
		return res.Repeated, err
	})
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

// tally counts the attempts of the operation that a context belongs to.
type tally struct{ attempts int }

type tallyKey struct{}

func tried(ctx context.Context) {
	if t, ok := ctx.Value(tallyKey{}).(*tally); ok && t != nil {
		t.attempts++
	}
}

// aside returns the context for a transaction that isn't an attempt of the
// operation.
func (s *Session) aside(ctx context.Context) context.Context {
	if s.eng.opts.Observe == nil {
		return ctx
	}
	return context.WithValue(ctx, tallyKey{}, (*tally)(nil))
}

// quietly is view for a read that is part of another operation.
func (s *Session) quietly(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	if s.tx != nil {
		return s.batch.run(func() error { return fn(ctx, s.tx) })
	}
	return s.attempts(ctx, false, func() error { return s.eng.store.View(ctx, fn) })
}
