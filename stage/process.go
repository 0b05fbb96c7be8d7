package stage

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Category is a forecast category.
type Category string

// The forecast categories. Open stages are Pipeline, BestCase or Commit; a won
// opportunity is Closed, a lost one Omitted.
const (
	Omitted  Category = "omitted"
	Pipeline Category = "pipeline"
	BestCase Category = "best_case"
	Commit   Category = "commit"
	Closed   Category = "closed"
)

// Valid reports whether c is a known category.
func (c Category) Valid() bool { return c.Open() || c == Omitted || c == Closed }

// Open reports whether an open stage may have the category (P03).
func (c Category) Open() bool { return c == Pipeline || c == BestCase || c == Commit }

// End is how an opportunity ends, or NoEnd while it is open.
type End string

// The ends. They can't be stage ids.
const (
	NoEnd End = ""
	Won   End = "won"
	Lost  End = "lost"
)

// Limits of a process.
const (
	MaxStages       = 50
	MaxGates        = 20 // in one list
	MaxChecklist    = 50 // items of one stage
	MaxExpectedDays = 3650
	MaxParams       = 20   // of one gate
	MaxParam        = 1000 // characters of a parameter
	// MaxProbability is the highest for an open stage: 99 %, in basis points.
	MaxProbability = 9900
)

// ChecklistItem is a piece of a stage's work that a user ticks. Its id is unique
// in the process.
type ChecklistItem struct {
	ID    string `json:"id"`
	Names Names  `json:"names"`
}

// Stage is one step of a sales process (销售阶段).
type Stage struct {
	// ID is an ASCII code, unique in the process, not "won" or "lost".
	ID    string `json:"id"`
	Names Names  `json:"names"`
	// Probability is the chance of winning in basis points, 0 to MaxProbability.
	Probability int      `json:"probability"`
	Category    Category `json:"category"`
	// ExpectedDays is the number of days after which an opportunity in the stage
	// counts as stale; 0 means no limit.
	ExpectedDays int `json:"expected_days,omitempty"`
	// Start lets opportunities start here. The first stage always does.
	Start bool `json:"start,omitempty"`
	// End marks a stage in which opportunities are meant to be decided, like the
	// last stage. Each stage must lead to one (P04). Opportunities may be won or
	// lost in any stage, as far as the gates allow.
	End bool `json:"end,omitempty"`
	// Entry gates apply when the stage is entered, Exit gates when it is left for
	// another stage or by a win. A loss applies only the process's LoseGates.
	Entry []Gate `json:"entry,omitempty"`
	Exit  []Gate `json:"exit,omitempty"`
	// Next lists the stages that may follow. If it is empty, the order decides:
	// the next stage; with AllowSkip all later ones; with AllowBack all earlier
	// ones.
	Next      []string        `json:"next,omitempty"`
	Checklist []ChecklistItem `json:"checklist,omitempty"`
}

// Process is one version of a sales process (销售模式, sales mode). It is plain data
// and also the stored form; Publish makes it immutable.
type Process struct {
	// ID is the same for all versions of the process; VersionID is this version's
	// own; Version counts from 1.
	ID        uuid.UUID `json:"id"`
	VersionID uuid.UUID `json:"version_id"`
	Version   int       `json:"version"`
	Code      string    `json:"code"`
	Names     Names     `json:"names"`
	Stages    []Stage   `json:"stages"`
	AllowSkip bool      `json:"allow_skip,omitempty"`
	AllowBack bool      `json:"allow_back,omitempty"`
	// AllowFalling allows a stage to have a lower probability than an earlier one
	// (P03).
	AllowFalling bool   `json:"allow_falling,omitempty"`
	WinGates     []Gate `json:"win_gates,omitempty"`
	LoseGates    []Gate `json:"lose_gates,omitempty"`
}

// Index returns the index of a stage in the order, or -1.
func (p Process) Index(id string) int {
	return slices.IndexFunc(p.Stages, func(s Stage) bool { return s.ID == id })
}

// Stage returns a stage by id.
func (p Process) Stage(id string) (Stage, bool) {
	if i := p.Index(id); i >= 0 {
		return p.Stages[i], true
	}
	return Stage{}, false
}

// First returns the first stage, or the zero Stage if there are none.
func (p Process) First() Stage {
	if len(p.Stages) == 0 {
		return Stage{}
	}
	return p.Stages[0]
}

// Starts returns the stages in which an opportunity may start, in order.
func (p Process) Starts() []string {
	var out []string
	for i, s := range p.Stages {
		if i == 0 || s.Start {
			out = append(out, s.ID)
		}
	}
	return out
}

// Targets returns the stages to which an opportunity may move from a stage, in
// order; nil for an unknown stage.
func (p Process) Targets(from string) []string {
	i := p.Index(from)
	if i < 0 {
		return nil
	}
	var out []string
	for j, s := range p.Stages {
		if p.leads(i, j) {
			out = append(out, s.ID)
		}
	}
	return out
}

// leads reports whether the process allows the move from stage i to stage j.
func (p Process) leads(i, j int) bool {
	s := p.Stages[i]
	switch {
	case i == j:
		return false
	case len(s.Next) > 0:
		return slices.Contains(s.Next, p.Stages[j].ID)
	case j > i:
		return j == i+1 || p.AllowSkip
	}
	return p.AllowBack
}

// CanMove returns nil if the process allows the move between two stages; it
// ignores gates. Errors: ErrNotAllowed for a forbidden move or for the same stage
// (O03); ErrInvalid for unknown stages.
func (p Process) CanMove(from, to string) error {
	i, j := p.Index(from), p.Index(to)
	if i >= 0 && j >= 0 && p.leads(i, j) {
		return nil
	}
	return moveError(from, to, i, j)
}

func moveError(from, to string, i, j int) error {
	var f fault.Fields
	if i < 0 {
		f.Add("/from", "unknown_stage", "is not a stage of the process")
	}
	if j < 0 {
		f.Add("/to", "unknown_stage", "is not a stage of the process")
	}
	if !f.Empty() {
		return f.Invalid("stage.unknown")
	}
	if i == j {
		return fault.NotAllowed("stage.same", "it is in stage "+to+" already",
			fault.Field{Path: "/to", Code: "same_stage", Message: "is the stage that it is in"})
	}
	return fault.NotAllowed("stage.move", "the process doesn't lead from stage "+from+" to stage "+to,
		fault.Field{Path: "/to", Code: "not_a_target", Message: "doesn't follow on stage " + from})
}

// Clone returns a deep copy.
func (p Process) Clone() Process {
	p.Names = p.Names.Clone()
	p.WinGates = cloneGates(p.WinGates)
	p.LoseGates = cloneGates(p.LoseGates)
	p.Stages = slices.Clone(p.Stages)
	for i := range p.Stages {
		s := &p.Stages[i]
		s.Names = s.Names.Clone()
		s.Entry = cloneGates(s.Entry)
		s.Exit = cloneGates(s.Exit)
		s.Next = slices.Clone(s.Next)
		s.Checklist = slices.Clone(s.Checklist)
		for k := range s.Checklist {
			s.Checklist[k].Names = s.Checklist[k].Names.Clone()
		}
	}
	return p
}

func cloneGates(list []Gate) []Gate {
	list = slices.Clone(list)
	for i := range list {
		list[i] = list[i].Clone()
	}
	return list
}

// Clone returns a deep copy.
func (g Gate) Clone() Gate {
	g.Params = maps.Clone(g.Params)
	g.Message = g.Message.Clone()
	return g
}

// clean puts all names into their stored form.
func (p Process) clean() {
	p.Names.clean()
	for _, list := range [][]Gate{p.WinGates, p.LoseGates} {
		cleanGates(list)
	}
	for _, s := range p.Stages {
		s.Names.clean()
		cleanGates(s.Entry)
		cleanGates(s.Exit)
		for _, c := range s.Checklist {
			c.Names.clean()
		}
	}
}

func cleanGates(list []Gate) {
	for _, g := range list {
		g.Message.clean()
	}
}
