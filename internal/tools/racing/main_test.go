package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestB22_EveryTestWithGoroutinesIsFound: those that start one by themselves, and
// those that reach one through a helper, a table or a method; no other.
func TestB22_EveryTestWithGoroutinesIsFound(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a_test.go": "package p\nfunc TestGo(t *T) { go f() }\nfunc TestGroup(t *T) { wg.Go(f) }\nfunc TestTimer(t *T) { time.AfterFunc(1, f) }\n" +
			"func TestPlain(t *T) { plain() }\nfunc TestMain(m *M) { go f() }\nfunc TestThroughHelper(t *T) { first() }\nfunc TestTable(t *T) { for range table { } }\n" +
			"func TestMethod(t *T) { w.spread() }\n",
		"help_test.go": "package p\nfunc first() { second() }\nfunc second() { go f() }\nfunc plain() {}\nvar table = []func(){func() { go f() }}\n" +
			"type w struct{}\nfunc (w) spread() { second() }\n",
		// Parameters, local variables, fields and functions of packages that are
		// named like one that starts goroutines aren't it.
		"names_test.go": "package p\nfunc TestNames(t *T) { local(1); first := 2; _ = first; other.first() }\nfunc local(second int) { _ = second }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"TestGo", "TestGroup", "TestMethod", "TestTable", "TestThroughHelper", "TestTimer"}
	if got := p.tests(); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if len(p.starts) == 0 {
		t.Error("the folder is one that starts goroutines")
	}
}

// TestB22_TheFlagsFindARace: tests that run with what scripts/racing prints fail when
// goroutines race.
func TestB22_TheFlagsFindARace(t *testing.T) {
	flags, err := exec.Command("bash", "../../../scripts/racing").Output()
	if err != nil {
		t.Fatal(err)
	}
	if len(flags) == 0 {
		t.Skip("no C compiler") // never in CI, where scripts/racing fails
	}
	args := append([]string{"test", "-count=1"}, strings.Fields(string(flags))...)
	out, err := exec.Command("go", append(args, "./testdata/seeded")...).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("DATA RACE")) {
		t.Errorf("the race isn't found: %v\n%s", err, out)
	}
}
