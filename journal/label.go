package journal

import "github.com/pursuit-crm/pursuit/internal/label"

var kindLabels = label.Table[Kind]{
	KindOpportunity: {"opportunity", "商机"},
	KindCustomer:    {"customer", "客户"},
	KindArchive:     {"archive entry", "档案"},
	KindProcess:     {"process", "销售模式"},
	KindOrder:       {"order", "商机订单"},
	KindQuote:       {"quote", "商机报价"},
	KindSales:       {"sales system", "销售系统"},
}

// Label returns the kind's name in a language ("en", "zh-CN"; others get
// English), or its stable name if it has none.
func (k Kind) Label(lang string) string { return kindLabels.Of(k, lang, string(k)) }
