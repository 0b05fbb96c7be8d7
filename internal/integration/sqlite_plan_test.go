package integration

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestJ01_EveryStatementSearchesByTenant runs everything that is asked, and
// wants each statement to name the tenant, and each table to be searched by an
// index that begins with it.
func TestJ01_EveryStatementSearchesByTenant(t *testing.T) {
	t.Parallel()
	c := &counter{}
	db := sql.OpenDB(watchedSource{source: sqliteSource(filepath.Join(t.TempDir(), "p.db")), c: c})
	defer db.Close()
	store := mustStore(t, db)
	require.NoError(t, store.Migrate(context.Background()))
	c.take()
	w := newWorld(t, store)
	ids := w.lifecycle()
	w.everything(ids)
	require.NoError(t, store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
		for _, sc := range []access.Scope{{All: true}, {User: "bob"}} {
			_, err := tx.Orders().List(ctx, "acme", order.Query{Scope: sc, Limit: 3, AfterNumber: "a"})
			require.NoError(t, err)
			_, err = tx.Quotes().List(ctx, "acme", quote.Query{Scope: sc, Limit: 3, AfterNumber: "a"})
			require.NoError(t, err)
			_, err = tx.Customers().List(ctx, "acme", customer.Query{Scope: sc, Limit: 3, Search: "a", AfterKey: "a", AfterID: w.customer})
			require.NoError(t, err)
		}
		_, err := tx.Opportunities().Get(ctx, "acme", ids[4], opportunity.Load{Activity: w.customer, Expense: w.customer})
		require.NoError(t, err)
		_, err = tx.Opportunities().Get(ctx, "acme", ids[4], opportunity.Load{Names: true, Parts: opportunity.AllParts})
		require.NoError(t, err)
		for _, after := range timelinePlaces(w) {
			_, err = tx.FollowUps().Timeline(ctx, "acme", opportunity.TimelineQuery{Opportunity: ids[4], After: after, Limit: 3})
			require.NoError(t, err)
		}
		for _, q := range []customer.AlikeQuery{{Name: "a"}, {Name: "a", TaxID: "b", Emails: []string{"c", "d"}, Domains: []string{"e"}, Phones: []string{"f"}, Except: w.customer}} {
			q.Scope, q.Limit = access.Scope{All: true}, 3
			_, err = tx.Customers().Alike(ctx, "acme", q)
			require.NoError(t, err)
		}
		_, err = tx.Customers().Used(ctx, "acme", w.customer, w.contact)
		require.NoError(t, err)
		_, err = tx.Customers().Used(ctx, "acme", w.customer, [16]byte{})
		require.NoError(t, err)
		_, err = tx.Archives().Used(ctx, "acme", w.win)
		require.NoError(t, err)
		_, err = tx.Processes().Used(ctx, "acme", w.process)
		require.NoError(t, err)
		w.quoted(ctx, tx)
		entries, err := tx.Journal().Unrelayed(ctx, "acme", 5)
		require.NoError(t, err)
		return tx.Journal().MarkRelayed(ctx, "acme", ids[:len(entries)%3+1])
	}))
	seen, led := map[string]bool{}, 0
	for _, q := range c.take() {
		if seen[q] || strings.HasPrefix(q, "BEGIN") {
			continue
		}
		seen[q] = true
		if !strings.HasPrefix(q, "INSERT") {
			require.Regexp(t, `tenant = \?`, q)
		}
		args := make([]any, strings.Count(q, "?"))
		inner := map[string]bool{} // results of parts of the statement, which are small
		for _, line := range plan(t, db, q, args) {
			if name, ok := strings.CutPrefix(line, "CO-ROUTINE "); ok {
				inner["SCAN "+name] = true
			}
			if inner[line] {
				continue
			}
			if !strings.HasPrefix(line, "SCAN") && !strings.HasPrefix(line, "SEARCH") {
				continue
			}
			if line == "SCAN CONSTANT ROW" || strings.HasSuffix(line, "VALUES CLAUSE") {
				continue
			}
			require.True(t, strings.HasPrefix(line, "SEARCH") && strings.Contains(line, "(tenant=?"), "%s\n%s", line, q)
			if strings.Contains(q, "RECURSIVE led") && !strings.HasPrefix(line, "SEARCH pursuit") { // C07: what was found leads to customers, not the other way round
				require.Contains(t, line, "_autoindex_pursuit_customer_1 (tenant=? AND id=?)", "%s", q)
				led++
			}
		}
	}
	require.Greater(t, len(seen), 100)
	require.Greater(t, led, 1)
}

// timelinePlaces are places of each sort that a page may begin after.
func timelinePlaces(w *world) []*opportunity.TimelinePlace {
	return []*opportunity.TimelinePlace{nil, {At: w.now, Entry: 7}, {At: w.now, Activity: w.customer}}
}

// quoted writes a quote and its next revision, and reads them.
func (w *world) quoted(ctx context.Context, tx storage.Tx) {
	list, err := tx.Opportunities().List(ctx, "acme", opportunity.Query{Scope: access.Scope{All: true}, Limit: 1})
	require.NoError(w.t, err)
	zero := money.Zero(list[0].Currency)
	r := quote.Root{ID: [16]byte{7}, Tenant: "acme", Number: "Q", Revision: 1, Opportunity: list[0].ID, Customer: list[0].Customer, Currency: list[0].Currency,
		TaxTreatment: money.TaxExclusive, Status: quote.Sent, Created: w.now, Updated: w.now, Version: 1,
		Content: quote.Content{DiscountAmount: zero, Subtotal: zero, Discounted: zero, Net: zero, Tax: zero, Gross: zero}}
	lines := []quote.Line{{Number: 1, Product: "P", Amount: zero, Share: zero, Net: zero, TaxAmount: zero}}
	require.NoError(w.t, tx.Quotes().Save(ctx, quote.Change{Root: r, Lines: lines}))
	past := quote.Revision{Number: 1, Status: r.Status, Content: r.Content, Superseded: w.now}
	r.Revision, r.Version = 2, 2
	require.NoError(w.t, tx.Quotes().Save(ctx, quote.Change{Root: r, Expected: 1, Past: &past, Lines: lines, RemovedLines: []int{2}}))
	for _, load := range []quote.Load{{Items: true}, {Past: true}, {Items: true, Past: true}} {
		_, _, err := tx.Quotes().Get(ctx, "acme", r.ID, load)
		require.NoError(w.t, err)
	}
}

func plan(t *testing.T, db *sql.DB, q string, args []any) []string {
	rows, err := db.Query("EXPLAIN QUERY PLAN "+q, args...)
	require.NoError(t, err, q)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var a, b, c any
		var detail string
		require.NoError(t, rows.Scan(&a, &b, &c, &detail))
		out = append(out, detail)
	}
	require.NoError(t, rows.Err())
	return out
}

// TestPlans wants the indexes that were made for what is asked often.
func TestPlans(t *testing.T) {
	t.Parallel()
	c := &counter{}
	db := sql.OpenDB(watchedSource{source: sqliteSource(filepath.Join(t.TempDir(), "p.db")), c: c})
	defer db.Close()
	store := mustStore(t, db)
	require.NoError(t, store.Migrate(context.Background()))
	w := newWorld(t, store)
	all := access.Scope{All: true}
	list := func(o opportunity.Sort) func(context.Context, storage.Tx) error {
		return func(ctx context.Context, tx storage.Tx) error {
			root := opportunity.Root{ID: w.customer, ExpectedClose: onDay()}
			_, err := tx.Opportunities().List(ctx, "acme", opportunity.Query{Scope: all, Sort: o, Limit: 5, After: opportunity.KeyOf(o, &root), AfterID: w.customer})
			return err
		}
	}
	timeline := func(after *opportunity.TimelinePlace) func(context.Context, storage.Tx) error {
		return func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Timeline(ctx, "acme", opportunity.TimelineQuery{Opportunity: w.customer, After: after, Limit: 5})
			return err
		}
	}
	for _, x := range []struct {
		index string
		sorts bool
		ask   func(context.Context, storage.Tx) error
	}{
		{"pursuit_opportunity_created (tenant=? AND (created,id)>(?,?))", false, list(opportunity.ByCreated)},
		{"pursuit_opportunity_updated (tenant=? AND (updated,id)>(?,?))", false, list(opportunity.ByUpdated)},
		{"pursuit_opportunity_name (tenant=? AND (name_key,id)>(?,?))", false, list(opportunity.ByName)},
		{"pursuit_opportunity_amount (tenant=? AND (amount,id)>(?,?))", false, list(opportunity.ByAmount)},
		{"pursuit_opportunity_close (tenant=? AND (expected_close,id)>(?,?))", false, list(opportunity.ByExpectedClose)},
		{"pursuit_opportunity_close (tenant=? AND expected_close>?)", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().List(ctx, "acme", opportunity.Query{Scope: all, Sort: opportunity.ByExpectedClose, Limit: 5})
			return err
		}},
		{"pursuit_opportunity_close (tenant=? AND expected_close=? AND id>?)", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().List(ctx, "acme", opportunity.Query{Scope: all, Sort: opportunity.ByExpectedClose, Limit: 5, AfterID: w.customer})
			return err
		}},
		{"pursuit_opportunity_ledger_at (tenant=? AND effective_from<?)", true, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Pipeline().Sums(ctx, "acme", pipeline.Query{Scope: all, By: pipeline.ByStage, AsOf: &pipeline.AsOf{Effective: w.now, Known: w.now}})
			return err
		}},
		{"pursuit_opportunity_pipeline (tenant=?)", true, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Pipeline().Sums(ctx, "acme", pipeline.Query{Scope: all, By: pipeline.ByStage})
			return err
		}},
		{"p USING INDEX pursuit_opportunity_activity_assignee (tenant=? AND assignee=? AND status=? AND (takes_place,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Activities(ctx, "acme", opportunity.ActivityQuery{Scope: all, Limit: 5, After: w.now, AfterID: w.customer,
				Filter: opportunity.ActivityFilter{Assignee: "ann", Status: opportunity.ActivityOpen}})
			return err
		}},
		{"p USING INDEX pursuit_opportunity_activity_status (tenant=? AND status=? AND (takes_place,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Activities(ctx, "acme", opportunity.ActivityQuery{Scope: access.Scope{User: "bob"}, Limit: 5, After: w.now, AfterID: w.customer,
				Filter: opportunity.ActivityFilter{Status: opportunity.ActivityOpen}})
			return err
		}},
		{"p USING INDEX pursuit_opportunity_activity_time (tenant=? AND (takes_place,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Activities(ctx, "acme", opportunity.ActivityQuery{Scope: all, Limit: 5, After: w.now, AfterID: w.customer})
			return err
		}},
		{"SEARCH p USING PRIMARY KEY (tenant=? AND opportunity_id=?)", true, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Activities(ctx, "acme", opportunity.ActivityQuery{Scope: all, Limit: 5, After: w.now, AfterID: w.customer, Filter: opportunity.ActivityFilter{Opportunity: w.customer}})
			return err
		}},
		{"SEARCH p USING PRIMARY KEY (tenant=? AND opportunity_id=?)", true, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Expenses(ctx, "acme", opportunity.ExpenseQuery{Scope: all, Limit: 5, Filter: opportunity.ExpenseFilter{Opportunity: w.customer}})
			return err
		}},
		{"p USING INDEX pursuit_opportunity_expense_date (tenant=? AND (on_date,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Expenses(ctx, "acme", opportunity.ExpenseQuery{Scope: all, Limit: 5, AfterID: w.customer})
			return err
		}},
		{"n USING COVERING INDEX pursuit_opportunity_activity_marks (tenant=? AND opportunity_id=? AND status=?", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().Get(ctx, "acme", w.customer, opportunity.Load{Activity: w.customer})
			if errors.Is(err, fault.ErrNotFound) {
				err = nil
			}
			return err
		}},
		{"p USING INDEX pursuit_opportunity_expense_status (tenant=? AND status=? AND (on_date,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Expenses(ctx, "acme", opportunity.ExpenseQuery{Scope: all, Limit: 5, AfterID: w.customer, Filter: opportunity.ExpenseFilter{Status: opportunity.ExpenseSubmitted}})
			return err
		}},
		{"p USING INDEX pursuit_opportunity_expense_user (tenant=? AND user_id=? AND (on_date,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Expenses(ctx, "acme", opportunity.ExpenseQuery{Scope: all, Limit: 5, AfterID: w.customer, Filter: opportunity.ExpenseFilter{User: "ann"}})
			return err
		}},
		{"SEARCH j USING PRIMARY KEY (tenant=? AND kind=? AND aggregate_id=?)", true, timeline(nil)},
		{"SEARCH j USING PRIMARY KEY (tenant=? AND kind=? AND aggregate_id=? AND seq<?)", true, timeline(&opportunity.TimelinePlace{At: w.now, Entry: 7})},
		{"SEARCH l USING PRIMARY KEY (tenant=? AND opportunity_id=?)", true, timeline(nil)},
		{"SEARCH p USING PRIMARY KEY (tenant=? AND opportunity_id=?)", true, timeline(nil)},
		{"pursuit_journal_unrelayed (tenant=?)", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Journal().Unrelayed(ctx, "acme", 5)
			return err
		}},
		{"pursuit_quote_validity (tenant=? AND status=? AND valid_until>? AND valid_until<?)", true, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Quotes().List(ctx, "acme", quote.Query{Scope: all, Limit: 50, Statuses: []quote.Status{quote.Sent}, ValidBefore: onDay()})
			return err
		}},
		{"pursuit_quote_number (tenant=? AND number>?)", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Quotes().List(ctx, "acme", quote.Query{Scope: all, Limit: 50, AfterNumber: "a"})
			return err
		}},
		{"pursuit_quote_opportunity (tenant=? AND opportunity_id=?)", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Quotes().List(ctx, "acme", quote.Query{Scope: all, Limit: 500, Opportunity: w.customer})
			return err
		}},
		{"pursuit_customer_name (tenant=? AND (name_key,id)>(?,?))", false, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().List(ctx, "acme", customer.Query{Scope: all, Limit: 3, AfterKey: "a", AfterID: w.customer})
			return err
		}},
	} {
		c.take()
		require.NoError(t, store.View(w.ctx, x.ask))
		q := c.take()[0]
		got := strings.Join(plan(t, db, q, make([]any, strings.Count(q, "?"))), "\n")
		require.Contains(t, got, x.index, q)
		if !x.sorts {
			require.NotContains(t, got, "TEMP B-TREE", q)
		}
	}
}
