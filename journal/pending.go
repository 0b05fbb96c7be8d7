package journal

import (
	"reflect"

	"github.com/google/uuid"
)

// Pending holds the events of an aggregate's commands since it was loaded, not
// yet written. Together they make one version (O11).
type Pending[S any] struct {
	registry *Registry[S]
	version  int64 // the loaded version
	events   []happened
}

type happened struct {
	event Event
	at    Moment
}

// Pending starts with the version that was loaded; 0 for a new aggregate.
func (r *Registry[S]) Pending(version int64) Pending[S] {
	return Pending[S]{registry: r, version: version}
}

// Do applies an accepted event, given by a pointer to its payload.
func (p *Pending[S]) Do(s *S, payload any, at Moment) {
	h := p.registry.byPayload[reflect.TypeOf(payload).Elem()]
	p.registry.put(s, h, payload, at, p.version+1)
	p.events = append(p.events, happened{Event{Type: h.Name, Payload: payload}, at})
}

// Empty reports whether there are no events.
func (p *Pending[S]) Empty() bool { return len(p.events) == 0 }

// Loaded returns the version that was loaded; 0 if the aggregate is new.
func (p *Pending[S]) Loaded() int64 { return p.version }

// Take returns the journal entries for the pending events, continues the state's
// chain with them, and starts anew. newID returns their ids. Errors: ErrInternal
// if a payload can't be encoded.
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
