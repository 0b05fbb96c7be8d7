package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// contents gives the rows of every table of a file: how many, and their hash.
func contents(t *testing.T, file string) map[string]string {
	t.Helper()
	db, err := openSQLite(file)
	require.NoError(t, err)
	defer db.Close()
	names := column(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
	out := map[string]string{}
	for _, name := range names {
		rows, err := db.QueryContext(t.Context(), fmt.Sprintf(`SELECT * FROM %q`, name))
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		hash, n := sha256.New(), 0
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			for _, v := range values {
				fmt.Fprintf(hash, "%v|", *v.(*any))
			}
			n++
		}
		require.NoError(t, rows.Err())
		rows.Close()
		out[name] = fmt.Sprintf("%d rows %x", n, hash.Sum(nil))
	}
	return out
}

func column(t *testing.T, db *sql.DB, query string) []string {
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(t, rows.Err())
	return out
}

// TestO13_SecondRunOverAFile: not a row of any table differs, the journal's and
// the number series' included.
func TestO13_SecondRunOverAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "strange name #1 50%.db")
	args := []string{"-data", write(t, small(threeRows...)), "-db", file, "-as-of", "2017-01-04", "-group-by", "manager"}
	code, first, errs := call(t, append(args, "-json")...)
	require.Zero(t, code, errs)
	require.Empty(t, errs)
	before := contents(t, file)
	require.NotEmpty(t, before)

	code, second, errs := call(t, append(args, "-json")...)
	require.Zero(t, code, errs)
	require.Equal(t, "Everything is there already; nothing was changed.\n", errs)
	require.Equal(t, before, contents(t, file))
	var a, b figures
	require.NoError(t, json.Unmarshal([]byte(first), &a))
	require.NoError(t, json.Unmarshal([]byte(second), &b))
	require.Equal(t, []int{4, 0, 0, 4}, []int{a.Imported, a.Repeated, b.Imported, b.Repeated})
	a.Imported, a.Repeated, a.Seconds = b.Imported, b.Repeated, b.Seconds
	require.Equal(t, a, b)

	code, out, errs := call(t, args...)
	require.Zero(t, code, errs)
	require.Contains(t, out, "Everything is there already")
	require.Equal(t, before, contents(t, file))
}

func TestSaysThatAFileIsNoDatabase(t *testing.T) {
	code, out, errs := call(t, "-data", write(t, small()), "-db", t.TempDir())
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Contains(t, errs, "replay: ")
}

// Both stores give the same bytes for the same set.
func TestStoresAgree(t *testing.T) {
	var outs []figures
	for _, kind := range []string{"memory", "sqlite"} {
		code, out, errs := call(t, "-store", kind, "-json", "-seed", "3", "-rows", "500", "-as-of", "2017-08-01", "-group-by", "product")
		require.Zero(t, code, errs)
		var f figures
		require.NoError(t, json.Unmarshal([]byte(out), &f))
		f.Seconds = 0
		outs = append(outs, f)
	}
	require.Equal(t, outs[0], outs[1])
}
