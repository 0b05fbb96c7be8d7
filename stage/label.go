package stage

import "github.com/pursuit-crm/pursuit/internal/label"

var categoryLabels = label.Table[Category]{
	Omitted:  {"omitted", "不计入"},
	Pipeline: {"pipeline", "跟进中"},
	BestCase: {"best case", "最佳情况"},
	Commit:   {"commit", "承诺"},
	Closed:   {"closed", "已成交"},
}

// Label returns the category's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (c Category) Label(lang string) string { return categoryLabels.Of(c, lang, string(c)) }

var endLabels = label.Table[End]{
	NoEnd: {"undecided", "未定"},
	Won:   {"won", "成功"},
	Lost:  {"lost", "失败"},
}

// Label returns the end's name; see Category.Label.
func (e End) Label(lang string) string { return endLabels.Of(e, lang, string(e)) }

var stateLabels = label.Table[State]{
	ActiveProcess:  {"active", "启用"},
	RetiredProcess: {"retired", "停用"},
}

// Label returns the state's name; see Category.Label.
func (s State) Label(lang string) string { return stateLabels.Of(s, lang, string(s)) }
