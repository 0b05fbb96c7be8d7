package stage

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Version is a published version of a process: immutable (P02), with stages
// found without allocating. It is safe for concurrent use. What its methods
// return must not be written to, Process aside.
type Version struct {
	p     Process
	index map[string]int
}

// Publish makes an immutable version of a process. Errors: as Validate.
func Publish(p Process) (*Version, error) {
	p = p.Clone()
	if err := p.Validate(); err != nil {
		return nil, err
	}
	p.clean()
	v := &Version{p: p, index: make(map[string]int, len(p.Stages))}
	for i, s := range p.Stages {
		v.index[s.ID] = i
	}
	return v, nil
}

// Process returns a copy of the definition.
func (v *Version) Process() Process { return v.p.Clone() }

// Index gives a stage's place in the order, or -1.
func (v *Version) Index(id string) int {
	if i, ok := v.index[id]; ok {
		return i
	}
	return -1
}

// Stage gives a stage by id.
func (v *Version) Stage(id string) (Stage, bool) {
	i, ok := v.index[id]
	if !ok {
		return Stage{}, false
	}
	return v.p.Stages[i], true
}

// First gives the first stage.
func (v *Version) First() Stage { return v.p.Stages[0] }

// Starts lists the stages in which an opportunity may begin.
func (v *Version) Starts() []string { return v.p.Starts() }

// Targets lists the stages to which an opportunity may move from one.
func (v *Version) Targets(from string) []string { return v.p.Targets(from) }

// CanMove is Process.CanMove.
func (v *Version) CanMove(from, to string) error {
	i, j := v.Index(from), v.Index(to)
	if i >= 0 && j >= 0 && v.p.leads(i, j) {
		return nil
	}
	return moveError(from, to, i, j)
}

// GatesFor lists the gates on a way (P07): the exit gates of from and the entry
// gates of to; for a win the exit gates of from and the win gates; for a loss
// the lose gates only. from or to may be empty.
func (v *Version) GatesFor(from, to string, end End) []Gate {
	var out []Gate
	if end == Lost {
		return v.p.LoseGates
	}
	if s, ok := v.Stage(from); ok {
		out = append(out, s.Exit...)
	}
	if s, ok := v.Stage(to); ok {
		out = append(out, s.Entry...)
	}
	if end == Won {
		out = append(out, v.p.WinGates...)
	}
	return out
}

// CheckMigration refuses a map of stages from one version to another that
// doesn't map every stage in use to one that exists (P05); a stage that isn't
// in the map keeps its id. Errors: ErrNotAllowed listing all.
func CheckMigration(from, to *Version, stages map[string]string, inUse []string) error {
	var f fault.Fields
	for _, id := range slices.Sorted(slices.Values(inUse)) {
		target, ok := stages[id]
		if !ok {
			target = id
		}
		switch {
		case from.Index(id) < 0:
			f.Add("/stages/"+id, "unknown", "isn't a stage of the old version")
		case to.Index(target) < 0:
			f.Add("/stages/"+id, "unmapped", "must be mapped to a stage of the new version")
		}
	}
	return f.NotAllowed("process.migration", "stages in use aren't mapped")
}

// Validate refuses a malformed process with ErrInvalid, naming every breach
// (P03).
func (p Process) Validate() error {
	var f fault.Fields
	text.Code(&f, "/code", p.Code, 1)
	p.Names.check(&f, "/names", true)
	if len(p.Stages) < 1 || len(p.Stages) > MaxStages {
		f.Add("/stages", "out_of_range", "a process has 1 to 50 stages")
		return f.Invalid("process.invalid")
	}
	seen := map[string]bool{}
	for i, s := range p.Stages {
		path := fault.Index("/stages", i)
		text.Code(&f, path+"/id", s.ID, 1)
		if s.ID == string(Won) || s.ID == string(Lost) {
			f.Add(path+"/id", "reserved", "won and lost aren't stages")
		}
		if seen[s.ID] {
			f.Add(path+"/id", "duplicate", "is there already")
		}
		seen[s.ID] = true
		s.Names.check(&f, path+"/names", true)
		if s.Probability < 0 || s.Probability > MaxProbability {
			f.Add(path+"/probability", "out_of_range", "must be 0 to 9900 basis points")
		}
		if i > 0 && !p.AllowFalling && s.Probability < p.Stages[i-1].Probability {
			f.Add(path+"/probability", "falls", "is below that of the stage before")
		}
		if !s.Category.Open() {
			f.Add(path+"/category", "not_open", "must be pipeline, best_case or commit")
		}
		if s.ExpectedDays < 0 || s.ExpectedDays > MaxExpectedDays {
			f.Add(path+"/expected_days", "out_of_range", "must be 0 to 3650")
		}
		if len(s.Checklist) > MaxChecklist {
			f.Add(path+"/checklist", "too_many", "has too many items")
		}
		items := map[string]bool{}
		for k, c := range s.Checklist {
			at := fault.Index(path+"/checklist", k)
			text.Code(&f, at+"/id", c.ID, 1)
			if items[c.ID] {
				f.Add(at+"/id", "duplicate", "is there already")
			}
			items[c.ID] = true
			c.Names.check(&f, at+"/names", true)
		}
		shape(&f, path+"/entry", s.Entry)
		shape(&f, path+"/exit", s.Exit)
	}
	for i, s := range p.Stages {
		for k, n := range s.Next {
			at := fault.Index(fault.Index("/stages", i)+"/next", k)
			if !seen[n] {
				f.Add(at, "unknown_stage", "isn't a stage of the process")
			} else if n == s.ID || slices.Contains(s.Next[:k], n) {
				f.Add(at, "duplicate", "leads to itself, or is there twice")
			}
		}
	}
	shape(&f, "/win_gates", p.WinGates)
	shape(&f, "/lose_gates", p.LoseGates)
	return f.Invalid("process.invalid")
}

// shape checks gates but for what only Check knows: the host's kinds.
func shape(f *fault.Fields, path string, gates []Gate) {
	if len(gates) > MaxGates {
		f.Add(path, "too_many", "has too many gates")
	}
	for i, g := range gates {
		at := fault.Index(path, i)
		text.Code(f, at+"/kind", g.Kind, 1)
		text.Code(f, at+"/id", g.ID, 0)
		g.Message.check(f, at+"/message", false)
		if len(g.Params) > 20 {
			f.Add(at+"/params", "too_many", "has too many parameters")
			continue
		}
		if b, ok := builtinOf(g.Kind); ok {
			for k := range g.Params {
				if !slices.Contains(b.params, k) {
					f.Add(at+"/params/"+pointer(k), "unknown", "isn't a parameter of this kind")
				}
			}
			if msg := b.check(g.Params); msg != "" {
				f.Add(at+"/params", "bad_params", msg)
			}
		}
	}
}

// Check refuses, naming every breach, what Validate refuses and what would
// strand a deal (P04): stages that none of the starts leads to, stages from
// which no end can be reached, unknown kinds of gates, parameters that the host
// refuses, and checklist gates whose item isn't on a checklist. Errors:
// ErrInvalid.
func (p Process) Check(host Kinds) error {
	if err := p.Validate(); err != nil {
		return err
	}
	var f fault.Fields
	forward, back := map[string][]string{}, map[string][]string{}
	var ends []string
	items := map[string]bool{}
	for i, s := range p.Stages {
		if s.End || i == len(p.Stages)-1 {
			ends = append(ends, s.ID)
		}
		for _, c := range s.Checklist {
			items[c.ID] = true
		}
		for _, to := range p.Targets(s.ID) {
			forward[s.ID] = append(forward[s.ID], to)
			back[to] = append(back[to], s.ID)
		}
	}
	reached := spread(forward, []string{p.First().ID})
	ending := spread(back, ends)
	for i, s := range p.Stages {
		path := fault.Index("/stages", i)
		if !reached[s.ID] {
			f.Add(path, "unreachable", "no way leads from the first stage to "+s.ID)
		}
		if !ending[s.ID] {
			f.Add(path, "no_end", "no way leads from "+s.ID+" to an end")
		}
		known(&f, path+"/entry", s.Entry, host, items)
		known(&f, path+"/exit", s.Exit, host, items)
	}
	known(&f, "/win_gates", p.WinGates, host, items)
	known(&f, "/lose_gates", p.LoseGates, host, items)
	return f.Invalid("process.check")
}

func known(f *fault.Fields, path string, gates []Gate, host Kinds, items map[string]bool) {
	for i, g := range gates {
		at := fault.Index(path, i)
		if _, ok := builtinOf(g.Kind); ok {
			if g.Kind == GateChecklist && !items[g.Params["item"]] {
				f.Add(at, "unsatisfiable", "the item is on no checklist")
			}
			continue
		}
		k, ok := host[g.Kind]
		switch {
		case !ok || k.Evaluate == nil:
			f.Add(at+"/kind", "unknown", "isn't a kind of gate")
		case k.CheckParams != nil:
			if err := k.CheckParams(g.Params); err != nil {
				f.Add(at+"/params", "bad_params", "the host refuses the parameters")
			}
		}
	}
}
