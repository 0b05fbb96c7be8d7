package reliability

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// R11: each call that a command makes fails once, in turn: those of the storage
// ports, before and after they did their work, and, on a database, each statement
// with BEGIN and COMMIT. Afterwards everything is as before. Where the answer is
// that the transaction may be tried again, the command is done, once.
var R11 = Check{
	ID: "R11", Name: "every call of every command fails once: all or nothing", Sites: AllSites, Unit: "commands", Full: size(len(Commands)),
	Run: func(r *Run) error { return failing(r, false) },
	Twin: func(r *Run) error {
		r.N = min(r.N, 8)
		return failing(r, true)
	},
	TwinOf: "commit in place of rollback",
}

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
	// again says that the command is tried again, and so must be done.
	again bool
	// store gives what fails.
	store func(f *fuse) storage.Store
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
	internal := fault.Wrap(fault.ErrInternal, "storage.failed", "the database failed", errInjected)
	list := []way{
		{"before", internal, false, ports(before)},
		{"after", internal, false, ports(func(h *Hooked, f *fuse) { h.After = f.pass })},
		{"again", fault.Wrap(fault.ErrRetry, "storage.busy", "given up", errInjected), true, ports(before)},
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
	return append(list, way{"statement", errInjected, false, func(f *fuse) storage.Store {
		now.Store(f)
		return q.Store
	}}), q.Close, nil
}

func failing(r *Run, bug bool) error {
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
	for i, k := range shuffled(r.Rand(0))[:r.N] {
		c := &Commands[k]
		n, err := failOne(r, p, ways, c, fmt.Sprintf("tenant%d", i), bug)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		failures += n
		r.Did(1)
	}
	if failures < 10*r.N {
		return fmt.Errorf("only %d failures for %d commands", failures, r.N)
	}
	r.Figure("%d failures", failures)
	return nil
}

func shuffled(rnd *rand.Rand) []int { return rnd.Perm(len(Commands)) }

func failOne(r *Run, p *Place, ways []way, c *Command, tenant string, bug bool) (failures int, err error) {
	for i, way := range ways {
		var w *World
		var id uuid.UUID
		var before string
		for at := int64(1); ; at++ {
			if at > 200 {
				return failures, errors.New("the command makes no end")
			}
			if w == nil { // a tenant that the command wasn't done for
				if w, id, err = prepared(r, p, c, fmt.Sprint(tenant, "-", i, "-", at)); err != nil {
					return failures, err
				}
				if before, err = Dump(r, p, w.Tenant); err != nil {
					return failures, err
				}
			}
			f := &fuse{at: at, err: way.err}
			x, err := w.Inside(way.store(f), nil)
			if err != nil {
				return failures, err
			}
			f.armed.Store(true)
			_, err = c.Give(r, x, id, pursuit.RequestID(requestKey))
			f.armed.Store(false)
			if f.blown.Load() {
				failures++
			}
			if !f.blown.Load() || way.again || f.idle && err == nil { // done
				if err != nil && !bug {
					r.Breach("%s, %s at call %d: %v", c.Name, way.name, at, err)
				}
				if _, err := Whole(r, p.Store, w.Tenant); err != nil {
					r.Breach("%s, %s at call %d: %v", c.Name, way.name, at, err)
				}
				if !f.blown.Load() {
					break
				}
				w = nil
				continue
			}
			if !errors.Is(err, errInjected) {
				r.Breach("%s, %s at call %d: the answer was %v", c.Name, way.name, at, err)
			}
			after, err := Dump(r, p, w.Tenant)
			if err != nil {
				return failures, err
			}
			if after != before {
				r.Breach("%s, %s at call %d: something stayed: %s", c.Name, way.name, at, firstDifference(before, after))
				w = nil
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
