package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func module(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n", "m.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestBreaksAreFound seeds breaks and additions, and wants just the breaks.
func TestBreaksAreFound(t *testing.T) {
	base := filepath.Join(t.TempDir(), "baseline")
	before := `package m

type T struct {
	A int ` + "`json:\"a\"`" + `
	private int
}

func (T) Value() {}
func (*T) Change(by ...int) error { return nil }

type I interface{ M() }

type Sealed interface{ M(); hidden() }

type Choice[K comparable] struct{ Key K }

const C = "code"

func F(a int) error { return nil }
`
	if _, err := run(module(t, before), base, true, nil); err != nil {
		t.Fatal(err)
	}
	change := func(old, new string) string {
		if !strings.Contains(before, old) {
			t.Fatalf("%q isn't there", old)
		}
		return strings.Replace(before, old, new, 1)
	}
	for _, x := range []struct {
		name, source, want string
		breaks             int
	}{
		{"the same", before, "", 0},
		{"an addition", before + "\nfunc G() {}\n", "", 0},
		{"a field more", change("private int", "private int\n\tB string"), "", 0},
		{"a parameter's name", change("a int", "b int"), "", 0},
		{"a method of what nobody else implements", change("M(); hidden", "M(); More(); hidden"), "", 0},
		{"a removal", change("func F(a int) error { return nil }", ""), "- example.com/m func F (int) error", 1},
		{"another signature", change("a int", "a string"), "+ example.com/m func F (string) error", 1},
		{"a field gone", change("A int", "B int"), "field T.A", 1},
		{"a field's name in JSON", change("\"a\"", "\"b\""), "+ example.com/m field T.A int `json:\"b\"`", 1},
		{"a method that needs the address", change("func (T) Value", "func (*T) Value"), "- example.com/m method T.Value ()", 1},
		{"a method of an interface", change("{ M() }", "{ M(); N() }"), "+ example.com/m type I interface { M, N }", 1},
		{"not comparable any more", change("private int", "private []int"), "comparable T", 1},
		{"a constant's value", change(`"code"`, `"other"`), "const C", 1},
		{"a constraint", change("K comparable", "K string"), "+ example.com/m type Choice [K string] struct", 1},
	} {
		t.Run(x.name, func(t *testing.T) {
			var out bytes.Buffer
			n, err := run(module(t, x.source), base, false, &out)
			if err != nil {
				t.Fatal(err)
			}
			if n != x.breaks || !strings.Contains(out.String(), x.want) {
				t.Fatalf("%d breaks, %q; want %d, %q", n, out.String(), x.breaks, x.want)
			}
		})
	}
}
