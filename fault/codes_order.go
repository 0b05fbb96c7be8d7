package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// orderCodes are those of orders, their execution and the sales system.
var orderCodes = []Code{
	{"order.not_found", ErrNotFound, label.Names{"the order isn't there", "商机订单不存在或无权查看"}, absent},
	{"order.changed", ErrConflict, label.Names{"the order was changed by somebody else", "商机订单已被他人修改"}, reload},
	{"order.number.taken", ErrDuplicate, label.Names{"the order's number is taken", "订单编号已存在"}, "Give another number, or none and let the engine number it."},
	{"order.create.invalid", ErrInvalid, label.Names{"the new order's details are invalid", "商机订单信息有误"}, mend},
	{"order.create.refused", ErrNotAllowed, label.Names{"no order can be made of the opportunity", "商机不能生成订单"}, "Meet each condition that Fields lists."},
	{"order.update.invalid", ErrInvalid, label.Names{"the order's changes are invalid", "订单修改内容有误"}, mend},
	{"order.update.status", ErrNotAllowed, label.Names{"only a draft order can be changed", "只有草稿订单才能修改"}, "Cancel the order and make another."},
	{"order.confirm.status", ErrNotAllowed, label.Names{"only a draft order can be confirmed", "当前订单状态不允许确认"}, "Nothing is to do if it is confirmed already."},
	{"order.complete.invalid", ErrInvalid, label.Names{"the reason for completing is invalid", "订单完成信息有误"}, mend},
	{"order.complete.status", ErrNotAllowed, label.Names{"only an order in execution can be completed", "只有执行中的订单才能完成"}, "Let something be delivered, invoiced or received first, or cancel the order."},
	{"order.cancel.invalid", ErrInvalid, label.Names{"the reason for cancelling is invalid", "订单取消信息有误"}, mend},
	{"order.cancel.status", ErrNotAllowed, label.Names{"the order's status forbids cancelling it", "当前订单状态不允许取消"}, "Record returns, credit notes and refunds on what is completed."},
	{"order.execute.invalid", ErrInvalid, label.Names{"execution events are invalid", "订单执行信息有误"}, mend},
	{"order.execute.status", ErrNotAllowed, label.Names{"the order's status forbids these events", "当前订单状态不允许登记执行"}, "Confirm the order first; an ended one takes in only what undoes or settles."},
	{"order.execute.over_delivered", ErrNotAllowed, label.Names{"more would be delivered than may be", "发货数量超出允许范围"}, "Deliver less; the tolerance was set when the order was made."},
	{"order.execute.too_many", ErrLimit, label.Names{"too many events in one command", "单次执行事件过多"}, "Split them: a command has at most 500 events."},
	{"order.events.too_many", ErrLimit, label.Names{"the order has too many events", "订单执行事件过多"}, "Make a further order: one has at most 5000 events."},
	{"order.event.differs", ErrDuplicate, label.Names{"an event with this id and other content exists", "同一标识的执行事件内容不同"}, "Give the event an id of its own; an event that was taken in never changes."},
	{"order.event.exists", ErrDuplicate, label.Names{"the event is there already", "执行事件已存在"}, "Read the order again, and repeat: an event is taken in once."},
	{"order.merge.invalid", ErrInvalid, label.Names{"the customer to replace isn't the order's", "待合并的客户不属于该订单"}, bug},
	{"order.status.unknown", ErrInvalid, label.Names{"that isn't an order's status", "未知的订单状态"}, "Use a name that Status.String gives."},
	{"order.moment.future", ErrInvalid, label.Names{"the time of the command is in the future", "业务时间不能晚于当前时间"}, "Give a time that isn't after now."},
	{"order.moment.backwards", ErrInvalid, label.Names{"the time of the command is before the order's last change", "业务时间不能早于订单上次变更"}, "Give a time that isn't before the order's last change."},
	{"order.parts", ErrInternal, label.Names{"the command's parts weren't loaded", "未加载所需的订单明细"}, bug},
	{"order.pending", ErrInternal, label.Names{"the change before wasn't taken", "上一变更尚未取走"}, bug},
	{"order.replay", ErrCorrupt, label.Names{"the order's journal can't be replayed", "订单日志无法重放"}, broken},
	{"order.corrupt", ErrCorrupt, label.Names{"a stored order is incomplete", "订单存储数据不完整"}, broken},

	{"sales_system.disabled", ErrSalesSystemDisabled, label.Names{"the sales system isn't enabled", "销售系统未启用"}, "Enable and initialise the sales system."},
	{"sales_system.not_initialised", ErrSalesSystemNotInitialised, label.Names{"the sales system isn't initialised", "销售系统未初始化"}, "Initialise the sales system."},
	{"sales_system.enabled", ErrNotAllowed, label.Names{"the sales system is enabled already", "销售系统已启用"}, "Nothing is to do."},
	{"sales_system.invalid", ErrInvalid, label.Names{"the sales system's settings are invalid", "销售系统设置有误"}, mend},
	{"sales_system.fixed", ErrNotAllowed, label.Names{"it was fixed when the sales system was first initialised", "销售系统首次初始化后不能修改"}, "Leave what Fields lists as it was."},
	{"sales_system.changed", ErrConflict, label.Names{"the sales system was changed by somebody else", "销售系统设置已被他人修改"}, reload},
	{"sales_system.not_found", ErrNotFound, label.Names{"the sales system is hidden from the actor", "销售系统不存在或无权查看"}, "Let somebody with the right look, or grant it."},
	{"sales_system.moment.future", ErrInvalid, label.Names{"the time of the command is in the future", "业务时间不能晚于当前时间"}, "Give a time that isn't after now."},
	{"sales_system.moment.backwards", ErrInvalid, label.Names{"the time of the command is before the last change", "业务时间不能早于上次变更"}, "Give a time that isn't before the sales system's last change."},
}
