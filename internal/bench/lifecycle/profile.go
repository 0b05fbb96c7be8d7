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

// Profile runs the library alone for ten rounds' time, and writes where its time
// and its memory go: CASE.cpu and CASE.allocs in a folder.
func (b *Bench) Profile(ctx context.Context, c Case, dir string) (err error) {
	s, err := b.site(ctx, c.on)
	if err != nil {
		return err
	}
	old := runtime.MemProfileRate
	runtime.MemProfileRate = 1024
	defer func() { runtime.MemProfileRate = old }()
	r, err := enter(ctx, s, Ours, c.Goroutines, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if _, err := r.run(ctx, 3*c.Goroutines, c.Goroutines); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cpu, err := os.Create(filepath.Join(dir, c.Name+".cpu"))
	if err != nil {
		return err
	}
	defer cpu.Close()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	lives := 0
	for began := time.Now(); time.Since(began) < 10*b.opts.Slice; {
		if _, err := r.run(ctx, 10*c.Goroutines, c.Goroutines); err != nil {
			pprof.StopCPUProfile()
			return err
		}
		lives += 10 * c.Goroutines
	}
	pprof.StopCPUProfile()
	b.note("%s: %d lives", c.Name, lives)
	mem, err := os.Create(filepath.Join(dir, c.Name+".allocs"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(mem, 0), mem.Close())
}
