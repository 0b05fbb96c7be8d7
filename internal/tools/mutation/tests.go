package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// test is one of a package's tests, with what it does when nothing is changed.
type test struct {
	name string
	took time.Duration
	runs map[int]bool // the numbers of the changes that it comes by; nil for all
}

// binary is a package's tests, built.
type binary struct {
	path string
	dir  string // where they run
}

var errUnended = errors.New("didn't end")

// run runs some of the tests, and returns what they said and whether they passed.
func (b binary) run(names []string, limit time.Duration, env ...string) (string, bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = "^" + n + "$"
	}
	cmd := exec.CommandContext(ctx, b.path, "-test.failfast", "-test.count=1", "-test.timeout=0", "-test.run", strings.Join(quoted, "|"))
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), env...)
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return string(said), false, errUnended
	}
	if _, ok := err.(*exec.ExitError); ok {
		return string(said), false, nil
	}
	return string(said), err == nil, err
}

// tests returns the tests, the quickest first.
func (b binary) tests(temp string) ([]test, error) {
	cmd := exec.Command(b.path, "-test.list", ".")
	cmd.Dir = b.dir
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	seen := filepath.Join(temp, "seen")
	var list []test
	for _, name := range strings.Fields(string(out)) {
		if strings.HasPrefix(name, "Benchmark") {
			continue
		}
		if err := os.RemoveAll(seen); err != nil {
			return nil, err
		}
		start := time.Now()
		said, passed, err := b.run([]string{name}, time.Hour, "PURSUIT_MUTANTS_SEEN="+seen)
		if err != nil {
			return nil, err
		}
		if !passed {
			return nil, fmt.Errorf("%s fails without a change: %s", name, said)
		}
		t := test{name, time.Since(start), map[int]bool{}}
		numbers, err := os.ReadFile(seen)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		for _, s := range strings.Fields(string(numbers)) {
			n, err := strconv.Atoi(s)
			if err != nil {
				return nil, err
			}
			t.runs[n] = true
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return list, nil
}

// status runs the tests that come by a change, the quickest first, until one fails.
// A test is given twenty times as long as it took, and never less than slow.
func (b binary) status(number int, tests []test, env ...string) (string, error) {
	status := "NOT COVERED"
	for len(tests) > 0 {
		var names []string
		var took time.Duration
		for len(tests) > 0 && (len(names) == 0 || took+tests[0].took < time.Second) {
			if t := tests[0]; number == 0 || t.runs[number] {
				names, took = append(names, t.name), took+t.took
			}
			tests = tests[1:]
		}
		if len(names) == 0 {
			break
		}
		said, passed, err := b.run(names, max(20*took, slow), env...)
		if errors.Is(err, errUnended) || strings.Contains(said, "out of memory") || strings.Contains(said, "cannot allocate memory") {
			return "TIMED OUT", nil
		}
		if err != nil {
			return "", err
		}
		if !passed {
			return "KILLED", nil
		}
		status = "LIVED"
	}
	return status, nil
}

// slow is the shortest time after which a run isn't waited for.
const slow = 5 * time.Minute
