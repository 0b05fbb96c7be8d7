package order

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// SalesSystem stores and executes orders 销售系统: the embedded one ([Embedded]), or
// one of the host's own, such as an ERP's order tables. It works inside the
// transaction of the command or query that calls it: its writes commit and roll
// back with the opportunity. The engine decides whether orders may be worked on
// at all (Q01) and by whom, and handles the opportunity (won, flagged, reopened).
// The sales system decides what an order may do. Package ordertest tests an
// implementation.
//
// A host's own sales system need not keep a journal with the library: then
// Root.Head stays zero. It must store and return everything else in a Snapshot
// unchanged. Errors are those of package fault; any other error counts as a
// failure of the host (fault.ErrHost).
type SalesSystem interface {
	// Get returns one order with its lines and, if requested, its events. Errors:
	// ErrNotFound ("order.not_found"), also for another tenant's order (J03).
	Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (Snapshot, error)
	// List returns a page of roots, ordered by number (byte by byte), within the
	// query's scope, which depends on the opportunity's owner, department and
	// team (J02).
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Snapshots returns a page of whole orders, with lines and events, in the
	// selection of List, in a fixed number of statements.
	Snapshots(ctx context.Context, tenant string, q Query) ([]Snapshot, error)
	// Create decides on a draft order of a won opportunity; it keeps the promises
	// and errors of New (Q04, Q07). It writes nothing yet. The engine may call it
	// twice for one order: first with a placeholder number, to learn whether the
	// order would be refused.
	Create(ctx context.Context, in CreateRequest) (Plan, error)
	// Do decides on a command on an order that Get returned, with its events if
	// the command is execute (Q05–Q08). It writes nothing yet. Errors: those of
	// Order's method.
	Do(ctx context.Context, before Snapshot, t Task, at journal.Moment) (Plan, error)
}

// CreateRequest is the basis of a new order.
type CreateRequest struct {
	// ID and Number are the new order's.
	ID     uuid.UUID
	Number string
	Source Source
	Input  CreateInput
	At     journal.Moment
}

// Plan is a sales system's decision.
type Plan struct {
	// Order is the order's new state: its root and, for a new one, its lines. Its
	// version is one higher than before, unless nothing changes.
	Order Snapshot
	// Write writes the order. The engine calls it once, after the opportunity's
	// own writes. It is nil if there is nothing to write, as after events that
	// were all known (Q06). Errors: ErrConflict ("order.changed") if the order
	// was changed since it was read; ErrDuplicate.
	Write func(ctx context.Context) error
}

// Task is one command on an order.
type Task struct {
	Kind TaskKind
	// Update is for TaskUpdate, Events for TaskExecute, and Reason for
	// TaskComplete and TaskCancel.
	Update UpdateInput
	Events []EventInput
	Reason string
}

// TaskKind is the kind of a Task.
type TaskKind string

// The kinds of tasks.
const (
	TaskUpdate   TaskKind = "update"
	TaskConfirm  TaskKind = "confirm"
	TaskExecute  TaskKind = "execute"
	TaskComplete TaskKind = "complete"
	TaskCancel   TaskKind = "cancel"
)

// Do does a task. Errors: those of the method that the kind names; ErrInternal for
// an unknown kind.
func (o *Order) Do(t Task, at journal.Moment) error {
	switch t.Kind {
	case TaskUpdate:
		return o.Update(t.Update, at)
	case TaskConfirm:
		return o.Confirm(at)
	case TaskExecute:
		return o.Execute(t.Events, at)
	case TaskComplete:
		return o.Complete(CompleteInput{Reason: t.Reason}, at)
	case TaskCancel:
		return o.Cancel(CancelInput{Reason: t.Reason}, at)
	}
	return fault.New(fault.ErrInternal, "order.task", "the task kind is unknown")
}

// Embedded returns the library's own sales system on a repository. zone is the
// tenant's time zone, nil for UTC; newID returns ids of journal entries.
func Embedded(r Repository, zone *time.Location, newID func() uuid.UUID) SalesSystem {
	return embedded{r, zone, newID}
}

type embedded struct {
	r     Repository
	zone  *time.Location
	newID func() uuid.UUID
}

func (e embedded) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (Snapshot, error) {
	s, _, err := e.r.Get(ctx, tenant, id, events, "")
	return s, err
}

func (e embedded) List(ctx context.Context, tenant string, q Query) ([]Root, error) {
	return e.r.List(ctx, tenant, q)
}

func (e embedded) Snapshots(ctx context.Context, tenant string, q Query) ([]Snapshot, error) {
	return e.r.Snapshots(ctx, tenant, q)
}

func (e embedded) Create(_ context.Context, in CreateRequest) (Plan, error) {
	o, err := New(in.ID, in.Number, in.Source, in.Input, in.At)
	if err != nil {
		return Plan{}, err
	}
	return e.plan(o)
}

func (e embedded) Do(_ context.Context, before Snapshot, t Task, at journal.Moment) (Plan, error) {
	o, err := Restore(before, e.zone)
	if err != nil {
		return Plan{}, err
	}
	if err := o.Do(t, at); err != nil {
		return Plan{}, err
	}
	return e.plan(o)
}

func (e embedded) plan(o *Order) (Plan, error) {
	c, ok, err := o.Change(e.newID)
	if err != nil || !ok {
		return Plan{Order: o.Snapshot()}, err
	}
	return Plan{Order: o.Snapshot(), Write: func(ctx context.Context) error { return e.r.Save(ctx, c) }}, nil
}
