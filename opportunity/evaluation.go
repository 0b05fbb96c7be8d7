package opportunity

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// EvaluationStatus is whether an evaluation can still be changed (E02).
type EvaluationStatus string

// The statuses of evaluations.
const (
	EvaluationDraft     EvaluationStatus = "draft"
	EvaluationSubmitted EvaluationStatus = "submitted"
)

// Limits of evaluations.
const (
	MaxEvaluations = 500
	// MaxScorecards is the most scorecards used to evaluate one opportunity.
	MaxScorecards = 50
	// MaxValueNote is the longest note on one value, in characters.
	MaxValueNote = 1000
)

// Evaluation is an evaluation of the opportunity 商机评估 by a scorecard (E02).
// Submitted evaluations never change, and all are kept (E03).
type Evaluation struct {
	ID uuid.UUID `json:"id"`
	// Scorecard is an archive entry, Code its code, and Version the number of the
	// version used.
	Scorecard uuid.UUID        `json:"scorecard"`
	Code      string           `json:"code"`
	Version   int              `json:"version"`
	Evaluator string           `json:"evaluator" host:"user"`
	Status    EvaluationStatus `json:"status"`
	// Values are those of the valued criteria, in the scorecard's order.
	Values []Value `json:"values,omitempty"`
	Note   string  `json:"note,omitempty"`
	// Score is in hundredths of a percent: 8333 is 83.33 %; 0 in a draft.
	Score int `json:"score,omitempty"`
	// Number counts the opportunity's submitted evaluations from 1, so the latest
	// has the highest; 0 in a draft.
	Number    int       `json:"number,omitempty"`
	Started   time.Time `json:"started"`
	Submitted time.Time `json:"submitted,omitzero"`
}

// Value is the rating of one criterion: 0 to the scorecard's scale.
type Value struct {
	Criterion string `json:"criterion"`
	Value     int    `json:"value"`
	Note      string `json:"note,omitempty"`
}

// Clone returns a deep copy.
func (e Evaluation) Clone() Evaluation {
	e.Values = slices.Clone(e.Values)
	return e
}

// EvaluationInput is an evaluation to save as a draft or to submit.
type EvaluationInput struct {
	// ID identifies a draft to continue; Nil starts a new one.
	ID uuid.UUID `json:"id,omitzero"`
	// Scorecard is for a new evaluation, and its code may identify it. A draft
	// keeps its own, which may be omitted.
	Scorecard     uuid.UUID `json:"scorecard,omitzero"`
	ScorecardCode string    `json:"scorecard_code,omitempty"`
	// Values are in any order, each criterion once. They replace a draft's; nil
	// leaves them unchanged, and an empty list clears them.
	Values []Value `json:"values,omitzero"`
	// Note replaces a draft's note; nil leaves it unchanged.
	Note *string `json:"note,omitempty"`
}

// Evaluation returns an evaluation by its id. Needs PartEvaluations. Errors:
// ErrNotFound.
func (o *Opportunity) Evaluation(id uuid.UUID) (Evaluation, error) {
	if err := o.needs(PartEvaluations); err != nil {
		return Evaluation{}, err
	}
	i := slices.IndexFunc(o.s.Evaluations, func(e Evaluation) bool { return e.ID == id })
	if i < 0 {
		return Evaluation{}, fault.NotFound("opportunity.evaluation.not_found")
	}
	return o.s.Evaluations[i], nil
}

// earlier returns a draft's previous state, or nil for a new one.
func (o *Opportunity) earlier(id uuid.UUID) *Evaluation {
	if e, err := o.Evaluation(id); err == nil {
		return &e
	}
	return nil
}

// SaveEvaluation saves a draft: a new one under newID, or the one that in.ID
// names, which needs PartEvaluations. Criteria may be left out. card is the
// latest version of the scorecard for a new draft, which Load must name, or else
// the draft's own. Errors: ErrNotFound; ErrInvalid (A02, E02); ErrNotAllowed for
// a submitted evaluation or someone else's draft, or by status (O08); ErrLimit.
func (o *Opportunity) SaveEvaluation(newID uuid.UUID, in EvaluationInput, card archive.ScorecardVersion, at journal.Moment) error {
	e, fresh, err := o.evaluated(newID, in, card, false, at)
	if err != nil {
		return err
	}
	o.do(&EvaluationSavedPayload{Evaluation: e, New: fresh, Before: o.earlier(e.ID)}, at)
	o.dirty.Evaluations = append(o.dirty.Evaluations, e)
	return nil
}

// SubmitEvaluation submits an evaluation, directly or from a draft; it then never
// changes (E02). The arguments are those of SaveEvaluation. Errors: also
// ErrInvalid if a required criterion isn't valued.
func (o *Opportunity) SubmitEvaluation(newID uuid.UUID, in EvaluationInput, card archive.ScorecardVersion, at journal.Moment) error {
	e, fresh, err := o.evaluated(newID, in, card, true, at)
	if err != nil {
		return err
	}
	if _, known := o.s.Counts.Scores[e.Code]; !known && len(o.s.Counts.Scores) >= MaxScorecards {
		return fault.New(fault.ErrLimit, "opportunity.evaluations.scorecards", "an opportunity is evaluated by at most 50 scorecards")
	}
	e.Status, e.Submitted, e.Number = EvaluationSubmitted, at.Effective, o.s.Counts.Submitted+1
	o.do(&EvaluationSubmittedPayload{Evaluation: e, New: fresh, Before: o.earlier(e.ID)}, at)
	o.dirty.Evaluations = append(o.dirty.Evaluations, e)
	return nil
}

// DiscardEvaluation deletes a draft. It needs PartEvaluations. Errors:
// ErrNotFound; ErrNotAllowed for a submitted evaluation (E02, E03), or by status
// (O08).
func (o *Opportunity) DiscardEvaluation(id uuid.UUID, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.followUp("opportunity.evaluations.status"); err != nil {
		return err
	}
	e, err := o.Evaluation(id)
	if err != nil {
		return err
	}
	if e.Status != EvaluationDraft {
		return submitted()
	}
	o.do(&EvaluationDiscardedPayload{ID: id, Removed: &e}, at)
	o.dirty.RemovedEvaluations = append(o.dirty.RemovedEvaluations, id)
	return nil
}

func submitted() error {
	return fault.NotAllowed("opportunity.evaluation.submitted", "a submitted evaluation can't be changed")
}

// evaluated returns the evaluation for an input, with its score if it is
// complete.
func (o *Opportunity) evaluated(newID uuid.UUID, in EvaluationInput, card archive.ScorecardVersion, whole bool, at journal.Moment) (e Evaluation, fresh bool, err error) {
	if err := o.begin(at); err != nil {
		return e, false, err
	}
	if err := o.followUp("opportunity.evaluations.status"); err != nil {
		return e, false, err
	}
	var f fault.Fields
	if in.ID == uuid.Nil {
		fresh = true
		e = Evaluation{ID: newID, Scorecard: in.Scorecard, Version: card.Number, Evaluator: at.By, Status: EvaluationDraft, Started: at.Effective}
		if n := o.usable(&f, "/scorecard", in.Scorecard, archive.Scorecard); n != nil {
			e.Code = n.Entry.Code
		}
		if f.Empty() && card.Number < 1 {
			f.Add("/scorecard", "unpublished", "has no published version")
		}
	} else {
		if e, err = o.Evaluation(in.ID); err != nil {
			return e, false, err
		}
		switch {
		case e.Status != EvaluationDraft:
			return e, false, submitted()
		case e.Evaluator != at.By:
			return e, false, fault.NotAllowed("opportunity.evaluation.evaluator", "only its evaluator can change a draft")
		case in.Scorecard != uuid.Nil && in.Scorecard != e.Scorecard:
			f.Add("/scorecard", "fixed", "is that of the draft")
		}
	}
	optional.Set(&e.Note, in.Note)
	if in.Values == nil {
		in.Values = e.Values
	}
	text.Block(&f, "/note", &e.Note, 0, text.MaxDescription)
	if card.Scorecard == e.Scorecard && card.Number == e.Version && card.Number >= 1 {
		e.Values = valued(&f, in.Values, &card, whole)
	} else if f.Empty() {
		return e, false, fault.New(fault.ErrInternal, "opportunity.evaluation.card", "the evaluation's scorecard version wasn't supplied")
	}
	if err := f.Invalid("opportunity.evaluation.invalid"); err != nil {
		return e, false, err
	}
	if fresh && o.s.Counts.Evaluations >= MaxEvaluations {
		return e, false, fault.New(fault.ErrLimit, "opportunity.evaluations.too_many", "an opportunity has at most 500 evaluations")
	}
	if whole {
		if e.Score, err = e.Recompute(card); err != nil {
			return e, false, err
		}
	}
	return e, fresh, nil
}

// valued checks values against a scorecard (E02), and sorts them in its order.
func valued(f *fault.Fields, in []Value, card *archive.ScorecardVersion, whole bool) []Value {
	if len(in) > len(card.Criteria) {
		f.Add("/values", "too_many", "are more than the scorecard's criteria")
		return nil
	}
	var out []Value
	at := map[string]int{}
	for i, v := range in {
		path := fault.Index("/values", i)
		text.Block(f, path+"/note", &v.Note, 0, MaxValueNote)
		c := slices.IndexFunc(card.Criteria, func(c archive.Criterion) bool { return c.Code == v.Criterion })
		_, twice := at[v.Criterion]
		switch {
		case c < 0:
			f.Add(path+"/criterion", "unknown", "isn't a criterion of the scorecard")
		case twice:
			f.Add(path+"/criterion", "duplicate", "is valued already")
		}
		if v.Value < 0 || v.Value > card.Scale {
			f.Add(path+"/value", "out_of_range", "must be within the scorecard's scale")
		}
		at[v.Criterion] = c
		out = append(out, v)
	}
	if whole {
		for _, c := range card.Criteria {
			if _, ok := at[c.Code]; !ok && !c.Optional {
				f.Add("/values", "required", "must value "+c.Code)
			}
		}
		if len(out) == 0 {
			f.Add("/values", "none", "must value a criterion at least")
		}
	}
	slices.SortStableFunc(out, func(a, b Value) int { return cmp.Compare(at[a.Criterion], at[b.Criterion]) })
	return out
}

// Recompute returns the evaluation's score, in hundredths of a percent, computed
// from its values by its scorecard's version (E02). Errors as for
// archive.ScorecardVersion.Score.
func (e Evaluation) Recompute(card archive.ScorecardVersion) (int, error) {
	values := make(map[string]int, len(e.Values))
	for _, v := range e.Values {
		values[v.Criterion] = v.Value
	}
	return card.Score(values)
}

// MeanScore returns the mean of the scores by one scorecard in hundredths of a
// percent, rounded half-up, and the number of evaluators. The latest submitted
// evaluation of each counts (E03). The mean is 0 if there are none.
func MeanScore(list []Evaluation, scorecard uuid.UUID) (score, evaluators int) {
	latest := map[string]Evaluation{}
	for _, e := range list {
		if e.Status == EvaluationSubmitted && e.Scorecard == scorecard && e.Number > latest[e.Evaluator].Number {
			latest[e.Evaluator] = e
		}
	}
	n := len(latest)
	if n == 0 {
		return 0, 0
	}
	sum := 0
	for _, e := range latest {
		sum += e.Score
	}
	return (2*sum + n) / (2 * n), n
}
