package integration

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// section is a part of docs/schema.md.
type section struct{ title, text string }

func sections(t *testing.T, level string) (out []section) {
	b, err := os.ReadFile("../../docs/schema.md")
	require.NoError(t, err)
	for _, part := range strings.Split("\n"+string(b), "\n"+level+" ")[1:] {
		title, text, _ := strings.Cut(part, "\n")
		text, _, _ = strings.Cut(text, "\n## ")
		out = append(out, section{title, text})
	}
	return out
}

var quoted = regexp.MustCompile("`([a-z_]+)`")

// named are the columns that a table of columns names.
func named(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, "|"); len(cells) == 4 {
			for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
				out[m[1]] = true
			}
		}
	}
	return out
}

// TestSchemaDocument_EveryColumnIsNamed, and nothing is named that isn't there.
func TestSchemaDocument_EveryColumnIsNamed(t *testing.T) {
	t.Parallel()
	_, db := databases[0].store(t, nil)
	var common map[string]bool
	for _, s := range sections(t, "##") {
		if s.title == "Columns of many tables" {
			common = named(s.text)
		}
	}
	require.NotEmpty(t, common)
	tables := map[string]map[string]bool{}
	for _, s := range sections(t, "###") {
		if strings.HasPrefix(s.title, "pursuit_") {
			tables[s.title] = named(s.text)
		}
	}
	used := map[string]bool{}
	for _, name := range lists(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'pursuit%'") {
		own, ok := tables[name]
		require.True(t, ok, "%s is missing", name)
		delete(tables, name)
		for _, c := range lists(t, db, "SELECT name FROM pragma_table_info('"+name+"')") {
			require.True(t, own[c] || common[c] || name == "pursuit_schema_version", "%s.%s is missing", name, c)
			used[c] = true
			delete(own, c)
		}
		require.Empty(t, own, "%s doesn't have them", name)
	}
	require.Empty(t, tables, "they aren't there")
	for c := range common {
		require.True(t, used[c], c)
	}
}

// reported are the answers on what reporting makes, by the query's title.
var reported = map[string][]string{
	"Pipeline by stage":                  {"crm|Prospecting|USD|1|27135", "crm|Engaging|USD|1|27135"},
	"Weighted forecast by owner":         {"ann|best_case|USD|1|27135|13567.5", "ann|pipeline|USD|1|27135|2713.5"},
	"Won amounts by month":               {"2026-03|USD|1|30000", "2026-05|USD|1|27135"},
	"The pipeline as it was":             {"open|prospecting|USD|4|108540", "won|prospecting|USD|1|30000"},
	"Why deals were lost, and to whom":   {"price|contoso|USD|1|27135"},
	"Orders: what is still to come":      {"ORD-2026-000001|Northwind|executing|USD|30000|28135|27135|2365"},
	"Order lines: ordered and delivered": {"ORD-2026-000001|1|3|0|0", "ORD-2026-000001|2|1|1|1865", "ORD-2026-000001|3|2.5|0|1000"},
	"Won amounts by member of the team":  {"ann|USD|46281", "bob|USD|10854"},
	"How long deals stay in a stage":     {"prospecting|4|23.156"},
	"What is to do, and by whom":         {"ann|OPP-2026-000003|call|Call Li Wei"},
	"What was spent, by kind":            {"travel|EUR|1|4250"},
}

// reporting makes deals in all states: one is won and its order executed in part, on
// the morning of the second of March; of three more that are recorded then, one
// advances and one is lost the day after, and one is won and closed in May.
func reporting(w *tenant) {
	o := w.s.Opportunities()
	w.sales(order.InitialiseInput{})
	_, id := w.ordered()
	w.must(w.s.Orders().Confirm(w.ctx, id))
	events := everythingDone()
	w.must(w.s.Orders().Execute(w.ctx, id, []order.EventInput{events[1], events[4], events[5],
		{External: "R1", Kind: order.Receipt, Amount: usd("5.00"), On: onDay()}}))
	w.record()
	advanced, lost, closed := w.record().ID, w.record().ID, w.record().ID

	w.now = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	w.must(o.Advance(w.ctx, advanced, opportunity.AdvanceInput{To: "engaging", Summary: "They want it"}))
	require.NoError(w.t, w.command(lost, opportunity.CommandLose))

	w.now = time.Date(2026, 5, 31, 23, 59, 0, 0, time.UTC)
	w.must(w.s.Team().Set(w.ctx, closed, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read}))
	w.must(w.s.Team().SetSplits(w.ctx, closed, opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 6000, "bob": 4000}}))
	require.NoError(w.t, w.command(closed, opportunity.CommandWin))
	require.NoError(w.t, w.command(closed, opportunity.CommandClose))

	w.must(w.s.Activities().Plan(w.ctx, advanced, w.call()))
	spent, err := w.s.Expenses().Add(w.ctx, advanced, w.train())
	w.must(spent, err)
	w.must(w.user("bob").Expenses().Submit(w.ctx, advanced, spent.Expense))
	w.must(w.s.Expenses().Approve(w.ctx, advanced, spent.Expense))
}

// TestSchemaDocument_QueriesRun, each on the databases that it says, and answer
// alike.
func TestSchemaDocument_QueriesRun(t *testing.T) {
	block := regexp.MustCompile("(?s)```sql ?([a-z]*)\n(.*?)```")
	onSQL(t, func(t *testing.T, d database) {
		store, db := d.store(t, nil)
		reporting(tenantOn(t, store, d.host(t, store, db)))
		ran := map[string]bool{}
		for _, s := range sections(t, "###") {
			for _, m := range block.FindAllStringSubmatch(s.text, -1) {
				if m[1] != "" && m[1] != d.name {
					continue
				}
				want, ok := reported[s.title]
				require.True(t, ok, s.title)
				require.Equal(t, want, answers(t, db, m[2]), s.title)
				require.False(t, ran[s.title], "%s twice", s.title)
				ran[s.title] = true
			}
		}
		require.Len(t, ran, len(reported))
	})
}

// answers gives rows as text; numbers in one form, whatever the driver gives.
func answers(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err, query)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		values := make([]any, len(columns))
		dest := make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		require.NoError(t, rows.Scan(dest...))
		cells := make([]string, len(columns))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			cells[i] = fmt.Sprint(v)
			if n, err := decimal.NewFromString(cells[i]); err == nil {
				cells[i] = n.Round(3).String()
			}
		}
		out = append(out, strings.Join(cells, "|"))
	}
	require.NoError(t, rows.Err())
	return out
}
