package ordertest

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/pursuit-crm/pursuit"
)

// Rule is one promise of sales systems.
type Rule struct {
	// Name is a path that contains an invariant's id: "Q06/arrival".
	Name string
	// Why describes the harm of a sales system that breaks the rule.
	Why string

	check func(w *world)
}

// Check tests the rule on an engine with a fresh store and the default policy;
// nil if it holds.
func (r Rule) Check(ctx context.Context, eng *pursuit.Engine) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b, ok := p.(broken)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("%s: %s (a sales system that %s)", r.Name, b.what, r.Why)
		}
	}()
	r.check(newWorld(ctx, eng))
	return nil
}

// Rules returns all rules, in the order of Run.
func Rules() []Rule { return append(creating(), append(executing(), reading()...)...) }

// Run checks every rule as a subtest of t. open returns a separate engine for
// each, on an empty store that nobody else uses.
func Run(t *testing.T, open func(t testing.TB) *pursuit.Engine) {
	t.Helper()
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) {
			if err := r.Check(t.Context(), open(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// broken ends a rule that doesn't hold.
type broken struct{ what string }

func fail(format string, args ...any) { panic(broken{fmt.Sprintf(format, args...)}) }

// same wants two values to be equal.
func same(what string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		fail("%s: got %v, want %v", what, got, want)
	}
}

// must wants no error.
func must[T any](v T, err error) T {
	if err != nil {
		fail("unexpected error: %v", err)
	}
	return v
}
