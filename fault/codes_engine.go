package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// moneyCodes are those of amounts, rates, dates and plain numbers.
var moneyCodes = []Code{
	{"money.currency.unknown", ErrInvalid, label.Names{"that isn't an active currency", "未知的币种"}, "Give an active ISO 4217 code that has minor units."},
	{"money.currency.mismatch", ErrInvalid, label.Names{"amounts are in different currencies", "币种不一致"}, "Convert to one currency first, or compare like with like."},
	{"money.overflow", ErrLimit, label.Names{"the amount is too large", "金额过大"}, "Use smaller amounts, or split what is added up."},
	{"money.division_by_zero", ErrInvalid, label.Names{"an amount can't be divided by zero", "除数不能为零"}, "Give a divisor other than zero."},
	{"money.json", ErrInvalid, label.Names{"the amount's JSON is invalid", "金额的 JSON 格式有误"}, "Write an object of amount and currency, both as text."},
	{"money.weights", ErrInvalid, label.Names{"the weights to allocate by are invalid", "分摊权重有误"}, "Give weights that aren't negative, and one at least above zero."},
	{"money.rate.missing", ErrNotFound, label.Names{"there is no exchange rate for this pair and date", "缺少汇率"}, "Let the host's rates have the pair on or before the date."},
	{"money.rate.precision", ErrLimit, label.Names{"the exchange rate is too small to be said", "汇率过小，无法表示"}, "Quote the rate the other way round."},
	{"money.rates.invalid", ErrInvalid, label.Names{"the file of exchange rates is invalid", "汇率文件有误"}, "Mend the line and column that Fields names."},
	{"money.rates.too_many", ErrLimit, label.Names{"the file of exchange rates is too long", "汇率文件行数过多"}, "Give only the days that are needed."},
	{"decimal.invalid", ErrInvalid, label.Names{"that isn't a plain decimal number within bounds", "数字格式有误"}, mend},
	{"date.invalid", ErrInvalid, label.Names{"that isn't a date", "日期格式有误"}, "Write the date as 2026-03-01."},
}

// callCodes are those of calls of the engine: actors, options, queries, cursors,
// requests, batches.
var callCodes = []Code{
	{"engine.invalid", ErrInvalid, label.Names{"the engine's options are invalid", "引擎选项有误"}, mend},
	{"actor.invalid", ErrInvalid, label.Names{"the actor is invalid", "操作人信息有误"}, "Give a tenant, a user and roles within their bounds."},
	{"call.invalid", ErrInvalid, label.Names{"the call's options are invalid", "调用选项有误"}, mend},
	{"moment.future", ErrInvalid, label.Names{"the time given is in the future", "时间不能晚于当前时间"}, "Give a time that isn't after now."},
	{"query.invalid", ErrInvalid, label.Names{"the query is invalid", "查询条件有误"}, mend},
	{"input.json", ErrInvalid, label.Names{"the input's JSON can't be decoded", "输入的 JSON 无法解析"}, mend},
	{"input.target", ErrInternal, label.Names{"there is nothing to decode into", "缺少解析的目标"}, bug},
	{"page.invalid", ErrInvalid, label.Names{"the page's size is invalid", "分页大小有误"}, "Ask for 1 to 1000 at a time."},
	{"cursor.invalid", ErrInvalid, label.Names{"the cursor isn't one of this list", "分页游标无效"}, "Begin with the first page, and pass cursors on as they are, with the same query."},
	{"pipeline.overflow", ErrLimit, label.Names{"a sum of the report is too large", "汇总金额过大"}, "Narrow the query."},
	{"report.not_found", ErrNotFound, label.Names{"the report is hidden from the actor", "报表不存在或无权查看"}, "Let somebody with the right look, or grant it."},
	{"numbers.invalid", ErrInvalid, label.Names{"so many numbers can't be taken at once", "一次取号数量有误"}, "Take 1 to 100000 at a time."},
	{"batch.invalid", ErrInvalid, label.Names{"the batch has no function", "批处理函数缺失"}, mend},
	{"batch.aborted", ErrTxAborted, label.Names{"a command of the batch broke off", "批处理已中止"}, "Let the batch end with the error, and begin it anew."},
	{"request.input", ErrInvalid, label.Names{"the request id or the input can't be used", "请求号或输入无法使用"}, mend},
	{"request.reused", ErrRequestReused, label.Names{"the request id was used for another command", "请求号已用于其他操作"}, "Take a new request id for each new command."},
	{"request.busy", ErrRetry, label.Names{"the request id is being used at this moment", "相同请求号正在处理"}, "Repeat after a short wait."},
	{"request.not_found", ErrNotFound, label.Names{"no command had this request id", "请求号不存在"}, "Send the command: it wasn't done under this id, or is too long ago."},
	{"request.corrupt", ErrCorrupt, label.Names{"a stored result can't be read", "已存的请求结果损坏"}, broken},
	{"request.target", ErrInternal, label.Names{"what the command is on is unknown", "无法确定命令的对象"}, bug},
	{"request.encode", ErrInternal, label.Names{"the result doesn't encode", "请求结果无法编码"}, bug},
}

// hostCodes are those of the policy, and of other code of the host that failed.
var hostCodes = []Code{
	{"access.forbidden", ErrForbidden, label.Names{"the actor may not do this", "没有此操作的权限"}, "Let somebody with the right do it, or grant it."},
	{"policy.failed", ErrHost, label.Names{"the policy failed", "权限策略执行失败"}, "Mend the host's policy, or what it asks; the command was refused."},
	{"policy.panic", ErrHost, label.Names{"the policy panicked", "权限策略异常"}, "Mend the host's policy; the command was refused."},
	{"host.clock.range", ErrHost, label.Names{"the host's clock gives no time that can be stored", "宿主程序时钟超出范围"}, "Let the clock give times of the years 1 to 9999; nothing was written."},
	{"host.clock.ahead", ErrHost, label.Names{"the host's clock is far ahead of what was recorded last", "宿主程序时钟远超最近记录"}, "Set the clock right, or raise Options.MaxClockJump if it is; nothing was written."},
	{"host.clock.behind", ErrHost, label.Names{"the host's clock is far behind what was recorded last", "宿主程序时钟远落后于最近记录"}, "Set the clock right, or raise Options.MaxClockLag if it is; nothing was written."},
	{"host.id", ErrHost, label.Names{"the host's ids are empty", "宿主程序生成的标识为空"}, "Let NewID give a new id each time; nothing was written."},
	{"session.nested", ErrNotAllowed, label.Names{"the library is called from inside a call of the library", "不能在回调中再次调用"}, "Ask outside of the callback, and use only the batch's own session in a batch."},
	{"context.invalid", ErrInvalid, label.Names{"a context is required", "缺少上下文"}, mend},
	{"host.panic", ErrHost, label.Names{"a callback of the host panicked", "宿主程序回调异常"}, "Mend the callback that the message names; nothing was written."},
	{"report.merge.panic", ErrHost, label.Names{"the host's merging function panicked", "宿主程序的汇总函数异常"}, "Mend the function given to the report."},
}

// journalCodes are those of the journal, the ledger, and the relay of events.
var journalCodes = []Code{
	{"journal.not_found", ErrNotFound, label.Names{"the journal is hidden from the actor", "日志不存在或无权查看"}, absent},
	{"journal.hash", ErrInvalid, label.Names{"that isn't a hash", "哈希格式有误"}, "Give 64 hexadecimal digits in lower case."},
	{"journal.encode", ErrInternal, label.Names{"an event's payload doesn't encode", "日志事件无法编码"}, bug},
	{"journal.broken", ErrCorrupt, label.Names{"the journal's chain is broken", "日志链断裂"}, "Keep the tables as they are, and look for what changed them outside of the library."},
	{"journal.empty", ErrCorrupt, label.Names{"there is no journal to replay", "没有可重放的日志"}, "Give the whole journal, from its first entry."},
	{"journal.order", ErrCorrupt, label.Names{"the journal isn't one opportunity's, from its beginning", "日志不是从头开始的单个商机日志"}, "Give the whole journal of one opportunity, in its order."},
	{"journal.payload", ErrCorrupt, label.Names{"an event's payload can't be read", "日志事件内容无法读取"}, broken},
	{"journal.type", ErrCorrupt, label.Names{"an event's type is unknown", "日志事件类型未知"}, "Read it with the version of the library that wrote it, or a later one."},
	{"ledger.missing", ErrCorrupt, label.Names{"the ledger lacks its open row", "商机轨迹缺少当前行"}, broken},
	{"relay.invalid", ErrInvalid, label.Names{"the relay's options are invalid", "转发选项有误"}, mend},
	{"relay.publisher", ErrHost, label.Names{"the publisher failed", "事件发布失败"}, "Run the relay again: it goes on behind the last event that was handed over."},
	{"relay.panic", ErrHost, label.Names{"the publisher panicked", "事件发布程序异常"}, "Mend the host's publisher, and run the relay again."},
	{"relay.cancelled", ErrCancelled, label.Names{"the relay's context ended", "转发已取消"}, "Run the relay again when it is wanted."},
}
