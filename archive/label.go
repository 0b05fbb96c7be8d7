package archive

import "github.com/pursuit-crm/pursuit/internal/label"

var kindLabels = label.Table[Kind]{
	Source:       {"source", "商机来源"},
	Competitor:   {"competitor", "竞争对手"},
	WinReason:    {"win reason", "得单原因"},
	LossReason:   {"loss reason", "丢单原因"},
	Scorecard:    {"scorecard", "评估模板"},
	ExpenseKind:  {"expense kind", "费用类别"},
	DocumentKind: {"document kind", "文档类别"},
}

// Label returns the kind's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (k Kind) Label(lang string) string { return kindLabels.Of(k, lang, string(k)) }

var statusLabels = label.Table[Status]{
	Active:  {"active", "启用"},
	Retired: {"retired", "停用"},
}

// Label returns the status's name; see Kind.Label.
func (s Status) Label(lang string) string { return statusLabels.Of(s, lang, string(s)) }
