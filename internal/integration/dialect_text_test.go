package integration

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// TestTextComparesByByte: the databases of these tests compare otherwise by
// default (general_ci on MariaDB, English on PostgreSQL). Without collations of
// its own a table would take user "Ann" for "ann" on MariaDB, and page in another
// order than its keys on PostgreSQL.
func TestTextComparesByByte(t *testing.T) {
	twins := []string{"ann", "Ann", "ann ", "ánn", "änn", "a\u0308nn", "ANN", "ann\t", "ann\u00a0"}
	onSQL(t, func(t *testing.T, d database) {
		store, db := d.store(t, nil)
		if d.name != "sqlite" {
			// The twin: a table without them.
			_, err := db.Exec("CREATE TABLE erp_names (name VARCHAR(50))")
			require.NoError(t, err)
			for _, n := range []string{"ann", "B"} {
				_, err = db.Exec(d.q("INSERT INTO erp_names VALUES (?)"), n)
				require.NoError(t, err)
			}
			var first string
			require.NoError(t, db.QueryRow("SELECT name FROM erp_names ORDER BY name LIMIT 1").Scan(&first))
			require.Equal(t, "ann", first, "the database's own order isn't by byte")
		}
		for i, name := range twins {
			require.NoError(t, store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
				for _, tenant := range twins {
					n, err := tx.Numbers().Take(ctx, tenant, name, int64(i+1))
					require.NoError(t, err)
					require.EqualValues(t, 1, n, "%q of %q is a series of its own", name, tenant)
				}
				ok, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: name, Result: []byte("{}")})
				require.True(t, ok, "%q", name)
				return err
			}))
		}
	})
}

// TestNamesAreSortedByTheWholeKey: MariaDB compares only max_sort_length bytes
// when it sorts, PostgreSQL refuses index rows above 2,704 bytes, and one
// character of a name may fold to eighteen.
func TestNamesAreSortedByTheWholeKey(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		store, _ := d.store(t, nil)
		w := newWorld(t, store)
		long := strings.Repeat("\U00020000", 199)
		for _, name := range []string{strings.Repeat("\ufdfa", 200), long + "b", long + "a", long + "c", "a\\b", "A_", "Zebra", "zoo", "Äpfel", "apple"} {
			w.record(name, 0)
			_, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: name})
			require.NoError(t, err)
		}
		for _, desc := range []bool{false, true} {
			var keys []string
			q := opportunity.Query{Scope: access.Scope{All: true}, Sort: opportunity.ByName, Desc: desc, Limit: 3}
			for {
				var page []opportunity.Root
				require.NoError(t, store.View(w.ctx, func(ctx context.Context, tx storage.Tx) (err error) {
					page, err = tx.Opportunities().List(ctx, "acme", q)
					return err
				}))
				for i := range page {
					keys = append(keys, opportunity.KeyOf(opportunity.ByName, &page[i]))
				}
				if len(page) < q.Limit {
					break
				}
				last := page[len(page)-1]
				q.After, q.AfterID = opportunity.KeyOf(q.Sort, &last), last.ID
			}
			require.Len(t, keys, 10)
			if desc {
				slices.Reverse(keys)
			}
			require.True(t, slices.IsSorted(keys), "%q", keys)
		}
	})
}

// TestSearchIsLiteral: %, _, ! and the backslash, which is MySQL's own escape, are
// what they are.
func TestSearchIsLiteral(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		store, _ := d.store(t, nil)
		w := newWorld(t, store)
		names := []string{`a\b`, `a%b`, `a_b`, `a!b`, `a\%b`, `axb`, `a'b`, `a"b`, `a?b`, `a$1b`}
		for _, n := range names {
			w.record(n, 0)
		}
		for _, n := range names {
			var got []string
			require.NoError(t, store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Opportunities().List(ctx, "acme", opportunity.Query{Scope: access.Scope{All: true}, Filter: opportunity.Filter{Search: n}, Limit: 20})
				for _, o := range list {
					got = append(got, o.Name)
				}
				return err
			}))
			require.Equal(t, []string{n}, got)
		}
	})
}

// TestModesOfTheDriver runs the lifecycle with what a host may set in its data
// source, where the driver or the server behaves otherwise.
func TestModesOfTheDriver(t *testing.T) {
	memory := newWorld(t, stores[0].mustOpen(t))
	ids := memory.lifecycle()
	want := memory.everything(ids)
	onServers(t, func(t *testing.T, d database) {
		modes := map[string][]string{
			// Counting found rows, INSERT … ON DUPLICATE KEY UPDATE couldn't tell a
			// key that is taken, and a RequestID would be used twice.
			"mariadb":  {"clientFoundRows=true", "interpolateParams=true", "sql_mode='ANSI,TRADITIONAL'", "tx_isolation='READ-COMMITTED'", "autocommit=1&parseTime=true"},
			"postgres": {"default_query_exec_mode=exec", "default_query_exec_mode=simple_protocol", "default_transaction_isolation=serializable", "standard_conforming_strings=on"},
		}[d.name]
		for _, mode := range modes {
			t.Run(mode, func(t *testing.T) {
				db := opened(t, withMode(t, d, mode))
				store := d.on(t, db, nil)
				require.NoError(t, store.Check(context.Background()))
				w := newWorld(t, store)
				require.Equal(t, ids, w.lifecycle())
				require.Equal(t, want, w.everything(ids))
				for _, first := range []bool{true, false} {
					require.NoError(t, store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
						ok, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: "k", Result: []byte("{}")})
						require.Equal(t, first, ok)
						return err
					}))
				}
			})
		}
	})
}

// TestFoundRowsHideATakenKey is the twin of clientFoundRows above: what the usual
// way to leave a taken key alone says then.
func TestFoundRowsHideATakenKey(t *testing.T) {
	t.Parallel()
	d := databases[2]
	for mode, want := range map[string]int64{"clientFoundRows=true": 1, "clientFoundRows=false": 0} {
		db := opened(t, withMode(t, d, mode))
		d.on(t, db, nil)
		var n int64
		for range 2 {
			r, err := db.Exec("INSERT INTO pursuit_number_series VALUES ('acme', 's', 1) ON DUPLICATE KEY UPDATE tenant = tenant")
			require.NoError(t, err)
			n, err = r.RowsAffected()
			require.NoError(t, err)
		}
		require.Equal(t, want, n, "%s, when the key is taken", mode)
	}
}

// TestCheckNamesSettingsOfServers: what breaks a promise is told before it does.
func TestCheckNamesSettingsOfServers(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		bad := map[string]map[string][]string{
			"mariadb": {
				"sql_mode=''":                        {"/sql_mode"},
				"charset=latin1":                     {"/character_set_client", "/character_set_connection"},
				"tx_isolation='READ-UNCOMMITTED'":    {"/tx_isolation"},
				"sql_mode='NO_ENGINE_SUBSTITUTION'":  {"/sql_mode"},
				"sql_mode='STRICT_ALL_TABLES,ANSI'":  nil,
				"sql_mode='STRICT_TRANS_TABLES'":     nil,
				"tx_isolation='SERIALIZABLE'":        nil,
				"charset=utf8mb4&maxAllowedPacket=0": nil,
			},
			"postgres": {
				"synchronous_commit=off":          {"/synchronous_commit"},
				"client_encoding=LATIN1":          {"/client_encoding"},
				"synchronous_commit=local":        nil,
				"synchronous_commit=remote_apply": nil,
			},
		}[d.name]
		for mode, want := range bad {
			t.Run(mode, func(t *testing.T) {
				db := opened(t, withMode(t, d, mode))
				s, err := sqlstore.New(db, d.dialect, nil)
				require.NoError(t, err)
				require.NoError(t, s.Migrate(context.Background()))
				require.ElementsMatch(t, want, pathsOf(s.Check(context.Background())))
				lax, err := sqlstore.New(db, d.dialect, &sqlstore.Options{NormalSync: true})
				require.NoError(t, err)
				if mode == "synchronous_commit=off" {
					require.NoError(t, lax.Check(context.Background()))
				}
			})
		}
	})
}

// TestLaxModeCutsText is what Check's demand for a strict sql_mode is for.
func TestLaxModeCutsText(t *testing.T) {
	t.Parallel()
	d := databases[2]
	db := opened(t, withMode(t, d, "sql_mode=''"))
	d.on(t, db, nil)
	_, err := db.Exec("INSERT INTO pursuit_number_series VALUES ('acme', ?, 1)", strings.Repeat("x", 200))
	require.NoError(t, err, "no error, and")
	var n int
	require.NoError(t, db.QueryRow("SELECT LENGTH(series) FROM pursuit_number_series").Scan(&n))
	require.Equal(t, 128, n, "cut")
	strict := opened(t, d.made(t))
	d.on(t, strict, nil)
	_, err = strict.Exec("INSERT INTO pursuit_number_series VALUES ('acme', ?, 1)", strings.Repeat("x", 200))
	require.ErrorContains(t, err, "1406")
}

func lists(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(t, rows.Err())
	return out
}

// TestJ02_EveryIndexBeginsWithTheTenant looks at what the migrations made, and at
// what it compares text by.
func TestJ02_EveryIndexBeginsWithTheTenant(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		_, db := d.store(t, nil)
		firsts := map[string]string{
			"postgres": `SELECT c.relname || ' ' || a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
				JOIN pg_class r ON r.oid = i.indrelid JOIN pg_namespace n ON n.oid = r.relnamespace
				JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = i.indkey[0] WHERE n.nspname = 'public' AND r.relname LIKE 'pursuit%'`,
			"mariadb": `SELECT CONCAT(table_name, '.', index_name, ' ', column_name) FROM information_schema.statistics
				WHERE table_schema = DATABASE() AND seq_in_index = 1 AND table_name LIKE 'pursuit%'`,
		}[d.name]
		indexes := lists(t, db, firsts)
		require.Greater(t, len(indexes), 40)
		for _, x := range indexes {
			if !strings.Contains(x, "schema_version") {
				require.Equal(t, "tenant", strings.Fields(x)[1], x)
			}
		}
		collations := map[string]string{
			"postgres": `SELECT DISTINCT COALESCE(collation_name, 'default') FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE 'pursuit%' AND data_type IN ('text', 'character', 'character varying')`,
			"mariadb":  `SELECT DISTINCT collation_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name LIKE 'pursuit%' AND collation_name IS NOT NULL`,
		}[d.name]
		require.Equal(t, []string{map[string]string{"postgres": "C", "mariadb": "utf8mb4_nopad_bin"}[d.name]}, lists(t, db, collations), fmt.Sprint(d.name))
	})
}

// pathsOf gives the fields that an error names.
func pathsOf(err error) (out []string) {
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path)
	}
	return out
}

// TestUpsertsFindOneKeyOnly: ON DUPLICATE KEY UPDATE changes a row that holds any
// unique key of the new one, so that tables which are written by it may have none
// but the primary one.
func TestUpsertsFindOneKeyOnly(t *testing.T) {
	t.Parallel()
	d := databases[2]
	_, db := d.store(t, nil)
	execAll(t, db, []string{ // the twin
		"CREATE TABLE erp_twin (id INT PRIMARY KEY, mark INT UNIQUE, name VARCHAR(9))",
		"INSERT INTO erp_twin VALUES (1, 7, 'one')",
		"INSERT INTO erp_twin VALUES (2, 7, 'two') ON DUPLICATE KEY UPDATE name = VALUES(name)",
	})
	require.Equal(t, []string{"1 two"}, lists(t, db, "SELECT CONCAT(id, ' ', name) FROM erp_twin"), "another row was changed, without an error")
	for _, table := range []string{"contact", "opportunity_member", "opportunity_line", "opportunity_contact", "opportunity_choice", "opportunity_ledger",
		"opportunity_activity", "opportunity_expense",
		"sales_order_line", "number_series"} {
		require.Equal(t, []string{"PRIMARY"}, lists(t, db, "SELECT DISTINCT index_name FROM information_schema.statistics"+
			" WHERE table_schema = DATABASE() AND non_unique = 0 AND table_name = 'pursuit_"+table+"'"), table)
	}
}
