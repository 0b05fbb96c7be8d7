package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
)

// Options say how much is measured.
type Options struct {
	// Rounds are at least 5 for figures that are to be quoted.
	Rounds int
	// Slice is about how long the hand-written contender takes in a round; all
	// others live as many lives.
	Slice time.Duration
	// Dir holds SQLite files; a temporary folder if empty.
	Dir string
	// Progress is told what is going on.
	Progress io.Writer
}

// Result is what a case gave. Ratios are ours ÷ theirs, by throughput.
type Result struct {
	Case       string
	PerSecond  map[string]float64 // lives, median of the rounds
	Ratio      map[string]float64 // median of the rounds' ratios
	CPU        map[string]float64 // microseconds of this process, per life, median
	Allocs     map[string]float64 // of memory, per life, by one goroutine
	Bytes      map[string]float64 // that these took
	Statements map[string]float64 // per life, without those that take a block of numbers
	Trips      map[string]float64
	Lives      int // of each contender in a round
}

// Bench runs cases on servers that it starts when they are needed.
type Bench struct {
	opts     Options
	dir      string
	made     int
	postgres *servers.Server
	mariadb  *servers.Server
	counted  map[string]*Result // by site: counts are the same in all its cases
}

// New makes a bench. Close it.
func New(opts Options) (*Bench, error) {
	b := &Bench{opts: opts, counted: map[string]*Result{}}
	var err error
	b.dir, err = os.MkdirTemp(opts.Dir, "pursuit-bench-")
	return b, err
}

// Close stops the servers and removes the files.
func (b *Bench) Close() error {
	return errors.Join(b.postgres.Stop(), b.mariadb.Stop(), os.RemoveAll(b.dir))
}

func (b *Bench) note(format string, args ...any) {
	if b.opts.Progress != nil {
		fmt.Fprintf(b.opts.Progress, format+"\n", args...)
	}
}

func (b *Bench) site(ctx context.Context, on string) (s site, err error) {
	switch on {
	case "sqlite-normal":
		return folder{b.dir, "NORMAL", &b.made}, nil
	case "sqlite-full":
		return folder{b.dir, "FULL", &b.made}, nil
	case "postgres", "pgx":
		if b.postgres == nil {
			b.postgres, err = servers.Postgres(ctx)
		}
		p := postgresSite{b.postgres, &b.made}
		if on == "pgx" {
			return pgxSite{p}, err
		}
		return p, err
	case "mariadb":
		if b.mariadb == nil {
			b.mariadb, err = servers.MariaDB(ctx)
		}
		return mariadbSite{s: b.mariadb, made: &b.made}, err
	}
	return nil, fmt.Errorf("there is no site %q", on)
}

// Run measures a case.
func (b *Bench) Run(ctx context.Context, c Case) (res *Result, err error) {
	s, err := b.site(ctx, c.on)
	if err != nil {
		return nil, err
	}
	res = &Result{Case: c.Name, PerSecond: map[string]float64{}, Ratio: map[string]float64{}, CPU: map[string]float64{},
		Allocs: map[string]float64{}, Bytes: map[string]float64{},
		Statements: map[string]float64{}, Trips: map[string]float64{}}
	if known := b.counted[c.on]; known != nil {
		res.Statements, res.Trips = known.Statements, known.Trips
	} else if err := count(ctx, s, res); err != nil {
		return nil, fmt.Errorf("%s: counting: %w", c.Name, err)
	}
	b.counted[c.on] = res
	var p *proxy
	if c.Delay > 0 {
		if p, err = startProxy(s.address(), 0); err != nil {
			return nil, err
		}
		defer p.stop()
		s = s.through(p)
	}
	var all []*running
	defer func() {
		for _, r := range all {
			err = errors.Join(err, r.close())
		}
	}()
	for _, name := range contendersOn(s) {
		r, err := enter(ctx, s, name, c.Goroutines, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.Name, name, err)
		}
		all = append(all, r)
		if err := r.settle(ctx, s, c.Goroutines); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.Name, name, err)
		}
	}
	if p != nil {
		p.slow(c.Delay)
	}
	if err := b.rounds(ctx, c, res, all); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	return res, nil
}

func (b *Bench) rounds(ctx context.Context, c Case, res *Result, all []*running) error {
	lives := max(2*c.Goroutines, 4)
	for range 3 { // the first ones prepare statements, and size the rounds
		for _, r := range all {
			took, err := r.run(ctx, lives, c.Goroutines)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			if r.name == Hand {
				res.Lives = max(int(float64(lives)*float64(b.opts.Slice)/float64(took)), lives)
			}
		}
	}
	speed, cpu := map[string][]float64{}, map[string][]float64{}
	for round := range b.opts.Rounds {
		for i := range all {
			r := all[(i+round)%len(all)] // nobody is always first
			runtime.GC()
			before := cpuTime()
			took, err := r.run(ctx, res.Lives, c.Goroutines)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			cpu[r.name] = append(cpu[r.name], float64((cpuTime()-before).Microseconds())/float64(res.Lives))
			speed[r.name] = append(speed[r.name], float64(res.Lives)/took.Seconds())
		}
		b.note("%s: round %d of %d, %d lives: ours %.0f, hand %.0f a second", c.Name, round+1, b.opts.Rounds, res.Lives, speed[Ours][round], speed[Hand][round])
	}
	for _, r := range all {
		res.PerSecond[r.name], res.CPU[r.name] = median(speed[r.name]), median(cpu[r.name])
		if r.name != Ours {
			ratios := make([]float64, b.opts.Rounds)
			for i := range ratios {
				ratios[i] = speed[Ours][i] / speed[r.name][i]
			}
			res.Ratio[r.name] = median(ratios)
		}
		var err error
		if res.Allocs[r.name], res.Bytes[r.name], err = r.allocations(ctx); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// settledLives is how many lives a database has behind it when it is analysed.
const settledLives = 200

// settle brings a database of PostgreSQL to where autovacuum has it within a minute:
// analysed, with something in it. Plans made before that are for empty tables, for
// which any index that begins with the tenant looks as good as the primary key; they
// are kept until then, and read ever more rows.
func (r *running) settle(ctx context.Context, s site, goroutines int) error {
	if s.flavour() != postgresSQL {
		return nil
	}
	if _, err := r.run(ctx, settledLives, goroutines); err != nil {
		return err
	}
	_, err := r.db.ExecContext(ctx, "ANALYZE")
	return err
}

// run lives some lives, spread over goroutines, and says how long it took.
func (r *running) run(ctx context.Context, lives, goroutines int) (time.Duration, error) {
	var next atomic.Int64
	next.Store(int64(r.next))
	end := r.next + lives
	r.next = end
	errs := make([]error, goroutines)
	var wg sync.WaitGroup
	began := time.Now()
	for g := range goroutines {
		wg.Go(func() {
			for errs[g] == nil {
				n := int(next.Add(1)) - 1
				if n >= end {
					return
				}
				errs[g] = live(ctx, r.c, r.w.deal(n))
			}
		})
	}
	wg.Wait()
	return time.Since(began), errors.Join(errs...)
}

// cpuTime is what this process used, in all threads.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// allocations counts those of a life, without the making of its inputs.
func (r *running) allocations(ctx context.Context) (count, bytes float64, err error) {
	const lives = 20
	deals := make([]*deal, lives)
	for i := range deals {
		deals[i] = r.w.deal(r.next + i)
	}
	r.next += lives
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, d := range deals {
		if err := live(ctx, r.c, d); err != nil {
			return 0, 0, err
		}
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / lives, float64(after.TotalAlloc-before.TotalAlloc) / lives, nil
}

// count counts statements and trips in a run of its own, since counting costs
// time. On a server, trips are those that a proxy saw.
func count(ctx context.Context, s site, res *Result) error {
	var p *proxy
	if s.address() != "" {
		var err error
		if p, err = startProxy(s.address(), 0); err != nil {
			return err
		}
		defer p.stop()
		s = s.through(p)
	}
	for _, name := range contendersOn(s) {
		c := &counter{}
		r, err := enter(ctx, s, name, 1, c)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		const warm, lives = 60, 8 // numbers come from one block, of the full size, all the while
		if _, err := r.run(ctx, warm, 1); err == nil {
			c.take()
			if p != nil {
				p.take()
			}
			_, err = r.run(ctx, lives, 1)
			statements, trips := c.take()
			if p != nil {
				trips = p.take()
			}
			res.Statements[name], res.Trips[name] = float64(statements)/lives, float64(trips)/lives
			err = errors.Join(err, r.close())
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		} else {
			return errors.Join(fmt.Errorf("%s: %w", name, err), r.close())
		}
	}
	return nil
}

func median(x []float64) float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	n := len(x)
	if n == 0 {
		return 0
	}
	return (x[(n-1)/2] + x[n/2]) / 2
}
