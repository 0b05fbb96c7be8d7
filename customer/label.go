package customer

import "github.com/pursuit-crm/pursuit/internal/label"

var kindLabels = label.Table[Kind]{
	Organisation: {"organisation", "企业"},
	Person:       {"person", "个人"},
}

// Label gives the kind's name in a language ("en", "zh-CN"; others get English),
// or its stable name if it has none.
func (k Kind) Label(lang string) string { return kindLabels.Of(k, lang, string(k)) }

var statusLabels = label.Table[Status]{
	Prospect: {"prospect", "潜在客户"},
	Active:   {"active", "有效"},
	Inactive: {"inactive", "停用"},
}

// Label gives the status's name; see Kind.Label.
func (s Status) Label(lang string) string { return statusLabels.Of(s, lang, string(s)) }
