package pursuit_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

var updateEvents = flag.Bool("update-events", false, "rewrite docs/events.md")

// eventPackages are those that have events.
var eventPackages = []struct {
	title, dir string
	types      []journal.EventType
}{
	{"Opportunities", "opportunity", opportunity.Events()},
	{"Quotes", "quote", quote.Events()},
	{"Orders, and the sales system", "order", order.Events()},
	{"Customers", "customer", customer.Events()},
	{"Archives", "archive", archive.Events()},
	{"Processes", "stage", stage.Events()},
}

// eventSource is what the sources say about a package's types and events.
type eventSource struct {
	docs    map[string]string          // of types, and of "Type.Field"
	writes  map[string]map[string]bool // payload types by function
	calls   map[string]map[string]bool // functions of the package by function
	samples map[string]string          // by type of event
}

func readSource(t *testing.T, dir string) eventSource {
	t.Helper()
	s := eventSource{map[string]string{}, map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, x := range d.Specs {
					if typ, ok := x.(*ast.TypeSpec); ok {
						s.noteType(typ, cmp.Or(typ.Doc, d.Doc))
					}
				}
			case *ast.FuncDecl:
				s.noteFunc(d)
			}
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "testdata", "events.golden")); err == nil {
		name := ""
		for line := range strings.Lines(string(b)) {
			if l := strings.TrimSpace(line); !strings.ContainsAny(l, "{}[]\" ") && strings.Contains(l, ".v") {
				if name = l; s.samples[name] != "" {
					name = "" // the first one will do
				}
			} else if name != "" {
				s.samples[name] += line
			}
		}
	}
	return s
}

func jsonOf(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func docText(c *ast.CommentGroup) string {
	return strings.Join(strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(c.Text())), " ")
}

func (s *eventSource) noteType(typ *ast.TypeSpec, doc *ast.CommentGroup) {
	s.docs[typ.Name.Name] = docText(doc)
	if st, ok := typ.Type.(*ast.StructType); ok {
		for _, f := range st.Fields.List {
			for _, n := range f.Names {
				s.docs[typ.Name.Name+"."+n.Name] = docText(f.Doc)
			}
		}
	}
}

func (s *eventSource) noteFunc(d *ast.FuncDecl) {
	if d.Body == nil {
		return
	}
	name := d.Name.Name
	if s.writes[name] == nil {
		s.writes[name], s.calls[name] = map[string]bool{}, map[string]bool{}
	}
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if id, ok := n.Type.(*ast.Ident); ok && strings.HasSuffix(id.Name, "Payload") {
				s.writes[name][id.Name] = true
			}
		case *ast.CallExpr:
			switch f := n.Fun.(type) {
			case *ast.Ident:
				s.calls[name][f.Name] = true
			case *ast.SelectorExpr:
				if _, ok := f.X.(*ast.Ident); ok {
					s.calls[name][f.Sel.Name] = true
				}
			}
		}
		return true
	})
}

// writers are the exported functions that write a payload, themselves or through
// others that aren't exported.
func (s *eventSource) writers(payload string) []string {
	var out []string
	for name := range s.writes {
		if ast.IsExported(name) && s.reaches(name, payload, map[string]bool{}) {
			out = append(out, "`"+name+"`")
		}
	}
	slices.Sort(out)
	return out
}

func (s *eventSource) reaches(name, payload string, seen map[string]bool) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	if s.writes[name][payload] {
		return true
	}
	for called := range s.calls[name] {
		if !ast.IsExported(called) && s.writes[called] != nil && s.reaches(called, payload, seen) {
			return true
		}
	}
	return false
}

// eventDocs writes the page.
type eventDocs struct {
	t       *testing.T
	b       bytes.Buffer
	sources map[string]eventSource
	nested  map[string]reflect.Type
}

func (d *eventDocs) source(pkg string) eventSource {
	if _, ok := d.sources[pkg]; !ok {
		d.sources[pkg] = readSource(d.t, strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/"))
	}
	return d.sources[pkg]
}

// typeName is how JSON shows a type; structs of our own are described further down.
func (d *eventDocs) typeName(t reflect.Type) string {
	switch t.String() {
	case "uuid.UUID":
		return "id"
	case "time.Time":
		return "time"
	case "calendar.Date":
		return "date"
	case "money.Money":
		return "amount"
	case "decimal.Decimal":
		return "decimal"
	case "opportunity.Parts":
		return "number"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.typeName(t.Elem())
	case reflect.Slice:
		return "list of " + d.typeName(t.Elem())
	case reflect.Map:
		return "map of " + d.typeName(t.Elem())
	case reflect.Struct:
		name := t.String()
		if base, of, ok := strings.Cut(name, "["); ok && base == "journal.FromTo" {
			_ = of
			from, _ := t.FieldByName("From")
			return "from, to: " + d.typeName(from.Type)
		}
		d.nested[name] = t
		return "[" + name + "](#" + strings.ToLower(strings.ReplaceAll(name, ".", "")) + ")"
	case reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint16:
		if t.Implements(reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()) {
			return "text"
		}
		return "number"
	case reflect.Bool:
		return "boolean"
	}
	return "text"
}

// fields writes a table of what a struct holds; fields of embedded ones stand among
// its own, as in JSON.
func (d *eventDocs) fields(t reflect.Type) {
	var rows []string
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		src := d.source(t.PkgPath())
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous {
				add(f.Type)
				continue
			}
			name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || !f.IsExported() {
				continue
			}
			always := "always"
			if opts != "" {
				always = ""
			}
			rows = append(rows, fmt.Sprintf("| `%s` | %s | %s | %s |\n", name, d.typeName(f.Type), always, strings.ReplaceAll(src.docs[t.Name()+"."+f.Name], "|", "\\|")))
		}
	}
	add(t)
	if len(rows) == 0 {
		d.b.WriteString("It has no fields.\n\n")
		return
	}
	d.b.WriteString("| field | type | there | |\n|---|---|---|---|\n" + strings.Join(rows, "") + "\n")
}

func eventsPage(t *testing.T) string {
	d := &eventDocs{t: t, sources: map[string]eventSource{}, nested: map[string]reflect.Type{}}
	d.b.WriteString(`# Events

Generated by ` + "`go generate .`" + ` from the sources and from samples that commands wrote; a test keeps it current.

Every change adds an entry to the journal of the aggregate it changed (` + "[`journal.Entry`](../journal/journal.go)" + `), and a relay passes\nthe entries to your publisher, at least once and in order per aggregate. An entry has a type, such as
` + "`opportunity.won.v1`" + `, and a payload, which this page shows for each type. ` + "`pursuit.DecodeEvent(entry)`" + ` returns the payload as the\nGo struct named beside the type. Fields are only ever added; any other change makes a new type, ` + "`….v2`" + `. A field that isn't\nmarked *always* is omitted while it is empty. Entries from before v0.1 lack ` + "`before`, `removed` and `changes`" + `.

`)
	for _, p := range eventPackages {
		src := d.source(module + "/" + p.dir)
		fmt.Fprintf(&d.b, "## %s\n\n", p.title)
		for _, typ := range p.types {
			name := typ.Payload.Name()
			doc := src.docs[name]
			require.True(t, strings.HasPrefix(doc, name+" "), "%s has no doc", name)
			writers := src.writers(name)
			require.NotEmpty(t, writers, "nothing writes %s", name)
			require.NotEmpty(t, src.samples[typ.Name], "%s has no sample", typ.Name)
			fmt.Fprintf(&d.b, "### %s\n\n`%s.%s`. %s Written by %s.\n\n", typ.Name, p.dir, name, sentence(strings.TrimPrefix(doc, name+" ")), strings.Join(writers, ", "))
			d.fields(typ.Payload)
			fmt.Fprintf(&d.b, "```json\n%s```\n\n", src.samples[typ.Name])
		}
	}
	d.b.WriteString("## Nested types\n\nIds are UUIDs, times RFC 3339 in UTC, dates `2026-03-31`, decimals text, and an amount is `{\"amount\":\"1234.50\",\"currency\":\"CNY\"}`.\n\n")
	done := map[string]bool{}
	for {
		var next []string
		for name := range maps.Keys(d.nested) {
			if !done[name] {
				next = append(next, name)
			}
		}
		if len(next) == 0 {
			break
		}
		slices.Sort(next)
		for _, name := range next {
			done[name] = true
			typ := d.nested[name]
			fmt.Fprintf(&d.b, "### %s\n\n%s\n\n", name, d.source(typ.PkgPath()).docs[typ.Name()])
			d.fields(typ)
		}
	}
	return strings.TrimRight(d.b.String(), "\n") + "\n"
}

// sentence makes one of a type's doc without its name.
func sentence(s string) string {
	for _, verb := range []string{"is ", "are ", "has ", "says ", "makes ", "takes ", "begins ", "ends ", "switches "} {
		if rest, ok := strings.CutPrefix(s, verb); ok && (verb == "is " || verb == "are ") {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return "It " + s
}

// TestDocs_Events holds docs/events.md against the payloads, their docs and their
// samples.
func TestDocs_Events(t *testing.T) {
	page := eventsPage(t)
	path := filepath.Join("docs", "events.md")
	if *updateEvents {
		require.NoError(t, os.WriteFile(path, []byte(page), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, string(have) == page, "docs/events.md isn't current: go generate .")
}

// TestJ05_DecodeEventKnowsEveryType decodes a sample of each type, by its kind, into
// its payload's struct, and wants nothing of it to get lost.
func TestJ05_DecodeEventKnowsEveryType(t *testing.T) {
	for _, p := range eventPackages {
		samples := readSource(t, p.dir).samples
		for _, typ := range p.types {
			kind, _, _ := strings.Cut(typ.Name, ".")
			e := journal.Entry{Kind: journal.Kind(kind), Type: typ.Name, Payload: []byte(samples[typ.Name])}
			got, err := pursuit.DecodeEvent(e)
			require.NoError(t, err, typ.Name)
			require.Equal(t, reflect.PointerTo(typ.Payload), reflect.TypeOf(got))
			again, err := jsonOf(got)
			require.NoError(t, err)
			require.JSONEq(t, samples[typ.Name], again, typ.Name)
		}
	}
	for _, e := range []journal.Entry{{Kind: "weather", Type: "weather.rained.v1"}, {Kind: journal.KindOrder, Type: "order.eaten.v1"}} {
		_, err := pursuit.DecodeEvent(e)
		require.ErrorIs(t, err, fault.ErrCorrupt)
		require.Equal(t, fault.JournalType, fault.CodeOf(err))
	}
}
