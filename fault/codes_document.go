package fault

import "github.com/pursuit-crm/pursuit/internal/label"

// documentCodes are those of documents' contents and of the stores of blobs.
var documentCodes = []Code{
	{"document.not_found", ErrNotFound, label.Names{"contents are hidden from the actor", "文档不存在或无权查看"}, "Let somebody with the right do it, or grant it."},
	{"document.elsewhere", ErrNotAllowed, label.Names{"the content is stored elsewhere", "文档内容存于别处"}, "Fetch it from the document's location."},
	{"document.too_large", ErrLimit, label.Names{"the content is larger than allowed", "文档过大"}, "Store it elsewhere and give its location, or raise the engine's Options.MaxDocument."},
	{"document.corrupt", ErrCorrupt, label.Names{"a stored document's hash can't be read", "文档的哈希无法读取"}, broken},
	{"document.content.missing", ErrCorrupt, label.Names{"the document's content is gone", "文档内容丢失"}, "Restore the store of contents from its backup."},
	{"document.content.failed", ErrHost, label.Names{"the content can't be read", "文档内容读取失败"}, "Send the content again from its beginning."},
	{"document.content.panic", ErrHost, label.Names{"the content's reader panicked", "文档内容读取异常"}, "Mend the reader that the host gives."},
	{"document.blobs.none", ErrNotAllowed, label.Names{"the engine has no store for contents", "未配置文档存储"}, "Give the engine Options.Blobs, or store the content elsewhere and give its location."},
	{"document.blobs.failed", ErrHost, label.Names{"the store of contents failed", "文档存储失败"}, "Look at the cause in the chain, and repeat."},
	{"document.blobs.panic", ErrHost, label.Names{"the store of contents panicked", "文档存储异常"}, "Mend the host's store of contents."},
	{"document.blobs.differ", ErrHost, label.Names{"what was stored isn't the content", "存储结果与文档内容不符"}, "Mend the host's store of contents: it has to store all of it, unchanged."},
	{"document.clean_up.invalid", ErrInvalid, label.Names{"the time of grace is too short", "清理宽限时间过短"}, "Leave new contents an hour at least."},
	{"document.clean_up.transaction", ErrNotAllowed, label.Names{"contents aren't cleaned up inside a transaction", "不能在事务中清理文档"}, "Call it outside of the host's transaction and of batches."},
	{"blob.not_found", ErrNotFound, label.Names{"there is no content under the key", "存储内容不存在"}, absent},
	{"blob.exists", ErrDuplicate, label.Names{"there is content under the key", "存储内容已存在"}, "Store it under another id: what is there stays."},
	{"blob.corrupt", ErrCorrupt, label.Names{"stored content isn't what was stored", "存储内容损坏"}, "Don't trust what was read; restore the content from its backup."},
	{"blob.failed", ErrInternal, label.Names{"the store of contents failed", "内容存储出错"}, "Look at the cause in the chain: room, rights and health of the disk."},
}
