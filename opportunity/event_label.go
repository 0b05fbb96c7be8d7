package opportunity

import "github.com/pursuit-crm/pursuit/internal/label"

var eventLabels = label.Table[string]{
	EventRecorded:          {"recorded", "登记商机"},
	EventUpdated:           {"updated", "修改信息"},
	EventMemberSet:         {"member set", "设置团队成员"},
	EventMemberRemoved:     {"member removed", "移除团队成员"},
	EventSplitsSet:         {"splits set", "设置业绩分配"},
	EventTransferred:       {"owner changed", "变更负责人"},
	EventLinesSet:          {"products set", "设置产品"},
	EventLinesRemoved:      {"products removed", "移除产品"},
	EventContactAdded:      {"contact added", "添加联系人"},
	EventContactRemoved:    {"contact removed", "移除联系人"},
	EventPrimarySet:        {"primary contact set", "设置主要联系人"},
	EventCompetitorAdded:   {"competitor added", "添加竞争对手"},
	EventCompetitorUpdated: {"competitor updated", "修改竞争对手"},
	EventCompetitorRemoved: {"competitor removed", "移除竞争对手"},
	EventTicked:            {"checklist ticked", "勾选检查项"},
	EventApproved:          {"approved", "审批通过"},
	EventMoved:             {"stage changed", "变更阶段"},
	EventWon:               {"won", "得单"},
	EventLost:              {"lost", "丢单"},
	EventHeld:              {"put on hold", "暂停"},
	EventResumed:           {"resumed", "恢复"},
	EventVoided:            {"voided", "作废"},
	EventClosed:            {"closed", "关闭"},
	EventReopened:          {"reopened", "重新打开"},
	EventAnalysed:          {"outcome analysed", "得失分析"},
	EventMigrated:          {"sales mode migrated", "迁移销售模式"},
	EventDeleted:           {"deleted", "删除"},
	EventCustomerMerged:    {"customer merged", "合并客户"},
	EventOrderMade:         {"order made", "生成订单"},
	EventOrderEnded:        {"order ended", "订单结束"},
	EventQuotesChanged:     {"quotes changed", "变更报价"},

	EventActivityPlanned:   {"activity planned", "计划活动"},
	EventActivityLogged:    {"activity logged", "记录活动"},
	EventActivityUpdated:   {"activity updated", "修改活动"},
	EventActivityCompleted: {"activity completed", "完成活动"},
	EventActivityCancelled: {"activity cancelled", "取消活动"},
	EventActivityRemoved:   {"activity removed", "删除活动"},

	EventExpenseAdded:     {"expense added", "添加费用"},
	EventExpenseUpdated:   {"expense updated", "修改费用"},
	EventExpenseSubmitted: {"expense submitted", "提交费用"},
	EventExpenseApproved:  {"expense approved", "批准费用"},
	EventExpenseRejected:  {"expense rejected", "驳回费用"},
	EventExpenseSettled:   {"expense settled", "结算费用"},
	EventExpenseRemoved:   {"expense removed", "删除费用"},

	EventDocumentAdded:       {"document added", "添加文档"},
	EventDocumentRemoved:     {"document removed", "删除文档"},
	EventEvaluationSaved:     {"evaluation saved", "保存评估"},
	EventEvaluationSubmitted: {"evaluation submitted", "提交评估"},
	EventEvaluationDiscarded: {"evaluation discarded", "放弃评估"},
}

// EventLabel returns the name of an opportunity's type of event; see
// Status.Label.
func EventLabel(event, lang string) string { return eventLabels.Of(event, lang, event) }

// Label returns the item's name: the outcome of the stage's work, the kind of the
// activity, or the name of the event; see Status.Label.
func (t *TimelineItem) Label(lang string) string {
	switch {
	case t.Kind == TimelineProgress:
		return t.Progress.Label(lang)
	case t.Activity != nil:
		return t.Activity.Kind.Label(lang)
	}
	return EventLabel(t.Event, lang)
}
