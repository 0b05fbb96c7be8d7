package pursuit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ruleIDs is the table of all ids of docs/rules.md, figures aside. Those of
// stored are about what a store keeps, finds or guards: they need a test that
// runs on every store, or a rule of the conformance suite. The others are about
// values alone.
var ruleIDs = struct{ stored, pure []string }{
	stored: strings.Fields(`
		G1 G2 G3
		S1 S2 S3 S4 S5 S6 S7 S8 S9
		C1 C2 C3 C4 C5 C6
		C01 C02 C03 C04 C05 C06 C07 C08 C13
		N02
		A01 A02 A03 A04 A05
		P01 P02 P05 P06 P07 P08
		O01 O02 O03 O04 O05 O06 O07 O08 O09 O10 O11 O12 O13 O14 O15 O16 O17 O18 O19
		T01 T02 T03 T04 T05 T06
		H04
		L01 L02 L03
		R01 R02 R03 R04 R05
		E02 E03
		Q01 Q02 Q03 Q04 Q05 Q06 Q07 Q08 Q09 Q10 Q12 Q13 Q15
		J01 J02 J03 J04 J05 J06 J07 J08 J09 J10`),
	pure: strings.Fields(`P03 P04 E01 C10`),
}

// notYet are the ids of what isn't built. One that has its test leaves the list.
var notYet []string

// idsIn gives the ids in a test's name: "TestO02_T01_AllPairs", "O02/open",
// "archive/save/A01_code-taken". "S1toS9" is all of S1 to S9.
func idsIn(name string) (out []string) {
	for _, m := range idRange.FindAllStringSubmatch(name, -1) {
		for n, last := m[2][0], m[3][0]; n <= last; n++ {
			out = append(out, m[1]+string(rune(n)))
		}
	}
	for _, part := range strings.FieldsFunc(strings.TrimPrefix(name, "Test"), func(r rune) bool { return strings.ContainsRune("_/ ", r) }) {
		if idPattern.MatchString(part) {
			out = append(out, part)
		}
	}
	return out
}

var (
	idPattern = regexp.MustCompile(`^([CAPOTLREQJNH][0-9]{2}|[GSC][0-9])$`)
	idRange   = regexp.MustCompile(`([GSC])([0-9])to[GSC]([0-9])`)
	idLine    = regexp.MustCompile(`(?m)^(?:\* ([A-Z][0-9]{2}) |\| ([GSC][0-9]) \|)`)
)

// tested are the ids that some test carries, and those among them whose test
// runs on every store.
type tested struct{ anywhere, onStores map[string]bool }

// read adds a parsed file's tests: functions, their subtests by literal names,
// and the rules of the conformance suite.
func (d tested) read(file *ast.File, conformance bool) {
	note := func(name string, onStores bool) {
		for _, id := range idsIn(name) {
			d.anywhere[id] = true
			if onStores {
				d.onStores[id] = true
			}
		}
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		if conformance {
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.CompositeLit); ok && len(lit.Elts) == 3 {
					note(text(lit.Elts[0]), true)
				}
				return true
			})
			continue
		}
		onStores := calls(f.Body, "onEach")
		if f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
			note(f.Name.Name, onStores)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 {
				if x, ok := call.Fun.(*ast.SelectorExpr); ok && x.Sel.Name == "Run" {
					note(text(call.Args[0]), onStores)
				}
			}
			return true
		})
	}
}

// calls says whether a body calls a function by that name.
func calls(body ast.Node, name string) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			id, ok := call.Fun.(*ast.Ident)
			found = found || ok && id.Name == name
		}
		return true
	})
	return found
}

// text gives the literals of an expression of strings, one after the other.
func text(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING {
			return s
		}
	case *ast.BinaryExpr:
		return text(x.X) + text(x.Y)
	}
	return ""
}

// missing names each id without the test that it needs.
func (d tested) missing(stored, pure []string) (out []string) {
	for _, id := range stored {
		switch {
		case !d.anywhere[id]:
			out = append(out, id+" has no test")
		case !d.onStores[id]:
			out = append(out, id+" has no test on every store")
		}
	}
	for _, id := range pure {
		if !d.anywhere[id] {
			out = append(out, id+" has no test")
		}
	}
	return out
}

func TestHouse_EveryRuleHasItsTest(t *testing.T) {
	all := slices.Concat(ruleIDs.stored, ruleIDs.pure)
	without := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(notYet, id) })
	}
	got := tested{map[string]bool{}, map[string]bool{}}
	read := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		conformance := strings.HasPrefix(filepath.ToSlash(path), "storage/storagetest/rules_")
		if err != nil || e.IsDir() || !conformance && !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		read++
		got.read(file, conformance)
		return nil
	}))
	require.Greater(t, read, 100)
	for _, lack := range got.missing(without(ruleIDs.stored), without(ruleIDs.pure)) {
		t.Error(lack)
	}
	for _, id := range notYet {
		if len(got.missing([]string{id}, nil)) == 0 {
			t.Errorf("%s has its test: take it off the list of what isn't built", id)
		}
	}
	for id := range got.anywhere {
		if id != "R06" && !slices.Contains(all, id) { // R06 is the section of characters that deceive
			t.Errorf("a test carries %s, which is no rule", id)
		}
	}

	t.Run("the table has the ids of the rules", func(t *testing.T) {
		b, err := os.ReadFile("docs/rules.md")
		require.NoError(t, err)
		var ids []string
		for _, m := range idLine.FindAllStringSubmatch(string(b), -1) {
			ids = append(ids, m[1]+m[2])
		}
		require.ElementsMatch(t, ids, all)
	})

	t.Run("a rule without its test is found", func(t *testing.T) {
		file, err := parser.ParseFile(token.NewFileSet(), "seeded_test.go", `package seeded
			func TestC01_Alone(t *testing.T) {}
			func TestC02_S1toS3_OnStores(t *testing.T) {
				onEach(t, func(t *testing.T) { t.Run("C03/"+name, nil) })
			}
			func helper() { t.Run("a C04 by the way", nil) }
			func TestABC05_NoID(t *testing.T) { note("C06") }`, 0)
		require.NoError(t, err)
		seeded := tested{map[string]bool{}, map[string]bool{}}
		seeded.read(file, false)
		require.Equal(t, []string{"C01 has no test on every store", "C04 has no test on every store", "C05 has no test", "C06 has no test", "P03 has no test"},
			seeded.missing([]string{"C01", "C02", "C03", "C04", "C05", "C06", "S1", "S2", "S3"}, []string{"C01", "P03"}))

		for _, id := range without(all) {
			lost := tested{map[string]bool{}, map[string]bool{}}
			for k := range got.anywhere {
				if k != id {
					lost.anywhere[k], lost.onStores[k] = true, true
				}
			}
			require.Equal(t, []string{id + " has no test"}, lost.missing([]string{id}, nil))
		}
	})

	t.Run("a conformance rule is found by its name", func(t *testing.T) {
		file, err := parser.ParseFile(token.NewFileSet(), "rules_seeded.go", `package seeded
			func rules() []Rule { return []Rule{{"archive/save/A01_code-taken", "says A02", nil}} }`, 0)
		require.NoError(t, err)
		seeded := tested{map[string]bool{}, map[string]bool{}}
		seeded.read(file, true)
		require.Equal(t, map[string]bool{"A01": true}, seeded.onStores)
	})
}
