package quote

import "github.com/pursuit-crm/pursuit/internal/label"

var statusLabels = label.Table[Status]{
	Draft:      {"draft", "草稿"},
	Sent:       {"sent", "已发出"},
	Accepted:   {"accepted", "已接受"},
	Rejected:   {"rejected", "已拒绝"},
	Expired:    {"expired", "已过期"},
	Withdrawn:  {"withdrawn", "已撤回"},
	Superseded: {"superseded", "已被取代"},
}

// Label returns the status's name; see Status.Label.
func (s Status) Label(lang string) string { return statusLabels.Of(s, lang, s.String()) }

var commandLabels = label.Table[Command]{
	Send:      {"send", "发出"},
	Accept:    {"accept", "接受"},
	Reject:    {"reject", "拒绝"},
	Withdraw:  {"withdraw", "撤回"},
	Expire:    {"expire", "过期"},
	Extend:    {"extend", "延期"},
	Revise:    {"revise", "修订"},
	Supersede: {"supersede", "取代"},
}

// Label returns the command's name; see Status.Label.
func (c Command) Label(lang string) string { return commandLabels.Of(c, lang, c.String()) }
