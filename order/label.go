package order

import "github.com/pursuit-crm/pursuit/internal/label"

var statusLabels = label.Table[Status]{
	Draft:     {"draft", "草稿"},
	Confirmed: {"confirmed", "已确认"},
	Executing: {"executing", "执行中"},
	Completed: {"completed", "已完成"},
	Cancelled: {"cancelled", "已取消"},
}

// Label returns the status's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (s Status) Label(lang string) string { return statusLabels.Of(s, lang, s.String()) }

var eventKindLabels = label.Table[EventKind]{
	Delivery:   {"delivery", "发货"},
	Return:     {"return", "退货"},
	Invoice:    {"invoice", "开票"},
	CreditNote: {"credit note", "红字发票"},
	Receipt:    {"receipt", "收款"},
	Refund:     {"refund", "退款"},
}

// Label returns the kind's name; see Status.Label.
func (k EventKind) Label(lang string) string { return eventKindLabels.Of(k, lang, string(k)) }

var commandLabels = label.Table[Command]{
	CommandConfirm:  {"confirm", "确认"},
	CommandExecute:  {"execute", "执行"},
	CommandComplete: {"complete", "完成"},
	CommandCancel:   {"cancel", "取消"},
}

// Label returns the command's name; see Status.Label.
func (c Command) Label(lang string) string { return commandLabels.Of(c, lang, c.String()) }

var taskKindLabels = label.Table[TaskKind]{
	TaskUpdate:   {"update", "修改"},
	TaskConfirm:  {"confirm", "确认"},
	TaskExecute:  {"execute", "执行"},
	TaskComplete: {"complete", "完成"},
	TaskCancel:   {"cancel", "取消"},
}

// Label returns the task's name; see Status.Label.
func (k TaskKind) Label(lang string) string { return taskKindLabels.Of(k, lang, string(k)) }
