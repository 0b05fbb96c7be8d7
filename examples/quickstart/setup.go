package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/stage"
)

// setup is what an enterprise sets up once (C1–C4): its sales modes, sources,
// competitors, reasons, kinds of expenses and documents, and a scorecard.
type setup struct {
	source, rival, winReason, lossReason uuid.UUID
	travel, specification, fit           uuid.UUID
}

// salesMode is a sales mode 销售模式 with three stages. An opportunity enters
// Negotiation once it has a line, a primary contact and an expected close, and
// was evaluated well enough by the scorecard "fit".
func salesMode() stage.Process {
	return stage.Process{
		Code:  "b2b",
		Names: stage.Names{"en": "Complex sale", "zh": "复杂销售"},
		Stages: []stage.Stage{
			{ID: "qualify", Names: stage.Names{"en": "Qualification", "zh": "商机确认"}, Probability: 1000, Category: stage.Pipeline},
			{ID: "propose", Names: stage.Names{"en": "Proposal", "zh": "方案报价"}, Probability: 4000, Category: stage.BestCase},
			{ID: "negotiate", Names: stage.Names{"en": "Negotiation", "zh": "商务谈判"}, Probability: 8000, Category: stage.Commit,
				Entry: []stage.Gate{
					{Kind: stage.GateLines, Params: map[string]string{"n": "1"}},
					{Kind: stage.GatePrimaryContact},
					{Kind: stage.GateExpectedClose},
					{Kind: stage.GateEvaluation, Params: map[string]string{"scorecard": "fit", "score": "60"}},
				}},
		},
		AllowSkip: true,
		AllowBack: true,
	}
}

func (st *story) setUp(ctx context.Context) error {
	st.title("Set-up: a sales mode with its stages, and the archives")
	if _, err := st.admin.Processes().Publish(ctx, salesMode()); err != nil {
		return err
	}
	for _, x := range []struct {
		id *uuid.UUID
		in archive.CreateInput
	}{
		{&st.setup.source, archive.CreateInput{Kind: archive.Source, Code: "fair", Names: map[string]string{"en": "Trade fair", "zh": "展会"}}},
		{&st.setup.rival, archive.CreateInput{Kind: archive.Competitor, Code: "globex", Names: map[string]string{"en": "Globex"}}},
		{&st.setup.winReason, archive.CreateInput{Kind: archive.WinReason, Code: "service", Names: map[string]string{"en": "Better service", "zh": "服务更好"}}},
		{&st.setup.lossReason, archive.CreateInput{Kind: archive.LossReason, Code: "rival", Names: map[string]string{"en": "Lost to a competitor", "zh": "输给竞争对手"},
			NeedsCompetitor: true}}, // whoever chooses it must say which one
		{&st.setup.travel, archive.CreateInput{Kind: archive.ExpenseKind, Code: "travel", Names: map[string]string{"en": "Travel", "zh": "差旅"}}},
		{&st.setup.specification, archive.CreateInput{Kind: archive.DocumentKind, Code: "spec", Names: map[string]string{"en": "Specification", "zh": "规格书"}}},
		{&st.setup.fit, archive.CreateInput{Kind: archive.Scorecard, Code: "fit", Names: map[string]string{"en": "Fit", "zh": "匹配度"}}},
	} {
		r, err := st.admin.Archives().Create(ctx, x.in)
		if err != nil {
			return err
		}
		*x.id = r.ID
	}
	if _, err := st.admin.Archives().PublishScorecard(ctx, st.setup.fit, archive.PublishScorecardInput{Scale: 5, Criteria: []archive.Criterion{
		{Code: "need", Names: map[string]string{"en": "Need", "zh": "需求"}, Weight: 2},
		{Code: "budget", Names: map[string]string{"en": "Budget", "zh": "预算"}, Weight: 1},
	}}); err != nil {
		return err
	}
	for _, s := range salesMode().Stages {
		st.say("%-10s %-14s %s, %d %%", s.ID, s.Names["en"], s.Names["zh"], s.Probability/100)
	}
	return nil
}
