// Command apicheck finds changes of the library's exported API that would break
// programs which use it, or data that they exchange, against a baseline kept in the
// repository. The baseline is text with one line for each promise, so that a review
// sees what changes: a line that is gone is a break, a new one isn't.
//
//	apicheck -dir ROOT -baseline FILE          compares; exit status 1 if something would break
//	apicheck -dir ROOT -baseline FILE -accept  makes today's API the baseline
package main

import (
	"errors"
	"flag"
	"fmt"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	dir := flag.String("dir", ".", "the module's root")
	baseline := flag.String("baseline", "", "file that holds the API to compare with")
	accept := flag.Bool("accept", false, "write the baseline")
	flag.Parse()
	breaks, err := run(*dir, *baseline, *accept, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "apicheck:", err)
		os.Exit(2)
	}
	if breaks > 0 {
		fmt.Printf("%d changes break programs that use the library; if they are meant, name them in CHANGELOG.md and run: make api-accept\n", breaks)
		os.Exit(1)
	}
}

// run compares or accepts, and says how many changes would break programs.
func run(dir, baseline string, accept bool, out io.Writer) (int, error) {
	now, err := load(dir)
	if err != nil {
		return 0, err
	}
	lines := promises(now)
	if accept {
		return 0, os.WriteFile(baseline, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
	}
	b, err := os.ReadFile(baseline)
	if err != nil {
		return 0, err
	}
	old := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	return compare(old, lines, out), nil
}

// load type-checks the packages that others may import.
func load(dir string) ([]*types.Package, error) {
	cfg := &packages.Config{
		Dir: dir, Env: append(os.Environ(), "GOWORK=off"),
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedFiles,
	}
	list, err := packages.Load(cfg, "./...")
	if err != nil {
		return nil, err
	}
	var out []*types.Package
	for _, p := range list {
		if len(p.Errors) > 0 {
			return nil, errors.New(p.PkgPath + ": " + p.Errors[0].Error())
		}
		if p.Name != "main" && !slices.Contains(strings.Split(p.PkgPath, "/"), "internal") {
			out = append(out, p.Types)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no packages in " + dir)
	}
	return out, nil
}

// compare prints the promises that are broken, and counts them. Below one that was
// changed rather than removed stands its present form.
func compare(old, now []string, out io.Writer) int {
	breaks := 0
	for _, line := range old {
		if _, found := slices.BinarySearch(now, line); found {
			continue
		}
		breaks++
		fmt.Fprintln(out, "-", line)
		for _, other := range now {
			if subject(other) == subject(line) && !slices.Contains(old, other) {
				fmt.Fprintln(out, "+", other)
			}
		}
	}
	return breaks
}
