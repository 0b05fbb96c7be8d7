package storagetest

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// env is the environment of a rule.
type env struct {
	t     T
	h     Harness
	why   string
	store storage.Store
	ctx   context.Context
	ids   uint64
}

// errRule is a rule's own error, to end a transaction with.
var errRule = errors.New("the rule's own error")

// day is the beginning of the suite's history.
var day = time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC)

func newEnv(t T, h Harness, why string) *env {
	t.Helper()
	return &env{t: t, h: h, why: why, store: h.Open(t), ctx: context.Background()}
}

// id returns the next id; ids grow.
func (e *env) id() uuid.UUID {
	e.ids++
	id := uuid.UUID{0x01, 0x9b, 0, 0, 0, 0, 0x70, 0, 0x80}
	binary.BigEndian.PutUint32(id[12:], uint32(e.ids))
	return id
}

// errorf reports that the rule is broken, and why the rule exists.
func (e *env) errorf(format string, args ...any) {
	e.t.Helper()
	e.t.Errorf(format+"\n\twhy: an adapter that %s", append(args, e.why)...)
}

func (e *env) fatalf(format string, args ...any) {
	e.t.Helper()
	e.t.Fatalf(format+"\n\twhy: an adapter that %s", append(args, e.why)...)
}

// update is Store.Update, repeated on ErrRetry.
func (e *env) update(fn func(ctx context.Context, tx storage.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := e.store.Update(e.ctx, fn)
		if !errors.Is(err, fault.ErrRetry) || attempt == 200 {
			return err
		}
		time.Sleep(time.Duration(min(attempt, 10)) * time.Millisecond)
	}
}

// do is an update that must succeed.
func (e *env) do(what string, fn func(ctx context.Context, tx storage.Tx) error) {
	e.t.Helper()
	if err := e.update(fn); err != nil {
		e.fatalf("%s: %v", what, err)
	}
}

// look is a View that must succeed.
func (e *env) look(what string, fn func(ctx context.Context, tx storage.Tx) error) {
	e.t.Helper()
	if err := e.store.View(e.ctx, fn); err != nil {
		e.fatalf("%s: %v", what, err)
	}
}

// kind checks an error's kind, and its code unless that is "".
func (e *env) kind(what string, err, kind error, code string) {
	e.t.Helper()
	switch {
	case err == nil:
		e.errorf("%s: succeeded, want %v", what, kind)
	case !errors.Is(err, kind):
		e.errorf("%s: %v, want %v", what, err, kind)
	case code != "" && fault.CodeOf(err) != code:
		e.errorf("%s: code %q, want %q", what, fault.CodeOf(err), code)
	}
}

// refused runs an update that must fail with a kind, from within and as a whole.
func (e *env) refused(what string, kind error, code string, fn func(ctx context.Context, tx storage.Tx) error) {
	e.t.Helper()
	e.kind(what, e.update(fn), kind, code)
}

// equal compares a returned value with the stored one.
func (e *env) equal(what string, got, want any) {
	e.t.Helper()
	if d := diff(got, want); len(d) > 0 {
		e.errorf("%s differs:\n\t%s", what, join(d))
	}
}

// same compares two lists of comparable values in their order.
func same[V comparable](e *env, what string, got, want []V) {
	e.t.Helper()
	if !slices.Equal(got, want) {
		e.errorf("%s: got %v, want %v", what, got, want)
	}
}

// anyOrder compares two lists whatever their order.
func anyOrder[V comparable](e *env, what string, got, want []V) {
	e.t.Helper()
	count := map[V]int{}
	for _, v := range got {
		count[v]++
	}
	for _, v := range want {
		count[v]--
	}
	for _, n := range count {
		if n != 0 {
			e.errorf("%s: got %v, want %v in any order", what, got, want)
			return
		}
	}
}

func mapped[A, B any](list []A, f func(A) B) []B {
	var out []B
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}
