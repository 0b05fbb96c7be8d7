package lifecycle

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// tables are all that lives write to, each with an order that doesn't depend on
// ids beyond those of one life.
var tables = []struct{ name, order string }{
	{"pursuit_customer", "name"},
	{"pursuit_contact", "name"},
	{"pursuit_opportunity", "number"},
	{"pursuit_opportunity_member", "joined, user_id"},
	{"pursuit_opportunity_line", "opportunity_id, number"},
	{"pursuit_opportunity_contact", "opportunity_id"},
	{"pursuit_opportunity_choice", "opportunity_id, position"},
	{"pursuit_opportunity_cycle", "opportunity_id"},
	{"pursuit_opportunity_ledger", "opportunity_id, seq"},
	{"pursuit_sales_order", "number"},
	{"pursuit_sales_order_line", "order_id, number"},
	{"pursuit_sales_order_event", "order_id"},
	{"pursuit_journal", "effective, kind, seq"},
	{"pursuit_request", "request_key"},
	{"pursuit_number_series", "series"},
	{"pursuit_archive_entry", "code"},
	{"pursuit_process", "code"},
}

var idText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// content gives the content of all tables, a line for each column of each row.
// Ids are replaced by numbers in the order in which they are met, so that what
// refers to what still shows; hashes by their lengths.
func content(ctx context.Context, db *sql.DB) ([]string, error) {
	var out []string
	met := map[string]string{}
	id := func(s string) string {
		if met[s] == "" {
			met[s] = fmt.Sprintf("id %d", len(met)+1)
		}
		return met[s]
	}
	for _, t := range tables {
		rows, err := db.QueryContext(ctx, "SELECT * FROM "+t.name+" ORDER BY "+t.order)
		if err != nil {
			return nil, err
		}
		cols, err := rows.Columns()
		if err != nil {
			rows.Close()
			return nil, err
		}
		for n := 1; rows.Next(); n++ {
			vals := make([]any, len(cols))
			dest := make([]any, len(cols))
			for i := range vals {
				dest[i] = &vals[i]
			}
			if err := rows.Scan(dest...); err != nil {
				rows.Close()
				return nil, err
			}
			for i, v := range vals {
				var s string
				b, raw := v.([]byte)
				switch {
				case raw && len(b) == 16 && strings.HasSuffix(cols[i], "id"):
					h := hex.EncodeToString(b)
					s = id(strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-"))
				case raw && strings.HasSuffix(cols[i], "hash"):
					s = fmt.Sprintf("hash of %d", len(b))
				case raw:
					s = idText.ReplaceAllStringFunc(string(b), id)
				default:
					s = idText.ReplaceAllStringFunc(fmt.Sprintf("%T %[1]v", v), id)
				}
				out = append(out, fmt.Sprintf("%s %d %s: %s", t.name, n, cols[i], s))
			}
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// differences lists the lines in which two contents differ, at most n of them.
func differences(a, b []string, n int) []string {
	var out []string
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y && len(out) < n {
			out = append(out, "- "+x, "+ "+y)
		}
	}
	return slices.Clip(out)
}
