package fault

import (
	"errors"

	"github.com/pursuit-crm/pursuit/internal/label"
)

// kind is one sentinel with its HTTP status, its words, and what its caller should
// do.
type kind struct {
	err    error
	name   string
	status int
	names  label.Names
	remedy string
}

var kinds = []kind{
	{ErrInvalid, "ErrInvalid", 400, label.Names{"invalid input", "输入有误"}, "Show Fields beside the input, let them be mended, and repeat."},
	{ErrNotFound, "ErrNotFound", 404, label.Names{"not found", "不存在或无权查看"}, "Treat it as absent: it isn't there, is another tenant's, or is hidden from the actor."},
	{ErrConflict, "ErrConflict", 409, label.Names{"conflict", "已被他人修改"}, "Read again, decide anew, and repeat with the version that was read."},
	{ErrDuplicate, "ErrDuplicate", 409, label.Names{"duplicate", "重复"}, "Use the thing that is there, or give another value."},
	{ErrNotAllowed, "ErrNotAllowed", 409, label.Names{"not allowed in this state", "当前状态不允许"}, "Show Fields: each is a condition to meet first."},
	{ErrForbidden, "ErrForbidden", 403, label.Names{"forbidden", "没有权限"}, "Don't repeat; somebody with the right has to do it, or grant it."},
	{ErrInUse, "ErrInUse", 409, label.Names{"in use", "已被引用"}, "Deactivate or retire it instead of removing it."},
	{ErrLimit, "ErrLimit", 422, label.Names{"limit exceeded", "超出限制"}, "Ask for less, or split the work."},
	{ErrRequestReused, "ErrRequestReused", 422, label.Names{"request id used for another command", "请求号已用于其他操作"}, "Take a new request id for each new command, and the old one for repeats only."},
	{ErrSalesSystemDisabled, "ErrSalesSystemDisabled", 409, label.Names{"sales system is not enabled", "销售系统未启用"}, "Enable and initialise the tenant's sales system."},
	{ErrSalesSystemNotInitialised, "ErrSalesSystemNotInitialised", 409, label.Names{"sales system is not initialised", "销售系统未初始化"}, "Initialise the tenant's sales system."},
	{ErrTxAborted, "ErrTxAborted", 500, label.Names{"transaction aborted", "事务已中止"}, "Roll back, and begin the whole transaction anew."},
	{ErrRetry, "ErrRetry", 503, label.Names{"transaction must be retried", "事务需重试"}, "Run the whole transaction again after a short wait; with a request id that is always safe."},
	{ErrOutcomeUnknown, "ErrOutcomeUnknown", 500, label.Names{"outcome of commit is unknown", "提交结果未知"}, "Repeat with the same request id: it is done once, and the answer is the first one's."},
	{ErrCorrupt, "ErrCorrupt", 500, label.Names{"stored data is corrupt", "存储数据损坏"}, "Stop writing to the thing, keep the error's chain, and restore or mend the data."},
	{ErrCancelled, "ErrCancelled", 503, label.Names{"cancelled", "已取消"}, "Nothing was written: repeat if it is still wanted, with more time."},
	{ErrHost, "ErrHost", 500, label.Names{"host callback failed", "宿主程序回调失败"}, "Mend the host's own code; the cause is in the chain, and nothing was written."},
	{ErrInternal, "ErrInternal", 500, label.Names{"internal error", "内部错误"}, "Log the chain and tell the operators; show people the label only."},
}

// Kinds returns the sentinels, in the order of the documentation.
func Kinds() []error {
	out := make([]error, len(kinds))
	for i, k := range kinds {
		out[i] = k.err
	}
	return out
}

// KindOf returns the sentinel of the first *Error in err's chain, or the one that
// is in the chain by itself; nil for an error that isn't the library's.
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

// KindLabel gives the name of an error's kind in a language ("en", "zh-CN";
// others get English): "conflict", "已被他人修改". It is "" for an error that isn't
// the library's.
func KindLabel(err error, lang string) string {
	of := KindOf(err)
	for _, k := range kinds {
		if k.err == of {
			return k.names.In(lang)
		}
	}
	return ""
}
