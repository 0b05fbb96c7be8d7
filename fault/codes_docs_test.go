package fault

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/label"
)

var updateDocs = flag.Bool("update", false, "rewrite docs/errors.md")

const errorsIntro = `# Errors

<!-- Made of the tables in package fault: go generate ./fault -->

Every error from the library has a ` + "`*fault.Error`" + ` somewhere in its chain, with a *kind* to branch on
(` + "`errors.Is(err, fault.ErrConflict)`" + `), a stable *code* (` + "`fault.CodeOf(err)`" + `), and the *fields* at fault, all of them
(` + "`fault.FieldsOf(err)`" + `). Kinds and codes are API; messages are for people and may change.
Each code is a constant: ` + "`opportunity.win.status` is `fault.OpportunityWinStatus`, a field's `required` is `fault.FieldRequired`" + `.

Labels come from the same tables, in English or in Chinese: ` + "`fault.KindLabel(err, \"zh\")`" + `,
` + "`fault.Label(code, \"zh\")`" + `, ` + "`field.Label(\"zh\")`" + `, and what to do about it from ` + "`fault.Remedy(code, \"zh\")`" + `; ` + "`fault.Codes()`" + ` and ` + "`fault.FieldCodes()`" + ` list them all.

A host's own codes (of its policy, gates, callbacks or sales system) aren't listed here: a code that isn't in the tables is its
own label.

An HTTP API responds with ` + "`fault.HTTPStatus(err)`" + `, which follows from the kind, and ` + "`fault.Problem(err, \"zh\")`" + `, problem details as in RFC 9457
(` + "`application/problem+json`" + `) with the code, the fields by JSON pointer, the conditions, and text in the requested language. For a server
failure (500 and above) they contain the kind and the code only. An error from outside the library is 500; a context
that ended is 503.

Operators see the causes with ` + "`%+v`, `slog` or `fault.Chain(err)`" + `: types, SQLSTATEs, numbers and result codes with their class, names of
constraints and tables. The texts of drivers are left out, because they quote values, statements and data sources; a host's own error
that is a ` + "`slog.LogValuer`" + ` is shown by its LogValue. ` + "`%v`" + ` and JSON never show a cause.
`

// errorDocs is the text of docs/errors.md.
func errorDocs() []byte {
	var b bytes.Buffer
	b.WriteString(errorsIntro)
	names := map[error]string{}
	b.WriteString("\n## Kinds\n\n| kind | HTTP | meaning | 中文 | what a caller should do | 处理办法 |\n|---|---|---|---|---|---|\n")
	for _, k := range kinds {
		names[k.err] = k.name
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s | %s | %s |\n", k.name, k.status, k.names.In("en"), k.names.In("zh"), k.remedy.In("en"), k.remedy.In("zh"))
	}
	b.WriteString("\n## Codes\n")
	for _, a := range areas {
		fmt.Fprintf(&b, "\n### %s %s\n\n| code | kind | meaning | 中文 | what to do | 处理办法 |\n|---|---|---|---|---|---|\n", a.title.In("en"), a.title.In("zh"))
		for _, c := range a.codes {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s | %s |\n", c.Code, names[c.Kind], c.Label("en"), c.Label("zh"), c.Remedy("en"), c.Remedy("zh"))
		}
	}
	b.WriteString("\n## Codes of fields\n\nBeside these, a field's code may be the stable name of a status (\"won\") or an action (\"opportunity.win\"), or the\ncode of another error.\n\n| code | meaning | 中文 |\n|---|---|---|\n")
	for _, code := range FieldCodes() {
		f := Field{Code: code}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", code, f.Label("en"), f.Label("zh"))
	}
	return b.Bytes()
}

// TestDocs_ErrorsAreThoseOfTheTables holds docs/errors.md to the tables.
func TestDocs_ErrorsAreThoseOfTheTables(t *testing.T) {
	path := filepath.Join("..", "docs", "errors.md")
	if *updateDocs {
		require.NoError(t, os.WriteFile(path, errorDocs(), 0o644))
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(errorDocs()), string(got), "run go test ./fault -run TestDocs -update")
	for _, c := range Codes() {
		require.Contains(t, string(got), "\n| `"+c.Code+"` | `Err", c.Code)
	}
}

// TestTables_AreWhole holds what a line of the tables must have.
func TestTables_AreWhole(t *testing.T) {
	known := map[error]bool{}
	for _, k := range kinds {
		require.False(t, known[k.err], k.name)
		known[k.err] = true
		whole(t, k.name, k.names, k.remedy)
	}
	require.Len(t, Kinds(), len(kinds))
	seen := map[string]bool{}
	for _, c := range Codes() {
		require.False(t, seen[c.Code], "%s is there twice", c.Code)
		seen[c.Code] = true
		require.Regexp(t, `^[a-z_]+(\.[a-z_]+)+$`, c.Code)
		require.True(t, known[c.Kind], c.Code)
		whole(t, c.Code, c.names, c.remedy)
	}
	for code, names := range fieldCodes {
		require.Regexp(t, `^[a-z_]+[0-9]*$`, code)
		require.False(t, seen[code], "%s is an error's code", code)
		whole(t, code, names, nothing)
	}
}

// clumsy are words that a remedy doesn't use.
var clumsy = regexp.MustCompile(`(?i)\b(mend|somebody|give (a|an|the|another)|are there|listed to|anew,? and repeat|in the chain, and repeat|Fields (lists|says|names)|is to do|he|his)\b`)

func whole(t *testing.T, of string, names, remedy label.Names) {
	t.Helper()
	require.NotEmpty(t, names[0], of)
	require.Regexp(t, `\p{Han}`, names[1], of)
	require.NotRegexp(t, `\p{Han}|\|`, names[0]+remedy[0], of)
	require.NotContains(t, names[1]+remedy[1], "|", of)
	require.Regexp(t, `^[A-Z].*\.$`, remedy[0], "%s: a sentence says what to do", of)
	require.Regexp(t, `\p{Han}.*。$`, remedy[1], "%s: a sentence says what to do", of)
	require.NotRegexp(t, clumsy, remedy[0], of)
}
