package lifecycle

import (
	"strconv"
	"strings"
)

// flavour is a database's kind of SQL.
type flavour string

const (
	sqliteSQL   flavour = "sqlite"
	postgresSQL flavour = "postgres"
	mariadbSQL  flavour = "mariadb"
)

// text puts the database's placeholders in.
func (f flavour) text(query string) string {
	if f != postgresSQL {
		return query
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

// insertInto writes an INSERT of some rows.
func insertInto(table, columns string, rows int) string {
	one := "(?" + strings.Repeat(", ?", strings.Count(columns, ",")) + ")"
	return "INSERT INTO " + table + " (" + columns + ") VALUES " + one + strings.Repeat(", "+one, rows-1)
}
