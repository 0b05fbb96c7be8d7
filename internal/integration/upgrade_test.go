package integration

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// TestUpFromEveryVersion brings tables of each earlier version up to date, with
// data in them that the library wrote when there was only the first one
// (testdata/version1.json): it reads what was there, journals replay to what is
// stored (J05), chains hold (J06), and new commands work on it.
func TestUpFromEveryVersion(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		files, err := sqlstore.Migrations(d.dialect, nil)
		require.NoError(t, err)
		names, err := fs.Glob(files, "*.sql")
		require.NoError(t, err)
		require.Greater(t, len(names), 1)
		for at := 1; at < len(names); at++ {
			t.Run(names[at-1], func(t *testing.T) {
				db := opened(t, d.fresh(t))
				s := d.on(t, db, nil)
				for _, name := range slices.Backward(names) {
					execAll(t, db, statementsOf(t, files, name, false))
				}
				execAll(t, db, []string{"DELETE FROM pursuit_schema_version WHERE version > 0"})
				for i, name := range names[:at] {
					execAll(t, db, append(statementsOf(t, files, name, true), "INSERT INTO pursuit_schema_version (version) VALUES ("+name[:5]+")"))
					if i == 0 {
						load(t, db, d, "testdata/version1.json")
					}
				}
				require.Equal(t, []string{"/schema_version"}, pathsOf(s.Check(context.Background())))
				require.ErrorContains(t, s.Check(context.Background()), "run Migrate")
				require.NoError(t, s.Migrate(context.Background()))
				require.NoError(t, s.Check(context.Background()))
				stillRight(t, s)
			})
		}
	})
}

// load puts the rows of a file into tables; bytes stand as "hex:…".
func load(t *testing.T, db *sql.DB, d database, file string) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var tables map[string][]map[string]any
	dec := json.NewDecoder(f)
	dec.UseNumber()
	require.NoError(t, dec.Decode(&tables))
	for _, name := range slices.Backward(ours()) {
		for _, row := range tables[name] {
			var places []string
			var vals []any
			cols := slices.Sorted(maps.Keys(row))
			for i, c := range cols {
				place, v := "?", row[c]
				if d.name == "postgres" {
					place = fmt.Sprint("$", i+1)
				}
				if n, ok := v.(json.Number); ok {
					v, err = n.Int64()
					require.NoError(t, err)
				}
				if text, ok := v.(string); ok && strings.HasPrefix(text, "hex:") {
					b, err := hex.DecodeString(text[4:])
					require.NoError(t, err)
					if v = b; d.name == "postgres" && strings.HasSuffix(c, "id") {
						v = uuid.UUID(b).String()
					}
				}
				places, vals = append(places, place), append(vals, v)
			}
			_, err := db.Exec("INSERT INTO "+name+" ("+strings.Join(cols, ", ")+") VALUES ("+strings.Join(places, ", ")+")", vals...)
			require.NoError(t, err, name)
		}
		delete(tables, name)
	}
	require.Empty(t, tables, "tables that are no more")
}

// stillRight reads everything, and works on it.
func stillRight(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := context.Background()
	eng, err := pursuit.New(s, nil)
	require.NoError(t, err)
	ann := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
	byStatus := map[opportunity.Status]int{}
	var open uuid.UUID
	for r, err := range ann.Opportunities().All(ctx, pursuit.OpportunityQuery{}) {
		require.NoError(t, err)
		byStatus[r.Status]++
		got, err := ann.Opportunities().Get(ctx, r.ID, opportunity.AllParts)
		require.NoError(t, err)
		entries, err := ann.Opportunities().Journal(ctx, r.ID)
		require.NoError(t, err)
		replayed, _, _, err := opportunity.Replay(entries)
		require.NoError(t, err)
		require.Equal(t, replayed, got)
		if r.Name == "Open" {
			open = r.ID
		}
	}
	require.Equal(t, map[opportunity.Status]int{opportunity.Open: 3, opportunity.Lost: 2, opportunity.Closed: 1, opportunity.Void: 1, opportunity.Won: 1}, byStatus)
	for c, err := range ann.Customers().All(ctx, pursuit.CustomerQuery{}) {
		require.NoError(t, err)
		entries, err := ann.Customers().Journal(ctx, c.ID)
		require.NoError(t, err)
		replayed, _, err := customer.Replay(entries)
		require.NoError(t, err)
		require.Equal(t, replayed, c)
	}
	for r, err := range ann.Orders().All(ctx, pursuit.OrderQuery{}) {
		require.NoError(t, err)
		require.Equal(t, order.Executing, r.Status)
		x, err := ann.Orders().Execution(ctx, r.ID)
		require.NoError(t, err)
		require.Equal(t, order.Executing, x.Status)
		_, err = ann.Orders().Journal(ctx, r.ID)
		require.NoError(t, err)
		_, err = ann.Orders().Complete(ctx, r.ID, order.CompleteInput{Reason: "enough"})
		require.NoError(t, err)
	}
	_, err = ann.Opportunities().Advance(ctx, open, opportunity.AdvanceInput{To: "engaging", Summary: "goes on"})
	require.NoError(t, err)
	_, err = ann.Activities().Plan(ctx, open, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "call", Due: time.Now().Add(time.Hour)})
	require.NoError(t, err)
}
