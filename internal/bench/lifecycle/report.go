package lifecycle

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// Object is a case as JSON.
type Object struct {
	Case           string  `json:"case"`
	OursPerSecond  float64 `json:"ours_per_s"`
	RatioHand      float64 `json:"ratio_hand"`
	RatioGORM      float64 `json:"ratio_gorm"`
	RatioGORMTuned float64 `json:"ratio_gorm_tuned"`
	RatioBun       float64 `json:"ratio_bun"`
	Allocs         float64 `json:"allocs"`
	AllocsHand     float64 `json:"allocs_hand"`
	Statements     float64 `json:"statements"`
	Trips          float64 `json:"trips"`
	// RatioHandPgx is there on pgx only.
	RatioHandPgx float64 `json:"ratio_hand_pgx,omitempty"`
}

// Objects gives results as they are encoded.
func Objects(results []*Result) []Object {
	out := make([]Object, 0, len(results))
	for _, r := range results {
		out = append(out, Object{
			Case: r.Case, OursPerSecond: round(r.PerSecond[Ours], 1), RatioHand: round(r.Ratio[Hand], 2), RatioGORM: round(r.Ratio[GORM], 2),
			RatioGORMTuned: round(r.Ratio[GORMTuned], 2), RatioBun: round(r.Ratio[Bun], 2), Allocs: round(r.Allocs[Ours], 0),
			AllocsHand: round(r.Allocs[Hand], 0), Statements: round(r.Statements[Ours], 2), Trips: round(r.Trips[Ours], 2),
			RatioHandPgx: round(r.Ratio[HandPgx], 2),
		})
	}
	return out
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// Table prints results: ratios of throughput first, then what each contender
// does for a life.
func Table(w io.Writer, results []*Result) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer t.Flush()
	fmt.Fprintln(t, "case\tours/s\t÷ hand\t÷ GORM\t÷ tuned\t÷ bun\t÷ hand pgx\t")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t\n", r.Case, r.PerSecond[Ours], r.Ratio[Hand], r.Ratio[GORM], r.Ratio[GORMTuned], r.Ratio[Bun], figure("%.2f", r.Ratio, HandPgx))
	}
	for _, x := range []struct {
		what string
		of   func(*Result) map[string]float64
	}{
		{"CPU, µs", func(r *Result) map[string]float64 { return r.CPU }},
		{"allocations", func(r *Result) map[string]float64 { return r.Allocs }},
		{"bytes allocated", func(r *Result) map[string]float64 { return r.Bytes }},
		{"statements", func(r *Result) map[string]float64 { return r.Statements }},
		{"trips", func(r *Result) map[string]float64 { return r.Trips }},
	} {
		fmt.Fprintf(t, "\t\t\t\t\t\t\t\n%s\tours\thand\tGORM\ttuned\tbun\thand pgx\t\n", x.what)
		for _, r := range results {
			m := x.of(r)
			fmt.Fprintf(t, "%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%s\t\n", r.Case, m[Ours], m[Hand], m[GORM], m[GORMTuned], m[Bun], figure("%.0f", m, HandPgx))
		}
	}
}

// figure is a contender's, or nothing where it doesn't take part.
func figure(format string, of map[string]float64, contender string) string {
	x, ok := of[contender]
	if !ok {
		return ""
	}
	return fmt.Sprintf(format, x)
}

// Versions names the databases that were used.
func (b *Bench) Versions(ctx context.Context) string {
	var out []string
	ask := func(db *sql.DB, query, name string) {
		defer db.Close()
		var v string
		if err := db.QueryRowContext(ctx, query).Scan(&v); err == nil {
			v, _, _ = strings.Cut(v, " ")
			out = append(out, name+" "+v)
		}
	}
	ask(openSQLite(":memory:", "NORMAL", nil), "SELECT sqlite_version()", "SQLite")
	if b.postgres != nil {
		if k, err := (postgresSite{s: b.postgres}).connector("postgres"); err == nil {
			ask(pool(k, 1, nil), "SHOW server_version", "PostgreSQL")
		}
	}
	if b.mariadb != nil {
		if k, err := (mariadbSite{s: b.mariadb}).connector("mysql"); err == nil {
			ask(pool(k, 1, nil), "SELECT version()", "MariaDB")
		}
	}
	return strings.Join(out, ", ")
}
