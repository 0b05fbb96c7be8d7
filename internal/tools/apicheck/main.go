// Command apicheck finds changes of the library's exported API that would break
// programs which use it, against a baseline kept in the repository.
//
//	apicheck -dir ROOT -baseline FILE          compares; exit status 1 if something would break
//	apicheck -dir ROOT -baseline FILE -accept  makes today's API the baseline
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/gcexportdata"
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
	if accept {
		var b bytes.Buffer
		// Positions aren't written: the file set knows none of them.
		if err := gcexportdata.WriteBundle(&b, token.NewFileSet(), now); err != nil {
			return 0, err
		}
		return 0, os.WriteFile(baseline, b.Bytes(), 0o644)
	}
	f, err := os.Open(baseline)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	old, err := gcexportdata.ReadBundle(f, token.NewFileSet(), map[string]*types.Package{})
	if err != nil {
		return 0, err
	}
	return compare(old, now, out), nil
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

func compare(old, now []*types.Package, out io.Writer) int {
	current := map[string]*types.Package{}
	for _, p := range now {
		current[p.Path()] = p
	}
	breaks := 0
	for _, p := range old {
		next := current[p.Path()]
		if next == nil {
			fmt.Fprintf(out, "%s: package was removed\n", p.Path())
			breaks++
			continue
		}
		for _, c := range apidiff.Changes(p, next).Changes {
			if !c.Compatible {
				fmt.Fprintf(out, "%s: %s\n", p.Path(), c.Message)
				breaks++
			}
		}
	}
	return breaks
}
