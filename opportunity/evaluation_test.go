package opportunity_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// card gives a version of the tests' scorecards: BANT of 5 points, and MEDDIC,
// whose last two criteria may be left out.
func card(scorecard uuid.UUID, number int) archive.ScorecardVersion {
	in := archive.BANT().Scorecard
	if scorecard == meddic {
		in = archive.MEDDIC().Scorecard
		in.Criteria[4].Optional, in.Criteria[5].Optional = true, true
	}
	return archive.ScorecardVersion{Scorecard: scorecard, Number: number, Scale: in.Scale, Criteria: in.Criteria}
}

// values values the first n criteria of BANT.
func values(n, value int) (out []opportunity.Value) {
	for i, c := range archive.BANT().Scorecard.Criteria {
		if i < n {
			out = append(out, opportunity.Value{Criterion: c.Code, Value: value})
		}
	}
	return out
}

func cardFor(o *opportunity.Opportunity, in opportunity.EvaluationInput) archive.ScorecardVersion {
	if e, err := o.Evaluation(in.ID); err == nil {
		return card(e.Scorecard, e.Version)
	}
	return card(in.Scorecard, 1)
}

func save(fresh uuid.UUID, in opportunity.EvaluationInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SaveEvaluation(fresh, in, cardFor(o, in), at)
	}
}

func submit(fresh uuid.UUID, in opportunity.EvaluationInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SubmitEvaluation(fresh, in, cardFor(o, in), at)
	}
}

func discard(id uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.DiscardEvaluation(id, at) }
}

func TestE02_AnEvaluationIsDraftedAndSubmitted(t *testing.T) {
	d := record(t, basic())
	d.must(none, save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: values(2, 3)}))
	require.Equal(t, opportunity.EvaluationDraft, d.snap.Evaluations[0].Status)
	require.Zero(t, d.snap.Evaluations[0].Score)
	require.Nil(t, d.snap.Counts.Scores)
	require.Equal(t, []string{"/values required", "/values required"}, d.refused(fault.ErrInvalid, evaluations, submit(uuid.Nil, opportunity.EvaluationInput{ID: id(100), Values: values(2, 3)})))
	t.Run("E02/a draft is its evaluator's own", func(t *testing.T) {
		d.as("bob").refused(fault.ErrNotAllowed, evaluations, submit(uuid.Nil, opportunity.EvaluationInput{ID: id(100), Values: values(4, 3)}))
	})
	d.as("ann").must(evaluations, submit(uuid.Nil, opportunity.EvaluationInput{ID: id(100), Values: values(4, 3), Note: ptr("fair")}))
	e := d.snap.Evaluations[0]
	require.Equal(t, []any{opportunity.EvaluationSubmitted, 6000, 1, "ann", "bant", 1, d.snap.Effective},
		[]any{e.Status, e.Score, e.Number, e.Evaluator, e.Code, e.Version, e.Submitted})
	t.Run("E02/a submitted one never changes", func(t *testing.T) {
		again := opportunity.EvaluationInput{ID: id(100), Values: values(4, 5)}
		for _, c := range []command{save(uuid.Nil, again), submit(uuid.Nil, again), discard(id(100))} {
			d.refused(fault.ErrNotAllowed, evaluations, c)
		}
	})
	t.Run("E02/its score recomputes", func(t *testing.T) {
		score, err := e.Recompute(card(bant, 1))
		require.NoError(t, err)
		require.Equal(t, e.Score, score)
	})
	d.must(none, save(id(101), opportunity.EvaluationInput{Scorecard: meddic}))
	d.must(evaluations, discard(id(101)))
	require.Len(t, d.snap.Evaluations, 1)
}

// TestE02_WhatADraftIsNotGivenStays: absent means unchanged, for values and the note;
// an empty list and an empty note take away what is there.
func TestE02_WhatADraftIsNotGivenStays(t *testing.T) {
	d := record(t, basic())
	d.must(none, save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 3), Note: ptr("fair")}))
	kept := d.snap.Evaluations[0]
	d.must(evaluations, save(uuid.Nil, opportunity.EvaluationInput{ID: id(100)}))
	require.Equal(t, []any{kept.Values, "fair"}, []any{d.snap.Evaluations[0].Values, d.snap.Evaluations[0].Note})
	d.must(evaluations, save(uuid.Nil, opportunity.EvaluationInput{ID: id(100), Note: ptr("")}))
	require.Equal(t, []any{kept.Values, ""}, []any{d.snap.Evaluations[0].Values, d.snap.Evaluations[0].Note})
	d.must(evaluations, save(uuid.Nil, opportunity.EvaluationInput{ID: id(100), Values: []opportunity.Value{}, Note: ptr("new")}))
	require.Empty(t, d.snap.Evaluations[0].Values)
	d.must(evaluations, save(uuid.Nil, opportunity.EvaluationInput{ID: id(100), Values: values(4, 5)}))
	require.Equal(t, "new", d.snap.Evaluations[0].Note)
	d.must(evaluations, submit(uuid.Nil, opportunity.EvaluationInput{ID: id(100)}))
	e := d.snap.Evaluations[0]
	require.Equal(t, []any{opportunity.EvaluationSubmitted, "new", 10000}, []any{e.Status, e.Note, e.Score})
	require.Len(t, e.Values, 4)
	// In JSON the two differ as well.
	for text, want := range map[string]bool{`{"id":"00000000-0000-0000-0000-000000000001"}`: true, `{"id":"00000000-0000-0000-0000-000000000001","values":[]}`: false} {
		var in opportunity.EvaluationInput
		require.NoError(t, json.Unmarshal([]byte(text), &in))
		require.Equal(t, want, in.Values == nil)
		back, err := json.Marshal(in)
		require.NoError(t, err)
		require.Equal(t, text, string(back))
	}
	// All faults of a draft are listed.
	d.must(none, save(id(101), opportunity.EvaluationInput{Scorecard: bant, Values: values(2, 3)}))
	require.Equal(t, []string{"/note control", "/values required", "/values required"}, d.refused(fault.ErrInvalid, evaluations, submit(uuid.Nil, opportunity.EvaluationInput{ID: id(101), Note: ptr("\x00")})))
}

func TestE02_BadEvaluationsAreRefused(t *testing.T) {
	d := record(t, basic())
	for name, in := range map[string]opportunity.EvaluationInput{
		"/scorecard not_found":         {Values: values(4, 3)},
		"/scorecard wrong_kind":        {Scorecard: contract, Values: values(4, 3)},
		"/scorecard retired":           {Scorecard: oldCard, Values: values(4, 3)},
		"/values/0/value out_of_range": {Scorecard: bant, Values: append(values(3, 3), opportunity.Value{Criterion: "time", Value: 1})[:4:4]},
	} {
		if strings.Contains(name, "out_of_range") {
			in.Values[0].Value = 6
		}
		require.Equal(t, []string{name}, d.refused(fault.ErrInvalid, none, submit(id(100), in)))
	}
	for name, v := range map[string]opportunity.Value{
		"/values/0/criterion unknown": {Criterion: "luck", Value: 1}, "/values/0/value out_of_range": {Criterion: "need", Value: -1},
		"/values/0/note control": {Criterion: "need", Note: "\x00"}, "/values/0/note bad_utf8": {Criterion: "need", Note: "\xff"},
		"/values/0/note too_long": {Criterion: "need", Note: strings.Repeat("x", opportunity.MaxValueNote+1)},
	} {
		require.Equal(t, []string{name}, d.refused(fault.ErrInvalid, none, save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: []opportunity.Value{v}})))
	}
	require.Equal(t, []string{"/values/1/criterion duplicate"}, d.refused(fault.ErrInvalid, none,
		save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: []opportunity.Value{{Criterion: "need"}, {Criterion: "need"}}})))
	require.Equal(t, []string{"/values too_many"}, d.refused(fault.ErrInvalid, none,
		save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: make([]opportunity.Value, 1000)})))
	require.Equal(t, []string{"/scorecard unpublished"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SubmitEvaluation(id(100), opportunity.EvaluationInput{Scorecard: bant}, archive.ScorecardVersion{}, at)
	}))
	d.refused(fault.ErrNotFound, evaluations, save(uuid.Nil, opportunity.EvaluationInput{ID: id(100)}))
	d.refused(fault.ErrNotFound, evaluations, discard(id(100)))
	d.snap.Counts.Evaluations = opportunity.MaxEvaluations
	d.refused(fault.ErrLimit, none, submit(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 3)}))
	d.snap.Counts.Evaluations = 0
	d.snap.Counts.Scores = map[string]int{}
	for i := range opportunity.MaxScorecards {
		d.snap.Counts.Scores[fmt.Sprint(i)] = 1
	}
	d.refused(fault.ErrLimit, none, submit(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 3)}))
}

func TestE03_AllAreKeptAndTheLatestPerEvaluatorCounts(t *testing.T) {
	d := record(t, basic())
	one := func(who string, n byte, value int) {
		d.as(who).must(none, submit(id(n), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, value)}))
	}
	one("ann", 103, 1)
	one("bob", 102, 2)
	one("ann", 101, 4) // the latest has the lowest id
	require.Len(t, d.snap.Evaluations, 3)
	score, n := opportunity.MeanScore(d.snap.Evaluations, bant)
	require.Equal(t, []int{6000, 2}, []int{score, n}) // (80 + 40) ÷ 2
	score, n = opportunity.MeanScore(d.snap.Evaluations, meddic)
	require.Equal(t, []int{0, 0}, []int{score, n})
	require.Equal(t, map[string]int{"bant": 8000}, d.snap.Counts.Scores)
	one("bob", 104, 1)
	require.Equal(t, map[string]int{"bant": 2000}, d.snap.Counts.Scores)
	list := []opportunity.Evaluation{{Scorecard: bant, Evaluator: "a", Status: opportunity.EvaluationSubmitted, Score: 3333, Number: 1}, {Scorecard: bant, Evaluator: "b", Status: opportunity.EvaluationSubmitted, Score: 3334, Number: 2}}
	score, _ = opportunity.MeanScore(list, bant)
	require.Equal(t, 3334, score) // 33.335, half-up
}

func TestE02_P07_AGateReadsTheLatestSubmittedScore(t *testing.T) {
	v := publish(stage.Process{Code: "judged", Names: names("Judged"), Stages: []stage.Stage{
		{ID: "lead", Names: names("Lead"), Probability: 1000, Category: stage.Pipeline},
		{ID: "offer", Names: names("Offer"), Probability: 5000, Category: stage.BestCase, Entry: []stage.Gate{
			{Kind: stage.GateEvaluation, Params: map[string]string{"scorecard": "bant", "score": "59.99"}},
			{Kind: stage.GateDocument, Params: map[string]string{"kind": "contract"}}}},
	}})
	versions[crmV1], v = v, versions[crmV1]
	defer func() { versions[crmV1] = v }()
	d := record(t, basic())
	both := []string{"gate/document unmet", "gate/evaluation_min unmet"}
	require.Equal(t, both, d.refused(fault.ErrNotAllowed, none, advance("offer", "")))
	d.must(none, save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 5)}))
	require.Equal(t, both, d.refused(fault.ErrNotAllowed, none, advance("offer", "")), "a draft doesn't count")
	d.must(none, submit(id(101), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 5)}))
	d.must(none, addDocument(id(150), document("a.pdf", contract)))
	d.must(none, submit(id(102), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 2)}))
	require.Equal(t, both[1:], d.refused(fault.ErrNotAllowed, none, advance("offer", "")), "the latest counts")
	d.must(none, submit(id(103), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 3)}))
	d.must(documents, removeDocument(id(150)))
	require.Equal(t, both[:1], d.refused(fault.ErrNotAllowed, none, advance("offer", "")))
	d.must(none, addDocument(id(151), document("b.pdf", contract)))
	d.must(none, advance("offer", ""))
}

func TestO08_FollowUpGoesOnUntilClosed(t *testing.T) {
	for _, status := range opportunity.Statuses() {
		d := in(t, status)
		n := len(d.entries)
		for _, c := range []command{
			addDocument(id(150), document("a.pdf", contract)), removeDocument(id(150)),
			save(id(160), opportunity.EvaluationInput{Scorecard: bant}), discard(id(160)),
			submit(id(161), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 3)}),
		} {
			err := d.try(documents|evaluations, c)
			if status == opportunity.Closed || status == opportunity.Void {
				require.ErrorIs(t, err, fault.ErrNotAllowed)
			} else {
				require.NoError(t, err)
				n++
			}
		}
		require.Len(t, d.entries, n)
	}
}

func TestO14_DocumentsAndEvaluationsDontForbidDeletion(t *testing.T) {
	d := record(t, basic())
	d.must(none, addDocument(id(150), document("a.pdf", contract)))
	d.must(none, submit(id(161), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 3)}))
	d.must(none, remove)
	require.True(t, d.deleted)
}
