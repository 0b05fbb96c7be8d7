package stage

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
)

// Version is an immutable published version of a process (P02) that finds stages
// without allocating. It is safe for concurrent use. Don't write to the values
// its methods return, except that of Process.
type Version struct {
	p     Process
	index map[string]int
}

// Publish returns an immutable version of a process. Errors as for Validate.
func Publish(p Process) (*Version, error) {
	p = p.Clone()
	if err := p.Validate(); err != nil {
		return nil, err
	}
	p.clean()
	return newVersion(p), nil
}

// Restore returns a version of a process published earlier. It requires only what
// a Version needs: stages, each with an id of its own. It ignores later rules, so
// that old data always loads, and changes nothing. Errors: ErrCorrupt.
func Restore(p Process) (*Version, error) {
	p = p.Clone()
	var f fault.Fields
	if len(p.Stages) == 0 {
		f.Add("/stages", "required", "has no stages")
	}
	v := newVersion(p)
	for i, s := range p.Stages {
		switch {
		case s.ID == "":
			f.Add(fault.Index("/stages", i)+"/id", "required", "has no id")
		case v.index[s.ID] != i:
			f.Add(fault.Index("/stages", v.index[s.ID])+"/id", "duplicate", "already exists")
		}
	}
	if !f.Empty() {
		return nil, fault.New(fault.ErrCorrupt, "process.corrupt", "a stored process version can't be used", f.List()...)
	}
	return v, nil
}

func newVersion(p Process) *Version {
	v := &Version{p: p, index: make(map[string]int, len(p.Stages))}
	for i, s := range p.Stages {
		v.index[s.ID] = i
	}
	return v
}

// Process returns a copy of the definition.
func (v *Version) Process() Process { return v.p.Clone() }

// Index returns the index of a stage in the order, or -1.
func (v *Version) Index(id string) int {
	if i, ok := v.index[id]; ok {
		return i
	}
	return -1
}

// Stage returns a stage by id.
func (v *Version) Stage(id string) (Stage, bool) {
	i, ok := v.index[id]
	if !ok {
		return Stage{}, false
	}
	return v.p.Stages[i], true
}

// First returns the first stage.
func (v *Version) First() Stage { return v.p.Stages[0] }

// Starts returns the stages in which an opportunity may start.
func (v *Version) Starts() []string { return v.p.Starts() }

// Targets returns the stages to which an opportunity may move from a stage.
func (v *Version) Targets(from string) []string { return v.p.Targets(from) }

// CanMove is Process.CanMove.
func (v *Version) CanMove(from, to string) error {
	i, j := v.Index(from), v.Index(to)
	if i >= 0 && j >= 0 && v.p.leads(i, j) {
		return nil
	}
	return moveError(from, to, i, j)
}

// GatesFor returns the gates on a move (P07): the exit gates of from and the
// entry gates of to; for a win the exit gates of from and the win gates; for a
// loss only the lose gates. from or to may be empty.
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

// CheckMigration refuses a mapping of stages between two versions unless every
// stage in use maps to an existing one (P05); an unmapped stage keeps its id.
// Errors: ErrNotAllowed listing all faults.
func CheckMigration(from, to *Version, stages map[string]string, inUse []string) error {
	var f fault.Fields
	for _, id := range slices.Sorted(slices.Values(inUse)) {
		target, ok := stages[id]
		if !ok {
			target = id
		}
		switch {
		case from.Index(id) < 0:
			f.Add("/stages/"+pointer(id), "unknown", "isn't a stage of the old version")
		case to.Index(target) < 0:
			f.Add("/stages/"+pointer(id), "unmapped", "must be mapped to a stage of the new version")
		}
	}
	return f.NotAllowed("process.migration", "stages in use aren't mapped")
}
