package lifecycle

import (
	"fmt"
	"io"
	"strings"
)

// Markdown prints the two tables that docs/performance.md quotes.
func Markdown(w io.Writer, results []*Result) {
	fmt.Fprintln(w, "| case | lives/s | ÷ hand | ÷ GORM | ÷ tuned | ÷ bun | ÷ hand pgx | CPU ÷ hand's |\n|---|---|---|---|---|---|---|---|")
	for _, r := range results {
		fmt.Fprintf(w, "| %s | %.0f | %.2f | %.2f | %.2f | %.2f | %s | %.2f |\n", r.Case, r.PerSecond[Ours], r.Ratio[Hand], r.Ratio[GORM], r.Ratio[GORMTuned],
			r.Ratio[Bun], figure("%.2f", r.Ratio, HandPgx), r.CPU[Ours]/r.CPU[Hand])
	}
	fmt.Fprintln(w, "\n| per life | | ours | hand | GORM | tuned | bun | hand pgx |\n|---|---|---|---|---|---|---|---|")
	for _, x := range []struct {
		what string
		of   func(*Result) map[string]float64
	}{
		{"statements", func(r *Result) map[string]float64 { return r.Statements }},
		{"trips", func(r *Result) map[string]float64 { return r.Trips }},
		{"allocations", func(r *Result) map[string]float64 { return r.Allocs }},
	} {
		what := x.what
		for _, d := range [...]struct{ cases, name string }{
			{"sqlite-", "SQLite"}, {"postgres-", "PostgreSQL"}, {"pgx-", "PostgreSQL, pgx"}, {"mariadb-", "MariaDB"},
		} {
			for _, r := range results {
				if !strings.HasPrefix(r.Case, d.cases) {
					continue
				}
				m := x.of(r)
				fmt.Fprintf(w, "| %s | %s | %.0f | %.0f | %.0f | %.0f | %.0f | %s |\n", what, d.name, m[Ours], m[Hand], m[GORM], m[GORMTuned], m[Bun], figure("%.0f", m, HandPgx))
				what = ""
				break // the other cases of a database have the same
			}
		}
	}
}
