package stage

import (
	"maps"
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Validate returns ErrInvalid for a malformed process, naming every breach (P03).
func (p Process) Validate() error {
	var f fault.Fields
	text.Code(&f, "/code", p.Code, 1)
	p.Names.check(&f, "/names", true)
	if len(p.Stages) < 1 || len(p.Stages) > MaxStages {
		f.Add("/stages", "out_of_range", "a process has 1 to 50 stages")
		return f.Invalid("process.invalid")
	}
	seen, items := map[string]bool{}, map[string]bool{}
	for i, s := range p.Stages {
		path := fault.Index("/stages", i)
		text.Code(&f, path+"/id", s.ID, 1)
		if s.ID == string(Won) || s.ID == string(Lost) {
			f.Add(path+"/id", "reserved", "won and lost aren't stages")
		}
		if seen[s.ID] {
			f.Add(path+"/id", "duplicate", "already exists")
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
			s.Checklist = nil
		}
		for k, c := range s.Checklist {
			at := fault.Index(path+"/checklist", k)
			text.Code(&f, at+"/id", c.ID, 1)
			if items[c.ID] {
				f.Add(at+"/id", "duplicate", "already exists")
			}
			items[c.ID] = true
			c.Names.check(&f, at+"/names", true)
		}
		shape(&f, path+"/entry", s.Entry)
		shape(&f, path+"/exit", s.Exit)
	}
	for i, s := range p.Stages {
		if len(s.Next) > MaxStages {
			f.Add(fault.Index("/stages", i)+"/next", "too_many", "has more than there are stages")
			continue
		}
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

// shape checks gates, except against the host's kinds, which only Check knows.
func shape(f *fault.Fields, path string, gates []Gate) {
	if len(gates) > MaxGates {
		f.Add(path, "too_many", "has too many gates")
		return
	}
	for i, g := range gates {
		at := fault.Index(path, i)
		text.Code(f, at+"/kind", g.Kind, 1)
		text.Code(f, at+"/id", g.ID, 0)
		g.Message.check(f, at+"/message", false)
		if len(g.Params) > MaxParams {
			f.Add(at+"/params", "too_many", "has too many parameters")
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(g.Params)) {
			text.Key(f, at+"/params", k, 1, text.MaxKey) // a bad key isn't shown
			if code, msg := text.Problem(g.Params[k], 0, MaxParam, true); code != "" {
				f.Add(at+"/params/"+pointer(k), code, msg)
			}
		}
		if b, ok := builtinOf(g.Kind); ok {
			for _, k := range slices.Sorted(maps.Keys(g.Params)) {
				if !slices.Contains(b.params, k) {
					f.Add(at+"/params", "unknown", "has one that isn't a parameter of this kind")
				}
			}
			if msg := b.check(g.Params); msg != "" {
				f.Add(at+"/params", "bad_params", msg)
			}
		}
	}
}
