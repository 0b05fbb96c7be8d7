package pursuit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/pursuittest"
	"github.com/pursuit-crm/pursuit/stage"
)

// TestF1_StagesComeInTheProcessesOrder, with their names, the default process first.
func TestF1_StagesComeInTheProcessesOrder(t *testing.T) {
	w := pursuittest.New(t)
	other := w.Do(w.Admin.Processes().Publish(w.Ctx, stage.Process{Code: "a-first-code", Names: stage.Names{"en": "Renewals"}, Stages: []stage.Stage{
		{ID: "zeroth", Names: stage.Names{"en": "Zeroth", "zh": "零"}, Probability: 1000, Category: stage.Pipeline},
		{ID: "lead", Names: stage.Names{"en": "Another lead"}, Probability: 2000, Category: stage.Pipeline},
	}}))
	for _, id := range []string{"propose", "lead", "negotiate", "qualify", "lead"} {
		w.Deal().In(id).Record()
	}
	w.Do(w.As("ann").Opportunities().Record(w.Ctx, opportunity.RecordInput{Name: "Renewal", Customer: w.Customer, Currency: "CNY", Process: other.ID}))
	groups := func(q pursuit.PipelineQuery) (keys, labels []string) {
		t.Helper()
		q.By = pipeline.ByStage
		out, err := w.Admin.Reports().Pipeline(w.Ctx, q)
		require.NoError(t, err)
		for _, g := range out {
			keys, labels = append(keys, g.Key), append(labels, g.Label("zh"))
		}
		return keys, labels
	}
	p, err := w.Admin.Processes().Get(w.Ctx, w.Process)
	require.NoError(t, err)
	name := func(i int) string { return p.Definition.Stages[i].Names.In("zh") }
	all := []string{"lead", "qualify", "propose", "negotiate"}
	called := []string{name(0), name(1), name(2), name(3)}

	keys, labels := groups(pursuit.PipelineQuery{})
	require.Equal(t, append(all, "zeroth"), keys)
	require.Equal(t, append(called, "零"), labels)
	keys, labels = groups(pursuit.PipelineQuery{AsOf: w.Clock.Now()})
	require.Equal(t, append(all, "zeroth"), keys, "as of a moment too")
	require.Equal(t, append(called, "零"), labels)
	keys, _ = groups(pursuit.PipelineQuery{Filter: opportunity.Filter{Process: w.Process}})
	require.Equal(t, all, keys)
	keys, labels = groups(pursuit.PipelineQuery{Filter: opportunity.Filter{Process: other.ID}})
	require.Equal(t, []string{"zeroth"}, keys)
	require.Equal(t, []string{"零"}, labels)
	keys, _ = groups(pursuit.PipelineQuery{Filter: opportunity.Filter{Version: p.Definition.VersionID}})
	require.Equal(t, all, keys)

	// The host's own groups stay in their own order, and unnamed.
	keys, labels = groups(pursuit.PipelineQuery{Merge: func(id string) string { return id[:1] }})
	require.Equal(t, []string{"l", "n", "p", "q", "z"}, keys)
	require.Equal(t, keys, labels)

	// A stage of a version of before, which the current one lacks, comes last.
	next := p.Definition.Clone()
	next.Stages = next.Stages[1:]
	next.Stages[0].Start = true
	w.Do(w.Admin.Processes().Publish(w.Ctx, next))
	keys, labels = groups(pursuit.PipelineQuery{Filter: opportunity.Filter{Process: w.Process}})
	require.Equal(t, []string{"qualify", "propose", "negotiate", "lead"}, keys)
	require.Equal(t, "lead", labels[3])
}
