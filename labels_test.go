package pursuit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// unlabelled are sorts of values that only programs read, not people.
var unlabelled = []string{"opportunity.OutcomeChange", "access.Action", "access.Resource", "opportunity.Parts", "opportunity.Sort", "opportunity/pipeline.Dimension", "money.Currency", "money.Rounding"}

// words are what one package has: the constants by type, the keys of tables of
// labels by type, and which types have Label.
type words struct {
	values, keys map[string][]string
	has          map[string]bool
}

func readWords(t *testing.T, dir string) words {
	t.Helper()
	w := words{map[string][]string{}, map[string][]string{}, map[string]bool{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && d.Name.Name == "Label" {
					if id, ok := d.Recv.List[0].Type.(*ast.Ident); ok {
						w.has[id.Name] = true
					}
				}
			case *ast.GenDecl:
				w.declared(d)
			}
		}
	}
	return w
}

func (w words) declared(d *ast.GenDecl) {
	last := ""
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if d.Tok == token.VAR {
			for _, x := range v.Values {
				w.table(x)
			}
			continue
		}
		if id, ok := v.Type.(*ast.Ident); ok {
			last = id.Name
		} else if len(v.Values) > 0 {
			last = ""
		}
		if last == "" || !ast.IsExported(last) {
			continue
		}
		for _, n := range v.Names {
			if n.IsExported() {
				w.values[last] = append(w.values[last], n.Name)
			}
		}
	}
}

func (w words) table(x ast.Expr) {
	lit, ok := x.(*ast.CompositeLit)
	if !ok {
		return
	}
	index, ok := lit.Type.(*ast.IndexExpr)
	if !ok {
		return
	}
	sel, ok := index.X.(*ast.SelectorExpr)
	of, ok2 := index.Index.(*ast.Ident)
	if !ok || !ok2 || sel.Sel.Name != "Table" {
		return
	}
	for _, e := range lit.Elts {
		if key, ok := e.(*ast.KeyValueExpr).Key.(*ast.Ident); ok { // the codes of fields are texts
			w.keys[of.Name] = append(w.keys[of.Name], key.Name)
		}
	}
}

// TestHouse_EveryValueHasALabel: what people read has a name in English and in
// Chinese, from one table for each type.
func TestHouse_EveryValueHasALabel(t *testing.T) {
	found := 0
	for dir := range imports {
		if strings.HasPrefix(dir, "internal/") {
			continue
		}
		w := readWords(t, dir)
		for of, values := range w.values {
			if slices.Contains(unlabelled, dir+"."+of) {
				continue
			}
			found++
			require.True(t, w.has[of], "%s.%s has no Label", dir, of)
			require.ElementsMatch(t, values, w.keys[of], "%s.%s: its values, and its table's", dir, of)
		}
	}
	require.Greater(t, found, 15)
}

func TestLabelsSpeakBothLanguages(t *testing.T) {
	for _, s := range opportunity.Statuses() {
		require.NotEmpty(t, s.Label("en"))
		require.NotEqual(t, s.Label("en"), s.Label("zh-CN"))
	}
	require.Equal(t, "进行中", opportunity.Open.Label("zh-CN"))
	require.Equal(t, "决策者", opportunity.DecisionMaker.Label("zh"))
	require.Equal(t, "on hold", opportunity.OnHold.Label("de"))
	require.Equal(t, "得单原因", archive.WinReason.Label("zh-Hans"))
	require.Equal(t, "unheard", archive.Kind("unheard").Label("zh"), "an unknown value is its own label")
}
