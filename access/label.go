package access

import "github.com/pursuit-crm/pursuit/internal/label"

var roleLabels = label.Table[Role]{
	Marketing:     {"marketing staff", "市场人员"},
	Sales:         {"sales staff", "销售人员"},
	Manager:       {"sales manager", "销售经理"},
	Support:       {"sales support", "销售支持"},
	Administrator: {"administrator", "管理员"},
}

// Label returns the post's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (r Role) Label(lang string) string { return roleLabels.Of(r, lang, string(r)) }

var relationLabels = label.Table[Relation]{
	Stranger: {"stranger", "无关"},
	Reader:   {"reader", "只读成员"},
	Writer:   {"writer", "读写成员"},
	Owner:    {"owner", "负责人"},
}

// Label returns the relation's name; see Role.Label.
func (r Relation) Label(lang string) string { return relationLabels.Of(r, lang, string(r)) }
