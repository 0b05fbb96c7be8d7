package pursuit

import "github.com/pursuit-crm/pursuit/fault"

// handle is the session that a handle works for.
type handle struct{ session *Session }

// s returns the session.
func (h handle) s() *Session { return h.session.made() }

// made returns the session, or one that refuses every call if Engine.As didn't
// make it, such as that of a zero handle.
func (s *Session) made() *Session {
	if s == nil || s.eng == nil {
		return new(Engine).As(Actor{})
	}
	return s
}

// made returns the engine, or one that refuses every call if New didn't make it.
func (e *Engine) made() *Engine {
	if e == nil || e.store == nil && e.err == nil {
		return &Engine{err: errNoEngine, shared: &shared{}}
	}
	return e
}

var errNoEngine = fault.Invalid("engine.invalid", fault.Field{Path: "/store", Code: "required", Message: "is required"})
