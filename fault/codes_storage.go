package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// storageCodes are the codes of the stores and their migrations.
var storageCodes = []Code{
	{"storage.busy", ErrRetry, label.Names{"the database is busy or rolled the transaction back", "数据库繁忙"}, label.Names{"Run the whole transaction again after a short wait.", "请稍后重新执行整个事务。"}},
	{"storage.commit", ErrOutcomeUnknown, label.Names{"the connection was lost during commit", "提交时连接中断"}, label.Names{"Retry the command with the same request id.", "请以相同请求号重试。"}},
	{"storage.cancelled", ErrCancelled, label.Names{"the context ended", "操作已取消或超时"}, label.Names{"If it is still needed, try again with more time.", "如仍需要，请延长时限后重试。"}},
	{"storage.aborted", ErrTxAborted, label.Names{"an earlier error ended the transaction", "事务已因先前错误中止"}, label.Names{"Roll back, and start the whole transaction again.", "请回滚并重新开始整个事务。"}},
	{"storage.unique", ErrDuplicate, label.Names{"the key already exists", "键值重复"}, label.Names{"Reload: someone stored the same thing at the same time.", "请重新读取：他人同时保存了相同内容。"}},
	{"storage.reference", ErrConflict, label.Names{"a referenced record was changed by someone else", "引用的数据已被他人修改"}, label.Names{"Reload the referenced record, and try again.", "请重新读取所引用的数据后重试。"}},
	{"storage.read_only", ErrNotAllowed, label.Names{"the transaction is read-only", "只读事务不能写入"}, label.Names{"Write in Update, not in View.", "请在 Update 而非 View 中写入。"}},
	{"storage.corrupt", ErrCorrupt, label.Names{"a stored row can't be read", "存储的数据行无法读取"}, broken},
	{"storage.connection", ErrInternal, label.Names{"the connection was lost", "数据库连接中断"}, label.Names{"Try again when the database answers; nothing was committed.", "数据库恢复后请重试；未提交任何数据。"}},
	{"storage.full", ErrInternal, label.Names{"the database is full", "数据库空间不足"}, label.Names{"Free or add database space, and try again.", "请为数据库扩容后重试。"}},
	{"storage.failed", ErrInternal, label.Names{"the database failed", "数据库出错"}, label.Names{"Check the causes in the host's log (%+v or slog) and the database's own log.", "请查看日志中的原因（%+v 或 slog）以及数据库日志。"}},
	{"storage.encode", ErrInternal, label.Names{"a value can't be encoded", "数据无法编码"}, bug},
	{"storage.columns", ErrInternal, label.Names{"values and columns don't match", "数据与列不匹配"}, bug},
	{"storage.no_database", ErrInternal, label.Names{"no database was supplied", "未提供数据库"}, label.Names{"Pass a database to the store or the migration.", "请为存储或迁移提供数据库。"}},
	{"storage.options", ErrInvalid, label.Names{"the store's options are invalid", "存储选项有误"}, mend},
	{"storage.settings", ErrNotAllowed, label.Names{"the database isn't set up as the store requires", "数据库设置不符合要求"}, label.Names{"Change each listed setting. For /schema_version, run Migrate or your own migration tool.", "请修改所列设置；若为 /schema_version，请运行 Migrate 或自有迁移工具。"}},
	{"storage.schema.newer", ErrNotAllowed, label.Names{"the tables belong to a newer version of the library", "数据表版本高于程序版本"}, label.Names{"Use the newer version of the library.", "请使用更新版本的本库。"}},
	{"storage.migration", ErrNotFound, label.Names{"migration not found", "迁移版本不存在"}, label.Names{"Use an existing migration, starting from 1.", "请指定已有的迁移版本，从 1 开始。"}},
	{"storage.migration.direction", ErrInvalid, label.Names{"the migration direction is invalid", "迁移方向有误"}, label.Names{"Use Up or Down.", "请使用 Up 或 Down。"}},
	{"storage.migrations", ErrInternal, label.Names{"the built-in migrations can't be read", "内置迁移文件无法读取"}, label.Names{"Build the library from its complete, unchanged source.", "请使用完整且未改动的源码构建。"}},
	{"storage.migrate", ErrInternal, label.Names{"the migration tool failed", "迁移工具出错"}, label.Names{"Check the causes in the host's log.", "请查看日志中的原因。"}},
	{"storage.migrate.lock", ErrInternal, label.Names{"the migration lock failed", "迁移锁出错"}, label.Names{"Check the causes in the host's log; the database user needs the right to create and write the lock table.", "请查看日志中的原因；数据库用户须有创建和写入锁表的权限。"}},
	{"storage.migrate.mixed", ErrNotAllowed, label.Names{"the tables were created by another migration tool", "数据表由另一种迁移方式建立"}, label.Names{"Continue with the tool that created the tables.", "请继续使用建表时的迁移工具。"}},
}
