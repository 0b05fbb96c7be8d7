package reliability

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// player is one of the two worlds that get the same commands.
type player struct {
	*World
	// place is what is stored, without the bugs of twins.
	place  *Place
	days   *atomic.Int64
	parts  map[string][]target // by handle
	before map[int]target      // of steps with a RequestID
}

// target is what a step is on, and when.
type target struct {
	id, part, customer uuid.UUID
	at                 time.Time
}

func newPlayer(ctx context.Context, store, seen storage.Store, tenant string) (*player, error) {
	p := &player{place: &Place{Store: seen}, days: new(atomic.Int64), parts: map[string][]target{}, before: map[int]target{}}
	opts := Ticking()
	tick := opts.Clock
	opts.Clock = func() time.Time { return tick().AddDate(0, 0, int(p.days.Load())) }
	var err error
	if p.World, err = NewWorld(ctx, store, tenant, opts); err == nil {
		p.Day, err = calendar.New(2026, 4, 10) // which passes in the course of a run
	}
	return p, err
}

// there gives the ids of what there is or was, in the order that it came.
func (p *player) there(ctx context.Context, kind string) (out []uuid.UUID, err error) {
	err = p.place.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		entries, err := tx.Journal().Unrelayed(ctx, p.Tenant, 1_000_000)
		for _, e := range entries {
			if e.Kind == journal.Kind(kind) && !slices.Contains(out, e.Aggregate) {
				out = append(out, e.Aggregate)
			}
		}
		return err
	})
	return out, err
}

// aim chooses what a step is on.
func (p *player) aim(ctx context.Context, d drawn) (target, error) {
	x := target{part: p.Part, customer: p.Customer}
	handle, _, _ := strings.Cut(d.name, ".")
	if buyers, err := p.there(ctx, string(journal.KindCustomer)); err != nil {
		return x, err
	} else if d.pick%5 == 0 {
		x.customer = buyers[d.pick/5%len(buyers)]
	}
	if d.on != nil {
		id, err := d.on(ctx, p.World)
		if err == nil {
			if p.Part != x.part {
				p.parts[handle] = append(p.parts[handle], target{id: id, part: p.Part})
			}
			x.id, x.part = id, p.Part
			return x, nil
		}
		if !ruled(err) {
			return x, err
		} // what it begins with is there already: on what is there, then
	}
	if list := p.parts[handle]; len(list) > 0 && d.pick%4 > 0 {
		one := list[d.pick/4%len(list)]
		x.id, x.part = one.id, one.part
		return x, nil
	}
	kind := worksOn(d.name)
	if kind == "" {
		return x, nil
	}
	ids, err := p.there(ctx, kind)
	if len(ids) > 0 {
		x.id = ids[d.pick%len(ids)]
	}
	return x, err
}

// dated gives the time of a moment of a sort; zero: none.
func (p *player) dated(m moment) time.Time {
	switch m {
	case atNow:
		return p.now()
	case atAgo:
		return p.now().Add(-20 * time.Second)
	case atFuture:
		return p.now().Add(49 * time.Hour)
	case atNever:
		return time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)
	}
	return time.Time{}
}

// play takes a step.
func (p *player) play(ctx context.Context, d drawn) (result, error) {
	p.days.Add(int64(d.skip))
	x, ok := p.before[d.of]
	if !ok || !d.again {
		var err error
		if x, err = p.aim(ctx, d); err != nil {
			return result{}, fmt.Errorf("before it: %w", err)
		}
		x.at = p.dated(d.at)
		p.before[d.of] = x
	}
	var o []pursuit.CallOption
	if !x.at.IsZero() {
		o = append(o, pursuit.At(x.at))
	}
	if d.key != "" {
		o = append(o, pursuit.RequestID(d.key))
	}
	if d.pick%13 == 0 {
		o = append(o, pursuit.IfVersion(int64(1+d.pick/13%4)))
	}
	customer, part := p.Customer, p.Part
	p.Customer, p.Part = x.customer, x.part
	res, err := d.give(ctx, p.World, x.id, o...)
	p.Customer, p.Part = customer, part
	if handle, _, _ := strings.Cut(d.name, "."); err == nil && added(res) != uuid.Nil && worksOn(d.name) == "opportunity" {
		p.parts[handle] = append(p.parts[handle], target{id: x.id, part: added(res)})
	}
	return res, err
}

// same takes a step in both worlds, and compares their answers and all that they
// have stored; in the second, the journals must replay to it.
func (p *player) same(r *Run, t *tally, q *player, d drawn) error {
	resP, errP := p.play(r, d)
	resQ, errQ := q.play(r, d)
	t.count(d, errP)
	if errP != nil && !ruled(errP) {
		return fmt.Errorf("memory failed: %w", errP)
	}
	if fault.CodeOf(errP) != fault.CodeOf(errQ) || (errP == nil) != (errQ == nil) {
		return fmt.Errorf("memory said %v, the database %v", errP, errQ)
	}
	if err := equal("answer", []any{resQ, fault.FieldsOf(errQ)}, []any{resP, fault.FieldsOf(errP)}); err != nil {
		return err
	}
	storedP, err1 := Dump(r, p.place, p.Tenant)
	storedQ, err2 := Dump(r, q.place, q.Tenant)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if storedP != storedQ {
		return fmt.Errorf("states differ: %s", firstDifference(storedP, storedQ))
	}
	_, err := Whole(r, q.place.Store, q.Tenant)
	return err
}

// ruled says that a rule refused a command, of whatever kind, and nothing failed.
func ruled(err error) bool {
	for _, kind := range []error{fault.ErrInUse, fault.ErrRequestReused, fault.ErrSalesSystemDisabled, fault.ErrSalesSystemNotInitialised} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return refused(err)
}
