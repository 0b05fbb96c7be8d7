package archive

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Limits of scorecards (E01).
const (
	MaxCriteria = 50
	MaxScale    = 1000
	MaxWeight   = 10_000
	// MaxScorecardVersions is the most versions of one scorecard.
	MaxScorecardVersions = 10_000
)

// Criterion is one aspect to judge.
type Criterion struct {
	// Code is unique in the scorecard.
	Code string `json:"code"`
	// Names by BCP 47 language; at least one.
	Names map[string]string `json:"names"`
	// Weight is 1 to MaxWeight.
	Weight int `json:"weight"`
	// Optional criteria may be left out; their weights then don't count.
	Optional bool `json:"optional,omitempty"`
}

// PublishScorecardInput is the content of a scorecard 评估模板 (E01).
type PublishScorecardInput struct {
	// Scale is the best value, 1 to MaxScale; the worst is 0.
	Scale    int         `json:"scale"`
	Criteria []Criterion `json:"criteria"`
}

// ScorecardVersion is an immutable published version of a scorecard; evaluations
// keep theirs.
type ScorecardVersion struct {
	// Scorecard is the archive entry.
	Scorecard uuid.UUID `json:"scorecard"`
	// Number counts the scorecard's versions from 1.
	Number    int         `json:"number"`
	Scale     int         `json:"scale"`
	Criteria  []Criterion `json:"criteria"`
	Published time.Time   `json:"published"`
	By        string      `json:"by"`
}

// Clone returns a deep copy.
func (v ScorecardVersion) Clone() ScorecardVersion {
	v.Criteria = cloneCriteria(v.Criteria)
	return v
}

func cloneCriteria(list []Criterion) []Criterion {
	list = slices.Clone(list)
	for i := range list {
		list[i].Names = maps.Clone(list[i].Names)
	}
	return list
}

// Score returns Σ weight × value ÷ Σ weight ÷ scale over the valued criteria, in
// hundredths of a percent, rounded half-up: 8333 is 83.33 % (E01). It computes in
// whole numbers. Errors: ErrInvalid if no criterion is valued, a required one
// isn't, or a value is outside the scale or has no criterion (E02); ErrCorrupt
// for a scorecard out of bounds.
func (v ScorecardVersion) Score(values map[string]int) (int, error) {
	if v.Scale < 1 || v.Scale > MaxScale || len(v.Criteria) > MaxCriteria {
		return 0, badCard()
	}
	var f fault.Fields
	var sum, weights int64
	known := 0
	for _, c := range v.Criteria {
		if c.Weight < 1 || c.Weight > MaxWeight {
			return 0, badCard()
		}
		x, ok := values[c.Code]
		switch {
		case !ok && !c.Optional:
			f.Add("/values", "required", "must value "+c.Code)
		case ok && (x < 0 || x > v.Scale):
			f.Add("/values", "out_of_range", "must be within the scorecard's scale")
		case ok:
			sum += int64(c.Weight) * int64(x)
			weights += int64(c.Weight)
		}
		if ok {
			known++
		}
	}
	if known < len(values) {
		f.Add("/values", "unknown", "must be of the scorecard's criteria")
	}
	if known == 0 {
		f.Add("/values", "none", "must value a criterion at least")
	}
	if err := f.Invalid("scorecard.values"); err != nil {
		return 0, err
	}
	// At most 50 × 10^4 × 10^3 × 10^4 × 2: far from overflowing.
	whole := weights * int64(v.Scale)
	return int((2*sum*10_000 + whole) / (2 * whole)), nil
}

func badCard() error {
	return fault.New(fault.ErrCorrupt, "scorecard.corrupt", "a stored scorecard is out of bounds")
}

// check cleans the input in place and notes every fault (E01).
func (in *PublishScorecardInput) check(f *fault.Fields) {
	if in.Scale < 1 || in.Scale > MaxScale {
		f.Add("/scale", "out_of_range", "must be 1 to 1000")
	}
	switch n := len(in.Criteria); {
	case n == 0:
		f.Add("/criteria", "required", "needs a criterion at least")
	case n > MaxCriteria:
		f.Add("/criteria", "too_many", "has more than 50 criteria")
		return
	}
	in.Criteria = cloneCriteria(in.Criteria)
	seen := map[string]bool{}
	for i := range in.Criteria {
		c, path := &in.Criteria[i], fault.Index("/criteria", i)
		text.Code(f, path+"/code", c.Code, 1)
		if seen[c.Code] {
			f.Add(path+"/code", "duplicate", "already exists")
		}
		seen[c.Code] = true
		var g fault.Fields
		c.Names = names(&g, c.Names)
		for _, x := range g.List() {
			f.Add(path+x.Path, x.Code, x.Message)
		}
		if c.Weight < 1 || c.Weight > MaxWeight {
			f.Add(path+"/weight", "out_of_range", "must be 1 to 10000")
		}
	}
}

// Publish makes the next version of a scorecard; latest is the previous number,
// or 0. Errors: ErrInvalid with every field at fault; ErrNotAllowed
// ("scorecard.kind") for an entry of another kind, ("archive.retired") for a
// retired one, ("archive.deleted"); ErrLimit.
func (a *Aggregate) Publish(in PublishScorecardInput, latest int, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	switch {
	case a.Entry.Kind != Scorecard:
		return fault.NotAllowed("scorecard.kind", "the entry isn't a scorecard")
	case a.Entry.Status == Retired:
		return fault.NotAllowed("archive.retired", "the entry is retired")
	case latest >= MaxScorecardVersions:
		return fault.New(fault.ErrLimit, "scorecard.versions", "a scorecard has at most 10,000 versions")
	case a.published != nil:
		return fault.New(fault.ErrInternal, "scorecard.pending", "the previous version wasn't stored")
	}
	var f fault.Fields
	in.check(&f)
	if err := f.Invalid("scorecard.invalid"); err != nil {
		return err
	}
	v := ScorecardVersion{Scorecard: a.Entry.ID, Number: latest + 1, Scale: in.Scale, Criteria: in.Criteria, Published: at.Recorded, By: at.By}
	a.published = &v
	a.do(&ScorecardPublishedPayload{Version: v.Clone()}, at)
	return nil
}
