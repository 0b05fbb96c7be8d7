package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// moneyCodes are the codes of amounts, rates, dates and plain numbers.
var moneyCodes = []Code{
	{"money.currency.unknown", ErrInvalid, label.Names{"not an active currency", "未知的币种"}, label.Names{"Use an active ISO 4217 code that has minor units.", "请使用有效的 ISO 4217 币种代码。"}},
	{"money.currency.mismatch", ErrInvalid, label.Names{"amounts are in different currencies", "币种不一致"}, label.Names{"Convert to one currency first, or compare amounts of the same currency.", "请先换算为同一币种，或只比较同币种金额。"}},
	{"money.overflow", ErrLimit, label.Names{"the amount is too large", "金额过大"}, label.Names{"Use smaller amounts, or split the sum.", "请减小金额，或分开汇总。"}},
	{"money.division_by_zero", ErrInvalid, label.Names{"an amount can't be divided by zero", "除数不能为零"}, label.Names{"Use a divisor other than zero.", "请使用非零除数。"}},
	{"money.json", ErrInvalid, label.Names{"the amount's JSON is invalid", "金额的 JSON 格式有误"}, label.Names{"Write an object with amount and currency, both as strings.", "请使用含 amount 与 currency 两个文本字段的对象。"}},
	{"money.weights", ErrInvalid, label.Names{"the allocation weights are invalid", "分摊权重有误"}, label.Names{"Use weights of zero or more, at least one of them above zero.", "权重不得为负，且至少一个大于零。"}},
	{"money.rate.missing", ErrNotFound, label.Names{"no exchange rate for this pair and date", "缺少汇率"}, label.Names{"Supply a rate for the pair on that date or an earlier one.", "请提供该日期或之前的汇率。"}},
	{"money.rate.precision", ErrLimit, label.Names{"the exchange rate is too small to be represented", "汇率过小，无法表示"}, label.Names{"Quote the inverse rate.", "请改用反向报价的汇率。"}},
	{"money.rates.invalid", ErrInvalid, label.Names{"the file of exchange rates is invalid", "汇率文件有误"}, label.Names{"Correct the line and column named in the fields.", "请修正所列行和列。"}},
	{"money.rates.too_many", ErrLimit, label.Names{"the file of exchange rates is too long", "汇率文件行数过多"}, label.Names{"Keep only the days you need.", "请只保留需要的日期。"}},
	{"decimal.invalid", ErrInvalid, label.Names{"not a plain decimal number within bounds", "数字格式有误"}, mend},
	{"date.invalid", ErrInvalid, label.Names{"not a valid date", "日期格式有误"}, label.Names{"Write the date as 2026-03-01.", "请按 2026-03-01 的格式填写日期。"}},
}

// callCodes are the codes of calls of the engine: actors, options, queries, cursors,
// requests, batches.
var callCodes = []Code{
	{"engine.invalid", ErrInvalid, label.Names{"the engine's options are invalid", "引擎选项有误"}, mend},
	{"actor.invalid", ErrInvalid, label.Names{"the actor is invalid", "操作人信息有误"}, label.Names{"Provide a tenant, a user and roles within their limits.", "请提供符合限制的租户、用户和角色。"}},
	{"filter.parameters", ErrInvalid, label.Names{"the query parameters don't form a valid filter", "查询参数不是有效的筛选条件"}, mend},
	{"call.codes", ErrInvalid, label.Names{"a code in the input is invalid", "输入中的编码有误"}, mend},
	{"call.invalid", ErrInvalid, label.Names{"the call's options are invalid", "调用选项有误"}, mend},
	{"moment.future", ErrInvalid, label.Names{"the given time is in the future", "时间不能晚于当前时间"}, present},
	{"query.invalid", ErrInvalid, label.Names{"the query is invalid", "查询条件有误"}, mend},
	{"input.json", ErrInvalid, label.Names{"the input's JSON can't be decoded", "输入的 JSON 无法解析"}, mend},
	{"input.target", ErrInternal, label.Names{"the target to decode into is missing", "缺少解析的目标"}, bug},
	{"page.invalid", ErrInvalid, label.Names{"the page size is invalid", "分页大小有误"}, label.Names{"Use a page size of 1 to 1000.", "每页请取 1 至 1000 条。"}},
	{"cursor.invalid", ErrInvalid, label.Names{"the cursor doesn't belong to this list", "分页游标无效"}, label.Names{"Start from the first page; pass each cursor back unchanged, with the same query.", "请从第一页开始，并以相同条件原样传递游标。"}},
	{"pipeline.overflow", ErrLimit, label.Names{"a sum of the report is too large", "汇总金额过大"}, label.Names{"Narrow the query.", "请缩小查询范围。"}},
	{"report.not_found", ErrNotFound, label.Names{"the report is hidden from the actor", "报表不存在或无权查看"}, label.Names{"Ask someone who has access to look it up, or to grant access.", "请由有权限的人员查看，或申请授权。"}},
	{"numbers.invalid", ErrInvalid, label.Names{"the count of numbers to take is invalid", "一次取号数量有误"}, label.Names{"Take 1 to 100000 at a time.", "每次请取 1 至 100000 个。"}},
	{"batch.invalid", ErrInvalid, label.Names{"the batch has no function", "批处理函数缺失"}, mend},
	{"batch.aborted", ErrTxAborted, label.Names{"a command in the batch failed", "批处理已中止"}, label.Names{"Let the batch return the error, then run it again.", "请让本批处理以该错误结束，再重新开始。"}},
	{"request.input", ErrInvalid, label.Names{"the request id or the input is unusable", "请求号或输入无法使用"}, mend},
	{"request.reused", ErrRequestReused, label.Names{"the request id was used for another command", "请求号已用于其他操作"}, label.Names{"Use a new request id for each new command.", "请为每个新操作使用新的请求号。"}},
	{"request.busy", ErrRetry, label.Names{"the request id is in use right now", "相同请求号正在处理"}, label.Names{"Try again after a short wait.", "请稍后重试。"}},
	{"request.not_found", ErrNotFound, label.Names{"no command used this request id", "请求号不存在"}, label.Names{"Send the command: it never ran under this id, or its result is no longer kept.", "请发送该操作：此请求号下未执行过，或已过保留期。"}},
	{"request.corrupt", ErrCorrupt, label.Names{"a stored result can't be read", "已存的请求结果损坏"}, broken},
	{"request.target", ErrInternal, label.Names{"the command's target is unknown", "无法确定命令的对象"}, bug},
	{"request.encode", ErrInternal, label.Names{"the result can't be encoded", "请求结果无法编码"}, bug},
}

// hostCodes are the codes of the policy, and of other code of the host that failed.
var hostCodes = []Code{
	{"access.forbidden", ErrForbidden, label.Names{"the actor may not do this", "没有此操作的权限"}, grant},
	{"policy.failed", ErrHost, label.Names{"the policy failed", "权限策略执行失败"}, label.Names{"Fix the host's policy or its dependencies; the command was refused.", "请修正宿主程序的权限策略或其依赖；操作已被拒绝。"}},
	{"policy.panic", ErrHost, label.Names{"the policy panicked", "权限策略异常"}, label.Names{"Fix the host's policy; the command was refused.", "请修正宿主程序的权限策略；操作已被拒绝。"}},
	{"host.clock.range", ErrHost, label.Names{"the host's clock returned a time that can't be stored", "宿主程序时钟超出范围"}, label.Names{"Make the clock return times in the years 1 to 9999; nothing was written.", "请使时钟返回公元 1 至 9999 年的时间；未写入任何数据。"}},
	{"host.clock.ahead", ErrHost, label.Names{"the host's clock is far ahead of the last recorded time", "宿主程序时钟远超最近记录"}, label.Names{"Set the clock; if it is right, raise Options.MaxClockJump. Nothing was written.", "请校准时钟；若时钟无误，请调大 Options.MaxClockJump。未写入任何数据。"}},
	{"host.clock.behind", ErrHost, label.Names{"the host's clock is far behind the last recorded time", "宿主程序时钟远落后于最近记录"}, label.Names{"Set the clock; if it is right, raise Options.MaxClockLag. Nothing was written.", "请校准时钟；若时钟无误，请调大 Options.MaxClockLag。未写入任何数据。"}},
	{"host.id", ErrHost, label.Names{"the host returned an empty id", "宿主程序生成的标识为空"}, label.Names{"Make NewID return a new id on every call; nothing was written.", "请使 NewID 每次返回新标识；未写入任何数据。"}},
	{"session.nested", ErrNotAllowed, label.Names{"the library was called from inside one of its own callbacks", "不能在回调中再次调用"}, label.Names{"Make the call outside the callback; in a batch, use only the batch's own session.", "请在回调之外调用；批处理中只使用其自身的会话。"}},
	{"context.invalid", ErrInvalid, label.Names{"a context is required", "缺少上下文"}, mend},
	{"host.numbers", ErrHost, label.Names{"the host returned no usable number", "宿主程序未给出可用编号"}, label.Names{"Check the cause in the host's log, then try again.", "请查看宿主程序日志中的原因后重试。"}},
	{"host.series", ErrHost, label.Names{"the host returned an unusable number series", "宿主程序给出的编号规则无效"}, label.Names{"Fix Options.Series: the prefix has at most 16 characters, the width is 0 to 12.", "请修正 Options.Series：前缀最多 16 个字符，宽度为 0 至 12。"}},
	{"host.keys", ErrInvalid, label.Names{"the input contains keys unknown to the host", "输入中的用户、部门、产品或单位在宿主系统中不存在"}, mend},
	{"host.names", ErrHost, label.Names{"the host failed to name keys", "宿主程序无法给出名称"}, label.Names{"Check the cause in the host's log, then try again.", "请查看宿主程序日志中的原因后重试。"}},
	{"host.validate", ErrHost, label.Names{"the host failed to look up keys", "宿主程序无法校验主数据"}, label.Names{"Check the cause in the host's log, then try again.", "请查看宿主程序日志中的原因后重试。"}},
	{"host.panic", ErrHost, label.Names{"a callback of the host panicked", "宿主程序回调异常"}, label.Names{"Fix the callback named in the message; nothing was written.", "请修正消息所指的回调；未写入任何数据。"}},
	{"report.merge.panic", ErrHost, label.Names{"the host's merge function panicked", "宿主程序的汇总函数异常"}, label.Names{"Fix the function passed to the report.", "请修正传给报表的函数。"}},
}

// journalCodes are the codes of the journal, the ledger, and the relay of events.
var journalCodes = []Code{
	{"journal.not_found", ErrNotFound, label.Names{"the journal is hidden from the actor", "日志不存在或无权查看"}, absent},
	{"journal.hash", ErrInvalid, label.Names{"not a hash", "哈希格式有误"}, label.Names{"Use 64 lower-case hexadecimal digits.", "请填写 64 位小写十六进制数字。"}},
	{"journal.encode", ErrInternal, label.Names{"an event's payload can't be encoded", "日志事件无法编码"}, bug},
	{"journal.broken", ErrCorrupt, label.Names{"the journal's chain is broken", "日志链断裂"}, label.Names{"Leave the tables as they are, and find out what changed them outside the library.", "请保持数据表不变，查明何者绕过本库修改了数据。"}},
	{"journal.empty", ErrCorrupt, label.Names{"there is no journal to replay", "没有可重放的日志"}, label.Names{"Supply the whole journal, from its first entry.", "请提供从首条开始的完整日志。"}},
	{"journal.order", ErrCorrupt, label.Names{"the journal isn't one aggregate's journal from its beginning", "日志不是从头开始的单个对象日志"}, label.Names{"Supply the whole journal of one aggregate, in order.", "请按顺序提供单个对象的完整日志。"}},
	{"journal.payload", ErrCorrupt, label.Names{"an event's payload can't be read", "日志事件内容无法读取"}, broken},
	{"journal.type", ErrCorrupt, label.Names{"an event's type is unknown", "日志事件类型未知"}, label.Names{"Read it with the library version that wrote it, or a later one.", "请使用写入该日志的版本或更新版本读取。"}},
	{"ledger.missing", ErrCorrupt, label.Names{"the ledger lacks its open row", "商机轨迹缺少当前行"}, broken},
	{"relay.invalid", ErrInvalid, label.Names{"the relay's options are invalid", "转发选项有误"}, mend},
	{"relay.publisher", ErrHost, label.Names{"the publisher failed", "事件发布失败"}, label.Names{"Run the relay again: it continues after the last event it handed over.", "请重新运行转发：将从最后移交的事件之后继续。"}},
	{"relay.panic", ErrHost, label.Names{"the publisher panicked", "事件发布程序异常"}, label.Names{"Fix the host's publisher, and run the relay again.", "请修正宿主程序的发布器，并重新运行转发。"}},
	{"relay.cancelled", ErrCancelled, label.Names{"the relay's context ended", "转发已取消"}, label.Names{"Run the relay again when needed.", "需要时请重新运行转发。"}},
}
