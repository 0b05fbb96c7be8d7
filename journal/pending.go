package journal

import (
	"reflect"

	"github.com/google/uuid"
)

// Pending is what an aggregate's commands did since it was loaded: the events that
// aren't written yet. All of them together make one version (O11).
type Pending[S any] struct {
	registry *Registry[S]
	version  int64 // as loaded
	events   []happened
}

type happened struct {
	event Event
	at    Moment
}

// Pending takes up a state by the version that was loaded; 0 is a new one's.
func (r *Registry[S]) Pending(version int64) Pending[S] {
	return Pending[S]{registry: r, version: version}
}

// Do applies an event that was found to be right, by a pointer to its payload.
func (p *Pending[S]) Do(s *S, payload any, at Moment) {
	h := p.registry.byPayload[reflect.TypeOf(payload).Elem()]
	p.registry.put(s, h, payload, at, p.version+1)
	p.events = append(p.events, happened{Event{Type: h.Name, Payload: payload}, at})
}

// Empty reports whether nothing was done.
func (p *Pending[S]) Empty() bool { return len(p.events) == 0 }

// Loaded returns the version that was loaded; 0 if the aggregate is new.
func (p *Pending[S]) Loaded() int64 { return p.version }

// Take returns the entries of what was done, at the end of the chain of the state,
// and begins anew. newID gives their ids. Errors: ErrInternal if a payload doesn't
// encode.
func (p *Pending[S]) Take(s *S, tenant string, aggregate uuid.UUID, newID func() uuid.UUID) ([]Entry, error) {
	m := p.registry.marks(s)
	entries := make([]Entry, 0, len(p.events))
	head := *m.Head
	for _, x := range p.events {
		e, err := head.Append(tenant, p.registry.kind, aggregate, newID(), *m.Version, x.event, x.at)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	*m.Head, p.version, p.events = head, *m.Version, nil
	return entries, nil
}
