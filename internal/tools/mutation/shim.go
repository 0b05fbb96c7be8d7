package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// realGo names the variable with the path of the go command.
const realGo = "PURSUIT_MUTATION_GO"

// shim stands in for the go command while gremlins runs. Gremlins changes only what a
// coverage profile says was run, and Go's profiles leave out the conditions of a
// switch's cases: they are added to each profile that is made.
func shim(args []string) int {
	cmd := exec.Command(os.Getenv(realGo), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return max(exit.ExitCode(), 1)
		}
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for i, a := range args {
		if a == "-coverprofile" && i+1 < len(args) {
			if err := addCases(args[i+1], "."); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
	return 0
}

// addCases adds the conditions of cases to a profile, for each file of it whose
// functions ran. The module's root is dir.
func addCases(profile, dir string) error {
	b, err := os.ReadFile(profile)
	if err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(string(bytes.TrimPrefix(mod, []byte("module "))), "\n")
	ran := map[string][]int{} // lines at which a block that ran begins, by file
	for line := range strings.Lines(string(b)) {
		file, rest, ok := strings.Cut(strings.TrimSpace(line), ".go:")
		if !ok || strings.HasSuffix(rest, " 0") {
			continue
		}
		var from int
		if _, err := fmt.Sscanf(rest, "%d.", &from); err != nil {
			return err
		}
		ran[file+".go"] = append(ran[file+".go"], from)
	}
	for file, lines := range ran {
		more, err := cases(file, filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(file, strings.TrimSpace(name)+"/"))), lines)
		if err != nil {
			return err
		}
		b = append(b, more...)
	}
	return os.WriteFile(profile, b, 0o600)
}

// cases returns lines of a profile for the cases of those functions that ran.
func cases(file, src string, ran []int) ([]byte, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, src, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []byte
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || !begins(ran, set.Position(f.Body.Pos()).Line, set.Position(f.Body.End()).Line) {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if c, ok := n.(*ast.CaseClause); ok && len(c.List) > 0 {
				from, to := set.Position(c.Case), set.Position(c.Colon)
				out = fmt.Appendf(out, "%s:%d.%d,%d.%d 1 1\n", path.Clean(file), from.Line, from.Column, to.Line, to.Column)
			}
			return true
		})
	}
	return out, nil
}

func begins(ran []int, from, to int) bool {
	for _, line := range ran {
		if from <= line && line <= to {
			return true
		}
	}
	return false
}
