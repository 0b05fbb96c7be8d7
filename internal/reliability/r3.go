package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// R3: the same random commands on the memory store and on a database, with the
// same clock and ids, give the same answers, the same state after each step, and
// journals that replay to it.
var R3 = Check{
	ID: "R3", Name: "random commands: memory and SQL equal after each step, replay equals state", Sites: SQLSites, Unit: "runs",
	Full:   bySite(map[string]int{"sqlite": 50_000}, 5_000),
	Run:    func(r *Run) error { return twice(r, r.N, false) },
	Twin:   func(r *Run) error { return twice(r, 200, true) },
	TwinOf: "lost ledger row",
}

func twice(r *Run, n int, bug bool) error {
	p, err := r.quick()
	if err != nil {
		return err
	}
	defer p.Close()
	store := p.Store
	if bug {
		store = &Hooked{Store: p.Store, Save: func(ctx context.Context, tx storage.Tx, c opportunity.Change) error {
			if c.Expected > 0 {
				c.Prior, c.Next = nil, nil
			}
			return tx.Opportunities().Save(ctx, c)
		}}
	}
	steps, accepted := 0, 0
	var a, b *World
	for run := range n {
		if a == nil {
			if a, b, err = twins(r, store, fmt.Sprint("tenant", run)); err != nil {
				return err
			}
		}
		s, ok, err := together(r, a, b, run)
		steps, accepted = steps+s, accepted+ok
		if err != nil {
			r.Breach("run %d: %v", run, err)
			if bug {
				return nil
			}
		}
		if err != nil || run%sharing == sharing-1 || run == n-1 {
			if _, err := Whole(r, p.Store, a.Tenant); err != nil {
				r.Breach("run %d: %v", run, err)
			}
			a = nil // from a difference on, ids and times may differ too
		}
		r.Did(1)
	}
	if accepted < 2*n {
		return fmt.Errorf("only %d of %d commands were accepted", accepted, steps)
	}
	r.Figure("%d commands, %d accepted", steps, accepted)
	return nil
}

// quick makes an empty database for a check that no power cut belongs to.
func (r *Run) quick() (*Place, error) {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil || p.Site != SQLite {
		return p, err
	}
	source := strings.Replace(p.Source, "synchronous(FULL)", "synchronous(OFF)", 1)
	if err := p.Close(); err != nil {
		return nil, err
	}
	return p.Site.Open(source, nil)
}

// sharing is how many runs, each with opportunities of its own, share a tenant.
const sharing = 8

// twins sets the same tenant up in memory and on a store.
func twins(r *Run, store storage.Store, tenant string) (a, b *World, err error) {
	m, err := Memory.Fresh(r, "")
	if err != nil {
		return nil, nil, err
	}
	if a, err = NewWorld(r, m.Store, tenant, Ticking()); err != nil {
		return nil, nil, err
	}
	b, err = NewWorld(r, store, tenant, Ticking())
	return a, b, err
}

// together gives the same commands to two worlds, and compares them.
func together(r *Run, a, b *World, run int) (steps, accepted int, err error) {
	x, err1 := a.Record(r, 2)
	y, err2 := b.Record(r, 2)
	if err := errors.Join(err1, err2); err != nil || x != y {
		return 0, 0, fmt.Errorf("%v and %v recorded, %w", x, y, err)
	}
	for k := range 3 + r.Rand(run).IntN(8) {
		seed := uint64(run)<<16 | uint64(k)
		ra, erra := a.act(r, rand.New(rand.NewPCG(r.Seed, seed)), x)
		rb, errb := b.act(r, rand.New(rand.NewPCG(r.Seed, seed)), x)
		steps++
		if fault.CodeOf(erra) != fault.CodeOf(errb) || (erra == nil) != (errb == nil) {
			return steps, accepted, fmt.Errorf("memory said %v, the database %v", erra, errb)
		}
		if erra == nil {
			accepted++
		}
		if err := equal("answer", rb, ra); err != nil {
			return steps, accepted, err
		}
		sa, err1 := a.state(r, x)
		sb, err2 := b.state(r, x)
		if err := errors.Join(err1, err2); err != nil {
			return steps, accepted, err
		}
		if !bytes.Equal(sa, sb) {
			return steps, accepted, fmt.Errorf("states differ: %s", firstDifference(string(sa), string(sb)))
		}
	}
	return steps, accepted, nil
}

// state is all that is known of an opportunity.
func (w *World) state(r *Run, id uuid.UUID) ([]byte, error) {
	s, err1 := w.S.Opportunities().Get(r, id, opportunity.AllParts)
	ledger, err2 := w.S.Opportunities().History(r, id)
	entries, err3 := w.S.Opportunities().Journal(r, id)
	b, err4 := json.Marshal([]any{s, ledger, entries})
	return b, errors.Join(err1, err2, err3, err4)
}
