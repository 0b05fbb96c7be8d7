package pursuit_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// These tests hold the rules of the house: who may import whom, where the clock
// and chance stand, and that everything that is exported is explained.

const module = "github.com/pursuit-crm/pursuit"

// imports says which of the module's packages each package may import. The
// root package and storage's adapters may import everything that is below them.
var imports = map[string][]string{
	"fault":                {"internal/label"},
	"internal/label":       {},
	"internal/text":        {"fault"},
	"internal/optional":    {},
	"internal/sharing":     {}, // for tests
	"internal/sum":         {"money"},
	"internal/fixture":     {"calendar", "fault", "journal", "money", "opportunity"}, // for tests
	"internal/wire":        {"fault", "money"},
	"calendar":             {"fault"},
	"journal":              {"fault", "internal/label"},
	"money":                {"calendar", "fault", "internal/label"},
	"access":               {"fault", "internal/label", "internal/text", "money"},
	"stage":                {"calendar", "fault", "internal/label", "internal/text", "journal", "money"},
	"archive":              {"fault", "internal/label", "internal/optional", "internal/text", "journal"},
	"customer":             {"access", "fault", "internal/label", "internal/optional", "internal/text", "journal"},
	"opportunity":          {"access", "archive", "calendar", "customer", "fault", "internal/label", "internal/optional", "internal/text", "internal/wire", "journal", "money", "stage"},
	"opportunity/pipeline": {"access", "calendar", "fault", "internal/text", "money", "opportunity", "stage"},
	"quote":                {"access", "calendar", "fault", "internal/label", "internal/optional", "internal/sum", "internal/text", "internal/wire", "journal", "money", "opportunity", "stage"},
	"order":                {"access", "calendar", "customer", "fault", "internal/label", "internal/optional", "internal/sum", "internal/text", "internal/wire", "journal", "money", "opportunity", "quote", "stage"},
	"storage":              {"archive", "customer", "fault", "journal", "opportunity", "opportunity/pipeline", "order", "quote", "stage"},
}

// adapters import storage and the domain, never each other or the engine.
var adapters = []string{"storage/memory", "storage/blobdir", "storage/sqlstore", "storage/storagetest"}

// suites are for tests; those for hosts import the engine.
var suites = []string{"order/ordertest", "pursuittest", "pursuittest/gatetest", "pursuittest/policytest", "internal/audit", "internal/intercept", "internal/journalled"}

// thirdParty is all that the library's own code may stand on.
var thirdParty = []string{"github.com/google/uuid", "github.com/shopspring/decimal", "golang.org/x/exp", "golang.org/x/text"}

type listed struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

func packagesOf(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Dir,GoFiles,Imports,Deps", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	b, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	dec := json.NewDecoder(bytes.NewReader(b))
	var out []listed
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		out = append(out, p)
	}
	require.Greater(t, len(out), 10)
	return out
}

func short(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

// badImports lists what breaks the rules of imports.
func badImports(list []listed) []string {
	var bad []string
	for _, p := range list {
		name := short(p.ImportPath)
		allowed, domain := imports[name]
		for _, i := range p.Imports {
			ours := i == module || strings.HasPrefix(i, module+"/")
			switch to := short(i); {
			case !ours && strings.Contains(strings.SplitN(i, "/", 2)[0], "."):
				if !slices.ContainsFunc(thirdParty, func(x string) bool { return i == x || strings.HasPrefix(i, x+"/") }) {
					bad = append(bad, name+" imports "+i)
				}
			case !ours && domain && (i == "database/sql" || i == "net/http" || i == "log" || i == "log/slog" && name != "fault" || i == "os"): // fault only says how it is logged
				bad = append(bad, name+" imports "+i)
			case !ours && i == "testing" && name != "storage/storagetest" && !slices.Contains(suites, name):
				bad = append(bad, name+" imports testing")
			case ours && domain && !slices.Contains(allowed, to):
				bad = append(bad, name+" imports "+to)
			case ours && slices.Contains(adapters, name) && (to == "" || slices.Contains(adapters, to)):
				bad = append(bad, name+" imports "+i)
			}
		}
		if !domain && name != "" && !slices.Contains(adapters, name) && !slices.Contains(suites, name) {
			bad = append(bad, name+" has no rule")
		}
	}
	return bad
}

func TestHouse_ImportsRunOneWay(t *testing.T) {
	list := packagesOf(t)
	require.Empty(t, badImports(list))

	t.Run("a seeded breach is found", func(t *testing.T) {
		require.Len(t, badImports([]listed{
			{ImportPath: module + "/money", Imports: []string{"database/sql"}},
			{ImportPath: module + "/stage", Imports: []string{module + "/opportunity"}},
			{ImportPath: module + "/fault", Imports: []string{"github.com/sirupsen/logrus", "testing"}},
			{ImportPath: module + "/storage/memory", Imports: []string{module}},
			{ImportPath: module + "/fancy"},
		}), 6)
	})
}

// TestHouse_NoDriverIsLinked looks through everything that importing the
// library brings in.
func TestHouse_NoDriverIsLinked(t *testing.T) {
	for _, p := range packagesOf(t) {
		for _, d := range p.Deps {
			first := strings.SplitN(d, "/", 2)[0]
			if !strings.Contains(first, ".") || d == module || strings.HasPrefix(d, module+"/") || strings.HasPrefix(d, "vendor/") {
				continue
			}
			require.True(t, slices.ContainsFunc(thirdParty, func(x string) bool { return d == x || strings.HasPrefix(d, x+"/") }), "%s brings in %s", p.ImportPath, d)
		}
	}
}

// files parses the library's own files, tests aside.
func files(t *testing.T, f func(path string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	n := 0
	for _, p := range packagesOf(t) {
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			path := filepath.Join(p.Dir, name)
			file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
			require.NoError(t, err)
			f(path, file, fset)
			n++
		}
	}
	require.Greater(t, n, 50)
}

func TestHouse_ClockAndChanceStandInOneFile(t *testing.T) {
	forbidden := map[string][]string{
		"time": {"Now", "Since", "Until"},
		"uuid": {"New", "NewV7", "NewRandom", "NewString", "Must"},
		"rand": {"Int", "IntN", "Int64N", "N", "Perm", "Shuffle", "Float64"},
	}
	seen := 0
	files(t, func(path string, file *ast.File, fset *token.FileSet) {
		own := filepath.Base(path) == "clock.go" && file.Name.Name == "pursuit"
		if strings.Contains(filepath.ToSlash(path), "/storage/storagetest/") {
			return // makes test data
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && slices.Contains(forbidden[x.Name], n.Sel.Name) {
					seen++
					if !own {
						t.Errorf("%s uses %s.%s", fset.Position(n.Pos()), x.Name, n.Sel.Name)
					}
				}
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s has an init function", fset.Position(n.Pos()))
				}
			case *ast.GoStmt:
				if !strings.Contains(filepath.ToSlash(path), "/storage/storagetest/") {
					t.Errorf("%s starts a goroutine that the host didn't ask for", fset.Position(n.Pos()))
				}
			}
			return true
		})
	})
	require.Positive(t, seen, "the check must see the clock where it may stand")
}

func TestHouse_EverythingExportedIsExplained(t *testing.T) {
	names := 0
	check := func(fset *token.FileSet, id *ast.Ident, docs ...*ast.CommentGroup) {
		if !id.IsExported() {
			return
		}
		names++
		for _, d := range docs {
			if d != nil && strings.TrimSpace(d.Text()) != "" {
				return
			}
		}
		t.Errorf("%s: %s isn't explained", fset.Position(id.Pos()), id.Name)
	}
	plain := []string{"Error", "Unwrap", "String", "MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON"}
	files(t, func(path string, file *ast.File, fset *token.FileSet) {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if !exportedReceiver(d) || (d.Recv != nil && slices.Contains(plain, d.Name.Name) && d.Doc == nil) {
					continue
				}
				check(fset, d.Name, d.Doc)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						check(fset, s.Name, s.Doc, d.Doc)
					case *ast.ValueSpec:
						for _, id := range s.Names {
							check(fset, id, s.Doc, s.Comment, d.Doc)
						}
					}
				}
			}
		}
	})
	require.Greater(t, names, 300)
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	x := d.Recv.List[0].Type
	for {
		switch y := x.(type) {
		case *ast.StarExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.IndexListExpr:
			x = y.X
		case *ast.Ident:
			return y.IsExported()
		default:
			return false
		}
	}
}

func TestHouse_EveryPackageHasItsDoc(t *testing.T) {
	for _, p := range packagesOf(t) {
		b, err := os.ReadFile(filepath.Join(p.Dir, "doc.go"))
		require.NoError(t, err, p.ImportPath)
		require.Contains(t, string(b), "// Package "+p.Name+" ", p.ImportPath)
	}
}

// Limits of size: what grows beyond them wants to be taken apart.
const (
	maxLines   = 400
	maxMethods = 26
)

// large types have a reason: the aggregate has a method for each command of the
// process.
var large = []string{"opportunity.Opportunity"}

func TestHouse_NothingIsTooLarge(t *testing.T) {
	methods := map[string]int{}
	files(t, func(path string, file *ast.File, fset *token.FileSet) {
		f, err := os.Open(path)
		require.NoError(t, err)
		defer f.Close()
		n := 0
		for sc := bufio.NewScanner(f); sc.Scan(); {
			n++
		}
		if n > maxLines {
			t.Errorf("%s has %d lines", path, n)
		}
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv != nil && d.Name.IsExported() && exportedReceiver(d) {
				methods[file.Name.Name+"."+receiver(d.Recv.List[0].Type)]++
			}
		}
	})
	for name, n := range methods {
		if n > maxMethods && !slices.Contains(large, name) {
			t.Errorf("%s has %d exported methods", name, n)
		}
	}
}

func receiver(x ast.Expr) string {
	switch y := x.(type) {
	case *ast.StarExpr:
		return receiver(y.X)
	case *ast.IndexExpr:
		return receiver(y.X)
	case *ast.IndexListExpr:
		return receiver(y.X)
	case *ast.Ident:
		return y.Name
	}
	return ""
}
