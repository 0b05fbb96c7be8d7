package pursuittest

import (
	"context"
	"slices"
	"sync"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/intercept"
	"github.com/pursuit-crm/pursuit/storage"
)

// Plan says which call of a store goes wrong, and how. Calls are named by port and
// method, "opportunities.save", "journal.entries"; "update" and "view" begin a transaction,
// "commit" ends one that writes.
type Plan struct {
	// Call is the name of the calls that are counted; all if it is empty.
	Call string
	// Nth is which of them goes wrong, from 1; every one if it is 0.
	Nth int
	// Err is the answer; fault.ErrInternal if it is nil.
	Err error
	// Hang waits until the context ends in place of answering, Panic panics.
	Hang, Panic bool
}

// Faulty is a store whose calls go wrong by a plan.
type Faulty struct {
	storage.Store
	plan Plan

	mu    sync.Mutex
	armed bool
	calls []string
	n     int
}

// Failing stands before a store, and lets its calls go wrong by a plan from Arm on.
//
//	store := pursuittest.Failing(memory.New(), pursuittest.Plan{Call: "commit", Nth: 1})
//	w := pursuittest.New(t, pursuittest.On(store))
//	store.Arm()
func Failing(store storage.Store, plan Plan) *Faulty {
	f := &Faulty{plan: plan}
	f.Store = &intercept.Store{Store: store, Before: f.before}
	return f
}

// Arm begins to count: what is called before, such as that which makes a world, goes well.
func (f *Faulty) Arm() { f.set(true) }

// Disarm ends it: calls go well again.
func (f *Faulty) Disarm() { f.set(false) }

func (f *Faulty) set(armed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed, f.n, f.calls = armed, 0, nil
}

// Calls returns the names of the calls since Arm, in their order: with an empty
// plan it shows what a command does.
func (f *Faulty) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// hit notes a call, and reports whether it is to go wrong.
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
