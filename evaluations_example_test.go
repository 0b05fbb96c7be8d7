package pursuit_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// fit publishes a scorecard: need counts three times as much as budget.
func fit(ctx context.Context, s shop) uuid.UUID {
	card := must(s.Archives().Create(ctx, archive.CreateInput{Kind: archive.Scorecard, Code: "fit", Names: map[string]string{"en": "Fit", "zh": "匹配度"}})).ID
	must(s.Archives().PublishScorecard(ctx, card, archive.PublishScorecardInput{Scale: 5, Criteria: []archive.Criterion{
		{Code: "need", Names: map[string]string{"en": "Need", "zh": "需求"}, Weight: 3},
		{Code: "budget", Names: map[string]string{"en": "Budget", "zh": "预算"}, Weight: 1},
		{Code: "rivals", Names: map[string]string{"en": "Rivals", "zh": "竞争"}, Weight: 1, Optional: true},
	}}))
	return card
}

// Each version of a scorecard stays as it was published.
func ExampleArchives_PublishScorecard() {
	ctx, s := context.Background(), open()
	card := fit(ctx, s)
	must(s.Archives().PublishScorecard(ctx, card, archive.PublishScorecardInput{Scale: 10, Criteria: []archive.Criterion{
		{Code: "need", Names: map[string]string{"en": "Need"}, Weight: 1},
	}}))
	first, latest := must(s.Archives().Scorecard(ctx, card, 1)), must(s.Archives().Scorecard(ctx, card, 0))
	fmt.Println("version", first.Number, "to", first.Scale, "by", len(first.Criteria), "criteria")
	fmt.Println("version", latest.Number, "to", latest.Scale, "by", len(latest.Criteria), "criterion")
	// Output:
	// version 1 to 5 by 3 criteria
	// version 2 to 10 by 1 criterion
}

// A draft may have gaps; what is submitted has a score, and never changes (E02).
func ExampleEvaluations_Submit() {
	ctx, s := context.Background(), open()
	deal, card := s.record("Pumps").ID, fit(ctx, s)
	draft := must(s.Evaluations().SaveDraft(ctx, deal, opportunity.EvaluationInput{Scorecard: card,
		Values: []opportunity.Value{{Criterion: "need", Value: 4}}})).Evaluation
	_, err := s.Evaluations().Submit(ctx, deal, opportunity.EvaluationInput{ID: draft, Values: []opportunity.Value{{Criterion: "need", Value: 4}}})
	fmt.Println(err)

	must(s.Evaluations().Submit(ctx, deal, opportunity.EvaluationInput{ID: draft, Values: []opportunity.Value{
		{Criterion: "need", Value: 4}, {Criterion: "budget", Value: 3, Note: "Granted in part"}}}))
	e := must(s.Opportunities().Get(ctx, deal, opportunity.PartEvaluations)).Evaluations[0]
	fmt.Println(e.Code, e.Status, "by", e.Evaluator, e.Score) // (3×4 + 1×3) ÷ 4 ÷ 5
	_, err = s.Evaluations().Submit(ctx, deal, opportunity.EvaluationInput{ID: draft})
	fmt.Println(err)
	// Output:
	// opportunity.evaluation.invalid: invalid input (/values: must value budget)
	// fit submitted by ann 7500
	// opportunity.evaluation.submitted: a submitted evaluation can't be changed
}

// Gates read the latest score by a scorecard; the mean takes each evaluator's
// latest one.
func ExampleEvaluations() {
	ctx, s := context.Background(), open()
	deal, card := s.record("Pumps").ID, fit(ctx, s)
	max := s.eng.As(pursuit.Actor{Tenant: "acme", User: "max", Department: "east", Roles: []access.Role{access.Manager}})
	for _, x := range []struct {
		by    *pursuit.Session
		value int
	}{{s.Session, 1}, {max, 5}, {s.Session, 4}} {
		must(x.by.Evaluations().Submit(ctx, deal, opportunity.EvaluationInput{Scorecard: card,
			Values: []opportunity.Value{{Criterion: "need", Value: x.value}, {Criterion: "budget", Value: x.value}}}))
	}
	o := must(s.Opportunities().Get(ctx, deal, opportunity.PartEvaluations))
	mean, evaluators := opportunity.MeanScore(o.Evaluations, card)
	fmt.Println("latest", o.Counts.Scores["fit"], "mean", mean, "over", evaluators)
	// Output:
	// latest 8000 mean 9000 over 2
}
