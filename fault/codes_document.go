package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// documentCodes are the codes of documents' contents and of the stores of blobs.
var documentCodes = []Code{
	{"document.not_found", ErrNotFound, label.Names{"the document's content is hidden from the actor", "文档不存在或无权查看"}, grant},
	{"document.elsewhere", ErrNotAllowed, label.Names{"the content is stored elsewhere", "文档内容存于别处"}, label.Names{"Fetch it from the document's location.", "请到文档所注明的位置获取。"}},
	{"document.too_large", ErrLimit, label.Names{"the content is larger than allowed", "文档过大"}, label.Names{"Store it elsewhere and record its location, or raise Options.MaxDocument.", "请存于别处并填写位置，或调大 Options.MaxDocument。"}},
	{"document.corrupt", ErrCorrupt, label.Names{"a stored document's hash can't be read", "文档的哈希无法读取"}, broken},
	{"document.content.missing", ErrCorrupt, label.Names{"the document's content is gone", "文档内容丢失"}, label.Names{"Restore the content store from its backup.", "请从备份恢复文档存储。"}},
	{"document.content.failed", ErrHost, label.Names{"the content can't be read", "文档内容读取失败"}, label.Names{"Send the content again from the beginning.", "请从头重新上传内容。"}},
	{"document.content.panic", ErrHost, label.Names{"the content's reader panicked", "文档内容读取异常"}, label.Names{"Fix the reader that the host passes.", "请修正宿主程序传入的读取器。"}},
	{"document.blobs.none", ErrNotAllowed, label.Names{"the engine has no content store", "未配置文档存储"}, label.Names{"Set Options.Blobs, or store the content elsewhere and record its location.", "请配置 Options.Blobs，或将内容存于别处并填写位置。"}},
	{"document.blobs.failed", ErrHost, label.Names{"the content store failed", "文档存储失败"}, label.Names{"Check the causes in the host's log, and try again.", "请查看日志中的原因后重试。"}},
	{"document.blobs.panic", ErrHost, label.Names{"the content store panicked", "文档存储异常"}, label.Names{"Fix the host's content store.", "请修正宿主程序的文档存储。"}},
	{"document.blobs.differ", ErrHost, label.Names{"the stored bytes differ from the content", "存储结果与文档内容不符"}, label.Names{"Fix the host's content store: it must store everything, unchanged.", "请修正宿主程序的文档存储：须完整且不改动地保存。"}},
	{"document.clean_up.invalid", ErrInvalid, label.Names{"the grace period is too short", "清理宽限时间过短"}, label.Names{"Leave new content alone for at least an hour.", "请为新内容至少保留一小时。"}},
	{"document.clean_up.transaction", ErrNotAllowed, label.Names{"content can't be cleaned up inside a transaction", "不能在事务中清理文档"}, label.Names{"Call it outside the host's transaction and outside batches.", "请在宿主事务和批处理之外调用。"}},
	{"blob.not_found", ErrNotFound, label.Names{"no content under this key", "存储内容不存在"}, absent},
	{"blob.exists", ErrDuplicate, label.Names{"content already exists under this key", "存储内容已存在"}, label.Names{"Store it under another id: stored content never changes.", "请换用其他标识存储：已有内容不会改变。"}},
	{"blob.corrupt", ErrCorrupt, label.Names{"stored content was altered", "存储内容损坏"}, label.Names{"Discard what you read, and restore the content from its backup.", "请勿使用所读内容，并从备份恢复。"}},
	{"blob.failed", ErrInternal, label.Names{"the content store failed", "内容存储出错"}, label.Names{"Check the causes in the host's log: disk space, permissions and disk health.", "请查看日志中的原因：磁盘空间、权限与健康状况。"}},
}
