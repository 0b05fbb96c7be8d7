package order

import "github.com/pursuit-crm/pursuit/internal/label"

var quoteStatusLabels = label.Table[QuoteStatus]{
	QuoteDraft:      {"draft", "草稿"},
	QuoteSent:       {"sent", "已发出"},
	QuoteAccepted:   {"accepted", "已接受"},
	QuoteRejected:   {"rejected", "已拒绝"},
	QuoteExpired:    {"expired", "已过期"},
	QuoteWithdrawn:  {"withdrawn", "已撤回"},
	QuoteSuperseded: {"superseded", "已被取代"},
}

// Label gives the status's name; see Status.Label.
func (s QuoteStatus) Label(lang string) string { return quoteStatusLabels.Of(s, lang, s.String()) }

var quoteCommandLabels = label.Table[QuoteCommand]{
	QuoteSend:      {"send", "发出"},
	QuoteAccept:    {"accept", "接受"},
	QuoteReject:    {"reject", "拒绝"},
	QuoteWithdraw:  {"withdraw", "撤回"},
	QuoteExpire:    {"expire", "过期"},
	QuoteExtend:    {"extend", "延期"},
	QuoteRevise:    {"revise", "修订"},
	QuoteSupersede: {"supersede", "取代"},
}

// Label gives the command's name; see Status.Label.
func (c QuoteCommand) Label(lang string) string { return quoteCommandLabels.Of(c, lang, c.String()) }
