package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// processCodes are those of processes, their stages and gates.
var processCodes = []Code{
	{"process.invalid", ErrInvalid, label.Names{"the process definition is invalid", "销售模式定义有误"}, mend},
	{"process.check", ErrInvalid, label.Names{"the process can't work as it is defined", "销售模式校验未通过"}, "Mend the stages, moves and gates that Fields lists, and publish again."},
	{"process.not_found", ErrNotFound, label.Names{"the process or its version isn't there", "销售模式不存在或无权查看"}, absent},
	{"process.changed", ErrConflict, label.Names{"the process was changed by somebody else", "销售模式已被他人修改"}, reload},
	{"process.code.taken", ErrDuplicate, label.Names{"the process's code is taken", "销售模式编码已存在"}, "Give another code, or publish a version of the process that has it."},
	{"process.code.invalid", ErrInvalid, label.Names{"the process's code is invalid", "销售模式编码格式有误"}, mend},
	{"process.active", ErrNotAllowed, label.Names{"the process is active already", "销售模式已是启用状态"}, "Nothing is to do."},
	{"process.retired", ErrNotAllowed, label.Names{"the process is retired", "销售模式已停用"}, "Activate the process, or choose another."},
	{"process.default", ErrNotAllowed, label.Names{"the default process can't be retired", "默认销售模式不能停用"}, "Make another process the default first."},
	{"process.in_use", ErrInUse, label.Names{"opportunities refer to the process", "销售模式已被商机引用，不能删除"}, "Retire the process instead."},
	{"process.migration", ErrNotAllowed, label.Names{"stages in use aren't mapped", "使用中的销售阶段未建立对应关系"}, "Map each stage that Fields lists to one of the new version."},
	{"process.migrate.gates", ErrNotAllowed, label.Names{"opportunities don't meet the new version's conditions", "部分商机未满足新版本的阶段门"}, "Meet what Fields lists, map to another stage, or override with a reason and the right to."},
	{"process.corrupt", ErrCorrupt, label.Names{"a stored process version can't be used", "销售模式版本存储数据损坏"}, broken},

	{"stage.unknown", ErrInvalid, label.Names{"that isn't a stage of the process", "销售阶段不属于该销售模式"}, "Choose a stage of the opportunity's process version."},
	{"stage.same", ErrNotAllowed, label.Names{"it is in that stage already", "商机已处于该销售阶段"}, "Nothing is to do, or choose another stage."},
	{"stage.move", ErrNotAllowed, label.Names{"the process doesn't lead to that stage", "销售模式不允许推进到该阶段"}, "Choose one of the targets that the process allows from here."},
	{"gate.panic", ErrHost, label.Names{"a gate of the host panicked", "宿主程序的阶段门异常"}, "Mend the host's gate; the command can then be repeated."},
	{"names.invalid", ErrInvalid, label.Names{"names in several languages are invalid", "多语言名称有误"}, mend},
	{"table.invalid", ErrInvalid, label.Names{"the state machine's definition is invalid", "状态机定义有误"}, mend},
}
