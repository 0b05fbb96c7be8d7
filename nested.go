package pursuit

import (
	"context"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// within marks the context passed to the host's own code from inside a command,
// query or batch: any call it makes on the same store would wait for that to end.
type within struct {
	store storage.Store // the host's, also for an engine that is bound to a transaction
	batch *batch        // whose session may be used
	outer *within
}

type withinKey struct{}

// calling returns the context for a callback of the host's.
func (s *Session) calling(ctx context.Context) context.Context { return s.inside(ctx, nil) }

// inside returns the context for the function of a batch.
func (s *Session) inside(ctx context.Context, b *batch) context.Context {
	outer, _ := ctx.Value(withinKey{}).(*within)
	return context.WithValue(ctx, withinKey{}, &within{s.eng.root, b, outer})
}

// enter refuses an unusable session, a nil context, and the context of a callback
// or a batch of the same store.
func (s *Session) enter(ctx context.Context) error {
	if s.err != nil {
		return s.err
	}
	if ctx == nil {
		return noContext()
	}
	at, _ := ctx.Value(withinKey{}).(*within)
	for ; at != nil; at = at.outer {
		if sameStore(at.store, s.eng.root) && (at.batch == nil || at.batch != s.batch) {
			return fault.NotAllowed("session.nested", "the library was called from inside one of its own callbacks")
		}
	}
	return nil
}

// sameStore compares stores, whose types may not be comparable.
func sameStore(a, b storage.Store) (same bool) {
	defer func() { _ = recover() }()
	return a == b
}

func noContext() error {
	return fault.Invalid("context.invalid", fault.Field{Path: "/ctx", Code: "required", Message: "is required"})
}
