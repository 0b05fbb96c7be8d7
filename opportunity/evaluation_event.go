package opportunity

import (
	"maps"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// EvaluationSavedPayload is a new or changed draft.
type EvaluationSavedPayload struct {
	Evaluation Evaluation  `json:"evaluation"`
	New        bool        `json:"new,omitempty"`
	Before     *Evaluation `json:"before,omitempty"`
}

// EvaluationSubmittedPayload is a submitted evaluation; Before is its draft.
type EvaluationSubmittedPayload struct {
	Evaluation Evaluation  `json:"evaluation"`
	New        bool        `json:"new,omitempty"`
	Before     *Evaluation `json:"before,omitempty"`
}

// EvaluationDiscardedPayload is a discarded draft.
type EvaluationDiscardedPayload struct {
	ID      uuid.UUID   `json:"id"`
	Removed *Evaluation `json:"removed,omitempty"`
}

func (s *Snapshot) putEvaluation(e Evaluation, fresh bool) {
	if fresh {
		s.Counts.Evaluations++
	}
	if s.has(PartEvaluations) {
		s.Evaluations = put(s.Evaluations, e, compareEvaluations)
	}
}

func (e *EvaluationSavedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.putEvaluation(e.Evaluation, e.New)
}

func (e *EvaluationSubmittedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.putEvaluation(e.Evaluation, e.New)
	s.Counts.Submitted = e.Evaluation.Number
	scores := maps.Clone(s.Counts.Scores)
	if scores == nil {
		scores = map[string]int{}
	}
	scores[e.Evaluation.Code] = e.Evaluation.Score
	s.Counts.Scores = scores
}

func (e *EvaluationDiscardedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Evaluations--
	s.Evaluations = drop(s.Evaluations, func(x Evaluation) bool { return x.ID == e.ID })
}
