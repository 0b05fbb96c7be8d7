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
	before := "package m\n\ntype T struct{ A int }\n\nfunc F(a int) error { return nil }\n"
	if _, err := run(module(t, before), base, true, nil); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, source, want string
		breaks             int
	}{
		{"the same", before, "", 0},
		{"an addition", before + "\nfunc G() {}\n", "", 0},
		{"a removal", "package m\n\ntype T struct{ A int }\n", "F: removed", 1},
		{"another signature", strings.Replace(before, "a int", "a string", 1), "F: changed", 1},
		{"a field gone", strings.Replace(before, "A int", "B int", 1), "T.A: removed", 1},
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
