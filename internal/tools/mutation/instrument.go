package main

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// helpers is the source that is added to an instrumented package.
//
//go:embed helpers.go.txt
var helpers string

// place is where a token stands.
type place struct {
	file         string
	line, column int
}

// edit replaces a part of a file's text. Of several at one offset, what ends a
// changed expression comes first, the innermost before the outer ones, and what
// begins one comes last, the outermost first.
type edit struct {
	from, to, class int
	text            string
}

const (
	closing = iota
	replacing
	opening
)

// instrumented is a package whose changes are all built into one text, and are
// chosen when it runs.
type instrumented struct {
	texts map[string][]byte // by file, relative to the root
	built map[int]bool      // the numbers of the changes that are in it; the others must be built alone
	never map[int]bool      // the numbers of those that don't compile
}

// instrument builds the changes of list into one package. The number of a change is
// its place in the list, from 1.
func instrument(dir, pkg string, list []mutant) (instrumented, error) {
	out := instrumented{map[string][]byte{}, map[int]bool{}, map[int]bool{}}
	loaded, err := packages.Load(&packages.Config{
		Dir:  dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
	}, "./"+pkg)
	if err != nil {
		return out, err
	}
	if len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		return out, fmt.Errorf("%s: %v", pkg, loaded[0].Errors)
	}
	p := loaded[0]
	numbers := map[place]map[string]int{}
	for i, m := range list {
		at := place{m.File, m.Line, m.Column}
		if numbers[at] == nil {
			numbers[at] = map[string]int{}
		}
		numbers[at][m.Kind] = i + 1
	}
	for _, f := range p.Syntax {
		full := p.Fset.Position(f.Pos()).Filename
		name := filepath.Join(pkg, filepath.Base(full))
		w := writer{info: p.TypesInfo, set: p.Fset, file: name, numbers: numbers, out: &out}
		w.walk(f)
		b, err := os.ReadFile(full)
		if err != nil {
			return out, err
		}
		out.texts[name] = apply(b, w.edits)
	}
	text := strings.Replace(helpers, "PACKAGE", p.Name, 1)
	out.texts[filepath.Join(pkg, "zz_mutants.go")] = []byte(strings.Replace(text, "MARKS", fmt.Sprint(len(list)+1), 1))
	return out, nil
}

func apply(src []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.class - b.class
	})
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, src[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, src[at:]...)
}

// writer collects the edits of one file.
type writer struct {
	info    *types.Info
	set     *token.FileSet
	file    string
	numbers map[place]map[string]int
	out     *instrumented
	edits   []edit
	above   []ast.Node
}

func (w *writer) walk(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			w.leave(w.above[len(w.above)-1])
			w.above = w.above[:len(w.above)-1]
			return true
		}
		w.enter(n)
		w.above = append(w.above, n)
		return true
	})
}

// at returns the numbers of the changes of a token, by kind.
func (w *writer) at(pos token.Pos) map[string]int {
	p := w.set.Position(pos)
	return w.numbers[place{w.file, p.Line, p.Column}]
}

func (w *writer) add(class int, from, to token.Pos, text string) {
	w.edits = append(w.edits, edit{w.set.Position(from).Offset, w.set.Position(to).Offset, class, text})
}

func (w *writer) take(ids map[string]int) {
	for _, id := range ids {
		w.out.built[id] = true
	}
}

func (w *writer) drop(ids map[string]int) {
	for _, id := range ids {
		w.out.never[id] = true
	}
}
