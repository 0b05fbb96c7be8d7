package reliability

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "github.com/ncruces/go-sqlite3/driver" // registers itself as "sqlite3"
	_ "github.com/ncruces/go-sqlite3/embed"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
	"github.com/pursuit-crm/pursuit/storage/storagetest/powerloss"
)

// B8 is this check: the power fails while commands are given, and sectors that weren't synced
// are dropped or torn. With WAL and FULL nothing that was acknowledged is lost.
// The twins lose: synchronous=NORMAL, and a disk that lies about its syncs.
var B8 = Check{
	ID: "B8", Name: "power loss: with WAL and FULL no acknowledged command lost, none half done", Sites: []*Site{SQLite}, Unit: "losses",
	Full: size(1000),
	Run:  func(r *Run) error { return losses(r, max(r.N, 8), "FULL", false) },
	Twin: func(r *Run) error {
		for _, t := range []struct {
			sync string
			lies bool
		}{{"NORMAL", false}, {"FULL", true}} {
			before := r.found.Load()
			if err := losses(r, max(r.N, 8), t.sync, t.lies); err != nil {
				return err
			}
			if r.found.Load() == before {
				return fmt.Errorf("%s, %v: not seen to lose", t.sync, t.lies)
			}
		}
		return nil
	},
	TwinOf: "NORMAL, fake fsync", Least: 0.5,
}

// onDisk opens the store on a disk.
func onDisk(d *powerloss.Disk, sync string) (*Place, error) {
	source := d.Source("p.db", "synchronous("+sync+")")
	db, err := sql.Open("sqlite3", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Place{Site: SQLite, Store: s, DB: db, Source: source, sql: s}, nil
}

func losses(r *Run, n int, sync string, lies bool) error {
	base := powerloss.New()
	p, err := onDisk(base, "FULL")
	if err != nil {
		return err
	}
	if err := p.sql.Migrate(r); err != nil {
		return err
	}
	w, err := NewWorld(r, p.Store, "acme", nil)
	if err != nil {
		return err
	}
	deals, err := w.records(r, 3)
	if err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	base.Close()
	acknowledged := 0
	for i := range n {
		chance := r.Rand(i)
		disk := base.Clone()
		disk.Lies = lies
		p, err := onDisk(disk, sync)
		if err != nil {
			return err
		}
		x, err := w.Inside(p.Store, &pursuit.Options{Attempts: 1})
		if err != nil {
			return err
		}
		disk.CutAfter(20 + chance.IntN(250))
		done := map[string]bool{}
		for k := 0; !disk.Off(); k++ {
			key := fmt.Sprint(k)
			_, err := x.act(r, chance, deals[chance.IntN(3)], pursuit.RequestID(key))
			switch {
			case err == nil:
				done[key] = true
			case disk.Off(), refused(err):
			default:
				return fmt.Errorf("loss %d: %w", i, err)
			}
		}
		_ = p.Close() // it can't be orderly without power
		disk.Close()
		acknowledged += len(done)
		after := disk.Restart(chance)
		bad, err := restarted(r, after, w.Tenant, done)
		if err != nil {
			return fmt.Errorf("loss %d: %w", i, err)
		}
		if sync == "FULL" && !lies {
			if bad != nil {
				r.Breach("loss %d: %v", i, bad)
			}
		} else {
			r.Tried(bad != nil)
		}
		r.Did(1)
	}
	if acknowledged < 2*n {
		return fmt.Errorf("only %d commands were acknowledged", acknowledged)
	}
	r.Figure("%d acknowledged", acknowledged)
	return nil
}

// restarted says what is wrong with a disk after its restart.
func restarted(ctx context.Context, d *powerloss.Disk, tenant string, done map[string]bool) (bad, err error) {
	defer d.Close()
	p, err := onDisk(d, "FULL")
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var verdict string
	if err := p.DB.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		return fmt.Errorf("integrity: %s, %v", verdict, err), nil
	}
	lost, err := p.lost(ctx, tenant, done)
	if err != nil {
		return err, nil
	}
	if len(lost) > 0 {
		bad = fmt.Errorf("acknowledged and lost: %v", lost)
	}
	if _, err := Whole(ctx, p.Store, tenant); err != nil {
		bad = errors.Join(bad, err)
	}
	return bad, nil
}
