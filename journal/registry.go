package journal

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// EventType is a type of event and the struct of its payload.
type EventType struct {
	Name    string
	Payload reflect.Type
}

// Handler handles one type of event of an aggregate with state S; see [On].
type Handler[S any] struct {
	EventType
	first bool
	last  bool
	read  func(payload []byte) (any, error)
	apply func(s *S, payload any, at Moment)
}

// On registers a type of event: its name with a version, its payload, and its
// effect on the state. apply must not fail, and must depend only on its
// arguments.
func On[P, S any](name string, apply func(p *P, s *S, at Moment)) Handler[S] {
	return Handler[S]{
		EventType: EventType{name, reflect.TypeFor[P]()},
		read:      func(b []byte) (any, error) { p := new(P); return p, json.Unmarshal(b, p) },
		apply:     func(s *S, payload any, at Moment) { apply(payload.(*P), s, at) },
	}
}

// First marks the event that creates the aggregate. It comes once, before all
// others, and is registered first.
func (h Handler[S]) First() Handler[S] { h.first = true; return h }

// Last marks the event that deletes the aggregate: none follows it.
func (h Handler[S]) Last() Handler[S] { h.last = true; return h }

// Marks point to the fields that every aggregate's state has.
type Marks struct {
	// ID is nil in a state without an id. An event that can't follow the previous
	// ones clears the id, which Replay detects.
	ID      *uuid.UUID
	Version *int64
	// Updated is when the last change was recorded, and Effective when it took
	// effect; each is nil if the aggregate doesn't keep it.
	Updated, Effective *time.Time
	Head               *Head
}

// Registry holds the types of event of one kind of aggregate. It is immutable.
type Registry[S any] struct {
	kind      Kind
	marks     func(s *S) Marks
	list      []Handler[S]
	named     map[string]*Handler[S]
	byPayload map[reflect.Type]*Handler[S]
}

// NewRegistry returns a registry of handlers. marks returns a state's marks.
func NewRegistry[S any](kind Kind, marks func(s *S) Marks, list ...Handler[S]) *Registry[S] {
	r := &Registry[S]{kind, marks, list, map[string]*Handler[S]{}, map[reflect.Type]*Handler[S]{}}
	for i := range list {
		r.named[list[i].Name], r.byPayload[list[i].Payload] = &list[i], &list[i]
	}
	return r
}

// Types returns all types of event, in order of their registration.
func (r *Registry[S]) Types() []EventType {
	out := make([]EventType, len(r.list))
	for i := range r.list {
		out[i] = r.list[i].EventType
	}
	return out
}

// Decode returns the payload of an entry as a pointer to the struct of its type.
// Errors: ErrCorrupt for an unknown type ("journal.type") or an unreadable
// payload ("journal.payload").
func (r *Registry[S]) Decode(e *Entry) (any, error) {
	_, payload, err := r.decode(e)
	return payload, err
}

func (r *Registry[S]) decode(e *Entry) (*Handler[S], any, error) {
	h := r.named[e.Type]
	if h == nil {
		return nil, nil, fault.New(fault.ErrCorrupt, "journal.type", "an event's type is unknown: "+e.Type)
	}
	payload, err := h.read(e.Payload)
	if err != nil {
		return nil, nil, fault.Wrap(fault.ErrCorrupt, "journal.payload", "an event's payload can't be read", err)
	}
	return h, payload, nil
}

// Replay rebuilds the state of one aggregate from its whole journal (J05). It
// calls each, if not nil, after each entry, with the entry's index. It applies no
// rules again, and doesn't check the chain; [Verify] does. Errors: ErrCorrupt,
// naming the first entry that doesn't fit.
func (r *Registry[S]) Replay(entries []Entry, each func(s *S, i int, payload any)) (s S, deleted bool, err error) {
	var none S
	if len(entries) == 0 {
		return none, false, fault.New(fault.ErrCorrupt, "journal.empty", "there is no journal to replay")
	}
	for i := range entries {
		e := &entries[i]
		h, payload, err := r.decode(e)
		if err != nil {
			return none, false, err
		}
		m := r.marks(&s)
		misfit := e.Kind != r.kind || e.Seq != int64(i)+1 || e.Aggregate != entries[0].Aggregate || e.Tenant != entries[0].Tenant ||
			deleted || r.list[0].first && h.first != (i == 0)
		if !misfit {
			r.put(&s, h, payload, e.Moment, e.Version)
			m.Head.Seq, m.Head.Hash = e.Seq, e.Hash
			misfit = m.ID != nil && *m.ID != e.Aggregate
		}
		if misfit {
			return none, false, fault.New(fault.ErrCorrupt, "journal.order", "the journal isn't one aggregate's journal from its beginning",
				fault.Field{Path: fault.Index("/entries", i), Code: "order", Message: "doesn't belong here"})
		}
		deleted = h.last
		if each != nil {
			each(&s, i, payload)
		}
	}
	return s, deleted, nil
}

// put applies an event and updates the state's marks.
func (r *Registry[S]) put(s *S, h *Handler[S], payload any, at Moment, version int64) {
	h.apply(s, payload, at)
	m := r.marks(s)
	*m.Version = version
	if m.Updated != nil {
		*m.Updated = at.Recorded
	}
	if m.Effective != nil && at.Effective.After(*m.Effective) {
		*m.Effective = at.Effective
	}
}
