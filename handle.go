package pursuit

import "github.com/pursuit-crm/pursuit/fault"

// handle is the session that a handle works for.
type handle struct{ session *Session }

// s returns the session.
func (h handle) s() *Session { return h.session.made() }

// made returns the session; one that Engine.As didn't make, such as that of a zero
// handle, is one that refuses everything.
func (s *Session) made() *Session {
	if s == nil || s.eng == nil {
		return new(Engine).As(Actor{})
	}
	return s
}

// made returns the engine; one that New didn't make is one that refuses everything.
func (e *Engine) made() *Engine {
	if e == nil || e.store == nil && e.err == nil {
		return &Engine{err: errNoEngine, shared: &shared{}}
	}
	return e
}

var errNoEngine = fault.Invalid("engine.invalid", fault.Field{Path: "/store", Code: "required", Message: "is required"})
