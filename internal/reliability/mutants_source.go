package reliability

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// conditions is what a literal with a predicate looks like.
var conditions = regexp.MustCompile(`\b(?:tenant|version) = (?:\?|[a-z]\w*\.tenant)`)

var verbs = regexp.MustCompile(`%[sdvq]`)

// unreached begins what no scene reaches, and why.
var unreached = map[string]string{
	"suppose.go: ": "only stores that go through pgx suppose anything",
	"orders.go: DELETE FROM pursuit_sales_order_line ": "no command removes a line of an order",
}

// Unseen gives what of package sqlstore is never run here and compares a tenant or a
// version, and what is unreached no more.
func (x *Mutants) Unseen() []string {
	out := unseen(x.Statements(), x.p.Site.Name)
	for begins := range unreached {
		n := len(out)
		out = slices.DeleteFunc(out, func(s string) bool { return strings.HasPrefix(s, begins) })
		if len(out) == n {
			out = append(out, "nothing that begins with "+begins)
		}
	}
	return out
}

// unseen gives the literals of package sqlstore with a comparison of a tenant or a
// version that no statement holds: what the scenes never run.
func unseen(statements []string, site string) []string {
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "..", "..", "storage", "sqlstore")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{err.Error()}
	}
	other := map[string]string{"sqlite.go": "sqlite", "postgres.go": "postgres", "mysql.go": "mariadb"}
	all := strings.Join(statements, "\n")
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || other[name] != "" && other[name] != site {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
		if err != nil {
			return []string{err.Error()}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			for _, piece := range verbs.Split(text, -1) {
				// The list that a literal begins goes on elsewhere.
				if conditions.MatchString(piece) && !strings.Contains(all, strings.TrimSuffix(keyOf(piece), "(?")) && !slices.Contains(out, name+": "+piece) {
					out = append(out, name+": "+piece)
				}
			}
			return true
		})
	}
	return out
}
