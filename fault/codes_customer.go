package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// customerCodes are the codes of customers and their contacts.
var customerCodes = []Code{
	{"customer.invalid", ErrInvalid, label.Names{"the customer's details are invalid", "客户信息有误"}, mend},
	{"customer.not_found", ErrNotFound, label.Names{"customer not found", "客户不存在或无权查看"}, absent},
	{"customer.changed", ErrConflict, label.Names{"the customer was changed by someone else", "客户已被他人修改"}, reload},
	{"customer.code.taken", ErrDuplicate, label.Names{"the customer's code is taken", "客户编码已存在"}, label.Names{"Use another code, or the customer that already has it.", "请更换编码，或使用已有该编码的客户。"}},
	{"customer.code.invalid", ErrInvalid, label.Names{"the customer's code is invalid", "客户编码格式有误"}, mend},
	{"customer.status.move", ErrNotAllowed, label.Names{"the customer's status can't change that way", "客户状态不能这样变更"}, label.Names{"Choose a status that can follow the current one.", "请选择当前状态可变更到的状态。"}},
	{"customer.inactive", ErrNotAllowed, label.Names{"the customer is inactive", "客户已停用"}, label.Names{"Activate the customer, or choose another.", "请先启用该客户，或选择其他客户。"}},
	{"customer.prospect", ErrNotAllowed, label.Names{"the customer is still a prospect", "客户仍为潜在客户"}, label.Names{"Make the prospect an active customer first.", "请先将潜在客户转为正式客户。"}},
	{"customer.in_use", ErrInUse, label.Names{"the customer is still referenced", "客户已被引用，不能删除"}, label.Names{"Deactivate the customer instead.", "请改为停用该客户。"}},
	{"customer.deleted", ErrNotAllowed, label.Names{"the customer was deleted", "客户已删除"}, label.Names{"Choose or create another customer.", "请选择或新建其他客户。"}},
	{"customer.new", ErrNotAllowed, label.Names{"the customer isn't stored yet", "客户尚未保存"}, bug},
	{"customer.ids", ErrInternal, label.Names{"customer ids are missing or repeated", "客户标识缺失或重复"}, bug},
	{"customer.unchanged", ErrInternal, label.Names{"the customer has no pending change", "客户没有任何变更"}, bug},
	{"customer.probe.invalid", ErrInvalid, label.Names{"the search for duplicates is invalid", "客户查重条件有误"}, mend},
	{"customer.merge.invalid", ErrInvalid, label.Names{"the merge's details are invalid", "客户合并信息有误"}, mend},
	{"customer.merge.busy", ErrRetry, label.Names{"something was just recorded for the customer to be merged", "被合并客户正有新业务登记"}, label.Names{"Try the merge again after a short wait.", "请稍后重试合并。"}},
	{"customer.merge.too_many", ErrLimit, label.Names{"the customer to be merged has too many related records", "被合并客户的关联数据过多"}, label.Names{"Merge the other way round, or first close any finished business: one command moves at most 1000 records.", "请反向合并，或先关闭已结束的业务：一次最多转移 1000 项。"}},
	{"customer.merge.orders", ErrNotAllowed, label.Names{"the customer to be merged has orders in the host's own sales system, which can't move", "被合并客户在外部销售系统中有订单，无法转移"}, label.Names{"Merge the other way round, or move the orders in the sales system first.", "请反向合并，或先在销售系统中转移订单。"}},
	{"customer.merged", ErrNotAllowed, label.Names{"the customer was merged into another", "客户已合并到其他客户"}, label.Names{"Use the customer it was merged into.", "请使用合并后的客户。"}},
	{"customer.alias", ErrCorrupt, label.Names{"a merged customer doesn't lead to a survivor", "已合并客户的指向丢失"}, broken},

	{"customer.contact.invalid", ErrInvalid, label.Names{"the contact's details are invalid", "联系人信息有误"}, mend},
	{"customer.contact.not_found", ErrNotFound, label.Names{"the customer has no such contact", "联系人不存在"}, absent},
	{"customer.contact.id_taken", ErrDuplicate, label.Names{"the contact's id is taken", "联系人标识已存在"}, label.Names{"Use another id for the contact.", "请为联系人更换标识。"}},
	{"customer.contact.active", ErrNotAllowed, label.Names{"the contact is already active", "联系人已是启用状态"}, nothing},
	{"customer.contact.inactive", ErrNotAllowed, label.Names{"the contact is inactive", "联系人已停用"}, label.Names{"Activate the contact, or choose another.", "请先启用该联系人，或选择其他联系人。"}},
	{"customer.contact.primary", ErrNotAllowed, label.Names{"the contact is already the primary one", "联系人已是主要联系人"}, nothing},
	{"customer.contact.in_use", ErrInUse, label.Names{"the contact is still referenced", "联系人已被引用，不能删除"}, label.Names{"Deactivate the contact instead.", "请改为停用该联系人。"}},
	{"customer.contacts.too_many", ErrLimit, label.Names{"too many contacts", "客户联系人过多"}, label.Names{"Remove a contact: a customer can have at most 1000.", "请删除部分联系人：每个客户最多 1000 个。"}},
}

// archiveCodes are the codes of archive entries (sources, reasons, competitors, …), and
// of scorecards.
var archiveCodes = []Code{
	{"archive.invalid", ErrInvalid, label.Names{"the archive entry's details are invalid", "档案信息有误"}, mend},
	{"archive.not_found", ErrNotFound, label.Names{"archive entry not found", "档案不存在或无权查看"}, absent},
	{"archive.changed", ErrConflict, label.Names{"the archive entry was changed by someone else", "档案已被他人修改"}, reload},
	{"archive.code.invalid", ErrInvalid, label.Names{"the archive entry's kind or code is invalid", "档案类别或编码格式有误"}, mend},
	{"archive.code.taken", ErrDuplicate, label.Names{"the archive entry's code is taken", "档案编码已存在"}, label.Names{"Use another code, or the entry that already has it.", "请更换编码，或使用已有该编码的档案。"}},
	{"archive.active", ErrNotAllowed, label.Names{"the entry is already active", "档案已是启用状态"}, nothing},
	{"archive.retired", ErrNotAllowed, label.Names{"the entry is already retired", "档案已停用"}, label.Names{"Activate the entry first if you need it.", "如需使用，请先启用该档案。"}},
	{"archive.in_use", ErrInUse, label.Names{"the entry is still referenced", "档案已被引用，不能删除"}, label.Names{"Retire the entry instead.", "请改为停用该档案。"}},
	{"archive.deleted", ErrNotAllowed, label.Names{"the entry was deleted", "档案已删除"}, label.Names{"Choose or create another entry.", "请选择或新建其他档案。"}},
	{"archive.new", ErrNotAllowed, label.Names{"the entry isn't stored yet", "档案尚未保存"}, bug},
	{"archive.ids", ErrInternal, label.Names{"the entry's id is missing", "档案标识缺失"}, bug},
	{"archive.unchanged", ErrInternal, label.Names{"the entry has no pending change", "档案没有任何变更"}, bug},

	{"scorecard.invalid", ErrInvalid, label.Names{"the scorecard's version is invalid", "评估模板信息有误"}, mend},
	{"scorecard.not_found", ErrNotFound, label.Names{"the scorecard has no such version", "评估模板版本不存在"}, label.Names{"Publish a version first, or choose an existing one.", "请先发布版本，或选择已有版本。"}},
	{"scorecard.kind", ErrNotAllowed, label.Names{"the entry isn't a scorecard", "该档案不是评估模板"}, label.Names{"Publish versions only for entries of kind scorecard.", "只能为评估模板类档案发布版本。"}},
	{"scorecard.values", ErrInvalid, label.Names{"the values don't fit the scorecard", "评分与评估模板不符"}, mend},
	{"scorecard.versions", ErrLimit, label.Names{"the scorecard has too many versions", "评估模板版本过多"}, label.Names{"Create another scorecard: one can have at most 10000 versions.", "请新建评估模板：每个模板最多 10000 个版本。"}},
	{"scorecard.pending", ErrInternal, label.Names{"the previous version wasn't stored", "上一版本尚未保存"}, bug},
	{"scorecard.corrupt", ErrCorrupt, label.Names{"a stored scorecard is out of bounds", "评估模板存储数据损坏"}, broken},
}
