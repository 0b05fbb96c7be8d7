package pursuit_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// codeSource finds the codes of errors and of fields in the sources: those in
// calls of package fault, and those handed to functions, local functions,
// variables and struct fields that pass them on to it. It is a small data flow:
// what reaches a code's place in fault makes the parameter that it came from a
// place for codes, until nothing new is found.
type codeSource struct {
	fset     *token.FileSet
	importer types.Importer
	parsed   []*parsedPackage
	places   map[string][]place  // by the function's full name, or the position of a local one
	results  map[string][]result // by the function's full name
	grown    bool

	codes, fields map[string]*usedCode
	opaque        map[string]string // what can't be followed, by position
}

// place is a parameter that becomes a code: of a field, or of an error whose
// kind is known or is another parameter.
type place struct {
	param     int
	field     bool
	kind      string
	kindParam int
	message   string
}

// usedCode is one code that was found; a "*" in it stands for what is only known
// when the program runs.
type usedCode struct {
	kinds   []string
	message string
	at      string
}

type parsedPackage struct {
	path   string
	files  []*ast.File
	info   *types.Info
	params map[types.Object]param
	values map[types.Object][]given
}

// given is what a variable or a field was given: an expression, or the nth result
// of a call.
type given struct {
	x ast.Expr
	n int
}

// result is one return of a function.
type result struct {
	in *parsedPackage
	xs []ast.Expr
}

type param struct {
	of string
	n  int
}

const faultPath = module + "/fault"

// exported imports packages from what the go command compiled.
func exported(t *testing.T, fset *token.FileSet) types.Importer {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	b, err := cmd.Output()
	require.NoError(t, err)
	where := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(string(b))); ; {
		var p struct{ ImportPath, Export string }
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		where[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if where[path] == "" {
			return nil, errors.New("not compiled: " + path)
		}
		return os.Open(where[path])
	})
}

func newCodeSource(t *testing.T) *codeSource {
	t.Helper()
	fset := token.NewFileSet()
	return &codeSource{fset: fset, importer: exported(t, fset),
		places: map[string][]place{
			faultPath + ".New":                {{param: 1, kindParam: 0}},
			faultPath + ".Wrap":               {{param: 1, kindParam: 0}},
			"(*" + faultPath + ".Fields).Add": {{param: 1, field: true}},
		},
		results: map[string][]result{}, codes: map[string]*usedCode{}, fields: map[string]*usedCode{}, opaque: map[string]string{}}
}

// directory adds a package by its files; source, if given, is the only one.
func (s *codeSource) directory(t *testing.T, path, dir, source string) {
	t.Helper()
	p := &parsedPackage{path: path, params: map[types.Object]param{}, values: map[types.Object][]given{},
		info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}}
	names := []string{"twin.go"}
	if source == "" {
		var err error
		names, err = filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		var text any
		if source != "" {
			text = source
		}
		f, err := parser.ParseFile(s.fset, name, text, 0)
		require.NoError(t, err)
		p.files = append(p.files, f)
	}
	// Nested modules import what isn't compiled here: their own code is read all
	// the same.
	conf := types.Config{Importer: s.importer, Error: func(error) {}}
	_, _ = conf.Check(path, s.fset, p.files, p.info)
	for _, f := range p.files {
		p.declare(s, f)
	}
	s.parsed = append(s.parsed, p)
}

// declare notes parameters, and what variables and struct fields are given.
func (p *parsedPackage) declare(s *codeSource, f *ast.File) {
	bind := func(of string, list *ast.FieldList) {
		n := 0
		for _, x := range list.List {
			for _, id := range x.Names {
				p.params[p.info.Defs[id]] = param{of, n}
				n++
			}
			if len(x.Names) == 0 {
				n++
			}
		}
	}
	gives := func(to, x ast.Expr, n int) {
		if id, ok := to.(*ast.Ident); ok {
			if obj := cmp.Or[types.Object](p.info.Defs[id], p.info.Uses[id]); obj != nil {
				p.values[obj] = append(p.values[obj], given{x, n})
				if lit, ok := x.(*ast.FuncLit); ok {
					bind(s.local(obj), lit.Type.Params)
				}
			}
		} else if sel, ok := to.(*ast.SelectorExpr); ok {
			p.values[p.info.Uses[sel.Sel]] = append(p.values[p.info.Uses[sel.Sel]], given{x, n})
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if fn, ok := p.info.Defs[n.Name].(*types.Func); ok {
				bind(fn.FullName(), n.Type.Params)
				if n.Body != nil {
					s.returns(p, fn.FullName(), n)
				}
			}
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) {
					gives(to, n.Rhs[i], 0)
				} else {
					gives(to, n.Rhs[0], i)
				}
			}
		case *ast.ValueSpec:
			for i, to := range n.Names {
				if len(n.Names) == len(n.Values) {
					gives(to, n.Values[i], 0)
				}
			}
		case *ast.CompositeLit:
			st, ok := under(p.info.Types[n].Type)
			if !ok {
				return true
			}
			for i, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					gives(kv.Key, kv.Value, 0)
				} else if i < st.NumFields() {
					p.values[st.Field(i)] = append(p.values[st.Field(i)], given{e, 0})
				}
			}
		}
		return true
	})
}

func (s *codeSource) returns(p *parsedPackage, of string, d *ast.FuncDecl) {
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			s.results[of] = append(s.results[of], result{p, n.Results})
		}
		return true
	})
}

func under(t types.Type) (*types.Struct, bool) {
	if t == nil {
		return nil, false
	}
	st, ok := t.Underlying().(*types.Struct)
	return st, ok
}

func (s *codeSource) local(obj types.Object) string { return s.fset.Position(obj.Pos()).String() }
