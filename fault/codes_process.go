package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// processCodes are the codes of processes, their stages and gates.
var processCodes = []Code{
	{"process.invalid", ErrInvalid, label.Names{"the process definition is invalid", "销售模式定义有误"}, mend},
	{"process.check", ErrInvalid, label.Names{"the process can't work as defined", "销售模式校验未通过"}, label.Names{"Correct the stages, moves and gates named in the fields, and publish again.", "请修正所列阶段、流转和阶段门后重新发布。"}},
	{"process.not_found", ErrNotFound, label.Names{"process or version not found", "销售模式不存在或无权查看"}, absent},
	{"process.changed", ErrConflict, label.Names{"the process was changed by someone else", "销售模式已被他人修改"}, reload},
	{"process.code.taken", ErrDuplicate, label.Names{"the process's code is taken", "销售模式编码已存在"}, label.Names{"Use another code, or publish a version of the process that already has it.", "请更换编码，或为已有该编码的销售模式发布版本。"}},
	{"process.code.invalid", ErrInvalid, label.Names{"the process's code is invalid", "销售模式编码格式有误"}, mend},
	{"process.active", ErrNotAllowed, label.Names{"the process is already active", "销售模式已是启用状态"}, nothing},
	{"process.retired", ErrNotAllowed, label.Names{"the process is retired", "销售模式已停用"}, label.Names{"Activate the process, or choose another.", "请启用该销售模式，或选择其他。"}},
	{"process.default", ErrNotAllowed, label.Names{"the default process can't be retired", "默认销售模式不能停用"}, label.Names{"Make another process the default first.", "请先将其他销售模式设为默认。"}},
	{"process.in_use", ErrInUse, label.Names{"opportunities refer to the process", "销售模式已被商机引用，不能删除"}, label.Names{"Retire the process instead.", "请改为停用该销售模式。"}},
	{"process.migration", ErrNotAllowed, label.Names{"stages in use aren't mapped", "使用中的销售阶段未建立对应关系"}, label.Names{"Map each listed stage to a stage of the new version.", "请将所列阶段对应到新版本的阶段。"}},
	{"process.migrate.gates", ErrNotAllowed, label.Names{"opportunities don't meet the new version's conditions", "部分商机未满足新版本的阶段门"}, label.Names{"Meet the listed conditions, map to another stage, or override with a reason if you have the right.", "请满足所列条件或对应到其他阶段；有权限者可说明理由后跳过。"}},
	{"process.corrupt", ErrCorrupt, label.Names{"a stored process version can't be used", "销售模式版本存储数据损坏"}, broken},

	{"stage.unknown", ErrInvalid, label.Names{"not a stage of the process", "销售阶段不属于该销售模式"}, label.Names{"Choose a stage of the opportunity's process version.", "请选择该商机销售模式版本中的阶段。"}},
	{"stage.same", ErrNotAllowed, label.Names{"the opportunity is already in that stage", "商机已处于该销售阶段"}, label.Names{"No action is needed; or choose another stage.", "无需处理，或选择其他阶段。"}},
	{"stage.move", ErrNotAllowed, label.Names{"the process doesn't lead to that stage", "销售模式不允许推进到该阶段"}, label.Names{"Choose a target that the process allows from the current stage.", "请选择销售模式允许的目标阶段。"}},
	{"gate.failed", ErrHost, label.Names{"a host gate failed", "宿主程序的阶段门执行失败"}, label.Names{"Check the cause in the host's log, then try again.", "请查看宿主程序日志中的原因后重试。"}},
	{"gate.panic", ErrHost, label.Names{"a host gate panicked", "宿主程序的阶段门异常"}, label.Names{"Fix the host's gate, then try again.", "请修正宿主程序的阶段门后重试。"}},
	{"names.invalid", ErrInvalid, label.Names{"the names by language are invalid", "多语言名称有误"}, mend},
	{"table.invalid", ErrInvalid, label.Names{"the state machine's definition is invalid", "状态机定义有误"}, mend},
}
