package reliability

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// column is one that a hand might change.
type column struct {
	name, kind string
	key        bool
}

func columnsOf(t *testing.T, db *sql.DB, table string) (out []column) {
	t.Helper()
	rows, err := db.Query("SELECT name, type, pk FROM pragma_table_info(?)", table)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var c column
		var pk int
		require.NoError(t, rows.Scan(&c.name, &c.kind, &pk))
		c.key = pk > 0
		out = append(out, c)
	}
	require.NoError(t, rows.Err())
	return out
}

// otherwise gives a value that differs from v.
func otherwise(v any, kind string) any {
	switch v := v.(type) {
	case int64:
		if v == 0 || v == 1 {
			return 1 - v
		}
		return v + 1
	case string:
		return v + "x"
	case []byte:
		b := slices.Clone(v)
		if len(b) > 0 {
			b[len(b)-1] ^= 1
		}
		return b
	}
	switch kind {
	case "INTEGER":
		return int64(7)
	case "BLOB":
		return slices.Repeat([]byte{7}, 16)
	}
	return "x"
}

// unfound are the columns whose change Whole doesn't find, and why.
var unfound = map[string]string{
	"contact.email_domain": derived, "contact.email_key": derived, "contact.name_key": derived, "contact.phone_key": derived,
	"customer.email_domain": derived, "customer.email_key": derived, "customer.name_key": derived, "customer.phone_key": derived,
	"customer.tax_key": derived, "customer.url_key": derived,
	"opportunity.name_key": derived, "opportunity.primary_contact_role": derived, "opportunity_activity.takes_place": derived,
	"process_version.number":      "repeats the definition's, and only orders the versions",
	"opportunity_choice.currency": unread, "opportunity_choice.cycle": unread, "opportunity_choice.explanation": unread, "opportunity_choice.position": unread,
}

const (
	derived = "is derived, for searching and sorting; no port returns it"
	unread  = "isn't read of a competitor, or not without a price"
)

// only says which rows hold what isn't derived: the others of this table repeat what
// outcomes name, for searching.
var only = map[string]string{"opportunity_choice": " AND sort = 'competitor'"}

// TestWhole_FindsEveryChangeMadeByHand changes each column of each table of a store in
// which every command was given, in three rows if there are as many, and wants it to
// be found.
func TestWhole_FindsEveryChangeMadeByHand(t *testing.T) {
	ctx := context.Background()
	p, err := SQLite.Fresh(ctx, t.TempDir())
	require.NoError(t, err)
	defer p.Close()
	for i, c := range Commands {
		w, err := NewWorld(ctx, p.Store, fmt.Sprint("t", i), nil)
		require.NoError(t, err)
		id, err := c.On(ctx, w)
		require.NoError(t, err, c.Name)
		_, err = c.Give(ctx, w, id)
		require.NoError(t, err, c.Name)
		_, err = Whole(ctx, p.Store, w.Tenant)
		require.NoError(t, err, c.Name)
	}
	_, err = p.DB.Exec("PRAGMA foreign_keys = OFF")
	require.NoError(t, err)
	tried := 0
	var missed []string
	for _, table := range tables {
		if table == "journal" || table == "request" {
			continue
		}
		cols := columnsOf(t, p.DB, "pursuit_"+table)
		var keys []string
		for _, c := range cols {
			if c.key {
				keys = append(keys, c.name)
			}
		}
		for _, c := range cols {
			if c.name == "tenant" {
				continue
			}
			for _, where := range []string{"IS NOT NULL", "IS NULL"} {
				rows, err := p.DB.Query("SELECT " + strings.Join(keys, ", ") + ", " + c.name + " FROM pursuit_" + table + " WHERE " + c.name + " " + where + only[table] + " LIMIT 3")
				require.NoError(t, err)
				var found [][]any
				for rows.Next() {
					vals := make([]any, len(keys)+1)
					into := make([]any, len(vals))
					for i := range vals {
						into[i] = &vals[i]
					}
					require.NoError(t, rows.Scan(into...))
					found = append(found, vals)
				}
				require.NoError(t, rows.Close())
				for _, vals := range found {
					old := vals[len(keys)]
					set := func(from []any, v any) error {
						q := "UPDATE pursuit_" + table + " SET " + c.name + " = ? WHERE 1 = 1"
						args := []any{v}
						for i, k := range keys {
							q += " AND " + k + " = ?"
							args = append(args, from[i])
						}
						_, err := p.DB.Exec(q, args...)
						return err
					}
					v := otherwise(old, c.kind)
					if err := set(vals, v); err != nil {
						continue // the database refuses it
					}
					_, err := Whole(ctx, p.Store, vals[slices.Index(keys, "tenant")].(string))
					tried++
					if err == nil && unfound[table+"."+c.name] == "" {
						missed = append(missed, table+"."+c.name)
					}
					now := slices.Clone(vals)
					if i := slices.Index(keys, c.name); i >= 0 {
						now[i] = v
					}
					require.NoError(t, set(now, old))
				}
			}
		}
	}
	slices.Sort(missed)
	require.Empty(t, slices.Compact(missed))
	require.Greater(t, tried, 500)
}
