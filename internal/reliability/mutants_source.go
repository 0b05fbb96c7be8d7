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

// Unseen gives what of package sqlstore is never run here and compares a tenant or a
// version.
func (x *Mutants) Unseen() []string { return unseen(x.Statements(), x.p.Site.server) }

// unseen gives the literals of package sqlstore with a comparison of a tenant or a
// version that no statement holds: what the scenes never run.
func unseen(statements []string, server *running) []string {
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "..", "..", "storage", "sqlstore")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{err.Error()}
	}
	of := map[string]*running{"sqlite.go": nil, "postgres.go": postgresServer, "mysql.go": mariadbServer}
	all := strings.Join(statements, "\n")
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if other, one := of[name]; one && other != server {
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
