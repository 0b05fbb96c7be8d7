package reliability

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// task is a row to be run.
type task struct {
	check *Check
	site  *Site
}

// DoAll runs those checks that are wanted, and gives their rows in the bar's
// order. Rows of different stores run at the same time, since much of their time
// they wait for a disk or for each other's locks; those that measure the whole
// process run after them, one by one. done is told of each row when it ends, by one
// caller at a time.
func DoAll(ctx context.Context, size Size, dir string, wanted func(*Check, *Site) bool, done func(Row)) []Row {
	lanes, alone := map[*Site][]task{}, []task(nil)
	var order []task
	for _, c := range Bar() {
		for _, s := range c.Sites {
			if !wanted(c, s) {
				continue
			}
			t := task{c, s}
			if c.Alone {
				alone = append(alone, t)
			} else {
				lanes[s] = append(lanes[s], t)
			}
			order = append(order, t)
		}
	}
	var mu sync.Mutex
	rows := map[task]Row{}
	run := func(list []task) {
		for _, t := range list {
			row := t.do(ctx, size, dir)
			mu.Lock()
			rows[t] = row
			done(row)
			mu.Unlock()
		}
	}
	var wg sync.WaitGroup
	for _, list := range lanes {
		slices.SortStableFunc(list, func(a, b task) int { return cmp.Compare(rank(a), rank(b)) })
		wg.Go(func() { run(list) })
	}
	wg.Wait()
	run(alone)
	out := make([]Row, len(order))
	for i, t := range order {
		out[i] = rows[t]
	}
	return out
}

func rank(t task) int {
	if t.check.First {
		return 0
	}
	return 1
}

// do runs a row in a directory of its own.
func (t task) do(ctx context.Context, size Size, dir string) Row {
	at := filepath.Join(dir, t.check.ID+"-"+t.site.Name)
	if err := os.Mkdir(at, 0o700); err != nil {
		return Row{ID: t.check.ID, Site: t.site.Name, Err: err}
	}
	defer os.RemoveAll(at)
	return t.check.Do(ctx, t.site, size, at)
}
