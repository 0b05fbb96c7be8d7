package reliability

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
)

// B9 is this check: the disk fills up while commands are given: by SQLite's own limit of pages,
// and on a file system of 2 MB where one may be mounted. What was acknowledged is
// stored, the file is whole, and what failed said so.
var B9 = Check{
	ID: "B9", Name: "disk full: acknowledged = stored, the file is whole", Sites: []*Site{SQLite}, Unit: "fills", Full: size(40),
	Run:    func(r *Run) error { return filling(r, max(r.N, 2), false) },
	Twin:   func(r *Run) error { return filling(r, 4, true) },
	TwinOf: "acknowledging before COMMIT",
}

func filling(r *Run, n int, bug bool) error {
	small, unmount, err := smallDisk(r.Dir)
	if err == nil {
		defer unmount()
	}
	pages, mounted, acknowledged, failures := 0, 0, 0, 0
	for i := range n {
		dir, limit := r.Dir, "&_pragma=max_page_count("+fmt.Sprint(170+r.Rand(i).IntN(120))+")"
		if small != "" && i%2 == 1 {
			dir, limit = small, ""
			mounted++
		} else {
			pages++
		}
		a, f, err := fillOnce(r, dir, limit, i, bug)
		if err != nil {
			return fmt.Errorf("fill %d: %w", i, err)
		}
		acknowledged, failures = acknowledged+a, failures+f
		r.Did(1)
	}
	if acknowledged < 5*n || failures < n {
		return fmt.Errorf("only %d commands acknowledged, %d failed", acknowledged, failures)
	}
	r.Figure("%d by pages, %d on 2 MB; %d acknowledged, %d failed", pages, mounted, acknowledged, failures)
	return nil
}

// smallDisk mounts a file system of 2 MB.
func smallDisk(dir string) (string, func(), error) {
	at := filepath.Join(dir, fmt.Sprintf("small%d", serial.Add(1)))
	if err := os.Mkdir(at, 0o700); err != nil {
		return "", nil, err
	}
	if err := unix.Mount("tmpfs", at, "tmpfs", 0, "size=2m"); err != nil {
		return "", nil, err // it may not be allowed
	}
	return at, func() { _ = unix.Unmount(at, 0) }, nil
}

func fillOnce(r *Run, dir, limit string, i int, bug bool) (acknowledged, failures int, err error) {
	source, err := SQLite.fresh(r, dir)
	if err != nil {
		return 0, 0, err
	}
	file := strings.TrimPrefix(source[:strings.Index(source, "?")], "file:")
	defer func() {
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(file + end)
		}
	}()
	p, err := SQLite.Open(source+limit, nil)
	if err != nil {
		return 0, 0, err
	}
	defer p.Close()
	if err := p.sql.Migrate(r); err != nil {
		return 0, 0, err
	}
	w, err := NewWorld(r, p.Store, "acme", nil)
	if err != nil {
		return 0, 0, err
	}
	deals, err := w.records(r, 3)
	if err != nil {
		return 0, 0, err
	}
	done := map[string]bool{}
	key := ""
	x := w
	if bug {
		h := &Hooked{Store: p.Store}
		h.Before = func(_ context.Context, what string) error {
			if what == "opportunities.save" {
				done[key] = true
			}
			return nil
		}
		if x, err = w.Inside(h, nil); err != nil {
			return 0, 0, err
		}
	}
	rnd := r.Rand(i)
	for k := 0; failures < 5; k++ {
		if k > 20_000 {
			return 0, 0, errors.New("the disk doesn't fill up")
		}
		key = fmt.Sprint(k)
		_, err := x.act(r, rnd, deals[rnd.IntN(3)], pursuit.RequestID(key))
		switch {
		case err == nil:
			done[key] = true
		case refused(err):
		case errors.Is(err, fault.ErrInternal):
			failures++
		default:
			r.Breach("fill %d: a full disk said %v", i, err)
			failures++
		}
	}
	if err := p.Close(); err != nil {
		return 0, 0, err
	}
	q, err := SQLite.Open(source, nil)
	if err != nil {
		return 0, 0, err
	}
	defer q.Close()
	var verdict string
	if err := q.DB.QueryRowContext(r, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		r.Breach("fill %d: integrity_check says %s, %v", i, verdict, err)
	}
	lost, err := q.lost(r, w.Tenant, done)
	if err != nil {
		return 0, 0, err
	}
	if len(lost) > 0 {
		r.Breach("fill %d: acknowledged and lost: %v", i, lost)
	}
	if _, err := Whole(r, q.Store, w.Tenant); err != nil {
		r.Breach("fill %d: %v", i, err)
	}
	return len(done), failures, nil
}
