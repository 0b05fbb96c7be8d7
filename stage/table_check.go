package stage

import (
	"slices"

	"golang.org/x/exp/constraints"

	"github.com/pursuit-crm/pursuit/fault"
)

// check lists every fault of the table and its transitions. It walks the graph
// only if all names are known.
func (t *Table[S, E]) check(list []Transition[S, E]) error {
	var f fault.Fields
	checkSet(&f, "/states", t.states, t.stateNames)
	checkSet(&f, "/events", t.events, t.eventNames)
	known := func(path string, s S) {
		if !slices.Contains(t.states, s) {
			f.Add(path, "unknown_state", "is not one of the states")
		}
	}
	known("/initial", t.initial)
	if len(t.final) == 0 {
		f.Add("/final", "required", "needs at least one state")
	}
	for i, s := range t.final {
		known(fault.Index("/final", i), s)
		if slices.Contains(t.final[:i], s) {
			f.Add(fault.Index("/final", i), "duplicate", "is listed twice")
		}
	}
	type pair struct {
		s S
		e E
	}
	seen := make(map[pair]bool, len(list))
	used := make(map[E]bool, len(t.events))
	for i, x := range list {
		at := fault.Index("/transitions", i)
		known(at+"/from", x.From)
		known(at+"/to", x.To)
		if !slices.Contains(t.events, x.Event) {
			f.Add(at+"/event", "unknown_event", "is not one of the events")
		}
		if seen[pair{x.From, x.Event}] {
			f.Add(at, "duplicate", "state "+t.StateName(x.From)+" has event "+t.EventName(x.Event)+" already")
		}
		seen[pair{x.From, x.Event}] = true
		used[x.Event] = true
	}
	if f.Empty() {
		t.checkGraph(&f, list, used)
	}
	return f.Invalid("table.invalid")
}

func (t *Table[S, E]) checkGraph(f *fault.Fields, list []Transition[S, E], used map[E]bool) {
	ahead := make(map[S][]S, len(t.states))
	behind := make(map[S][]S, len(t.states))
	for _, x := range list {
		ahead[x.From] = append(ahead[x.From], x.To)
		behind[x.To] = append(behind[x.To], x.From)
	}
	reached := spread(ahead, []S{t.initial})
	ends := spread(behind, t.final)
	for i, s := range t.states {
		if !reached[s] {
			f.Add(fault.Index("/states", i), "unreachable", "state "+t.stateNames[i]+" can't be reached from the initial one")
		}
		if !ends[s] {
			f.Add(fault.Index("/states", i), "dead_end", "no final state can be reached from state "+t.stateNames[i])
		}
	}
	for i, e := range t.events {
		if !used[e] {
			f.Add(fault.Index("/events", i), "unused", "event "+t.eventNames[i]+" has no transition")
		}
	}
}

// checkSet checks a list of numbers with their names.
func checkSet[T constraints.Unsigned](f *fault.Fields, path string, set []T, names []string) {
	if len(set) == 0 {
		f.Add(path, "required", "needs at least one")
	}
	for i, v := range set {
		at := fault.Index(path, i)
		if uint64(v) > MaxTableValue {
			f.Add(at, "too_large", "is above the greatest number of a table")
		}
		if slices.Contains(set[:i], v) {
			f.Add(at, "duplicate", "is listed twice")
		} else if slices.Contains(names[:i], names[i]) {
			f.Add(at, "duplicate_name", "has the same name as another")
		}
		if names[i] == "" {
			f.Add(at, "no_name", "has no name")
		}
	}
}

// spread returns all nodes reachable from the starts, the starts included.
func spread[K comparable](edges map[K][]K, starts []K) map[K]bool {
	seen := make(map[K]bool, len(starts))
	todo := slices.Clone(starts)
	for len(todo) > 0 {
		k := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[k] {
			continue
		}
		seen[k] = true
		todo = append(todo, edges[k]...)
	}
	return seen
}
