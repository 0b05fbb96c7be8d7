package reliability

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Check is one of the bar's tests.
type Check struct {
	// ID is the bar's: "B5".
	ID string
	// Name says what must not happen.
	Name string
	// Sites are the stores that it runs on.
	Sites []*Site
	// Full is the amount of work of a full run on a site, in Unit.
	Full func(*Site) int
	Unit string
	// First says that it starts the server again, which takes longer the more
	// databases there are: a server looks through all their files.
	First bool
	// Alone says that it measures the whole process, and so wants it for itself.
	Alone bool
	// Run does the work and notes breaches.
	Run func(*Run) error
	// Twin is Run on something that has a bug; it must note breaches. TwinOf says
	// what the bug is.
	Twin   func(*Run) error
	TwinOf string
	// Least is the least share of twins' attempts that must be found; zero: one.
	Least float64
}

// Size says how much is done: the share of the full size, and the seed.
type Size struct {
	Share float64
	Seed  uint64
}

// SizeFromEnv reads PURSUIT_SIZE and PURSUIT_SEED.
func SizeFromEnv(share float64) (Size, error) {
	s := Size{Share: share, Seed: 20260301}
	if v := os.Getenv("PURSUIT_SIZE"); v != "" {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || f <= 0 || f > 1 {
			return s, fmt.Errorf("PURSUIT_SIZE must be above 0 and at most 1")
		}
		s.Share = f
	}
	if v := os.Getenv("PURSUIT_SEED"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			return s, fmt.Errorf("PURSUIT_SEED: %w", err)
		}
		s.Seed = n
	}
	return s, nil
}

// Run is one run of a check on one site.
type Run struct {
	context.Context
	Site *Site
	Seed uint64
	// N is the amount of work asked for.
	N int
	// Dir is a directory of the run's own.
	Dir string

	done     atomic.Int64
	tried    atomic.Int64
	found    atomic.Int64
	mu       sync.Mutex
	breached int
	breaches []string // the first of them
	figures  []string
}

// Rand gives a source of chance for one of the run's workers.
func (r *Run) Rand(worker int) *rand.Rand { return rand.New(rand.NewPCG(r.Seed, uint64(worker))) }

// Did counts work.
func (r *Run) Did(n int) { r.done.Add(int64(n)) }

// Tried counts an attempt of a twin; found says whether it was noticed.
func (r *Run) Tried(found bool) {
	r.tried.Add(1)
	if found {
		r.found.Add(1)
	}
}

// Breach notes that a promise was broken.
func (r *Run) Breach(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.breached++
	if len(r.breaches) < 50 {
		s := fmt.Sprintf(format, args...)
		r.breaches = append(r.breaches, s[:min(len(s), 2000)])
	}
}

// Breaches counts what was noted.
func (r *Run) Breaches() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.breached
}

// Figure notes something to be shown.
func (r *Run) Figure(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.figures = append(r.figures, fmt.Sprintf(format, args...))
}

// Row is what a check gave on a site.
type Row struct {
	ID, Site, Name string
	Size           int
	Full           int
	Unit           string
	// Found counts breaches; the bar wants none.
	Found  int
	Figure string
	// Twin says what the twin found.
	Twin    string
	Seconds float64
	Seed    uint64
	// Err is why the row fails; nil: it holds.
	Err error
}

// Do runs a check and its twin on a site.
func (c *Check) Do(ctx context.Context, site *Site, size Size, dir string) Row {
	full := c.Full(site)
	n := max(1, int(float64(full)*size.Share))
	row := Row{ID: c.ID, Site: site.Name, Name: c.Name, Full: full, Unit: c.Unit, Seed: size.Seed}
	start := time.Now()
	r := &Run{Context: ctx, Site: site, Seed: size.Seed, N: n, Dir: dir}
	err := c.Run(r)
	row.Size, row.Found, row.Figure = int(r.done.Load()), r.Breaches(), strings.Join(r.figures, ", ")
	switch {
	case err != nil:
		row.Err = err
	case row.Found > 0:
		row.Err = fmt.Errorf("%d breaches: %s", row.Found, strings.Join(r.breaches[:min(3, len(r.breaches))], "\n"))
	case row.Size < n:
		row.Err = fmt.Errorf("did %d of %d %s: too little to say anything", row.Size, n, c.Unit)
	}
	if c.Twin != nil && row.Err == nil {
		t := &Run{Context: ctx, Site: site, Seed: size.Seed + 1, N: n, Dir: dir}
		err := c.Twin(t)
		tried, found := t.tried.Load(), t.found.Load()
		if tried == 0 {
			tried, found = 1, int64(min(1, t.Breaches()))
		}
		row.Twin = fmt.Sprintf("%s: %d/%d", c.TwinOf, found, tried)
		least := c.Least
		if err != nil {
			row.Err = fmt.Errorf("twin: %w", err)
		} else if found == 0 || float64(found) < least*float64(tried) {
			row.Err = fmt.Errorf("the twin (%s) was found %d times of %d", c.TwinOf, found, tried)
		}
	}
	row.Seconds = time.Since(start).Seconds()
	return row
}
