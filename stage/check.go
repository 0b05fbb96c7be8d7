package stage

import (
	"maps"
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
)

// Check returns every breach that Validate finds and everything that would strand
// an opportunity (P04):
//
//   - stages that the first one doesn't lead to, and stages that don't lead to an
//     end; a move whose gates contradict each other doesn't count
//   - unknown kinds of gates, and parameters that the host refuses
//   - gates that can't be met: a checklist item that isn't on the list of any
//     stage on the way to the gate (items are ticked while in their stage);
//     amounts in two currencies at once; an attribute whose key no opportunity
//     can have
//   - two gates with one id in one list, because a refusal must identify one of
//     them
//
// Only Check compares a process with the host's kinds. It doesn't look at other
// archives (scorecards, kinds of documents). Errors: ErrInvalid; ErrHost if the
// host's check of parameters panics.
func (p Process) Check(host Kinds) error {
	if err := p.Validate(); err != nil {
		return err
	}
	c := checker{host: host, forward: map[string][]string{}}
	c.graph(p)
	for i, s := range p.Stages {
		path := fault.Index("/stages", i)
		c.gates(path+"/entry", s.Entry, c.before(p, s.ID, false))
		c.gates(path+"/exit", s.Exit, c.before(p, s.ID, true))
	}
	all := c.before(p, "", false)
	c.gates("/win_gates", p.WinGates, all)
	c.gates("/lose_gates", p.LoseGates, all)
	if c.err != nil {
		return c.err
	}
	return c.f.Invalid("process.check")
}

type checker struct {
	f       fault.Fields
	host    Kinds
	forward map[string][]string // the possible moves
	err     error
}

// graph collects the possible moves and notes stranded stages.
func (c *checker) graph(p Process) {
	forward, back := c.forward, map[string][]string{}
	var ends []string
	for i, s := range p.Stages {
		if (s.End || i == len(p.Stages)-1) && !contradict(s.Exit, p.WinGates) {
			ends = append(ends, s.ID)
		}
		for _, to := range p.Targets(s.ID) {
			if t, _ := p.Stage(to); contradict(s.Exit, t.Entry) {
				continue
			}
			forward[s.ID] = append(forward[s.ID], to)
			back[to] = append(back[to], s.ID)
		}
	}
	reached := spread(forward, []string{p.First().ID})
	ending := spread(back, ends)
	for i, s := range p.Stages {
		path := fault.Index("/stages", i)
		if !reached[s.ID] {
			c.f.Add(path, "unreachable", "no way leads from the first stage to "+s.ID)
		}
		if !ending[s.ID] {
			c.f.Add(path, "no_end", "no way leads from "+s.ID+" to an end")
		}
	}
}

// before returns the checklist items that can have been ticked before a stage is
// entered for the first time, or before it is left.
func (c *checker) before(p Process, id string, inside bool) map[string]bool {
	ways := maps.Clone(c.forward)
	delete(ways, id)
	reached := spread(ways, p.Starts())
	items := map[string]bool{}
	for _, s := range p.Stages {
		if reached[s.ID] && (inside || s.ID != id) {
			for _, item := range s.Checklist {
				items[item.ID] = true
			}
		}
	}
	return items
}

// gates checks the gates of one list; items are those that can have been ticked
// by then.
func (c *checker) gates(path string, list []Gate, items map[string]bool) {
	ids := map[string]bool{}
	for i, g := range list {
		at := fault.Index(path, i)
		if g.ID != "" && ids[g.ID] {
			c.f.Add(at+"/id", "duplicate", "already exists")
		}
		ids[g.ID] = true
		if _, ok := builtinOf(g.Kind); !ok {
			c.foreign(at, g)
			continue
		}
		switch {
		case g.Kind == GateChecklist && !items[g.Params["item"]]:
			c.f.Add(at, "unsatisfiable", "the item is on no checklist that a deal can come by before")
		case g.Kind == GateActivity && !activityKind(g.Params["kind"]):
			c.f.Add(at, "unsatisfiable", "no activity is of that kind")
		case g.Kind == GateAttribute && badAttribute(g.Params["key"]):
			c.f.Add(at, "unsatisfiable", "no opportunity can have an attribute of that key")
		case g.Kind == GateAmount && contradict(list[:i], list[i:i+1]):
			c.f.Add(at, "unsatisfiable", "asks for an amount in another currency than an earlier gate")
		}
	}
}

// activityKind reports whether kind is a kind of activity. A test holds the list
// to that of package opportunity.
func activityKind(kind string) bool {
	switch kind {
	case "call", "visit", "meeting", "email", "demo", "task", "other":
		return true
	}
	return false
}

// foreign checks a gate of a host's kind.
func (c *checker) foreign(at string, g Gate) {
	check, ok := c.host[g.Kind]
	if !ok {
		c.f.Add(at+"/kind", "unknown", "isn't a kind of gate")
		return
	}
	if check == nil {
		return
	}
	refused, err := checkParams(check, g)
	if err != nil {
		c.err = err
	}
	if refused {
		c.f.Add(at+"/params", "bad_params", "the host refuses the parameters")
	}
}

func checkParams(check func(map[string]string) error, g Gate) (refused bool, err error) {
	defer func() {
		if recover() != nil {
			err = hostPanic(g.Kind)
		}
	}()
	return check(maps.Clone(g.Params)) != nil, nil
}

func badAttribute(key string) bool {
	var f fault.Fields
	text.Attributes(&f, "", map[string]string{key: ""})
	return !f.Empty()
}

// contradict reports whether gates ask for amounts in different currencies: an
// opportunity has only one (O17).
func contradict(lists ...[]Gate) bool {
	var first money.Currency
	for _, g := range slices.Concat(lists...) {
		if g.Kind != GateAmount {
			continue
		}
		c := money.Currency(g.Params["currency"])
		if first != "" && c != first {
			return true
		}
		first = c
	}
	return false
}
