package reliability

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

// open counts transactions that are open on the database, after those that are
// just ending have had a moment.
func (p *Place) open(ctx context.Context) (n int, err error) {
	for wait := time.Millisecond; wait < 300*time.Millisecond; wait *= 2 {
		switch p.Site {
		case Memory:
			return 0, nil
		case Postgres:
			err = p.DB.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'").Scan(&n)
		case MariaDB:
			err = p.DB.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist l ON l.id = t.trx_mysql_thread_id WHERE l.db = DATABASE()").Scan(&n)
		case SQLite:
			n, err = 0, p.writable(ctx)
			if err != nil && strings.Contains(err.Error(), "locked") {
				n, err = 1, nil
			}
		}
		if n == 0 || err != nil {
			return n, err
		}
		time.Sleep(wait)
	}
	return n, err
}

// writable takes SQLite's lock for writing, and lets it go.
func (p *Place) writable(ctx context.Context) error {
	c, err := p.Site.connect(strings.Replace(p.Source, "busy_timeout(30000)", "busy_timeout(50)", 1))
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil) // immediate, as the source says
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// blocked gives up commands on a store that wait for a lock that another command,
// on the place's own, holds.
func blocked(r *Run, p *Place, store storage.Store, tenant string) (slowest time.Duration, err error) {
	w, err := NewWorld(r, p.Store, tenant, nil)
	if err != nil {
		return 0, err
	}
	id, err := w.Record(r, 1)
	if err != nil {
		return 0, err
	}
	waiter, err := w.Inside(store, nil)
	if err != nil {
		return 0, err
	}
	errStop := errors.New("stop")
	for i, slow := 0, 0; i < 5; i++ {
		holds, release, held := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		h := &Hooked{Store: p.Store, After: func(_ context.Context, what string) error {
			if what != "opportunities.save" {
				return nil
			}
			close(holds)
			<-release
			return errStop
		}}
		x, err := w.Inside(h, nil)
		if err != nil {
			return 0, err
		}
		go func() {
			_, err := hold(r, x, id)
			held <- err
		}()
		<-holds
		ctx, cancel := context.WithCancel(r)
		answer := make(chan error, 1)
		go func() {
			_, err := hold(ctx, waiter, id)
			answer <- err
		}()
		time.Sleep(time.Duration(10+20*i) * time.Millisecond)
		start := time.Now()
		cancel()
		returned := false
		select {
		case err = <-answer:
			returned = true
		case <-time.After(2 * time.Second):
		}
		took := time.Since(start)
		close(release)
		if !returned {
			err = <-answer
		}
		if took > promptly && slow < 3 { // as in cancelOne
			slow++
			i--
		} else if slow, slowest = 0, max(slowest, took); took > promptly {
			r.Breach("a command that waited for a lock had not returned %v after being cancelled", took)
		}
		if !errors.Is(err, context.Canceled) {
			r.Breach("a command that waited for a lock and was cancelled said %v", err)
		}
		if err := <-held; !errors.Is(err, errStop) {
			r.Breach("the command that held the lock said %v", err)
		}
		if n, err := p.open(r); n > 0 || err != nil {
			r.Breach("after a command that waited for a lock was cancelled: %d transactions, %v", n, err)
		}
	}
	s, err := w.S.Opportunities().Get(r, id, 0)
	if err == nil && s.Version != 1 {
		r.Breach("a cancelled command was done")
	}
	return slowest, err
}
