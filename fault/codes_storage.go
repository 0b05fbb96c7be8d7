package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// storageCodes are those of the stores and their migrations.
var storageCodes = []Code{
	{"storage.busy", ErrRetry, label.Names{"the database is busy or gave the transaction up", "数据库繁忙"}, "Run the whole transaction again after a short wait."},
	{"storage.supposed", ErrRetry, label.Names{"something isn't stored as it was supposed to be", "存储内容与预期不符"}, "Run the whole transaction again; it then reads what is stored."},
	{"storage.commit", ErrOutcomeUnknown, label.Names{"the connection was lost while committing", "提交时连接中断"}, "Repeat with the same request id."},
	{"storage.cancelled", ErrCancelled, label.Names{"the context ended", "操作已取消或超时"}, "Repeat if it is still wanted, with more time."},
	{"storage.aborted", ErrTxAborted, label.Names{"an earlier error ended the transaction", "事务已因先前错误中止"}, "Roll back, and begin the whole transaction anew."},
	{"storage.unique", ErrDuplicate, label.Names{"a key is taken", "键值重复"}, "Read again: somebody stored the same at the same time."},
	{"storage.reference", ErrConflict, label.Names{"what is referred to was changed by somebody else", "引用的数据已被他人修改"}, "Read what is referred to again, and repeat."},
	{"storage.read_only", ErrNotAllowed, label.Names{"the transaction only reads", "只读事务不能写入"}, "Write in Update, not in View."},
	{"storage.corrupt", ErrCorrupt, label.Names{"a stored row can't be read", "存储的数据行无法读取"}, broken},
	{"storage.connection", ErrInternal, label.Names{"the connection was lost", "数据库连接中断"}, "Repeat when the database answers again; nothing was committed."},
	{"storage.full", ErrInternal, label.Names{"the database is full", "数据库空间不足"}, "Give the database room, and repeat."},
	{"storage.failed", ErrInternal, label.Names{"the database failed", "数据库出错"}, "Look at the cause in the chain, and at the database's log."},
	{"storage.encode", ErrInternal, label.Names{"a value doesn't encode", "数据无法编码"}, bug},
	{"storage.columns", ErrInternal, label.Names{"values and columns don't match", "数据与列不匹配"}, bug},
	{"storage.suppose", ErrInternal, label.Names{"the transaction can't suppose anything", "该事务不支持预设"}, bug},
	{"storage.no_database", ErrInternal, label.Names{"there is no database", "未提供数据库"}, "Give the store or the migration a database."},
	{"storage.options", ErrInvalid, label.Names{"the store's options are invalid", "存储选项有误"}, mend},
	{"storage.settings", ErrNotAllowed, label.Names{"the database isn't set up as the store needs it", "数据库设置不符合要求"}, "Change each setting that Fields lists."},
	{"storage.schema.newer", ErrNotAllowed, label.Names{"the tables are of a newer version of the library", "数据表版本高于程序版本"}, "Use the newer version of the library."},
	{"storage.migration", ErrNotFound, label.Names{"there is no such migration", "迁移版本不存在"}, "Ask for one of the migrations there are, from 1."},
	{"storage.migration.direction", ErrInvalid, label.Names{"a migration goes up or down only", "迁移方向有误"}, "Give Up or Down."},
	{"storage.migrations", ErrInternal, label.Names{"the built-in migrations can't be read", "内置迁移文件无法读取"}, "Build the library from its whole, unchanged source."},
	{"storage.migrate", ErrInternal, label.Names{"the migration tool failed", "迁移工具出错"}, "Look at the cause in the chain."},
	{"storage.migrate.lock", ErrInternal, label.Names{"the lock of migrations can't be handled", "迁移锁出错"}, "Look at the cause in the chain; the user needs the right to create and write the lock's table."},
	{"storage.migrate.mixed", ErrNotAllowed, label.Names{"the tables were made by another way of migrating", "数据表由另一种迁移方式建立"}, "Go on with the way that made the tables."},
}
