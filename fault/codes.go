package fault

import (
	"cmp"
	"slices"

	"github.com/pursuit-crm/pursuit/internal/label"
)

//go:generate go test . -run "TestDocs|TestNames" -update

// Code describes one of the library's stable codes. A test checks that every code
// in the sources has an entry and that every entry is used.
type Code struct {
	// Code is the stable code: "opportunity.advance.status".
	Code string
	// Kind is the sentinel of every error with this code.
	Kind  error
	names label.Names
	// remedy is one sentence that tells a caller what to do.
	remedy label.Names
}

// Label returns the code's meaning in a language ("en", "zh-CN"; others get
// English).
func (c Code) Label(lang string) string { return c.names.In(lang) }

// Remedy returns a sentence on what to do about the error, in a language ("en",
// "zh-CN"; others get English).
func (c Code) Remedy(lang string) string { return c.remedy.In(lang) }

// area groups the codes of one part of the library.
type area struct {
	file  string // holds its constants: names_<file>.go
	title label.Names
	codes []Code
}

var areas = []area{
	{"opportunity", label.Names{"Opportunities", "商机"}, opportunityCodes},
	{"parts", label.Names{"Parts of an opportunity", "商机明细"}, partCodes},
	{"customer", label.Names{"Customers and contacts", "客户与联系人"}, customerCodes},
	{"archive", label.Names{"Archives", "档案"}, archiveCodes},
	{"document", label.Names{"Contents of documents", "文档内容"}, documentCodes},
	{"process", label.Names{"Processes and stages", "销售模式与销售阶段"}, processCodes},
	{"quote", label.Names{"Quotes", "商机报价"}, quoteCodes},
	{"order", label.Names{"Orders and the sales system", "商机订单与销售系统"}, orderCodes},
	{"money", label.Names{"Money, dates and numbers", "金额、日期与数字"}, moneyCodes},
	{"call", label.Names{"Calls, queries and requests", "调用、查询与请求"}, callCodes},
	{"host", label.Names{"Policy and other code of the host", "权限与宿主程序"}, hostCodes},
	{"journal", label.Names{"Journal and relay", "日志与转发"}, journalCodes},
	{"storage", label.Names{"Storage", "存储"}, storageCodes},
}

// Remedies shared by many codes.
var (
	mend     = label.Names{"Correct the listed fields and try again.", "请修正所列字段后重试。"}
	reload   = label.Names{"Reload it, check the changes, and try again with the new version.", "请重新读取最新内容，确认后按新版本重试。"}
	absent   = label.Names{"Check the id: it may belong to another tenant or be hidden from the actor.", "请核对标识；它可能属于其他租户，或当前用户无权查看。"}
	bug      = label.Names{"Report it with the error chain: the code that embeds or extends the library misuses it.", "请连同错误链反馈：集成或扩展本库的程序用法有误。"}
	broken   = label.Names{"Stop changing it, keep the error chain, and restore it from the journal or a backup.", "请停止修改，保留错误链，并从日志或备份恢复。"}
	nothing  = label.Names{"No action is needed.", "无需处理。"}
	reopen   = label.Names{"Reopen the opportunity first.", "请先重新打开商机。"}
	resume   = label.Names{"Resume or reopen the opportunity first.", "请先恢复或重新打开商机。"}
	grant    = label.Names{"Ask someone who has the right to do it, or to grant it.", "请由有权限的人员操作，或申请授权。"}
	present  = label.Names{"Use a time that isn't in the future.", "请填写不晚于当前的时间。"}
	renumber = label.Names{"If you entered the number, enter another one. If the series or the host assigned it, try again: the next number will be used.", "若编号由输入指定，请更换编号；若由编号序列或宿主程序给出，请重试，系统会取下一个编号。"}
)

// Codes returns all codes of the library, sorted. It excludes a host's own codes
// (of its policy, gates or sales system). The caller owns the slice.
func Codes() []Code {
	var out []Code
	for _, a := range areas {
		out = append(out, a.codes...)
	}
	slices.SortFunc(out, func(a, b Code) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Label returns a code's meaning in a language ("en", "zh-CN"; others get
// English): "the opportunity's status forbids winning it". A code unknown to the
// library, such as a host's own, is its own label.
func Label(code, lang string) string {
	if c, ok := codeOf(code); ok {
		return c.names.In(lang)
	}
	return code
}

// Remedy returns a sentence on what to do about an error with the code, in a
// language ("en", "zh-CN"; others get English). It returns "" for a code unknown
// to the library.
func Remedy(code, lang string) string {
	c, _ := codeOf(code)
	return c.remedy.In(lang)
}

func codeOf(code string) (Code, bool) {
	for _, a := range areas {
		for _, c := range a.codes {
			if c.Code == code {
				return c, true
			}
		}
	}
	return Code{}, false
}
