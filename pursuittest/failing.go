package pursuittest

import (
	"context"
	"slices"
	"sync"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/intercept"
	"github.com/pursuit-crm/pursuit/storage"
)

// Plan selects the failing call of a store, and the failure. Calls are named by
// port and method, "opportunities.save", "journal.entries"; "update" and "view"
// begin a transaction, "commit" ends one that writes.
type Plan struct {
	// Call is the name of the calls to count; empty means all.
	Call string
	// Nth is the call that fails, from 1; 0 means every call.
	Nth int
	// Err is the returned error; nil means fault.ErrInternal.
	Err error
	// Hang waits until the context ends instead of returning; Panic panics.
	Hang, Panic bool
}

// Faulty is a store whose calls fail by a plan.
type Faulty struct {
	storage.Store
	plan Plan

	mu    sync.Mutex
	armed bool
	calls []string
	n     int
}

// Failing wraps a store, whose calls fail by a plan after Arm.
//
//	store := pursuittest.Failing(memory.New(), pursuittest.Plan{Call: "commit", Nth: 1})
//	w := pursuittest.New(t, pursuittest.On(store))
//	store.Arm()
func Failing(store storage.Store, plan Plan) *Faulty {
	f := &Faulty{plan: plan}
	f.Store = &intercept.Store{Store: store, Before: f.before}
	return f
}

// Arm starts counting. Earlier calls, such as those that set up a world, succeed.
func (f *Faulty) Arm() { f.set(true) }

// Disarm stops the failures.
func (f *Faulty) Disarm() { f.set(false) }

func (f *Faulty) set(armed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed, f.n, f.calls = armed, 0, nil
}

// Calls returns the names of the calls since Arm, in order: with an empty plan it
// shows the calls of a command.
func (f *Faulty) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// hit counts a call, and reports whether it must fail.
func (f *Faulty) hit(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.armed {
		return false
	}
	f.calls = append(f.calls, name)
	if f.plan.Call != "" && f.plan.Call != name {
		return false
	}
	f.n++
	return f.plan != (Plan{}) && (f.plan.Nth == 0 || f.plan.Nth == f.n)
}

func (f *Faulty) before(ctx context.Context, name string) error {
	if !f.hit(name) {
		return nil
	}
	switch {
	case f.plan.Panic:
		panic("pursuittest: " + name + " panics by plan")
	case f.plan.Hang:
		<-ctx.Done()
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", ctx.Err())
	case f.plan.Err != nil:
		return f.plan.Err
	}
	return fault.New(fault.ErrInternal, "storage.failed", "the store fails by plan")
}
