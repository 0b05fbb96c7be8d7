package fault

import (
	"cmp"
	"slices"

	"github.com/pursuit-crm/pursuit/internal/label"
)

//go:generate go test . -run "TestDocs|TestNames" -update

// Code is what is to know about one of the library's stable codes. A test holds
// that every code of the sources has one, and every one of them is used.
type Code struct {
	// Code is the stable code: "opportunity.advance.status".
	Code string
	// Kind is the sentinel that errors of this code have, always the same.
	Kind error
	// names is the meaning, in English and in Chinese.
	names label.Names
	// Remedy says in a sentence, in English, what to do about it.
	Remedy string
}

// Label gives the code's meaning in a language ("en", "zh-CN"; others get
// English).
func (c Code) Label(lang string) string { return c.names.In(lang) }

// area is the codes of one part of the library.
type area struct {
	file  string // of its constants: names_<file>.go
	title label.Names
	codes []Code
}

var areas = []area{
	{"opportunity", label.Names{"Opportunities", "商机"}, opportunityCodes},
	{"parts", label.Names{"What belongs to an opportunity", "商机明细"}, partCodes},
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

// What is to do about many of the codes.
const (
	mend   = "Mend what Fields lists, and repeat."
	reload = "Read it again, decide anew, and repeat with the version that was read."
	absent = "Check the id; it may be another tenant's, or hidden from the actor."
	bug    = "Report it with the error's chain: the code that embeds or extends the library misuses it."
	broken = "Stop changing it, keep the error's chain, and restore it from the journal or a backup."
)

// Codes returns all codes of the library, sorted. A host's own ones (of its
// policy, gates or sales system) aren't among them. The slice is the caller's.
func Codes() []Code {
	var out []Code
	for _, a := range areas {
		out = append(out, a.codes...)
	}
	slices.SortFunc(out, func(a, b Code) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// Label gives a code's meaning in a language ("en", "zh-CN"; others get
// English): "the opportunity's status forbids winning it". A code that isn't the
// library's, such as a host's own, is its own label.
func Label(code, lang string) string {
	if c, ok := codeOf(code); ok {
		return c.names.In(lang)
	}
	return code
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
