package reliability

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
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

// seller gives the session of somebody who sees his own deals only.
func (w *World) seller(user, department string) *pursuit.Session {
	return w.Engine.As(pursuit.Actor{Tenant: w.Tenant, User: user, Department: department, Roles: []access.Role{access.Sales}})
}
