package reliability

import "strings"

// tables are all of the store's but the number series, without the prefix.
var tables = []string{
	"archive_entry", "customer", "contact", "process", "process_version", "opportunity", "opportunity_member", "opportunity_line",
	"opportunity_contact", "opportunity_choice", "opportunity_cycle", "opportunity_activity", "opportunity_expense", "opportunity_ledger", "opportunity_document", "opportunity_evaluation",
	"scorecard_version", "sales_order", "sales_order_line",
	"sales_order_event", "sales_settings", "quote", "quote_revision", "quote_line", "journal", "request",
}

// counts counts the rows of each, of all tenants.
var counts = func() string {
	var parts []string
	for _, t := range tables {
		parts = append(parts, "SELECT '"+t+"', COUNT(*) FROM pursuit_"+t)
	}
	return strings.Join(parts, " UNION ALL ")
}()
