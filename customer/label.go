package customer

import "github.com/pursuit-crm/pursuit/internal/label"

var kindLabels = label.Table[Kind]{
	Organisation: {"organisation", "企业"},
	Person:       {"person", "个人"},
}

// Label returns the kind's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (k Kind) Label(lang string) string { return kindLabels.Of(k, lang, string(k)) }

var statusLabels = label.Table[Status]{
	Prospect: {"prospect", "潜在客户"},
	Active:   {"active", "有效"},
	Inactive: {"inactive", "停用"},
}

// Label returns the status's name; see Kind.Label.
func (s Status) Label(lang string) string { return statusLabels.Of(s, lang, string(s)) }

var matchLabels = label.Table[Match]{
	SameName:   {"same name", "名称相同"},
	SameEmail:  {"same e-mail", "邮箱相同"},
	SameDomain: {"same e-mail domain", "邮箱域名相同"},
	SamePhone:  {"same phone", "电话相同"},
	SameTaxID:  {"same tax id", "税号相同"},
}

// Label returns the match's name; see Kind.Label.
func (m Match) Label(lang string) string { return matchLabels.Of(m, lang, string(m)) }
