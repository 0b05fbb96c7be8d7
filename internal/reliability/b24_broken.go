package reliability

import (
	"context"
	"database/sql/driver"
	"fmt"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// leakingPlace is the same database with a driver that says too much when it fails.
func leakingPlace(p *Place) (*Place, *atomic.Pointer[fuse], error) {
	var now atomic.Pointer[fuse]
	now.Store(&fuse{})
	if p.DB == nil {
		h := &Hooked{Store: p.Store, Before: func(ctx context.Context, what string) error {
			if err := now.Load().pass(ctx, what); err != nil {
				return fault.Wrap(fault.ErrInternal, "storage.failed", "the store failed", err)
			}
			return nil
		}}
		return &Place{Site: p.Site, Store: h}, &now, nil
	}
	q, err := p.Site.Open(p.Source, func(c driver.Connector) driver.Connector {
		return &tapped{Connector: c, before: func(ctx context.Context, what string) error {
			if err := now.Load().pass(ctx, what); err != nil {
				return leaking(what)
			}
			return nil
		}}
	})
	return q, &now, err
}

// broken calls while each call of the database fails, in turn.
func (l *listener) broken(p, q *Place, now *atomic.Pointer[fuse], w *World, id uuid.UUID, c *Call) error {
	for at := int64(1); at < 60; at++ {
		f := &fuse{at: at, err: leaking("SELECT kanari")}
		x, err := w.Inside(q.Store, nil)
		if err != nil {
			return err
		}
		args, err := c.Args(l, w, id)
		if err != nil {
			return err
		}
		now.Store(f)
		f.armed.Store(true)
		ctx, cancel := context.WithCancel(l)
		err = c.Do(ctx, x, id, args)
		cancel()
		f.armed.Store(false)
		l.hear(fmt.Sprintf("%s, whose database fails at call %d,", c.Name, at), err)
		if !f.blown.Load() || err == nil {
			break
		}
	}
	return nil
}
