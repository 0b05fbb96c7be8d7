package reliability

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestB16_PredicatesAreFound has the forms that are dropped, and what looks like one.
func TestB16_PredicatesAreFound(t *testing.T) {
	for query, want := range map[string][]string{
		"SELECT 1 FROM t WHERE tenant = ? AND id = ?": {"SELECT 1 FROM t WHERE (tenant = ? OR 1 = 1) AND id = ?"},
		"UPDATE t SET version = $1, tenant = $2 WHERE tenant = $3 AND version = $4": {
			"UPDATE t SET version = $1, tenant = $2 WHERE (tenant = $3 OR 1 = 1) AND version = $4",
			"UPDATE t SET version = $1, tenant = $2 WHERE tenant = $3 AND (version = $4 OR 1 = 1)",
		},
		"SELECT 1 FROM a JOIN b ON b.tenant = a.tenant AND b.user_id = ?": {
			"SELECT 1 FROM a JOIN b ON (b.tenant = a.tenant OR 1 = 1) AND b.user_id = ?",
			"SELECT 1 FROM a JOIN b ON b.tenant = a.tenant AND (b.user_id = ? OR 1 = 1)",
		},
		"SELECT 1 FROM o WHERE (o.department IN ($1, $2) OR o.owner = $3) AND o.owner = $4 AND o.department IN ($5)": {
			"SELECT 1 FROM o WHERE ((o.department IN ($1, $2) OR 1 = 1) OR o.owner = $3) AND o.owner = $4 AND o.department IN ($5)",
			"SELECT 1 FROM o WHERE (o.department IN ($1, $2) OR (o.owner = $3 OR 1 = 1)) AND o.owner = $4 AND o.department IN ($5)",
		},
		"UPDATE t SET owner = ?, version = version + 1 WHERE id = ?": nil,
	} {
		var got []string
		for i := range predicates(query) {
			got = append(got, without(query, i))
		}
		require.Equal(t, want, got, query)
		require.Len(t, predicates(keyOf(query)), len(want), "the key of %s", query)
	}
	require.Equal(t, keyOf("a IN (?, ?) AND b = $1"), keyOf("a IN ($1, $2, $3)  AND b = $4"))
	for _, query := range []string{"WHERE tenant IN (?)", "WHERE (tenant, id) = (?, ?)", "JOIN b USING (tenant, id)", "WHERE version > ?"} {
		require.Regexp(t, unknownForm, query)
	}
}

// TestB16_PreparedStatementsAreNoted holds that a statement counts for each scene
// that runs it, not only for the one in which it was prepared.
func TestB16_PreparedStatementsAreNoted(t *testing.T) {
	m := &mutator{}
	c := driver.Connector(sqliteConnector{"file:" + filepath.Join(t.TempDir(), "a.db")})
	db := sql.OpenDB(&tapped{Connector: c, rewrite: m.rewrite, answered: m.answered, ran: m.ran})
	defer db.Close()
	ctx := context.Background()
	_, err := db.ExecContext(ctx, "CREATE TABLE t (tenant TEXT)")
	require.NoError(t, err)
	const query, change = "SELECT tenant FROM t WHERE tenant = ?", "DELETE FROM t WHERE tenant = ?"
	read, err := db.PrepareContext(ctx, query)
	require.NoError(t, err)
	defer read.Close()
	write, err := db.PrepareContext(ctx, change)
	require.NoError(t, err)
	defer write.Close()
	for range 2 {
		m.begin(nil, true)
		rows, err := read.QueryContext(ctx, "a")
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		_, err = write.ExecContext(ctx, "a")
		require.NoError(t, err)
		require.Equal(t, map[string]bool{query: true, change: true}, m.seen)
	}
}

// TestB16_OnTheWire has what pgx sends: several messages at once, a statement under
// its name, and its runs.
func TestB16_OnTheWire(t *testing.T) {
	message := func(kind byte, body string) []byte {
		return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(4+len(body))), body...)
	}
	const query = "DELETE FROM t WHERE tenant = $1"
	m := &mutator{}
	m.begin(&Mutant{keyOf(query), 0}, true)
	var got bytes.Buffer
	w := &wire{w: &got, m: m, prepared: map[string]string{}}
	startup := []byte{0, 0, 0, 8, 0, 3, 0, 0}
	n, err := w.Write(startup)
	require.NoError(t, err)
	require.Equal(t, len(startup), n)
	sync := message('S', "")
	sent := append(message('P', "s1\x00"+query+"\x00\x00\x00"), sync...)
	n, err = w.Write(sent)
	require.NoError(t, err)
	require.Equal(t, len(sent), n)
	want := append(append(startup, message('P', "s1\x00DELETE FROM t WHERE (tenant = $1 OR 1 = 1)\x00\x00\x00")...), sync...)
	require.Equal(t, want, got.Bytes())
	m.begin(nil, true)
	bind := message('B', "\x00s1\x00\x00\x00")
	_, err = w.Write(bind)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{keyOf(query): true}, m.seen)
	require.Equal(t, append(want, bind...), got.Bytes())
	_, err = w.Write(bind[:3])
	require.Error(t, err, "half a message")
}
