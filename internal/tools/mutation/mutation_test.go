package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
func TestB18_AWeakTestIsFound(t *testing.T) {
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
	// Of other files nothing is run, which is said.
	cmd := exec.Command(command, "-dir", dir, "-survivors", "survivors.txt", "-gremlins", gremlins, "-files", "b.go", "access")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "0 changes") {
		t.Fatalf("%v: %s", err, out)
	}
	// Listed, it still counts: half of the changes isn't enough.
	write(t, dir, "survivors.txt", "access/a.go CONDITIONALS_BOUNDARY\n    case n > 10:\n    why: a twin\n")
	if out, err := run(); err == nil || strings.Contains(out, "lived:") || !strings.Contains(out, "50.0 % of 95 %") {
		t.Fatalf("%v: %s", err, out)
	}
}

// every has each kind of change in forms that differ: what is built into one program
// must be judged as what is built alone.
const every = `package access

const size = 4 - 1

var deep = size - 1

type grade int

func Each(list []int, m map[string]int, a, b int, f float64, on bool) (out []int, s string) {
	for i := 0; i < len(list); i++ {
		if list[i] < 0 && on ||
			list[i] >= 100 {
			continue
		}
		if list[i] == 50 {
			break
		}
		out = append(out, -list[i]%7)
	}
	m["n"]++
	n := 5
	n--
	x := grade(n) * 2
	switch {
	case x > 8, f/2 <= 1.5:
		s = "x" + "y"
	case a-b != 0:
		s = "z" + s
	}
	return append(out, a-b, int(x)+deep, -1), s
}
`

const everyTest = `package access

import (
	"fmt"
	"testing"
)

func Test(t *testing.T) {
	m := map[string]int{}
	for _, c := range []struct {
		f    float64
		a, b int
		on   bool
		want string
	}{{1, 3, 2, true, "[0 -3 -1 0 1 10 -1]xy"}, {9, 3, 3, false, "[3 0 -3 -1 0 0 10 -1]"}} {
		out, s := Each([]int{-3, 0, 3, 99, 100, 7, 50, 8}, m, c.a, c.b, c.f, c.on)
		if got := fmt.Sprint(out, s); got != c.want {
			t.Fatal(got)
		}
	}
}
`

func TestB18_BothWaysOfBuildingAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program for each change")
	}
	_, gremlins := built(t)
	dir := t.TempDir()
	t.Setenv("GOWORK", "off")
	write(t, dir, "go.mod", "module example.com/m\n\ngo 1.25.0\n")
	write(t, dir, "access/a.go", every)
	write(t, dir, "access/a_test.go", everyTest)
	list, err := mutate(dir, "access", gremlins, 2, regexp.MustCompile(""))
	if err != nil {
		t.Fatal(err)
	}
	all, err := instrument(dir, "access", list)
	if err != nil {
		t.Fatal(err)
	}
	kinds, built := map[string]bool{}, 0
	for i, m := range list {
		kinds[m.Kind] = true
		if all.built[i+1] {
			built++
		}
		status, err := alone(dir, "access", m, []test{{name: "Test"}})
		if err != nil || status != m.Status {
			t.Errorf("%+v: alone it is %s, %v", m, status, err)
		}
	}
	if len(kinds) != len(others) || built < 20 || built == len(list) {
		t.Fatalf("%v, %d of %d built together", kinds, built, len(list))
	}
}

func TestJudge(t *testing.T) {
	known := map[survivor]string{
		{"money/a.go", "INVERT_LOGICAL", "if a && b {"}:  "why",
		{"money/a.go", "INVERT_LOGICAL", "gone"}:         "why",
		{"moneybag/a.go", "INVERT_LOGICAL", "other"}:     "why",
		{"money/b.go", "ARITHMETIC_BASE", "for b + c {"}: "why",
	}
	r := judge("money", []mutant{
		{File: "money/a.go", Kind: "INVERT_LOGICAL", Status: "LIVED", Source: "if a && b {"},
		{File: "money/a.go", Kind: "INVERT_LOGICAL", Status: "NOT COVERED", Source: "if c && d {"},
		{File: "money/a.go", Kind: "ARITHMETIC_BASE", Status: "KILLED", Source: "a + b"},
		{File: "money/a.go", Kind: "ARITHMETIC_BASE", Status: "TIMED OUT", Source: "for a + b {"},
		{File: "money/b.go", Kind: "ARITHMETIC_BASE", Status: "TIMED OUT", Source: "for b + c {"},
		{File: "money/a.go", Kind: "ARITHMETIC_BASE", Status: "NOT VIABLE", Source: "s + t"},
	}, known)
	if r.total != 5 || r.noticed != 1 || r.survived != 2 || r.listed != 2 || r.unended != 2 || r.share() != 20 || len(r.remarks) != 3 {
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
