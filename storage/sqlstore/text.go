package sqlstore

import (
	"strconv"
	"strings"
)

// DefaultPrefix begins the names of all tables and indexes.
const DefaultPrefix = "pursuit_"

// rendered puts the prefix, with the schema before it, and the dialect's
// placeholders into a statement.
func rendered(query, names string, d *Dialect) string {
	if names != DefaultPrefix {
		query = strings.ReplaceAll(query, DefaultPrefix, names)
	}
	if !d.numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for {
		i := strings.IndexByte(query, '?')
		if i < 0 {
			b.WriteString(query)
			return b.String()
		}
		n++
		b.WriteString(query[:i])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = query[i+1:]
	}
}

// onConflict is the upsert of SQLite and PostgreSQL.
func onConflict(table string, key, set []string, add bool) string {
	var b strings.Builder
	b.WriteString(" ON CONFLICT (" + strings.Join(key, ", ") + ") DO UPDATE SET ")
	for i, c := range set {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c + " = ")
		if add {
			b.WriteString(table + "." + c + " + ")
		}
		b.WriteString("excluded." + c)
	}
	return b.String()
}

// places gives "(?, ?, ?)".
func places(n int) string {
	if n == 0 {
		return "()"
	}
	return "(?" + strings.Repeat(", ?", n-1) + ")"
}

// list gives " IN (?, …)" for a padded list.
func list(n int) string { return " IN " + places(padded(n)) }

// aliased gives "o.a, o.b", as the dialect selects columns.
func (d *Dialect) aliased(alias string, cols []string) string {
	return d.column.before + alias + "." + strings.Join(cols, d.column.after+", "+d.column.before+alias+".") + d.column.after
}

// table is what statements on a table are made of.
type table struct {
	name string
	cols []string
	// key are the columns of the primary key.
	key []string
}

// rest are the columns beside the key.
func (t *table) rest() []string {
	var out []string
	for _, c := range t.cols {
		mine := false
		for _, k := range t.key {
			mine = mine || k == c
		}
		if !mine {
			out = append(out, c)
		}
	}
	return out
}

// mode says what an INSERT does about rows that are there.
type mode uint8

const (
	plain   mode = iota // fails
	nothing             // leaves them alone, and doesn't count them
	upsert              // sets all columns
	ends                // sets the ledger's ends
	adds                // adds to all columns
)

// setting is the mode of parts: an aggregate that is new has none yet, and what
// plain does is cheaper.
func setting(expected int64) mode {
	if expected == 0 {
		return plain
	}
	return upsert
}

func (t *table) insert(d *Dialect, rows int, m mode) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + t.name + " (" + strings.Join(t.cols, ", ") + ") VALUES ")
	p := places(len(t.cols))
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p)
	}
	switch m {
	case nothing:
		b.WriteString(d.nothing)
	case upsert:
		b.WriteString(d.upsert(t.name, t.key, t.rest(), false))
	case adds:
		b.WriteString(d.upsert(t.name, t.key, t.rest(), true))
	case ends:
		b.WriteString(d.upsert(t.name, t.key, []string{"effective_to", "recorded_to"}, false))
	}
	return b.String()
}

// update sets columns of the row with a key and a version.
func (t *table) update(cols []string) string {
	return "UPDATE " + t.name + " SET " + strings.Join(cols, " = ?, ") + " = ? WHERE tenant = ? AND id = ? AND version = ?"
}

// shape names a statement that is made once.
type shape struct {
	table string
	rows  int
	mode  mode
}
