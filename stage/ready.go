package stage

// B2B returns a ready-made process for sales to organisations: six stages from
// the first contact to the contract, in English and Chinese. Opportunities may
// move back but not skip stages. Its gates ask only for facts that every
// opportunity has. Each call returns a new copy: change it as needed, and publish
// it.
func B2B() Process {
	return Process{
		Code: "b2b", Names: Names{"en": "B2B sale", "zh-CN": "企业销售"}, AllowBack: true,
		Stages: []Stage{
			{ID: "qualification", Names: Names{"en": "Qualification", "zh-CN": "商机确认"}, Probability: 1000, Category: Pipeline, ExpectedDays: 14},
			{ID: "needs", Names: Names{"en": "Needs analysis", "zh-CN": "需求分析"}, Probability: 2000, Category: Pipeline, ExpectedDays: 21,
				Entry: []Gate{primaryContact()}},
			{ID: "solution", Names: Names{"en": "Solution", "zh-CN": "方案制定"}, Probability: 4000, Category: Pipeline, ExpectedDays: 30},
			{ID: "proposal", Names: Names{"en": "Proposal", "zh-CN": "报价投标"}, Probability: 6000, Category: BestCase, ExpectedDays: 30,
				Entry: []Gate{oneLine(), expectedClose()}},
			{ID: "negotiation", Names: Names{"en": "Negotiation", "zh-CN": "商务谈判"}, Probability: 8000, Category: Commit, ExpectedDays: 21},
			{ID: "contract", Names: Names{"en": "Contract", "zh-CN": "合同签订"}, Probability: 9000, Category: Commit, ExpectedDays: 14, End: true},
		},
		WinGates: []Gate{oneLine()},
	}
}

// Simple returns a ready-made process for simple sales: two stages without gates.
func Simple() Process {
	return Process{
		Code: "simple", Names: Names{"en": "Simple sale", "zh-CN": "简单销售"}, AllowBack: true,
		Stages: []Stage{
			{ID: "contact", Names: Names{"en": "Contact", "zh-CN": "接洽"}, Probability: 2000, Category: Pipeline, ExpectedDays: 30, End: true},
			{ID: "offer", Names: Names{"en": "Offer", "zh-CN": "报价"}, Probability: 6000, Category: BestCase, ExpectedDays: 30, End: true},
		},
	}
}

func primaryContact() Gate {
	return Gate{Kind: GatePrimaryContact, Message: Names{"en": "needs a primary contact", "zh-CN": "需要主要联系人"}}
}

func oneLine() Gate {
	return Gate{Kind: GateLines, Params: map[string]string{"n": "1"}, Message: Names{"en": "needs a line", "zh-CN": "至少一条明细"}}
}

func expectedClose() Gate {
	return Gate{Kind: GateExpectedClose, Message: Names{"en": "needs an expected close", "zh-CN": "需要预计成交日期"}}
}
