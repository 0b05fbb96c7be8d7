package reliability

import (
	"context"
	"fmt"
	"strings"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// B3 is this check: the same random commands on the memory store and on a database, with the
// same clock and ids, give the same answers. After each step all that is stored is
// the same, and the journals replay to it.
var B3 = Check{
	ID: "B3", Name: "random commands: memory and SQL equal, and replay equals state, after each step", Sites: SQLSites, Unit: "runs",
	Full:   bySite(map[string]int{"sqlite": 400}, 120),
	Run:    func(r *Run) error { return twice(r, r.N, false) },
	Twin:   func(r *Run) error { return twice(r, 20, true) },
	TwinOf: "lost ledger row",
}

// long is how many steps a run takes; fewest is how many runs are done however
// short it is to be: they draw each command at least once.
const long, fewest = 30, 8

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
	t, err := newTally(Commands)
	if err != nil {
		return err
	}
	for run := range max(n, fewest) {
		if err := together(r, t, p, store, run); err != nil {
			r.Breach("run %d: %v", run, err)
			if bug {
				return nil
			}
		}
		r.Did(1)
	}
	r.Figure("%d commands, %d accepted", t.steps, t.accepted)
	if bug || r.Breaches() > 0 {
		return nil
	}
	return t.enough()
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

// together gives the same commands to two worlds of one tenant, the one in memory
// and the other on a store of the place, and compares them after each.
func together(r *Run, t *tally, p *Place, store storage.Store, run int) error {
	m, err := Memory.Fresh(r, "")
	if err != nil {
		return err
	}
	tenant := fmt.Sprint("tenant", run)
	a, err := newPlayer(r, m.Store, m.Store, tenant)
	if err != nil {
		return err
	}
	b, err := newPlayer(r, store, p.Store, tenant)
	if err != nil {
		return err
	}
	for k := range long {
		call := t.draw(r.Rand(run<<8|k), run, k)
		if err := a.same(r, t, b, call); err != nil {
			return fmt.Errorf("step %d, %s: %w", k, call, err)
		}
	}
	return nil
}
