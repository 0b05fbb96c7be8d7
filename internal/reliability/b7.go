package reliability

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// B7 is this check: the server is killed with SIGKILL while eight clients work, and started
// again.
var B7 = Check{
	ID: "B7", Name: "kill -9 of the server: no acknowledged command lost, none half done", Sites: Servers, Unit: "kills", Full: size(15), First: true,
	Run:    func(r *Run) error { return killServer(r, r.N, false) },
	Twin:   func(r *Run) error { return killServer(r, 15, true) },
	TwinOf: "acknowledging before COMMIT",
}

// leastBefore is how many commands are acknowledged before the server is killed.
const leastBefore = 8

func killServer(r *Run, n int, bug bool) error {
	server, err := r.Site.server.get(r)
	if err != nil {
		return err
	}
	if server.Pid() == 0 {
		return errors.New("the server isn't ours to kill")
	}
	acknowledged, unknown := 0, 0
	for i := range n {
		p, err := r.Site.Fresh(r, r.Dir)
		if err != nil {
			return err
		}
		a, u, err := killOnce(r, p, i, bug, func() error {
			server.Kill()
			// Its other processes hold the data directory until they notice.
			err := server.Start(r)
			for try := 0; err != nil && try < 40; try++ {
				time.Sleep(250 * time.Millisecond)
				err = server.Start(r)
			}
			return err
		})
		if e := p.Close(); err == nil {
			err = e
		}
		if err != nil {
			return fmt.Errorf("kill %d: %w", i, err)
		}
		acknowledged, unknown = acknowledged+a, unknown+u
		r.Did(1)
		if bug && r.Breaches() > 0 {
			break
		}
	}
	if acknowledged < leastBefore*n && !bug {
		return fmt.Errorf("only %d commands were acknowledged", acknowledged)
	}
	r.Figure("%d acknowledged, %d of unknown outcome", acknowledged, unknown)
	return nil
}

func killOnce(r *Run, p *Place, i int, bug bool, restart func() error) (acknowledged, unknown int, err error) {
	w, err := NewWorld(r, p.Store, "acme", nil)
	if err != nil {
		return 0, 0, err
	}
	deals, err := w.records(r, 8)
	if err != nil {
		return 0, 0, err
	}
	var mu sync.Mutex
	done := map[string]bool{}
	enough := make(chan struct{}) // were acknowledged
	note := func(key string) {
		mu.Lock()
		defer mu.Unlock()
		if done[key] {
			return
		}
		done[key] = true
		if len(done) == leastBefore {
			close(enough)
		}
	}
	ctx, stop := context.WithTimeout(r, time.Minute)
	defer stop()
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			rnd := r.Rand(i*8 + c)
			key := ""
			store := p.Store
			if bug {
				store = storage.Store(&Hooked{Store: p.Store, Before: func(_ context.Context, what string) error {
					if what == "commit" {
						note(key)
						time.Sleep(3 * time.Millisecond)
					}
					return nil
				}})
			}
			x, err := w.Inside(store, &pursuit.Options{Attempts: 50})
			if err != nil {
				return
			}
			deal := []uuid.UUID{deals[c], deals[rnd.IntN(len(deals))]}
			for n := 0; ctx.Err() == nil; n++ {
				key = fmt.Sprint(c, "-", n)
				_, err := x.act(ctx, rnd, deal[n%2], pursuit.RequestID(key))
				switch {
				case err == nil:
					note(key)
				case refused(err), errors.Is(err, fault.ErrRetry):
				case errors.Is(err, fault.ErrOutcomeUnknown):
					mu.Lock()
					unknown++
					mu.Unlock()
					return
				default: // the server is gone
					return
				}
			}
		})
	}
	time.Sleep(time.Duration(100+r.Rand(i).IntN(300)) * time.Millisecond)
	select { // on a slow machine
	case <-enough:
	case <-time.After(20 * time.Second):
	}
	err = restart()
	stop()
	wg.Wait()
	if err != nil {
		return 0, 0, err
	}
	for try := 0; ; try++ { // broken connections leave the pool one by one
		if err = p.DB.PingContext(r); err == nil || try > 100 {
			break
		}
	}
	if err != nil {
		return 0, 0, err
	}
	q, err := p.Site.Open(p.Source, nil)
	if err != nil {
		return 0, 0, err
	}
	defer q.Close()
	lost, err := q.lost(r, w.Tenant, done)
	if err != nil {
		return 0, 0, err
	}
	if len(lost) > 0 {
		r.Breach("kill %d: acknowledged and lost: %v", i, lost)
	}
	if _, err := Whole(r, q.Store, w.Tenant); err != nil {
		r.Breach("kill %d: %v", i, err)
	}
	return len(done), unknown, nil
}
