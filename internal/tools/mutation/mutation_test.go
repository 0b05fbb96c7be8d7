package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// built is the command and gremlins, built as Makefile does.
func built(t *testing.T) (command, gremlins string) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("go", "build", "-o", dir, ".", "github.com/go-gremlins/gremlins/cmd/gremlins")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(dir, "mutation"), filepath.Join(dir, "gremlins")
}

// The twin: a test that notices everything passes, and one that looks away from a
// case's condition does not. The condition is one that coverage profiles leave out.
func TestR18_AWeakTestIsFound(t *testing.T) {
	command, gremlins := built(t)
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/m\n\ngo 1.25.0\n")
	write(t, dir, "access/a.go", "package access\n\nfunc Grade(n int) string {\n\tswitch {\n\tcase n > 10:\n\t\treturn \"high\"\n\t}\n\treturn \"low\"\n}\n")
	strong := "package access\n\nimport \"testing\"\n\nfunc Test(t *testing.T) {\n\tif Grade(11) != \"high\" || Grade(10) != \"low\" {\n\t\tt.Fatal()\n\t}\n}\n"
	write(t, dir, "access/a_test.go", strong)
	write(t, dir, "survivors.txt", "# none\n")
	run := func() (string, error) {
		cmd := exec.Command(command, "-dir", dir, "-survivors", "survivors.txt", "-gremlins", gremlins, "access")
		cmd.Env = append(os.Environ(), "GOWORK=off")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(); err != nil || !strings.Contains(out, "2 changes,    2 noticed") {
		t.Fatalf("%v: %s", err, out)
	}
	write(t, dir, "access/a_test.go", strings.Replace(strong, "Grade(10)", "Grade(9)", 1))
	out, err := run()
	if err == nil || !strings.Contains(out, "lived: CONDITIONALS_BOUNDARY at access/a.go:5:") {
		t.Fatalf("%v: %s", err, out)
	}
	// Listed, it still counts: half of the changes isn't enough.
	write(t, dir, "survivors.txt", "access/a.go CONDITIONALS_BOUNDARY\n    case n > 10:\n    why: a twin\n")
	if out, err := run(); err == nil || strings.Contains(out, "lived:") || !strings.Contains(out, "50.0 % of 95 %") {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestJudge(t *testing.T) {
	known := map[survivor]string{
		{"money/a.go", "INVERT_LOGICAL", "if a && b {"}: "why",
		{"money/a.go", "INVERT_LOGICAL", "gone"}:        "why",
		{"moneybag/a.go", "INVERT_LOGICAL", "other"}:    "why",
	}
	r := judge("money", []mutant{
		{File: "money/a.go", Kind: "INVERT_LOGICAL", Status: "LIVED", Source: "if a && b {"},
		{File: "money/a.go", Kind: "INVERT_LOGICAL", Status: "NOT COVERED", Source: "if c && d {"},
		{File: "money/a.go", Kind: "ARITHMETIC_BASE", Status: "KILLED", Source: "a + b"},
		{File: "money/a.go", Kind: "ARITHMETIC_BASE", Status: "TIMED OUT", Source: "for a + b {"},
		{File: "money/a.go", Kind: "ARITHMETIC_BASE", Status: "NOT VIABLE", Source: "s + t"},
	}, known)
	if r.total != 4 || r.noticed != 1 || r.survived != 2 || r.listed != 1 || r.unended != 1 || r.share() != 25 || len(r.remarks) != 3 {
		t.Fatalf("%+v", r)
	}
}

func TestReadSurvivors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "good", "# a list\n\nmoney/a.go INVERT_LOGICAL\n    if a && b {\n    why: b follows from a\n")
	known, err := readSurvivors(filepath.Join(dir, "good"))
	if err != nil || known[survivor{"money/a.go", "INVERT_LOGICAL", "if a && b {"}] != "b follows from a" {
		t.Fatal(known, err)
	}
	for name, text := range map[string]string{
		"cut":       "money/a.go INVERT_LOGICAL\n    if a && b {\n",
		"unfounded": "money/a.go INVERT_LOGICAL\n    if a && b {\n    b follows from a\n",
		"kind":      "money/a.go\n    if a && b {\n    why: x\n",
		"twice":     strings.Repeat("money/a.go INVERT_LOGICAL\n    if a && b {\n    why: x\n", 2),
	} {
		write(t, dir, name, text)
		if _, err := readSurvivors(filepath.Join(dir, name)); err == nil {
			t.Error(name)
		}
	}
}

// The list in the repository is read, and no package is named that isn't run.
func TestTheList(t *testing.T) {
	known, err := readSurvivors("survivors.txt")
	if err != nil {
		t.Fatal(err)
	}
	for key := range known {
		ran := false
		for _, p := range shares {
			ran = ran || filepath.Dir(key.file) == p.dir
		}
		src, err := os.ReadFile(filepath.Join("../../..", key.file))
		if err != nil || !ran || !bytes.Contains(src, []byte(key.source)) {
			t.Errorf("%s %s: %s: run %v, %v", key.file, key.kind, key.source, ran, err)
		}
	}
}
