package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// partCodes are those of what belongs to an opportunity: team, splits, lines,
// contacts, competitors, activities, expenses.
var partCodes = []Code{
	{"opportunity.team.status", ErrNotAllowed, label.Names{"the opportunity's status forbids changing the team", "当前商机状态不允许修改团队"}, "Reopen the opportunity first."},
	{"opportunity.member.invalid", ErrInvalid, label.Names{"the member's details are invalid", "团队成员信息有误"}, mend},
	{"opportunity.member.not_found", ErrNotFound, label.Names{"that user isn't in the team", "该用户不是团队成员"}, "Set the user as a member first."},
	{"opportunity.member.owner", ErrNotAllowed, label.Names{"the owner changes by a transfer only", "负责人只能通过移交变更"}, "Transfer the opportunity instead."},
	{"opportunity.member.split", ErrNotAllowed, label.Names{"a member with a split can't be removed", "成员有业绩分配，不能移除"}, "Set the splits without the member first."},
	{"opportunity.members.too_many", ErrLimit, label.Names{"the team is full", "团队成员过多"}, "Remove a member: a team has at most 100."},
	{"opportunity.splits.invalid", ErrInvalid, label.Names{"the splits are invalid", "业绩分配有误"}, "Mend what Fields lists; revenue splits total 10000 basis points."},
	{"opportunity.splits.status", ErrNotAllowed, label.Names{"the opportunity's status forbids changing splits", "当前商机状态不允许修改业绩分配"}, "Reopen the opportunity first."},
	{"opportunity.transfer.invalid", ErrInvalid, label.Names{"the transfer's details are invalid", "移交信息有误"}, mend},
	{"opportunity.transfer.status", ErrNotAllowed, label.Names{"the opportunity's status forbids a transfer", "当前商机状态不允许移交"}, "Reopen the opportunity first."},

	{"opportunity.lines.invalid", ErrInvalid, label.Names{"the lines are invalid", "商机产品信息有误"}, mend},
	{"opportunity.lines.status", ErrNotAllowed, label.Names{"the opportunity's status forbids changing lines", "当前商机状态不允许修改商机产品"}, "Reopen the opportunity first."},
	{"opportunity.line.not_found", ErrNotFound, label.Names{"the opportunity has no such line", "商机产品行不存在"}, "Read the lines again, and use a number that is there."},
	{"opportunity.lines.too_many", ErrLimit, label.Names{"too many lines", "商机产品行过多"}, "Give fewer lines: an opportunity has at most 500."},

	{"opportunity.contact.invalid", ErrInvalid, label.Names{"the contact's part in the deal is invalid", "商机联系人信息有误"}, mend},
	{"opportunity.contact.not_found", ErrNotFound, label.Names{"the contact doesn't have this role in the deal", "商机中没有该角色的联系人"}, "Read the contacts again, and use one that is there."},
	{"opportunity.contact.exists", ErrDuplicate, label.Names{"the contact has this role already", "该联系人已担任此角色"}, "Nothing is to do, or give another role."},
	{"opportunity.contacts.status", ErrNotAllowed, label.Names{"the opportunity's status forbids changing contacts", "当前商机状态不允许修改联系人"}, "Reopen the opportunity first."},
	{"opportunity.contacts.too_many", ErrLimit, label.Names{"too many contacts", "商机联系人过多"}, "Remove one: an opportunity has at most 200."},
	{"opportunity.competitor.invalid", ErrInvalid, label.Names{"the competitor's details are invalid", "竞争对手信息有误"}, mend},
	{"opportunity.competitor.not_found", ErrNotFound, label.Names{"the competitor isn't on the opportunity", "商机中没有该竞争对手"}, "Add the competitor first."},
	{"opportunity.competitor.exists", ErrDuplicate, label.Names{"the competitor is on the opportunity already", "该竞争对手已登记"}, "Update the one that is there."},
	{"opportunity.competitors.status", ErrNotAllowed, label.Names{"the opportunity's status forbids changing competitors", "当前商机状态不允许修改竞争对手"}, "Reopen the opportunity first."},
	{"opportunity.competitors.too_many", ErrLimit, label.Names{"too many competitors", "竞争对手过多"}, "Remove one: an opportunity has at most 50."},

	{"opportunity.activity.invalid", ErrInvalid, label.Names{"the activity's details are invalid", "商机活动信息有误"}, mend},
	{"opportunity.activity.not_found", ErrNotFound, label.Names{"the opportunity has no such activity", "商机活动不存在"}, absent},
	{"opportunity.activity.status", ErrNotAllowed, label.Names{"the activity's status forbids this", "当前活动状态不允许此操作"}, "Plan or log another activity; what is done or cancelled stays so."},
	{"opportunity.activities.status", ErrNotAllowed, label.Names{"the opportunity's status forbids activities", "当前商机状态不允许登记活动"}, "Reopen the opportunity first."},
	{"opportunity.activities.too_many", ErrLimit, label.Names{"too many activities", "商机活动过多"}, "Remove what isn't needed: an opportunity has at most 2000."},
	{"opportunity.expense.invalid", ErrInvalid, label.Names{"the expense's details are invalid", "商机费用信息有误"}, mend},
	{"opportunity.expense.not_found", ErrNotFound, label.Names{"the opportunity has no such expense", "商机费用不存在"}, absent},
	{"opportunity.expense.own", ErrNotAllowed, label.Names{"nobody approves an expense of his own", "不能审批本人的费用"}, "Let somebody else approve it."},
	{"opportunity.expense.status", ErrNotAllowed, label.Names{"the expense's status forbids this", "当前费用状态不允许此操作"}, "Follow the order: draft, submitted, approved or rejected, settled."},
	{"opportunity.expenses.status", ErrNotAllowed, label.Names{"the opportunity's status forbids expenses", "当前商机状态不允许登记费用"}, "Reopen the opportunity first."},
	{"opportunity.expenses.too_many", ErrLimit, label.Names{"too many expenses", "商机费用过多"}, "Gather small ones in one: an opportunity has at most 1000."},
}
