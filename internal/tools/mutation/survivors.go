package main

import (
	"fmt"
	"os"
	"strings"
)

// survivor is a change that is known to survive, or to make the tests run for ever. It is known by its file, kind and
// source line, since lines move; several changes of one line are one entry.
type survivor struct{ file, kind, source string }

// readSurvivors reads the list: a block an entry, of three lines,
//
//	file KIND
//	    the source line
//	    why: the reason
//
// Empty lines and those that begin with # are passed over.
func readSurvivors(name string) (map[survivor]string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	known := map[survivor]string{}
	var at survivor
	step := 0
	for i, line := range strings.Split(string(b), "\n") {
		text := strings.TrimSpace(line)
		switch {
		case text == "" || strings.HasPrefix(line, "#"):
		case step == 0:
			file, kind, ok := strings.Cut(text, " ")
			if !ok || strings.ContainsAny(kind, " ") {
				return nil, fmt.Errorf("%s:%d: want a file and a kind", name, i+1)
			}
			at, step = survivor{file: file, kind: kind}, 1
		case step == 1:
			at.source, step = text, 2
		default:
			why, ok := strings.CutPrefix(text, "why: ")
			if !ok || why == "" {
				return nil, fmt.Errorf("%s:%d: want the reason", name, i+1)
			}
			if known[at] != "" {
				return nil, fmt.Errorf("%s:%d: stands in the list already", name, i+1)
			}
			known[at], step = why, 0
		}
	}
	if step != 0 {
		return nil, fmt.Errorf("%s: the last entry is cut off", name)
	}
	return known, nil
}

// result is what became of a package's changes.
type result struct {
	total, noticed, survived, listed, unended int
	remarks                                   []string // each makes the run fail
}

// share is what part of the changes was noticed, in percent.
func (r result) share() float64 {
	if r.total == 0 {
		return 0
	}
	return 100 * float64(r.noticed) / float64(r.total)
}

func judge(pkg string, found []mutant, known map[survivor]string) result {
	var r result
	seen := map[survivor]bool{}
	for _, m := range found {
		switch m.Status {
		case "NOT VIABLE", "SKIPPED": // doesn't compile
			continue
		case "KILLED":
			r.noticed++
		default: // LIVED, NOT COVERED, TIMED OUT
			what := strings.ToLower(m.Status)
			if m.Status == "TIMED OUT" {
				r.unended++
				what = "didn't end"
			} else {
				r.survived++
			}
			key := survivor{m.File, m.Kind, m.Source}
			if known[key] != "" {
				r.listed++
				seen[key] = true
			} else {
				r.remarks = append(r.remarks, fmt.Sprintf("%s: %s at %s:%d:%d: %s", what, m.Kind, m.File, m.Line, m.Column, m.Source))
			}
		}
		r.total++
	}
	for key := range known {
		if strings.HasPrefix(key.file, pkg+"/") && !strings.Contains(strings.TrimPrefix(key.file, pkg+"/"), "/") && !seen[key] {
			r.remarks = append(r.remarks, fmt.Sprintf("listed, and doesn't survive: %s in %s: %s", key.kind, key.file, key.source))
		}
	}
	return r
}
