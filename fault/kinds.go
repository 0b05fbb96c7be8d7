package fault

import (
	"errors"

	"github.com/pursuit-crm/pursuit/internal/label"
)

// kind is one sentinel with its HTTP status, its labels and its remedy.
type kind struct {
	err    error
	name   string
	status int
	names  label.Names
	remedy label.Names
}

var kinds = []kind{
	{ErrInvalid, "ErrInvalid", 400, label.Names{"invalid input", "输入有误"}, label.Names{"Show the fields beside the input, let the user correct them, and try again.", "将字段问题显示在输入旁，由用户修正后重试。"}},
	{ErrNotFound, "ErrNotFound", 404, label.Names{"not found", "不存在或无权查看"}, label.Names{"Treat it as absent: it doesn't exist, belongs to another tenant, or is hidden from the actor.", "视为不存在：确实不存在、属于其他租户，或无权查看。"}},
	{ErrConflict, "ErrConflict", 409, label.Names{"conflict", "已被他人修改"}, label.Names{"Reload, check the changes, and try again with the new version.", "重新读取，确认后按新版本重试。"}},
	{ErrDuplicate, "ErrDuplicate", 409, label.Names{"duplicate", "重复"}, label.Names{"Use the existing one, or enter another value.", "使用已有的，或更换取值。"}},
	{ErrNotAllowed, "ErrNotAllowed", 409, label.Names{"not allowed in this state", "当前状态不允许"}, label.Names{"Show the fields: each is a condition to meet first.", "显示各项条件：须先逐一满足。"}},
	{ErrForbidden, "ErrForbidden", 403, label.Names{"forbidden", "没有权限"}, label.Names{"Don't retry; someone who has the right must do it, or grant the right.", "勿重试；须由有权限者操作或授权。"}},
	{ErrInUse, "ErrInUse", 409, label.Names{"in use", "已被引用"}, label.Names{"Deactivate or retire it instead of removing it.", "改为停用，不要删除。"}},
	{ErrLimit, "ErrLimit", 422, label.Names{"limit exceeded", "超出限制"}, label.Names{"Ask for less, or split the work.", "减少数量，或分批处理。"}},
	{ErrRequestReused, "ErrRequestReused", 422, label.Names{"request id used for another command", "请求号已用于其他操作"}, label.Names{"Use a new request id for each new command; reuse an id only to retry.", "每个新操作使用新请求号，原请求号只用于重试。"}},
	{ErrSalesSystemDisabled, "ErrSalesSystemDisabled", 409, label.Names{"sales system is not enabled", "销售系统未启用"}, label.Names{"Enable and initialise the tenant's sales system.", "启用并初始化租户的销售系统。"}},
	{ErrSalesSystemNotInitialised, "ErrSalesSystemNotInitialised", 409, label.Names{"sales system is not initialised", "销售系统未初始化"}, label.Names{"Initialise the tenant's sales system.", "初始化租户的销售系统。"}},
	{ErrTxAborted, "ErrTxAborted", 500, label.Names{"transaction aborted", "事务已中止"}, label.Names{"Roll back, and start the whole transaction again.", "回滚并重新开始整个事务。"}},
	{ErrRetry, "ErrRetry", 503, label.Names{"transaction must be retried", "事务需重试"}, label.Names{"Run the whole transaction again after a short wait; with a request id that is always safe.", "稍后重新执行整个事务；带请求号时总是安全的。"}},
	{ErrOutcomeUnknown, "ErrOutcomeUnknown", 500, label.Names{"outcome of commit is unknown", "提交结果未知"}, label.Names{"Retry with the same request id: the command runs once, and the first result is returned.", "以相同请求号重试：只执行一次，并返回首次结果。"}},
	{ErrCorrupt, "ErrCorrupt", 500, label.Names{"stored data is corrupt", "存储数据损坏"}, label.Names{"Stop writing to it, keep the error's chain, and restore or repair the data.", "停止写入，保留错误链，恢复或修复数据。"}},
	{ErrCancelled, "ErrCancelled", 503, label.Names{"cancelled", "已取消"}, label.Names{"Nothing was written: if it is still needed, try again with more time.", "未写入任何数据：如仍需要，延长时限后重试。"}},
	{ErrHost, "ErrHost", 500, label.Names{"host callback failed", "宿主程序回调失败"}, label.Names{"Fix the host's own code; the causes are in the chain, and nothing was written.", "修正宿主程序自身的代码；原因见错误链，未写入任何数据。"}},
	{ErrInternal, "ErrInternal", 500, label.Names{"internal error", "内部错误"}, label.Names{"Log the chain and tell the operators; show people only the label.", "记录错误链并通知运维；只向用户显示标签。"}},
}

// Kinds returns the sentinels, in the order of the documentation.
func Kinds() []error {
	out := make([]error, len(kinds))
	for i, k := range kinds {
		out[i] = k.err
	}
	return out
}

// KindOf returns the kind of the first *Error in err's chain, or a sentinel found
// in the chain by itself. It returns nil for an error from outside the library.
func KindOf(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.err
		}
	}
	return nil
}

// KindLabel returns the name of an error's kind in a language ("en", "zh-CN";
// others get English): "conflict", "已被他人修改". It returns "" for an error from
// outside the library.
func KindLabel(err error, lang string) string {
	of := KindOf(err)
	for _, k := range kinds {
		if k.err == of {
			return k.names.In(lang)
		}
	}
	return ""
}
