package stage

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
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
	return newVersion(p), nil
}

// Restore makes a version of a process that was published earlier. It asks only
// what a Version can't do without: stages, each with an id of its own. Rules that
// came later don't count, so that old data always loads, and nothing is changed.
// Errors: ErrCorrupt.
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
			f.Add("/stages/"+pointer(id), "unknown", "isn't a stage of the old version")
		case to.Index(target) < 0:
			f.Add("/stages/"+pointer(id), "unmapped", "must be mapped to a stage of the new version")
		}
	}
	return f.NotAllowed("process.migration", "stages in use aren't mapped")
}
