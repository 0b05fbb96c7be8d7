// Command racing finds the tests in which goroutines meet: those that start one,
// or set a timer off, themselves or through the functions of their package that they
// use. They are what the race detector is for.
//
//	racing tests DIR     prints a pattern for go test -run
//	racing dirs DIR...   prints those folders with a Go file that starts a goroutine
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: racing tests DIR | racing dirs DIR...")
		os.Exit(2)
	}
	err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(what string, dirs []string) error {
	for _, dir := range dirs {
		p, err := read(dir)
		if err != nil {
			return err
		}
		switch {
		case what == "tests":
			tests := p.tests()
			if len(tests) == 0 {
				return fmt.Errorf("no test in %s starts a goroutine", dir)
			}
			fmt.Printf("^(%s)$\n", strings.Join(tests, "|"))
		case what != "dirs":
			return fmt.Errorf("%s isn't known", what)
		case len(p.starts) > 0:
			fmt.Println(dir)
		}
	}
	return nil
}

// pkg is what the declarations of a folder use, by name, and which of them start
// goroutines. A method's name begins with a dot and stands for all methods so
// called; the names of parameters and local variables stand for nothing.
type pkg struct {
	uses   map[string]map[string]bool
	starts map[string]bool
}

func read(dir string) (pkg, error) {
	p := pkg{map[string]map[string]bool{}, map[string]bool{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return p, err
	}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return p, err
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = "." + name
				}
				p.note(f, []string{name}, d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						var names []string
						for _, n := range v.Names {
							names = append(names, n.Name)
						}
						p.note(f, names, v)
					}
				}
			}
		}
	}
	return p, nil
}

// note adds a declaration.
func (p pkg) note(f *ast.File, names []string, d ast.Node) {
	uses, starts, selected := map[string]bool{}, false, map[*ast.Ident]bool{}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			starts = true
		case *ast.SelectorExpr:
			starts = starts || n.Sel.Name == "Go" || n.Sel.Name == "AfterFunc"
			uses["."+n.Sel.Name], selected[n.Sel] = true, true
		case *ast.Ident:
			// The parser resolves what the file declares; the rest is other files'.
			if !selected[n] && (n.Obj == nil || f.Scope.Objects[n.Name] == n.Obj) {
				uses[n.Name] = true
			}
		}
		return true
	})
	for _, name := range names {
		if name == "_" {
			name = fmt.Sprint("_", len(p.uses))
		}
		if p.uses[name] == nil {
			p.uses[name] = map[string]bool{}
		}
		maps.Copy(p.uses[name], uses)
		if starts {
			p.starts[name] = true
		}
	}
}

// tests are the tests that reach what starts a goroutine.
func (p pkg) tests() (out []string) {
	reached := maps.Clone(p.starts)
	for grew := true; grew; {
		grew = false
		for name, uses := range p.uses {
			if reached[name] {
				continue
			}
			for used := range uses {
				if reached[used] {
					reached[name], grew = true, true
					break
				}
			}
		}
	}
	for name := range reached {
		if strings.HasPrefix(name, "Test") && name != "TestMain" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
