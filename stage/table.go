package stage

import (
	"iter"
	"slices"
	"strconv"

	"golang.org/x/exp/constraints"
)

// MaxTableValue is the greatest number of a state or an event in a Table. A table
// is a dense array, so the numbers should be small.
const MaxTableValue = 255

// Transition leads from one state to another, or to itself, on an event.
type Transition[S, E constraints.Unsigned] struct {
	From  S
	Event E
	To    S
}

// Definition describes a state machine. States and Events list all states and
// events, in drawing order. Final lists the states in which an object may stay
// for good; they may still have transitions, such as reopening. StateName and
// EventName return the names for errors and drawings; without them, numbers are
// shown.
type Definition[S, E constraints.Unsigned] struct {
	Name        string
	States      []S
	Events      []E
	StateName   func(S) string
	EventName   func(E) string
	Initial     S
	Final       []S
	Transitions []Transition[S, E]
}

// Table is an immutable state machine, made by NewTable. Next doesn't allocate. A
// nil Table has no states and permits nothing.
type Table[S, E constraints.Unsigned] struct {
	name       string
	states     []S
	events     []E
	stateNames []string // parallel to states
	eventNames []string // parallel to events
	initial    S
	final      []S
	list       []Transition[S, E] // in the order of states, then of events

	width  uint64   // events a row: the greatest event + 1
	height uint64   // the greatest state + 1
	cells  []uint16 // the next state + 1 at from × width + event; 0 for none
}

// NewTable returns the table of a definition. It returns ErrInvalid and lists
// every fault: no states or events, numbers above MaxTableValue, duplicate
// states, events and names, unknown states and events, a duplicate (state, event)
// pair, no final state, states that can't be reached from the initial one, states
// that lead to no final one, and unused events.
func NewTable[S, E constraints.Unsigned](d Definition[S, E]) (*Table[S, E], error) {
	t := &Table[S, E]{
		name:       d.Name,
		states:     slices.Clone(d.States),
		events:     slices.Clone(d.Events),
		stateNames: names(d.States, d.StateName),
		eventNames: names(d.Events, d.EventName),
		initial:    d.Initial,
		final:      slices.Clone(d.Final),
	}
	if err := t.check(d.Transitions); err != nil {
		return nil, err
	}
	for _, s := range t.states {
		t.height = max(t.height, uint64(s)+1)
	}
	for _, e := range t.events {
		t.width = max(t.width, uint64(e)+1)
	}
	t.cells = make([]uint16, t.width*t.height)
	for _, x := range d.Transitions {
		t.cells[uint64(x.From)*t.width+uint64(x.Event)] = uint16(x.To) + 1
	}
	for _, s := range t.states {
		for _, e := range t.events {
			if to, ok := t.Next(s, e); ok {
				t.list = append(t.list, Transition[S, E]{From: s, Event: e, To: to})
			}
		}
	}
	return t, nil
}

func names[T constraints.Unsigned](of []T, name func(T) string) []string {
	out := make([]string, len(of))
	for i, v := range of {
		if name != nil {
			out[i] = name(v)
		} else {
			out[i] = strconv.FormatUint(uint64(v), 10)
		}
	}
	return out
}

// Next returns the state that e leads to, and whether e is permitted. An unknown
// state or event isn't permitted.
func (t *Table[S, E]) Next(from S, e E) (S, bool) {
	if t == nil || uint64(e) >= t.width || uint64(from) >= t.height {
		return 0, false
	}
	c := t.cells[uint64(from)*t.width+uint64(e)]
	if c == 0 {
		return 0, false
	}
	return S(c - 1), true
}

// Permitted returns the events permitted in a state, in rising order.
func (t *Table[S, E]) Permitted(from S) []E { return slices.Collect(t.PermittedSeq(from)) }

// PermittedSeq is Permitted without a slice.
func (t *Table[S, E]) PermittedSeq(from S) iter.Seq[E] {
	return func(yield func(E) bool) {
		if t == nil {
			return
		}
		for e := uint64(0); e < t.width; e++ {
			if _, ok := t.Next(from, E(e)); ok && !yield(E(e)) {
				return
			}
		}
	}
}

// Name returns the machine's name.
func (t *Table[S, E]) Name() string {
	if t == nil {
		return ""
	}
	return t.name
}

// Initial returns the initial state.
func (t *Table[S, E]) Initial() S {
	if t == nil {
		return 0
	}
	return t.initial
}

// States returns the states in the order of the definition.
func (t *Table[S, E]) States() []S {
	if t == nil {
		return nil
	}
	return slices.Clone(t.states)
}

// Events returns the events in the order of the definition.
func (t *Table[S, E]) Events() []E {
	if t == nil {
		return nil
	}
	return slices.Clone(t.events)
}

// Transitions returns all transitions, ordered by state and then by event.
func (t *Table[S, E]) Transitions() []Transition[S, E] {
	if t == nil {
		return nil
	}
	return slices.Clone(t.list)
}

// IsFinal reports whether an object may stay in the state for good.
func (t *Table[S, E]) IsFinal(s S) bool { return t != nil && slices.Contains(t.final, s) }

// StateName returns the name of a state; its number if it is unknown.
func (t *Table[S, E]) StateName(s S) string {
	if t != nil {
		if i := slices.Index(t.states, s); i >= 0 {
			return t.stateNames[i]
		}
	}
	return strconv.FormatUint(uint64(s), 10)
}

// EventName returns the name of an event; its number if it is unknown.
func (t *Table[S, E]) EventName(e E) string {
	if t != nil {
		if i := slices.Index(t.events, e); i >= 0 {
			return t.eventNames[i]
		}
	}
	return strconv.FormatUint(uint64(e), 10)
}
