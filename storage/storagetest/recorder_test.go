package storagetest_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// recorder is a test that may fail without failing the test around it.
type recorder struct {
	mu       sync.Mutex
	name     string
	failures []string
	cleanups []func()
}

func (r *recorder) Helper()             {}
func (r *recorder) Name() string        { return r.name }
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Cleanup(f func())    { r.cleanups = append(r.cleanups, f) }

func (r *recorder) TempDir() string {
	dir, err := os.MkdirTemp("", "storagetest")
	if err != nil {
		r.Fatalf("%v", err)
	}
	r.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// check runs one rule and returns how it failed.
func check(t *testing.T, rule storagetest.Rule, h storagetest.Harness) []string {
	t.Helper()
	r := &recorder{name: t.Name() + "/" + rule.Name}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v", p)
			}
			for _, f := range slices.Backward(r.cleanups) {
				f()
			}
		}()
		rule.Check(r, h)
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		t.Fatalf("rule %s hangs", rule.Name)
	}
	return r.failures
}

// caught runs rules and returns the names of those that failed.
func caught(t *testing.T, h storagetest.Harness, only func(name string) bool) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, rule := range storagetest.Rules() {
		if !only(rule.Name) {
			continue
		}
		if failures := check(t, rule, h); len(failures) > 0 {
			out[rule.Name] = failures
		}
	}
	return out
}
