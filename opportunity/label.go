package opportunity

import "github.com/pursuit-crm/pursuit/internal/label"

var statusLabels = label.Table[Status]{
	Open:   {"open", "进行中"},
	OnHold: {"on hold", "暂停"},
	Won:    {"won", "成功"},
	Lost:   {"lost", "失败"},
	Void:   {"void", "作废"},
	Closed: {"closed", "关闭"},
}

// Label returns the status's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (s Status) Label(lang string) string { return statusLabels.Of(s, lang, s.String()) }

var progressLabels = label.Table[Progress]{
	Advanced:  {"advanced", "推进"},
	Returned:  {"moved back", "退回"},
	EndedWon:  {"won", "成功"},
	EndedLost: {"lost", "失败"},
}

// Label returns the outcome's name; see Status.Label.
func (p Progress) Label(lang string) string { return progressLabels.Of(p, lang, string(p)) }

var memberRoleLabels = label.Table[MemberRole]{
	RoleOwner:    {"owner", "负责人"},
	RoleSales:    {"sales", "销售人员"},
	RolePresales: {"presales", "售前"},
	RoleSupport:  {"support", "销售支持"},
	RoleManager:  {"manager", "销售经理"},
	RolePartner:  {"partner", "合作伙伴"},
}

// Label returns the role's name; see Status.Label.
func (r MemberRole) Label(lang string) string { return memberRoleLabels.Of(r, lang, string(r)) }

var accessLabels = label.Table[Access]{
	Read:  {"read", "只读"},
	Write: {"write", "读写"},
}

// Label returns the access's name; see Status.Label.
func (a Access) Label(lang string) string { return accessLabels.Of(a, lang, string(a)) }

var contactRoleLabels = label.Table[ContactRole]{
	DecisionMaker: {"decision maker", "决策者"},
	Influencer:    {"influencer", "影响者"},
	EndUserRole:   {"user", "使用者"},
	Gatekeeper:    {"gatekeeper", "把关者"},
	Champion:      {"champion", "支持者"},
	OtherContact:  {"other", "其他"},
}

// Label returns the role's name; see Status.Label.
func (r ContactRole) Label(lang string) string { return contactRoleLabels.Of(r, lang, string(r)) }

var commandLabels = label.Table[Command]{
	CommandWin:    {"win", "得单"},
	CommandLose:   {"lose", "丢单"},
	CommandHold:   {"put on hold", "暂停"},
	CommandResume: {"resume", "恢复"},
	CommandVoid:   {"void", "作废"},
	CommandClose:  {"close", "关闭"},
	CommandReopen: {"reopen", "重新打开"},
}

// Label returns the command's name; see Status.Label.
func (c Command) Label(lang string) string { return commandLabels.Of(c, lang, c.String()) }

var activityKindLabels = label.Table[ActivityKind]{
	Call:          {"call", "电话"},
	Visit:         {"visit", "拜访"},
	Meeting:       {"meeting", "会议"},
	Email:         {"e-mail", "邮件"},
	Demo:          {"demo", "演示"},
	Task:          {"task", "任务"},
	OtherActivity: {"other", "其他"},
}

// Label returns the kind's name; see Status.Label.
func (k ActivityKind) Label(lang string) string { return activityKindLabels.Of(k, lang, string(k)) }

var activityStatusLabels = label.Table[ActivityStatus]{
	ActivityOpen:      {"open", "待办"},
	ActivityDone:      {"done", "已完成"},
	ActivityCancelled: {"cancelled", "已取消"},
}

// Label returns the status's name; see Status.Label.
func (s ActivityStatus) Label(lang string) string {
	return activityStatusLabels.Of(s, lang, string(s))
}

var timelineKindLabels = label.Table[TimelineKind]{
	TimelineProgress: {"progress", "商机进程"},
	TimelineActivity: {"activity", "商机活动"},
	TimelineEvent:    {"event", "事件"},
}

// Label returns the kind's name; see Status.Label.
func (k TimelineKind) Label(lang string) string { return timelineKindLabels.Of(k, lang, string(k)) }

var expenseStatusLabels = label.Table[ExpenseStatus]{
	ExpenseDraft:     {"draft", "草稿"},
	ExpenseSubmitted: {"submitted", "已提交"},
	ExpenseApproved:  {"approved", "已批准"},
	ExpenseRejected:  {"rejected", "已驳回"},
	ExpenseSettled:   {"settled", "已结算"},
}

// Label returns the status's name; see Status.Label.
func (s ExpenseStatus) Label(lang string) string { return expenseStatusLabels.Of(s, lang, string(s)) }

var evaluationStatusLabels = label.Table[EvaluationStatus]{
	EvaluationDraft:     {"draft", "草稿"},
	EvaluationSubmitted: {"submitted", "已提交"},
}

// Label returns the status's name; see Status.Label.
func (s EvaluationStatus) Label(lang string) string {
	return evaluationStatusLabels.Of(s, lang, string(s))
}

var openQuotesLabels = label.Table[OpenQuotes]{
	RefuseQuotes:   {"refuse while there are some", "有未答复报价时拒绝"},
	WithdrawQuotes: {"withdraw them", "撤回报价"},
	RejectQuotes:   {"take them as rejected", "视为拒绝"},
	ExpireQuotes:   {"let them expire", "使其过期"},
}

// Label returns the policy's name; see Status.Label.
func (p OpenQuotes) Label(lang string) string { return openQuotesLabels.Of(p, lang, string(p)) }
