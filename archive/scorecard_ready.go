package archive

// Ready is a ready-made scorecard, in English and Chinese: the entry to create
// and the version to publish. Each call returns a new copy: change it as needed.
type Ready struct {
	Entry     CreateInput
	Scorecard PublishScorecardInput
}

func ready(code, en, zh string, criteria ...Criterion) Ready {
	return Ready{
		Entry:     CreateInput{Kind: Scorecard, Code: code, Names: map[string]string{"en": en, "zh-CN": zh}},
		Scorecard: PublishScorecardInput{Scale: 5, Criteria: criteria},
	}
}

func criterion(code, en, zh string, weight int) Criterion {
	return Criterion{Code: code, Names: map[string]string{"en": en, "zh-CN": zh}, Weight: weight}
}

// BANT rates budget, authority, need and time, each with the same weight.
func BANT() Ready {
	return ready("bant", "BANT", "BANT 评估",
		criterion("budget", "Budget", "预算", 25),
		criterion("authority", "Authority", "决策权", 25),
		criterion("need", "Need", "需求", 25),
		criterion("time", "Timing", "时间", 25))
}

// MEDDIC rates metrics, economic buyer, decision criteria and process, pain, and
// champion, each with the same weight.
func MEDDIC() Ready {
	return ready("meddic", "MEDDIC", "MEDDIC 评估",
		criterion("metrics", "Metrics", "量化指标", 1),
		criterion("economic_buyer", "Economic buyer", "经济决策人", 1),
		criterion("decision_criteria", "Decision criteria", "决策标准", 1),
		criterion("decision_process", "Decision process", "决策流程", 1),
		criterion("pain", "Identified pain", "痛点", 1),
		criterion("champion", "Champion", "内部支持者", 1))
}

// Evaluation is a plain 商机评估 that rates need, budget, decision, time, competition
// and relation.
func Evaluation() Ready {
	return ready("evaluation", "Opportunity evaluation", "商机评估",
		criterion("need", "Need", "需求", 25),
		criterion("budget", "Budget", "预算", 20),
		criterion("decision", "Decision", "决策", 20),
		criterion("time", "Time", "时间", 10),
		criterion("competition", "Competition", "竞争", 15),
		criterion("relation", "Relation", "关系", 10))
}
