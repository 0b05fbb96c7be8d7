package lifecycle

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"
)

// Profile runs a contender alone for ten rounds' time, and writes where its time
// and its memory go: CASE.WHO.cpu and CASE.WHO.allocs in a folder. The latter is of 100 lives, and
// of little else.
func (b *Bench) Profile(ctx context.Context, c Case, who, dir string) (err error) {
	s, err := b.site(ctx, c.on)
	if err != nil {
		return err
	}
	r, err := enter(ctx, s, who, c.Goroutines, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.settle(ctx, s, c.Goroutines); err != nil {
		return err
	}
	if _, err := r.run(ctx, 3*c.Goroutines, c.Goroutines); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cpu, err := os.Create(filepath.Join(dir, c.Name+"."+who+".cpu"))
	if err != nil {
		return err
	}
	defer cpu.Close()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	lives, err := b.spend(ctx, r, c)
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	b.note("%s: %s: %d lives", c.Name, who, lives)
	// Afterwards, since noting all allocations costs time.
	old := runtime.MemProfileRate
	runtime.MemProfileRate = 1
	defer func() { runtime.MemProfileRate = old }()
	if _, err := r.run(ctx, 100, 1); err != nil {
		return err
	}
	mem, err := os.Create(filepath.Join(dir, c.Name+"."+who+".allocs"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(mem, 0), mem.Close())
}

// spend lives for ten rounds' time.
func (b *Bench) spend(ctx context.Context, r *running, c Case) (lives int, err error) {
	for began := time.Now(); time.Since(began) < 10*b.opts.Slice; lives += 10 * c.Goroutines {
		if _, err := r.run(ctx, 10*c.Goroutines, c.Goroutines); err != nil {
			return lives, err
		}
	}
	return lives, nil
}
