package integration

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestPlansF10_TimeOnHoldIsReadByDeal: the filter by time in the stage reads, for each
// deal, that deal's own ledger rows by an index, not the ledger.
func TestPlansF10_TimeOnHoldIsReadByDeal(t *testing.T) {
	onSome(t, databases[:2], func(t *testing.T, d database) {
		c := &counter{}
		db := opened(t, watchedSource{open: d.made(t), c: c})
		store := d.on(t, db, nil)
		w := newWorld(t, store)
		c.take()
		require.NoError(t, store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().List(ctx, "acme", opportunity.Query{Scope: access.Scope{All: true}, Limit: 5, Filter: opportunity.Filter{StageEnteredTo: w.now}})
			return err
		}))
		var q string
		for _, x := range c.take() {
			if strings.Contains(x, "effective_to - h.effective_from") {
				q = x
			}
		}
		require.NotEmpty(t, q)
		seen := ""
		uses := func(q string) bool {
			if d.name == "sqlite" {
				got := strings.Join(plan(t, db, q, make([]any, strings.Count(q, "?"))), "\n")
				seen = got
				return strings.Contains(got, "SEARCH h USING PRIMARY KEY (tenant=? AND opportunity_id=?")
			}
			got := genericPlan(t, db, q)
			seen = got
			_, ledger, found := strings.Cut(got, "on pursuit_opportunity_ledger h")
			_, cond, by := strings.Cut(ledger, "Index Cond: ")
			cond, _, _ = strings.Cut(cond, "\n")
			return found && by && strings.Contains(cond, "opportunity_id = o.id")
		}
		require.True(t, uses(q), "%s\n%s", q, seen)
		// The twin: without the deal's id it isn't read by deal.
		require.False(t, uses(strings.Replace(q, "h.opportunity_id = o.id", "h.opportunity_id <> o.id", 1)))
	})
}

// genericPlan is PostgreSQL's plan of a statement, whatever its values. On tables that
// are empty all indexes cost the same; so the index by time is away, and the plan tells
// whether the rows can be found by the deal.
func genericPlan(t *testing.T, db *sql.DB, q string) string {
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	require.NoError(t, err)
	defer conn.Close()
	args := strings.TrimSuffix(strings.Repeat("NULL,", strings.Count(q, "$")), ",")
	for _, s := range []string{"BEGIN", "DROP INDEX pursuit_opportunity_ledger_at", "SET LOCAL enable_seqscan = off", "SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE held AS " + q} {
		_, err := conn.ExecContext(ctx, s)
		require.NoError(t, err, s)
	}
	rows, err := conn.QueryContext(ctx, "EXPLAIN EXECUTE held("+args+")")
	require.NoError(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	for _, s := range []string{"DEALLOCATE held", "ROLLBACK"} {
		_, err = conn.ExecContext(ctx, s)
		require.NoError(t, err)
	}
	return strings.Join(out, "\n")
}
