package pursuit

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// system returns the tenant's sales system: the host's if it has one.
func (s *Session) system(tx storage.Tx) order.SalesSystem {
	e, tenant := s.eng, s.actor.Tenant
	if e.opts.SalesSystem != nil {
		if sys := guarded("SalesSystem", func() order.SalesSystem { return e.opts.SalesSystem(tenant, tx) }); sys != nil {
			return foreign{sys, s}
		}
	}
	return order.Embedded(tx.Orders(), e.zone(tenant), e.newID)
}

// foreign is a host's sales system: its panics don't cross the API, its errors
// are distinguished from the library's, and its results must fit the request.
type foreign struct {
	sys order.SalesSystem
	in  *Session
}

type answer[T any] struct {
	value T
	err   error
}

func asked[T any](f func() (T, error)) (T, error) {
	a := guarded("SalesSystem", func() (a answer[T]) { a.value, a.err = f(); return a })
	return a.value, failed(a.err)
}

func failed(err error) error {
	if err == nil || fault.CodeOf(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.Wrap(fault.ErrHost, "sales_system.failed", "the host's sales system failed", err)
}

func unfit() error {
	return fault.New(fault.ErrHost, "sales_system.answer", "the host's sales system returned an invalid result")
}

func (f foreign) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (order.Snapshot, error) {
	s, err := asked(func() (order.Snapshot, error) { return f.sys.Get(f.in.calling(ctx), tenant, id, events) })
	switch {
	case err != nil:
		return order.Snapshot{}, hidden(err, "order.not_found")
	case s.Tenant != tenant: // another tenant's doesn't exist (J03)
		return order.Snapshot{}, fault.NotFound("order.not_found")
	case s.ID != id || s.EventsLoaded != events || s.Version < 1:
		return order.Snapshot{}, unfit()
	}
	return s, nil
}

func (f foreign) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	list, err := asked(func() ([]order.Root, error) { return f.sys.List(f.in.calling(ctx), tenant, q) })
	for i := range list {
		if err == nil && (list[i].Tenant != tenant || i >= q.Limit) {
			err = unfit()
		}
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (f foreign) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	list, err := asked(func() ([]order.Snapshot, error) { return f.sys.Snapshots(f.in.calling(ctx), tenant, q) })
	for i := range list {
		if err == nil && (list[i].Tenant != tenant || i >= q.Limit) {
			err = unfit()
		}
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (f foreign) Create(ctx context.Context, in order.CreateRequest) (order.Plan, error) {
	p, err := asked(func() (order.Plan, error) { return f.sys.Create(f.in.calling(ctx), in) })
	if err != nil {
		return order.Plan{}, err
	}
	s := &p.Order
	if p.Write == nil || s.ID != in.ID || s.Tenant != in.Source.Opportunity.Tenant || s.Number != in.Number || s.Opportunity != in.Source.Opportunity.ID ||
		s.Customer != in.Source.Opportunity.Customer || s.Currency != in.Source.Opportunity.Currency || s.Total.Currency() != s.Currency ||
		s.Status != order.Draft || s.Version != 1 { // Q04, Q07
		return order.Plan{}, unfit()
	}
	return f.guarded(p), nil
}

func (f foreign) Do(ctx context.Context, before order.Snapshot, t order.Task, at journal.Moment) (order.Plan, error) {
	p, err := asked(func() (order.Plan, error) { return f.sys.Do(f.in.calling(ctx), before, t, at) })
	if err != nil {
		return order.Plan{}, err
	}
	want := before.Version
	if p.Write != nil {
		want++
	}
	s := &p.Order
	if s.ID != before.ID || s.Tenant != before.Tenant || s.Version != want || !s.Status.Valid() || !before.Status.Live() && s.Status != before.Status { // Q05
		return order.Plan{}, unfit()
	}
	return f.guarded(p), nil
}

func (f foreign) guarded(p order.Plan) order.Plan {
	if write := p.Write; write != nil {
		p.Write = func(ctx context.Context) error {
			_, err := asked(func() (struct{}, error) { return struct{}{}, write(f.in.calling(ctx)) })
			return err
		}
	}
	return p
}
