package reliability

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/intercept"
	"github.com/pursuit-crm/pursuit/storage"
)

// B21 is this check: the caller gives up at each call that a method makes, of a port and of
// the database, and while it waits for somebody else's lock. It returns at once,
// with nothing or all done, and leaves no goroutine, connection or transaction.
var B21 = Check{
	ID: "B21", Name: "a caller who gives up is let go, and nothing is left behind", Sites: AllSites, Unit: "methods", Full: func(*Site) int { return len(trials()) }, Alone: true,
	Run: func(r *Run) error { return cancelling(r, false) },
	Twin: func(r *Run) error {
		r.N = min(r.N, 3)
		return cancelling(r, true)
	},
	TwinOf: "rollback left out, slow calls",
}

// promptly is how long a cancelled command may take.
const promptly = 250 * time.Millisecond

// trigger gives a caller up at one of the calls that pass.
type trigger struct {
	at     int64
	cancel context.CancelFunc
	calls  atomic.Int64
	armed  atomic.Bool
	mu     sync.Mutex
	when   time.Time
	// slow is how long the call takes nevertheless: a bug.
	slow time.Duration
}

func (t *trigger) pass(context.Context, string) error {
	if t.armed.Load() && t.calls.Add(1) == t.at {
		t.mu.Lock()
		t.when = time.Now()
		t.mu.Unlock()
		t.cancel()
		time.Sleep(t.slow)
	}
	return nil
}

func (t *trigger) took() (time.Duration, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Since(t.when), !t.when.IsZero()
}

func cancelling(r *Run, bug bool) error {
	warm, err := r.Site.Fresh(r, r.Dir) // starts the server, if there is one
	if err != nil {
		return err
	}
	if err := warm.Close(); err != nil {
		return err
	}
	before := goleak.IgnoreCurrent()
	if err := cancelAll(r, bug); bug && err == nil && r.Breaches() > 0 {
		return nil
	} else if bug && errors.Is(err, fault.ErrRetry) {
		r.Breach("what was left behind blocks others: %v", err)
	} else if err != nil {
		return err
	}
	for try := 0; ; try++ { // what is just ending may take long on a busy machine
		err := goleak.Find(before)
		if err == nil {
			break
		}
		if try == 5 {
			r.Breach("%v", err)
			break
		}
	}
	return nil
}

func cancelAll(r *Run, bug bool) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	if bug && p.Site == SQLite { // nobody is to wait long for what is left behind
		impatient := strings.Replace(p.Source, "busy_timeout(30000)", "busy_timeout(50)", 1)
		if err := p.Close(); err != nil {
			return err
		}
		if p, err = r.Site.Open(impatient, func(c driver.Connector) driver.Connector { return c }); err != nil {
			return err
		}
	}
	defer p.Close()
	var now atomic.Pointer[trigger]
	places := []*Place{p}
	if p.DB != nil {
		q, err := p.Site.Open(p.Source, func(c driver.Connector) driver.Connector {
			t := &tapped{Connector: c, before: func(ctx context.Context, what string) error { return now.Load().pass(ctx, what) }}
			if bug && p.Site == SQLite { // the other drivers end the connection themselves
				t.rollback = func(driver.Tx) error { return nil }
			}
			return t
		})
		if err != nil {
			return err
		}
		defer q.Close()
		places = append(places, q)
	}
	cancels := 0
	var slowest time.Duration
	for i, t := range shuffledTrials(r.Rand(0), r.N) {
		for j, q := range places {
			store := q.Store
			var contents func(storage.Blobs) storage.Blobs
			if j == 0 {
				h := &Hooked{Store: q.Store, Before: func(ctx context.Context, what string) error { return now.Load().pass(ctx, what) }}
				store, contents = h, func(b storage.Blobs) storage.Blobs { return intercept.Blobs{Blobs: b, Ask: h} }
			}
			c := canceller{Run: r, p: p, q: q, t: t, now: &now, bug: bug, enter: func(w *World) (*World, error) { return w.failingAt(store, contents) }}
			if err := c.all(fmt.Sprint("tenant", i, "-", j)); err != nil {
				return fmt.Errorf("%s: %w", t.Name, err)
			}
			if bug && r.Breaches() > 0 {
				return nil
			}
			if c.cancels == 0 {
				return fmt.Errorf("%s: no cancel", t.Name)
			}
			cancels, slowest = cancels+c.cancels, max(slowest, c.slowest)
		}
		r.Did(1)
	}
	if p.DB != nil {
		slow, err := blocked(r, p, p.Store, "blocked")
		if err != nil {
			return err
		}
		slowest = max(slowest, slow)
	}
	if p.Site == SQLite && !bug { // another process has the lock, as far as SQLite can tell
		q, err := p.Site.Open(strings.Replace(p.Source, "busy_timeout(30000)", "busy_timeout(50)", 1), nil)
		if err != nil {
			return err
		}
		defer q.Close()
		slow, err := blocked(r, p, q.Store, "locked out")
		if err != nil {
			return err
		}
		slowest = max(slowest, slow)
	}
	r.Figure("%d cancels, slowest return %.1f ms", cancels, float64(slowest.Microseconds())/1000)
	return nil
}

// canceller gives callers of one method up.
type canceller struct {
	*Run
	// p looks, q is what the method works on.
	p, q  *Place
	t     *trial
	now   *atomic.Pointer[trigger]
	bug   bool
	enter func(w *World) (*World, error)

	at      int64
	cancels int
	slowest time.Duration
}

func (c *canceller) breach(format string, args ...any) {
	c.Breach("%s, cancelled at call %d: %s", c.t.Name, c.at, fmt.Sprintf(format, args...))
}

// all tries all calls in turn.
func (c *canceller) all(tenant string) error {
	var s *setting
	slow := 0 // how often the same call in a row was
	for c.at = 1; ; c.at++ {
		if c.bug && c.Breaches() > 0 {
			return nil
		}
		if c.at > 200 {
			return errors.New("the method makes no end")
		}
		if s == nil {
			var err error
			if s, err = c.t.setting(c, c.p, fmt.Sprint(tenant, "-", c.at, "-", slow)); err != nil {
				return err
			}
		}
		c.now.Store(&trigger{})
		x, err := c.enter(s.w)
		if err == nil {
			err = s.enter(c, x)
		}
		if err != nil {
			return err
		}
		a, took, cancelled := c.try(x, s.id)
		if cancelled {
			again := took > promptly && slow < 3
			switch {
			case again: // the machine may be busy: a call that can't be cancelled is slow each time
				slow++
			case took > promptly:
				c.breach("returned after %v", took)
				fallthrough
			default:
				slow, c.slowest = 0, max(c.slowest, took)
			}
			if n := c.q.inUse(); n > 0 {
				c.breach("%d connections in use", n)
			}
			if again {
				c.at--
			}
		}
		if a.err == nil {
			if err := s.done(c, x, a); err != nil {
				c.breach("%v", err)
			}
			if !cancelled {
				return nil
			}
			if c.t.kind != questioning {
				s = nil
			}
			continue
		}
		if !errors.Is(a.err, context.Canceled) {
			c.breach("the answer was %v", a.err)
		}
		if n, err := c.q.open(c); err != nil || n > 0 {
			c.breach("%d transactions are left, %v", n, err)
		}
		wrong, spent, err := s.failed(c, x, a)
		if err != nil {
			return err
		}
		if wrong != "" {
			c.breach("%s", wrong)
		}
		if spent {
			s = nil
		}
	}
}

// try calls the method once.
func (c *canceller) try(x *World, id uuid.UUID) (a reply, took time.Duration, cancelled bool) {
	ctx, cancel := context.WithCancel(c)
	defer cancel()
	t := &trigger{at: c.at, cancel: cancel}
	if c.bug && c.p.Site != SQLite {
		t.slow = promptly + 50*time.Millisecond
	}
	c.now.Store(t)
	t.armed.Store(true)
	a = c.t.give(ctx, x, id)
	t.armed.Store(false)
	if took, cancelled = t.took(); cancelled {
		c.cancels++
	}
	return a, took, cancelled
}
