package fault

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateDocs = flag.Bool("update", false, "rewrite docs/errors.md")

const errorsIntro = `# Errors

<!-- Made of the tables in package fault: go test ./fault -run TestDocs -update -->

Every error that the library makes is, somewhere in its chain, a ` + "`*fault.Error`" + ` with a *kind* to branch on
(` + "`errors.Is(err, fault.ErrConflict)`" + `), a stable *code* (` + "`fault.CodeOf(err)`" + `), and the *fields* at fault, all of them
(` + "`fault.FieldsOf(err)`" + `). Kinds and codes are API; messages are for people and may change.

People get their words from the same tables, in English or in Chinese: ` + "`fault.KindLabel(err, \"zh\")`" + `,
` + "`fault.Label(code, \"zh\")`" + `, ` + "`field.Label(\"zh\")`" + `; ` + "`fault.Codes()`" + ` and ` + "`fault.FieldCodes()`" + ` list them all.

A host's own codes (of its policy, gates, callbacks or sales system) aren't here: a code that the tables lack is its
own label.
`

// errorDocs is the text of docs/errors.md.
func errorDocs() []byte {
	var b bytes.Buffer
	b.WriteString(errorsIntro)
	names := map[error]string{}
	b.WriteString("\n## Kinds\n\n| kind | meaning | 中文 | what a caller should do |\n|---|---|---|---|\n")
	for _, k := range kinds {
		names[k.err] = k.name
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.name, k.names.In("en"), k.names.In("zh"), k.remedy)
	}
	b.WriteString("\n## Codes\n")
	for _, a := range areas {
		fmt.Fprintf(&b, "\n### %s %s\n\n| code | kind | meaning | 中文 | what to do |\n|---|---|---|---|---|\n", a.title.In("en"), a.title.In("zh"))
		for _, c := range a.codes {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", c.Code, names[c.Kind], c.Label("en"), c.Label("zh"), c.Remedy)
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
		whole(t, c.Code, c.names, c.Remedy)
	}
	for code, names := range fieldCodes {
		require.Regexp(t, `^[a-z_]+[0-9]*$`, code)
		require.False(t, seen[code], "%s is an error's code", code)
		whole(t, code, names, "None.")
	}
}

func whole(t *testing.T, of string, names [2]string, remedy string) {
	t.Helper()
	require.NotEmpty(t, names[0], of)
	require.Regexp(t, `\p{Han}`, names[1], of)
	require.NotRegexp(t, `\p{Han}|\|`, names[0]+remedy, of)
	require.NotContains(t, names[1], "|", of)
	require.True(t, strings.HasSuffix(remedy, ".") && strings.ToUpper(remedy[:1]) == remedy[:1], "%s: a sentence says what to do", of)
}
