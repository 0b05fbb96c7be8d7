// Command mutants drops each comparison of a tenant or a version in the SQL that
// really runs, one after the other, and says which of these mutants nothing notices:
//
//	go run ./internal/reliability/cmd/mutants [-site sqlite] [-share 0.1] [-only REGEXP] [-again FILE]
//
// It ends with status 1 if one survives. PURSUIT_SEED chooses which are tried if it
// isn't all of them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"

	"github.com/pursuit-crm/pursuit/internal/reliability"
)

func main() {
	share := flag.Float64("share", 1, "share of the mutants that is tried")
	name := flag.String("site", "", "sqlite, postgres or pgx; all if empty")
	pattern := flag.String("only", "", "a regular expression: only mutants whose text matches are tried")
	file := flag.String("again", "", "what an earlier run printed: only what survived there is tried")
	flag.Parse()
	only, err := chosen(*pattern, *file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ok := true
	for _, site := range reliability.Mutated {
		if *name != "" && *name != site.Name {
			continue
		}
		survivors, err := run(ctx, site, *share, only)
		if err != nil {
			fmt.Fprintln(os.Stderr, site.Name+":", err)
		}
		ok = ok && err == nil && survivors == 0
	}
	stop()
	if err := reliability.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		ok = false
	}
	if !ok {
		os.Exit(1)
	}
}

const survived = "survived: "

// chosen says which mutants are tried; nil: all.
func chosen(pattern, file string) (func(text string) bool, error) {
	if pattern == "" && file == "" {
		return nil, nil
	}
	matches, err := regexp.Compile(pattern)
	if err != nil || file == "" {
		return matches.MatchString, err
	}
	b, err := os.ReadFile(file)
	listed := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), survived); ok {
			listed[text] = true
		}
	}
	return func(text string) bool { return listed[text] && matches.MatchString(text) }, err
}

func run(ctx context.Context, site *reliability.Site, share float64, only func(string) bool) (survivors int, err error) {
	dir, err := os.MkdirTemp("", "pursuit-mutants-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	size, err := reliability.SizeFromEnv(share)
	if err != nil {
		return 0, err
	}
	list, figure, err := reliability.TryMutants(ctx, site, size, dir, only, func(m reliability.Mutant) { fmt.Println(survived + m.Text()) })
	fmt.Println(site.Name+":", figure)
	return len(list), err
}
