package reliability

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/intercept"
	"github.com/pursuit-crm/pursuit/storage"
)

// B11 is this check: each call that a method makes fails once, in turn: those of the storage
// ports, before and after they did their work, and, on a database, each statement
// with BEGIN and COMMIT. Afterwards everything is as before, and a question has no
// answer but the error; a relay may have told what it didn't mark, never marked
// what it didn't tell. Where the answer is that the transaction may be tried again,
// the command is done, once, and the question answered.
var B11 = Check{
	ID: "B11", Name: "every call of every method fails once: all or nothing", Sites: AllSites, Unit: "methods", Full: func(*Site) int { return len(trials()) }, Least: 1,
	Run:    func(r *Run) error { return failing(r, shuffledTrials(r.Rand(0), r.N), false) },
	Twin:   failingTwins,
	TwinOf: "commit in place of rollback, a list that can't be read is empty, marking before telling",
}

// failingTwins tries each of the bugs.
func failingTwins(r *Run) error {
	if err := failing(r, shuffledTrials(r.Rand(0), min(r.N, 8)), true); err != nil {
		return err
	}
	r.Tried(r.Breaches() > 0)
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	for i, bug := range []struct {
		t    *trial
		torn bool
	}{{trialNamed("Opportunities.List"), true}, {hasty, false}} {
		before := r.Breaches()
		only := way{name: "before", err: errInternal, store: func(f *fuse) storage.Store {
			return &Hooked{Store: p.Store, Before: f.pass, Torn: bug.torn}
		}}
		if _, err := failOne(r, p, []way{only}, bug.t, fmt.Sprint("twin", i), true); err != nil {
			return err
		}
		r.Tried(r.Breaches() > before)
	}
	return nil
}

var errInternal = fault.Wrap(fault.ErrInternal, "storage.failed", "the database failed", errInjected)

var errInjected = errors.New("injected")

// fuse fails at one of the calls that pass.
type fuse struct {
	at    int64
	err   error
	calls atomic.Int64
	blown atomic.Bool
	// armed lets preparations pass.
	armed atomic.Bool
	// idle says that what failed was the preparing of a statement for later, which
	// is nobody's loss.
	idle bool
}

func (f *fuse) pass(_ context.Context, what string) error {
	if f.armed.Load() && f.calls.Add(1) == f.at {
		f.idle = what == "PREPARE"
		f.blown.Store(true)
		return f.err
	}
	return nil
}

// way is one way of failing.
type way struct {
	name string
	err  error
	// blobs says that keeping contents fails, too; the hooks are those of store.
	blobs func(f *fuse) *Hooked
	// again says that the command is tried again, and so must be done.
	again bool
	// store gives what fails.
	store func(f *fuse) storage.Store
}

// contents gives what puts the fuse between a method and the contents, if anything.
func (w way) contents(f *fuse) func(storage.Blobs) storage.Blobs {
	if w.blobs == nil {
		return nil
	}
	return func(b storage.Blobs) storage.Blobs { return intercept.Blobs{Blobs: b, Ask: w.blobs(f)} }
}

// ways gives the ways to fail on a place, and what closes them.
func (p *Place) ways(swallow bool) ([]way, func() error, error) {
	ports := func(set func(h *Hooked, f *fuse)) func(f *fuse) storage.Store {
		return func(f *fuse) storage.Store {
			h := &Hooked{Store: p.Store, Swallow: swallow}
			set(h, f)
			return h
		}
	}
	before := func(h *Hooked, f *fuse) { h.Before = f.pass }
	list := []way{
		{name: "before", err: errInternal, store: ports(before), blobs: func(f *fuse) *Hooked { return &Hooked{Before: f.pass} }},
		{name: "after", err: errInternal, store: ports(func(h *Hooked, f *fuse) { h.After = f.pass }), blobs: func(f *fuse) *Hooked { return &Hooked{After: f.pass} }},
		{name: "again", err: fault.Wrap(fault.ErrRetry, "storage.busy", "given up", errInjected), again: true, store: ports(before)},
	}
	if p.DB == nil {
		return list, func() error { return nil }, nil
	}
	var now atomic.Pointer[fuse]
	q, err := p.Site.Open(p.Source, func(c driver.Connector) driver.Connector {
		t := &tapped{Connector: c, before: func(ctx context.Context, what string) error { return now.Load().pass(ctx, what) }}
		if swallow {
			t.rollback = driver.Tx.Commit
		}
		return t
	})
	if err != nil {
		return nil, nil, err
	}
	return append(list, way{name: "statement", err: errInjected, store: func(f *fuse) storage.Store {
		now.Store(f)
		return q.Store
	}}), q.Close, nil
}

func failing(r *Run, list []*trial, bug bool) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	ways, done, err := p.ways(bug)
	if err != nil {
		return err
	}
	defer done()
	failures := 0
	for i, t := range list {
		n, err := failOne(r, p, ways, t, fmt.Sprintf("tenant%d", i), bug)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if least := leastCalls(t, len(ways)); n < least && !bug {
			return fmt.Errorf("%s: only %d failures, not %d", t.Name, n, least)
		}
		failures += n
		r.Did(1)
	}
	r.Figure("%d failures", failures)
	return nil
}

// leastCalls is how often a method can fail at least, in some ways: a question begins
// a transaction and reads, a command writes, too.
func leastCalls(t *trial, ways int) int {
	if t.kind == questioning {
		return ways
	}
	return 2 * ways
}

func failOne(r *Run, p *Place, ways []way, t *trial, tenant string, bug bool) (failures int, err error) {
	for i, way := range ways {
		var s *setting
		for at := int64(1); ; at++ {
			if at > 200 {
				return failures, errors.New("the method makes no end")
			}
			if s == nil { // a tenant that nothing was done for
				if s, err = t.setting(r, p, fmt.Sprint(tenant, "-", i, "-", at)); err != nil {
					return failures, err
				}
			}
			f := &fuse{at: at, err: way.err}
			x, err := s.w.failingAt(way.store(f), way.contents(f))
			if err == nil {
				err = s.enter(r, x)
			}
			if err != nil {
				return failures, err
			}
			f.armed.Store(true)
			a := t.give(r, x, s.id)
			f.armed.Store(false)
			if f.blown.Load() {
				failures++
			}
			breach := func(format string, args ...any) {
				r.Breach("%s, %s at call %d: %s", t.Name, way.name, at, fmt.Sprintf(format, args...))
			}
			if !f.blown.Load() || way.again || f.idle && a.err == nil { // done
				if a.err != nil && !bug {
					breach("%v", a.err)
				}
				if err := s.done(r, x, a); err != nil {
					breach("%v", err)
				}
				if !f.blown.Load() {
					break
				}
				if t.kind != questioning {
					s = nil
				}
				continue
			}
			if a.err == nil && t.Name == "Relay.Run" { // which was told to stop, and gave the error to nobody
			} else if !errors.Is(a.err, errInjected) || fault.CodeOf(a.err) == "" {
				breach("the answer was %v", a.err)
			}
			wrong, spent, err := s.failed(r, x, a)
			if err != nil {
				return failures, err
			}
			if wrong != "" {
				breach("%s", wrong)
			}
			if spent {
				s = nil
			}
		}
	}
	return failures, nil
}

func prepared(ctx context.Context, p *Place, c *Command, tenant string) (*World, uuid.UUID, error) {
	w, err := NewWorld(ctx, p.Store, tenant, nil)
	if err != nil {
		return nil, uuid.Nil, err
	}
	id, err := c.On(ctx, w)
	if err != nil {
		err = fmt.Errorf("preparing: %w", err)
	}
	return w, id, err
}

func firstDifference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	at := max(0, i-40)
	return fmt.Sprintf("…%s, was …%s", b[at:min(len(b), at+160)], a[at:min(len(a), at+160)])
}
