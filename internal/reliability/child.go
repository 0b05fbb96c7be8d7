package reliability

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

const childEnv = "PURSUIT_RELIABILITY_CHILD"

// job is what a client process does until it is killed.
type job struct {
	Site, Source string
	World        World
	Deals        []uuid.UUID
	Seed         uint64
	// Bug is "early": acknowledge before COMMIT; or "bare": no transaction.
	Bug string
}

// Child runs this program as a client to be killed, if it was started as one;
// it doesn't return then.
func Child() {
	v := os.Getenv(childEnv)
	if v == "" {
		return
	}
	var j job
	err := json.Unmarshal([]byte(v), &j)
	if err == nil {
		err = j.run()
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func siteNamed(name string) *Site {
	for _, s := range AllSites {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// run gives commands from four workers. Each says on the standard output when
// it begins and when it was acknowledged.
func (j *job) run() error {
	p, err := siteNamed(j.Site).Open(j.Source, nil)
	if err != nil {
		return err
	}
	ctx, end := context.WithTimeout(context.Background(), time.Minute)
	defer end()
	var mu sync.Mutex
	say := func(what, key string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(os.Stdout, what, key)
	}
	errs := make(chan error, 4)
	for i := range 4 {
		go func() {
			key := ""
			store := p.Store
			switch j.Bug {
			case "early":
				store = &Hooked{Store: p.Store, Before: func(_ context.Context, what string) error {
					if what == "commit" && key != "" {
						say("done", key)
						time.Sleep(10 * time.Millisecond)
					}
					return nil
				}}
			case "bare":
				store = oneByOne{p.sql, p}
			}
			w, err := j.World.Inside(store, Patient())
			if err != nil {
				errs <- err
				return
			}
			r := Run{Seed: j.Seed}
			rnd := r.Rand(i)
			for n := 0; ; n++ {
				k := fmt.Sprint(i, "-", n)
				say("begin", k)
				if j.Bug != "early" || n > 0 {
					key = k
				}
				_, err := w.act(ctx, rnd, j.Deals[rnd.IntN(len(j.Deals))], pursuit.RequestID(k))
				key = ""
				switch {
				case err == nil:
					say("done", k)
				case refused(err), j.Bug != "":
					say("refused", k)
				default:
					errs <- err
					return
				}
			}
		}()
	}
	return <-errs
}

// oneByOne is a store with a bug: every statement commits by itself.
type oneByOne struct {
	s *sqlstore.Store
	p *Place
}

func (o oneByOne) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return o.s.Bind(sqlstore.Std(o.p.DB)).Update(ctx, fn)
}

func (o oneByOne) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return o.s.View(ctx, fn)
}

// client is a client process.
type client struct {
	cmd   *exec.Cmd
	out   *bufio.Scanner
	err   strings.Builder
	began map[string]bool
	// done are the keys that were acknowledged.
	done map[string]bool
	last string // what was said last
}

func (j *job) start() (*client, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	v, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	c := &client{cmd: exec.Command(self), began: map[string]bool{}, done: map[string]bool{}}
	c.cmd.Env = append(os.Environ(), childEnv+"="+string(v), "GOMAXPROCS=2", "GOCOVERDIR=")
	c.cmd.Stderr = &c.err
	pipe, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewScanner(pipe)
	return c, c.cmd.Start()
}

// read takes a line in, and says whether there was one.
func (c *client) read() bool {
	if !c.out.Scan() {
		return false
	}
	what, key, _ := strings.Cut(c.out.Text(), " ")
	c.last = what
	switch what {
	case "begin":
		c.began[key] = true
	case "done":
		c.done[key] = true
		delete(c.began, key)
	case "refused":
		delete(c.began, key)
	}
	return true
}

// kill kills the client, and says how many commands it was in the midst of.
func (c *client) kill() (amid int, err error) {
	if err := c.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		return 0, err
	}
	for c.read() {
	}
	err = c.cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() {
		return 0, fmt.Errorf("the client ended by itself: %v: %s", err, c.err.String())
	}
	return len(c.began), nil
}
