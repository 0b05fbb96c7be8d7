package pursuit

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Operation is what an observer is told of when it begins.
type Operation struct {
	// Name is the command's or the question's: "opportunity.win", "view"; "batch";
	// "relay.publish" for the delivery of one entry.
	Name string
	// Tenant and User are whose it is; a relay has no user.
	Tenant, User string
	// Writes says that it may write.
	Writes bool
}

// Ending is how an operation ended.
type Ending struct {
	// Attempts is how often it was tried, also to find that it needs a number first; 0 if
	// it was refused before the first try.
	Attempts int
	// Duration is by the machine's steady clock, not by Options.Clock.
	Duration time.Duration
	// Err is what the caller gets, nil if it went well; Code is its code.
	Err  error
	Code string
	// Repeated says that a RequestID was used before: nothing was done.
	Repeated bool
}

// Observer is told of an operation that begins. It returns the context to go on with,
// so spans nest, and a function for the end, which may be nil. Both are called by the goroutine
// of the operation. A panic when it begins refuses it with ErrHost ("host.panic"); one at
// the end changes nothing of what was done, and is swallowed.
type Observer func(ctx context.Context, op Operation) (context.Context, func(Ending))

// observe runs an operation, and tells the observer of it, if there is one. do reports
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
			defer func() { _ = recover() }() // what was done is done
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

// aside is the context for a transaction that is no attempt of the operation's.
func (s *Session) aside(ctx context.Context) context.Context {
	if s.eng.opts.Observe == nil {
		return ctx
	}
	return context.WithValue(ctx, tallyKey{}, (*tally)(nil))
}

// quietly is view for a look that is part of something else.
func (s *Session) quietly(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	if s.tx != nil {
		return s.batch.run(func() error { return fn(ctx, s.tx) })
	}
	return s.attempts(ctx, false, func() error { return s.eng.store.View(ctx, fn) })
}
