package reliability

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/storage"
)

// B6 is this check: a client with four workers is killed with SIGKILL in the midst of its
// commands. What it was told is done, is there; what is there, is there as a
// whole.
var B6 = Check{
	ID: "B6", Name: "kill -9 of the client: no acknowledged command lost, none half done", Sites: SQLSites, Unit: "kills",
	Full: bySite(map[string]int{"sqlite": 300}, 200),
	Run:  func(r *Run) error { return killClients(r, r.N, "") },
	Twin: func(r *Run) error {
		for _, bug := range []string{"early", "bare"} {
			before := r.found.Load()
			if err := killClients(r, max(40, r.N/10), bug); err != nil {
				return err
			}
			if r.found.Load() == before {
				return fmt.Errorf("%s: not found", bug)
			}
		}
		return nil
	},
	TwinOf: "acknowledging before COMMIT, no transaction",
}

// leastDone is how many commands a client has been told are done when it is killed.
const leastDone = 4

func killClients(r *Run, n int, bug string) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	p.DB.SetMaxOpenConns(1) // so that all other sessions are the client's
	p.DB.SetMaxIdleConns(1)
	rnd := r.Rand(0)
	mid, acknowledged, found := 0, 0, 0
	// A twin ends when it was found; a run that was seldom in the midst goes on.
	for i := 0; i < n || bug == "" && i < 2*n && mid < i*8/10; i++ {
		w, err := NewWorld(r, p.Store, fmt.Sprint("tenant", i), nil)
		if err != nil {
			return err
		}
		deals, err := w.records(r, 3)
		if err != nil {
			return err
		}
		before, err := p.session(r)
		if err != nil {
			return err
		}
		j := job{Site: r.Site.Name, Source: p.Source, World: *w, Deals: deals, Seed: r.Seed + uint64(i), Bug: bug}
		c, err := j.start()
		if err != nil {
			return err
		}
		// Every other kill comes as soon as something was acknowledged: COMMIT must be
		// over by then.
		for lines := 8 + rnd.IntN(60); lines > 0 || len(c.done) < leastDone || i%2 == 1 && c.last != "done"; lines-- {
			if lines < -1000 || !c.read() {
				break
			}
		}
		amid, err := c.kill()
		if err != nil {
			return err
		}
		if err := p.gone(r, before); err != nil {
			return err
		}
		if amid > 0 {
			mid++
		}
		acknowledged += len(c.done)
		bad := 0
		if lost, err := p.lost(r, w.Tenant, c.done); err != nil {
			return err
		} else if len(lost) > 0 {
			bad++
			r.Breach("kill %d: acknowledged and lost: %v", i, lost)
		}
		if _, err := Whole(r, p.Store, w.Tenant); err != nil {
			bad++
			r.Breach("kill %d: %v", i, err)
		}
		if bad > 0 {
			found++
		}
		if bug != "" {
			r.Tried(bad > 0)
			if found >= 2 {
				break
			}
		}
		r.Did(1)
	}
	if bug == "" && (mid < n*8/10 || acknowledged < leastDone*n) {
		return fmt.Errorf("only %d of %d kills were in the midst of a command, %d commands were acknowledged", mid, n, acknowledged)
	}
	r.Figure("%d in mid-command, %d acknowledged", mid, acknowledged)
	return nil
}

// lost gives those of the user's keys that aren't stored.
func (p *Place) lost(ctx context.Context, tenant string, keys map[string]bool) (lost []string, err error) {
	err = p.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		lost = nil
		for k := range keys {
			if _, err := tx.Requests().Find(ctx, tenant, text.RequestKey(user, k)); errors.Is(err, fault.ErrNotFound) {
				lost = append(lost, k)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return lost, err
}

// session marks the sessions that are there.
func (p *Place) session(ctx context.Context) (mark int64, err error) {
	if p.Site == MariaDB {
		err = p.DB.QueryRowContext(ctx, "SELECT MAX(id) FROM information_schema.processlist").Scan(&mark)
	}
	return mark, err
}

// gone waits until the server has noticed that a client is dead: until then its
// COMMIT may still be done.
func (p *Place) gone(ctx context.Context, mark int64) error {
	deadline := time.Now().Add(20 * time.Second)
	for n := 1; n > 0; time.Sleep(2 * time.Millisecond) {
		var err error
		switch p.Site {
		case Postgres:
			err = p.DB.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&n)
		case MariaDB:
			err = p.DB.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id > ? AND id <> CONNECTION_ID()", mark).Scan(&n)
		default:
			n = 0
		}
		if err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return errors.New("the client's sessions don't end")
		}
	}
	return nil
}
