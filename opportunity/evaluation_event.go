package opportunity

import (
	"maps"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

type (
	evaluationSaved struct {
		Evaluation Evaluation `json:"evaluation"`
		New        bool       `json:"new,omitempty"`
	}
	evaluationSubmitted struct {
		Evaluation Evaluation `json:"evaluation"`
		New        bool       `json:"new,omitempty"`
	}
	evaluationDiscarded struct {
		ID uuid.UUID `json:"id"`
	}
)

func (evaluationSaved) name() string     { return EventEvaluationSaved }
func (evaluationSubmitted) name() string { return EventEvaluationSubmitted }
func (evaluationDiscarded) name() string { return EventEvaluationDiscarded }

func (s *Snapshot) putEvaluation(e Evaluation, fresh bool) {
	if fresh {
		s.Counts.Evaluations++
	}
	if s.has(PartEvaluations) {
		s.Evaluations = put(s.Evaluations, e, compareEvaluations)
	}
}

func (e evaluationSaved) apply(s *Snapshot, _ journal.Moment) { s.putEvaluation(e.Evaluation, e.New) }

func (e evaluationSubmitted) apply(s *Snapshot, _ journal.Moment) {
	s.putEvaluation(e.Evaluation, e.New)
	s.Counts.Submitted = e.Evaluation.Number
	scores := maps.Clone(s.Counts.Scores)
	if scores == nil {
		scores = map[string]int{}
	}
	scores[e.Evaluation.Code] = e.Evaluation.Score
	s.Counts.Scores = scores
}

func (e evaluationDiscarded) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Evaluations--
	s.Evaluations = drop(s.Evaluations, func(x Evaluation) bool { return x.ID == e.ID })
}
