package gatetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// Case is one question to a gate.
type Case struct {
	Name string
	// In is the gate's input; the suite sets its Tx.
	In pursuit.GateInput
	// Prepare, if not nil, runs in the transaction before the gate is asked, and
	// is rolled back afterwards: the gate must see its writes.
	Prepare func(ctx context.Context, tx storage.Tx) error
	// Unmet is a text that the English message must contain if the gate isn't
	// met; "" if it is met.
	Unmet string
	// Fails means that the gate must return an error.
	Fails bool
}

// Run tests a kind of gate with a table, in a transaction of store, or of memory
// if store is nil; see Check.
func Run(t *testing.T, kind pursuit.GateKind, store storage.Store, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if err := Check(t.Context(), kind, store, c); err != nil {
				t.Fatal(err)
			}
		})
	}
	if err := hostile(kind); err != nil {
		t.Fatal(err)
	}
}

var errUndo = errors.New("gatetest: rolled back")

// Check asks one question and returns the faults of the result: a verdict other
// than the expected one, an unmet gate without a message, a different result for
// the same question, a modified input, parameters that the kind's own check
// refuses, a panic.
func Check(ctx context.Context, kind pursuit.GateKind, store storage.Store, c Case) error {
	if kind.Evaluate == nil {
		return errors.New("the kind has no Evaluate")
	}
	if store == nil {
		store = memory.New()
	}
	if kind.CheckParams != nil {
		if err := guarded(func() error { return kind.CheckParams(maps.Clone(c.In.Gate.Params)) }); err != nil {
			return fmt.Errorf("CheckParams refuses the case's parameters: %w", err)
		}
	}
	var answer error
	err := store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		if c.Prepare != nil {
			if answer = c.Prepare(ctx, tx); answer != nil {
				return errUndo
			}
		}
		answer = ask(ctx, kind, tx, c)
		return errUndo
	})
	if err != nil && !errors.Is(err, errUndo) {
		return err
	}
	return answer
}

func ask(ctx context.Context, kind pursuit.GateKind, tx storage.Tx, c Case) error {
	one, err1 := evaluate(ctx, kind, tx, c)
	two, err2 := evaluate(ctx, kind, tx, c)
	switch {
	case c.Fails && err1 == nil:
		return fmt.Errorf("it gives %+v, wanted an error", one)
	case c.Fails:
		return nil
	case err1 != nil:
		return fmt.Errorf("it fails: %w", err1)
	case err2 != nil || !reflect.DeepEqual(one, two):
		return fmt.Errorf("asked twice it gives %+v, then %+v, %v", one, two, err2)
	case one.Met && c.Unmet != "":
		return fmt.Errorf("it is met, wanted %q", c.Unmet)
	case !one.Met && c.Unmet == "":
		return fmt.Errorf("it isn't met: %+v", one)
	case one.Met:
		return nil
	}
	said := one.Message
	if said == "" {
		said = one.Texts.In("en")
	}
	if said == "" && len(c.In.Gate.Message) == 0 {
		return errors.New("it isn't met, and says nothing")
	}
	if !strings.Contains(said, c.Unmet) {
		return fmt.Errorf("it says %q, wanted %q", said, c.Unmet)
	}
	return nil
}

func evaluate(ctx context.Context, kind pursuit.GateKind, tx storage.Tx, c Case) (v stage.Verdict, err error) {
	in := c.In
	in.Tx = tx
	in.Gate.Params, in.Lines = maps.Clone(in.Gate.Params), slices.Clone(in.Lines)
	err = guarded(func() (err error) {
		v, err = kind.Evaluate(ctx, in)
		return err
	})
	if err == nil && (!maps.Equal(in.Gate.Params, c.In.Gate.Params) || !reflect.DeepEqual(in.Lines, c.In.Lines)) {
		err = errors.New("writes to what it is given")
	}
	return v, err
}

// guarded turns a panic into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panics: %v", p)
		}
	}()
	return f()
}

// hostile passes CheckParams parameters that a process might hold: it may refuse
// them, but not panic.
func hostile(kind pursuit.GateKind) error {
	if kind.CheckParams == nil {
		return nil
	}
	for _, p := range []map[string]string{nil, {}, {"": ""}, {"k": strings.Repeat("长", 10_000)}} {
		if err := guarded(func() error { return kind.CheckParams(p) }); err != nil && strings.HasPrefix(err.Error(), "panics") {
			return fmt.Errorf("CheckParams(%.40v) %w", p, err)
		}
	}
	return nil
}
