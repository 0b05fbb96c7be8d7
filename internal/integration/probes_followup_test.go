package integration

import (
	"io"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// scorecard makes the scorecard BANT, and publishes it.
func scorecard(w *tenant) uuid.UUID {
	r, err := w.s.Archives().Create(w.ctx, archive.BANT().Entry)
	w.must(r, err)
	w.must(w.s.Archives().PublishScorecard(w.ctx, r.ID, archive.BANT().Scorecard))
	w.card = r.ID
	return r.ID
}

func withCard(w *tenant) uuid.UUID {
	scorecard(w)
	return deal(w)
}

// judged values all criteria of BANT alike.
func (w *tenant) judged(value int) opportunity.EvaluationInput {
	in := opportunity.EvaluationInput{Scorecard: w.card}
	for _, c := range archive.BANT().Scorecard.Criteria {
		in.Values = append(in.Values, opportunity.Value{Criterion: c.Code, Value: value})
	}
	return in
}

func withEvaluation(w *tenant) uuid.UUID {
	id := withCard(w)
	r, err := w.s.Evaluations().SaveDraft(w.ctx, id, w.judged(2))
	w.must(r, err)
	w.part = r.Evaluation
	return id
}

func withDocument(w *tenant) uuid.UUID {
	id := deal(w)
	r, err := w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a.txt"}, strings.NewReader("hello"))
	w.must(r, err)
	w.part = r.Document
	return id
}

func closed(_ opportunity.Document, content io.ReadCloser, err error) (int, error) {
	if err == nil {
		err = content.Close()
	}
	return 0, err
}

// followUp are the probes of documents and evaluations.
var followUp = map[string]probe{
	"Archives.PublishScorecard": {changes, scorecard, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().PublishScorecard(w.ctx, id, archive.MEDDIC().Scorecard))
	}},
	"Archives.Scorecard": {reads, scorecard, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Archives().Scorecard(w.ctx, id, 1))
	}},
	"Evaluations.SaveDraft": {changes, withCard, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Evaluations().SaveDraft(w.ctx, id, w.judged(1)))
	}},
	"Evaluations.Submit": {changes, withCard, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Evaluations().Submit(w.ctx, id, w.judged(3)))
	}},
	"Evaluations.Discard": {changes, withEvaluation, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Evaluations().Discard(w.ctx, id, w.part))
	}},
	"Documents.Add": {changes, deal, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "b.txt"}, strings.NewReader("hello")))
	}},
	"Documents.Remove": {changes, withDocument, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Documents().Remove(w.ctx, id, w.part))
	}},
	"Documents.Open": {reads, withDocument, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return closed(s.Documents().Open(w.ctx, id, w.part))
	}},
	"Documents.CleanUp": {asks, deal, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return s.Documents().CleanUp(w.ctx, time.Hour)
	}},
}

func joined(all ...map[string]probe) map[string]probe {
	out := map[string]probe{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}
