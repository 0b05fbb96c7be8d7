package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// json prints the figures for programs.
func (out *figures) json(w io.Writer) error {
	if out.Rejected == nil {
		out.Rejected = []rejection{}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// table prints the figures for people.
func (out *figures) table(w io.Writer, groupBy string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name string, value any) { fmt.Fprintf(t, "%s\t%v\n", name, value) }
	line("Rows", fmt.Sprintf("%d: %d new, %d moved on, %d there already, %d rejected", out.Rows, out.Imported, out.Updated, out.Repeated, len(out.Rejected)))
	line("Opportunities", fmt.Sprintf("%d: %d open, %d won, %d lost", out.Opportunities, out.Open, out.Won, out.Lost))
	line("Won", out.WonAmount+" USD")
	line("Open", out.OpenAmount+" USD")
	line("Open, weighted", out.WeightedAmount+" USD")
	line("Win rate", or(out.WinRate))
	cycle := "–"
	if out.MeanCycle != nil {
		cycle = fmt.Sprintf("%s days on average, %d in the middle", *out.MeanCycle, *out.MedianCycle)
	}
	line("Cycle of wins", cycle)
	if out.AsOf != nil {
		line("Engaging at the end of "+out.AsOf.Date.String(), fmt.Sprintf("%d open, %s USD", out.AsOf.Open, out.AsOf.OpenAmount))
	}
	line("Import", fmt.Sprintf("%.2f seconds", out.Seconds))
	if err := t.Flush(); err != nil {
		return err
	}
	if groupBy != "" {
		if err := out.groups(w, groupBy); err != nil {
			return err
		}
	}
	return out.dirt(w)
}

func or(s *string) string {
	if s == nil {
		return "–"
	}
	return *s
}

func (out *figures) groups(w io.Writer, by string) error {
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s\tn\twon\tlost\topen\twon USD\topen USD\t\n", by)
	for _, name := range slices.Sorted(maps.Keys(out.Groups)) {
		g := out.Groups[name]
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%s\t%s\t\n", name, g.N, g.Won, g.Lost, g.Open, g.WonAmount, g.OpenAmount)
	}
	return t.Flush()
}

// shown is how many lines of one sort of mending are named.
const shown = 10

// dirt lists what was mended and every line that was rejected.
func (out *figures) dirt(w io.Writer) error {
	kinds := map[string][]string{}
	for _, m := range out.mendings {
		kind := fmt.Sprintf("Mended: %s %q is taken for %q", m.Field, m.From, m.To)
		kinds[kind] = append(kinds[kind], strconv.Itoa(m.Line))
	}
	for i, kind := range slices.Sorted(maps.Keys(kinds)) {
		lines := kinds[kind]
		more := ""
		if len(lines) > shown {
			more = fmt.Sprintf(" and %d more", len(lines)-shown)
		}
		if i == 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s: %d rows, lines %s%s\n", kind, len(lines), strings.Join(lines[:min(shown, len(lines))], ", "), more)
	}
	if len(out.Rejected) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	for _, r := range out.Rejected {
		var why []string
		for _, f := range r.Fields {
			why = append(why, strings.TrimSpace(strings.Trim(f.Path, "/")+" "+f.Message))
		}
		if _, err := fmt.Fprintf(w, "Rejected: %s, line %d: %s (%s)\n", r.File, r.Line, strings.Join(why, "; "), r.Code); err != nil {
			return err
		}
	}
	return nil
}

// bar gives a progress bar on a terminal, and nothing elsewhere.
func bar(w io.Writer) func(done, of int) {
	f, ok := w.(*os.File)
	if !ok {
		return func(int, int) {}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func(int, int) {}
	}
	return drawn(w, time.Now())
}

// drawn draws the bar over itself, and ends its line when all is done.
func drawn(w io.Writer, start time.Time) func(done, of int) {
	const width = 40
	return func(done, of int) {
		n := width * done / of
		fmt.Fprintf(w, "\r[%s%s] %d of %d, %.0f a second ", strings.Repeat("=", n), strings.Repeat(" ", width-n), done, of,
			float64(done)/max(time.Since(start).Seconds(), 1e-3))
		if done == of {
			fmt.Fprintln(w)
		}
	}
}
