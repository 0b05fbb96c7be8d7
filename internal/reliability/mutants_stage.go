package reliability

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// errCaught ends a scene in which something was other than it should be.
var errCaught = errors.New("caught")

// script is what a scene gave, entry by entry: with the library's own statements it
// is written, and with a mutant compared.
type script struct {
	lines   []string
	at      int
	compare bool
	found   string // the first difference
}

func (s *script) note(what string, v any, err error) error {
	b, encodes := json.Marshal(v)
	line := what + ": " + string(b)
	if err != nil {
		line = what + ": " + fault.CodeOf(err) + fmt.Sprint(fault.FieldsOf(err))
		if fault.CodeOf(err) == "" {
			line = what + ": " + err.Error()
		}
	}
	if encodes != nil {
		return encodes
	}
	return s.line(line)
}

func (s *script) line(line string) error {
	if !s.compare {
		s.lines = append(s.lines, line)
		return nil
	}
	s.at++
	if s.at > len(s.lines) || s.lines[s.at-1] != line {
		was := "nothing"
		if s.at <= len(s.lines) {
			was = s.lines[s.at-1]
		}
		s.found = firstDifference(was, line)
		return errCaught
	}
	return nil
}

// theatre is where scenes are played: a database with tenants that share every id.
type theatre struct {
	context.Context
	p       *Place
	store   storage.Store
	script  *script
	mutator *mutator
	// apart is a bug of the check: each tenant has ids of its own.
	apart   bool
	tenants int
	blobs   storage.Blobs
	again   []func(ctx context.Context, tx storage.Tx) error
}

// tenant gives one with the ids that all others have, and with contents of its own.
func (t *theatre) tenant(name string) (*World, error) {
	opts := Ticking()
	if t.tenants++; t.apart {
		own, next := opts.NewID, byte(t.tenants)
		opts.NewID = func() uuid.UUID {
			id := own()
			id[9] = next
			return id
		}
	}
	var days atomic.Int64
	clock := opts.Clock
	opts.Clock = func() time.Time { return clock().AddDate(0, 0, int(days.Load())) }
	opts.Attempts, opts.Backoff = 3, time.Microsecond
	opts.Blobs = t.blobs
	w, err := Enter(t.store, name, opts)
	if err != nil {
		return nil, err
	}
	w.Mark = "-" + name
	w.pass = func(n int) { days.Add(int64(n)) }
	return w, nil
}

// pair gives two tenants, furnished alike, and one who knows all their ids and has
// nothing.
func (t *theatre) pair() (a, b, stranger *World, err error) {
	if a, err = t.tenant("a"); err == nil {
		b, err = t.tenant("b")
	}
	if err == nil {
		err = t.furnished(a, b)
	}
	if err == nil {
		stranger, err = t.stranger(a)
	}
	return a, b, stranger, err
}

// furnished furnishes both, and takes what it gives back to the worlds.
func (t *theatre) furnished(a, b *World) error {
	return t.together(a, b, func(x *World) error {
		err := x.furnish(t)
		w := a
		if x.Tenant == b.Tenant {
			w = b
		}
		w.Customer, w.Contact, w.Win, w.Loss, w.Rival, w.Source, w.Process, w.Travel = x.Customer, x.Contact, x.Win, x.Loss, x.Rival, x.Source, x.Process, x.Travel
		return err
	})
}

// together lets two tenants do the same at the same time, a transaction of the one
// after one of the other, so that what is stored of both is alike at each moment.
func (t *theatre) together(a, b *World, f func(w *World) error) error {
	baton := [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}
	ended := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	var errs [2]error
	var wg sync.WaitGroup
	for i, w := range []*World{a, b} {
		x, err := w.Inside(&inTurn{t.p.Store, baton[i], baton[1-i], ended[1-i]}, w.opts)
		if err != nil {
			return err
		}
		x.Part = w.Part
		wg.Go(func() {
			defer close(ended[i])
			errs[i] = f(x)
			w.Part = x.Part
		})
	}
	baton[0] <- struct{}{}
	wg.Wait()
	return errors.Join(errs[:]...)
}

// inTurn runs a transaction when the other one had its turn, or has ended.
type inTurn struct {
	storage.Store
	mine, other chan struct{}
	over        chan struct{}
}

func (s *inTurn) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	select {
	case <-s.mine:
	case <-s.over:
	}
	err := s.Store.Update(ctx, fn)
	select {
	case s.other <- struct{}{}:
	case <-s.over:
	}
	return err
}

func (t *theatre) stranger(a *World) (*World, error) {
	c, err := t.tenant("c")
	if err != nil {
		return nil, err
	}
	s := *a
	s.Tenant, s.Engine, s.S, s.now, s.pass, s.Mark, s.opts = c.Tenant, c.Engine, c.S, c.now, c.pass, c.Mark, c.opts
	return &s, nil
}

// noting gives a world's tenant on a store that notes what is saved.
func (t *theatre) noting(end error) storage.Store {
	return &Hooked{Store: t.p.Store, Before: func(_ context.Context, what string) error {
		if what == "commit" {
			return end
		}
		return nil
	}, Saved: func(_ string, again func(ctx context.Context, tx storage.Tx) error) {
		t.again = append(t.again, again)
	}}
}

// stale gives a command up when all is written, lets somebody else be faster, and
// then writes it: nothing of it may be kept, and all of it must be refused.
func (t *theatre) stale(w *World, c *Command, id uuid.UUID) error {
	t.again = nil
	x, err := w.Inside(t.noting(errStopped), w.opts)
	if err != nil {
		return err
	}
	x.Part = w.Part
	_, err = safely(func() (result, error) { return c.Give(t, x, id) })
	if err := t.script.note("given up", nil, err); err != nil {
		return err
	}
	h := &Hooked{Store: t.p.Store, Before: func(_ context.Context, what string) error {
		if what == "commit" {
			return errStopped
		}
		return nil
	}}
	for _, table := range roots { // of one aggregate only
		for _, by := range []int{1, -1} {
			q := fmt.Sprintf("UPDATE pursuit_%s SET version = version + %d WHERE tenant = '%s'", table, by, w.Tenant)
			if _, err := t.p.DB.ExecContext(t, q); err != nil {
				return err
			}
			if by > 0 {
				if err := t.replayOn(h, "stale "+table); err != nil {
					return err
				}
			}
		}
	}
	for _, by := range []int{1, -1} {
		for _, table := range roots {
			q := fmt.Sprintf("UPDATE pursuit_%s SET version = version + %d WHERE tenant = '%s'", table, by, w.Tenant)
			if _, err := t.p.DB.ExecContext(t, q); err != nil {
				return err
			}
		}
		if by > 0 {
			if err := t.replay("stale"); err != nil {
				return err
			}
		}
	}
	return nil
}

// overtaken lets somebody else be faster between what a command reads and what it
// writes, in the same transaction: so it sees that nowhere but in the version.
func (t *theatre) overtaken(w *World, c *Command, id uuid.UUID) error {
	h := &Hooked{Store: t.p.Store}
	h.Saved = func(string, func(context.Context, storage.Tx) error) {
		conn, ok := sqlstore.ConnOf(h.within)
		for _, table := range roots {
			if ok {
				_, _ = conn.Exec(t, fmt.Sprintf("UPDATE pursuit_%s SET version = version + 1 WHERE tenant = '%s'", table, w.Tenant))
			}
		}
	}
	x, err := w.Inside(h, w.opts)
	if err != nil {
		return err
	}
	x.Part = w.Part
	r, err := safely(func() (result, error) { return c.Give(t, x, id) })
	return t.script.note("overtaken", r, err)
}

// roots are the tables of aggregates.
var roots = []string{"customer", "archive_entry", "process", "opportunity", "sales_order", "quote", "sales_settings"}

var errStopped = errors.New("stopped")

// replay saves what was noted once more, each in a transaction of its own.
func (t *theatre) replay(what string) error { return t.replayOn(t.p.Store, what) }

func (t *theatre) replayOn(store storage.Store, what string) error {
	for i, again := range t.again {
		err := store.Update(t, func(ctx context.Context, tx storage.Tx) error { return again(ctx, tx) })
		if err := t.script.note(fmt.Sprint(what, " again ", i), nil, err); err != nil {
			return err
		}
	}
	return nil
}

// moved saves what was saved once more while the aggregates have other ids, but
// numbers and codes that are taken.
func (t *theatre) moved(w *World) error {
	for i := range 2 {
		for _, table := range roots[:6] {
			if err := t.flip(table, w.Tenant); err != nil {
				return err
			}
		}
		if i == 0 {
			if err := t.replay("moved"); err != nil {
				return err
			}
		}
	}
	return nil
}

// flip changes the ids of a tenant's rows, and nothing that refers to them, to others and back.
func (t *theatre) flip(table, tenant string) error {
	conn, err := t.p.DB.Conn(t)
	if err != nil {
		return err
	}
	defer conn.Close()
	off, on := t.p.unchecked()
	if _, err := conn.ExecContext(t, off); err != nil {
		return err
	}
	q := "UPDATE pursuit_" + table + " SET id = " + t.p.flipped() + " WHERE tenant = '" + tenant + "'"
	_, err = conn.ExecContext(t, q)
	_, err2 := conn.ExecContext(t, on)
	return errors.Join(err, err2)
}

// unchecked gives what lets a connection forget about references, and what ends it.
func (p *Place) unchecked() (off, on string) {
	if p.Site == Postgres {
		return "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
	}
	return "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
}

// flipped is an id that is another one, whose other one it is.
func (p *Place) flipped() string {
	if p.Site == Postgres {
		return "(CASE WHEN id::text LIKE '0%' THEN 'f' ELSE '0' END || substr(id::text, 2))::uuid"
	}
	return "unhex(CASE WHEN hex(id) LIKE '0%' THEN 'F' ELSE '0' END || substr(hex(id), 2))"
}

// rows gives all that is stored, so that a scene ends with it.
func (t *theatre) rows() error {
	for _, table := range append(slices.Clone(tables), "number_series", "lease") {
		rows, err := t.p.DB.QueryContext(t, "SELECT * FROM pursuit_"+table)
		if err != nil {
			return err
		}
		cols, err := rows.Columns()
		if err != nil {
			return err
		}
		var lines []string
		v, dest := make([]any, len(cols)), make([]any, len(cols))
		for i := range v {
			dest[i] = &v[i]
		}
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			for i := range v {
				if b, ok := v[i].([]byte); ok {
					v[i] = string(b)
				}
			}
			lines = append(lines, fmt.Sprintf("%q", v))
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		slices.Sort(lines)
		for _, line := range lines {
			if err := t.script.line(table + " " + line); err != nil {
				return err
			}
		}
	}
	return nil
}

// clear empties the database.
func (p *Place) clear(ctx context.Context) error {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	off, on := p.unchecked()
	if _, err := conn.ExecContext(ctx, off); err != nil {
		return err
	}
	var errs []error
	for _, table := range append(slices.Clone(tables), "number_series", "lease") {
		_, err := conn.ExecContext(ctx, "DELETE FROM pursuit_"+table)
		errs = append(errs, err)
	}
	_, err = conn.ExecContext(ctx, on)
	return errors.Join(append(errs, err)...)
}

// scene is one play of tenants that share ids.
type scene struct {
	name string
	play func(t *theatre) error
}

// given plays a command: two tenants give it one after the other, and one who has
// nothing tries before and after.
func given(c *Command, ahead func(ctx context.Context, w *World, id uuid.UUID) error) scene {
	name := c.Name
	if ahead != nil {
		name += ", with the other tenant ahead"
	}
	return scene{name, func(t *theatre) error {
		a, b, stranger, err := t.pair()
		if err != nil {
			return err
		}
		var id, own uuid.UUID
		err = t.together(a, b, func(x *World) (err error) {
			if x.Tenant == a.Tenant {
				id, err = c.On(t, x)
			} else {
				own, err = c.On(t, x)
			}
			return err
		})
		if err != nil {
			return err
		}
		stranger.Part = a.Part
		if ahead != nil {
			if err := ahead(t, b, own); err != nil {
				return err
			}
		}
		give := func(w *World, id uuid.UUID, o ...pursuit.CallOption) error {
			r, err := safely(func() (result, error) { return c.Give(t, w, id, o...) })
			return t.script.note(w.Tenant, []any{r, r.Repeated}, err)
		}
		key := pursuit.RequestID(requestKey)
		hooked, err := a.Inside(t.noting(nil), a.opts)
		if err != nil {
			return err
		}
		hooked2, err := b.Inside(t.noting(nil), b.opts)
		if err != nil {
			return err
		}
		for _, step := range []func() error{
			func() error { return give(stranger, id) },
			func() error { return t.overtaken(a, c, id) },
			func() error { return t.stale(a, c, id) },
			func() error { t.again = nil; return give(hooked, id, key) },
			func() error { return t.replay("a") },
			func() error { return t.moved(a) },
			func() error { return give(a, id, key) }, // a repetition
			t.rows,                                   // before the other one does the same
			func() error { return t.stale(b, c, own) },
			func() error { t.again = nil; return give(hooked2, own, key) },
			func() error { return t.replay("b") },
			func() error { return t.moved(b) },
			func() error { return give(b, own, key) },
			func() error { return give(b, own) }, // on what has moved on
			t.rows,
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}}
}

// safely makes an error of a panic: commands index what they list.
func safely(f func() (result, error)) (r result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// seller gives the session of somebody who sees his own deals only.
func (w *World) seller(user, department string) *pursuit.Session {
	return w.Engine.As(pursuit.Actor{Tenant: w.Tenant, User: user, Department: department, Roles: []access.Role{access.Sales}})
}
