package order

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// SalesSystem is where orders live and are executed 销售系统: the embedded one
// ([Embedded]), or one of the host's own, such as an ERP's order tables. It works
// inside one transaction, that of the command or query that it is asked in: what
// it writes commits and rolls back with the opportunity. Whether orders may be
// worked on at all (Q01), who may do so, and that the opportunity is won, flagged
// or reopened is the engine's business, which asks it; what an order may do is the
// sales system's. Package ordertest tests one.
//
// One of the host's own need not keep a journal with the library: then Root.Head
// stays zero. Everything else that Snapshot holds it keeps, and gives back as it
// was. Errors that aren't named are of package fault or are taken for failures of
// the host (fault.ErrHost).
type SalesSystem interface {
	// Get returns one order with its lines, and its events if asked for. Errors:
	// ErrNotFound ("order.not_found"), for another tenant's too (J03).
	Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (Snapshot, error)
	// List returns a page of roots, by number (by byte), and keeps to the query's
	// scope, which goes by the opportunity's owner, department and team (J02).
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Snapshots returns a page of whole orders, with lines and events, as List
	// selects them, in a number of statements that doesn't grow with theirs.
	Snapshots(ctx context.Context, tenant string, q Query) ([]Snapshot, error)
	// Create decides on a draft order of a won opportunity; see New, whose promises
	// and errors it keeps (Q04, Q07). It doesn't write yet. The engine may ask it
	// twice for one order: first with a number that nobody gets, to learn whether it
	// would be refused.
	Create(ctx context.Context, in CreateRequest) (Plan, error)
	// Do decides on a command on an order, which Get returned, with its events if
	// they are executed (Q05–Q08). It doesn't write yet. Errors: those of Order's
	// method.
	Do(ctx context.Context, before Snapshot, t Task, at journal.Moment) (Plan, error)
}

// CreateRequest is what a sales system makes an order of.
type CreateRequest struct {
	// ID and Number are the new order's.
	ID     uuid.UUID
	Number string
	Source Source
	Input  CreateInput
	At     journal.Moment
}

// Plan is what a sales system decided.
type Plan struct {
	// Order is what the order becomes: its root, and of a new one its lines. Its
	// version is one above that before, unless nothing changes.
	Order Snapshot
	// Write writes it. The engine calls it once, after the opportunity's own
	// writes. Nil if there is nothing to write, as after events that were all known
	// (Q06). Errors: ErrConflict ("order.changed") if the order was changed since
	// it was read; ErrDuplicate.
	Write func(ctx context.Context) error
}

// Task is one command on an order.
type Task struct {
	Kind TaskKind
	// Update is that of TaskUpdate, Events those of TaskExecute, and Reason that of
	// TaskComplete and TaskCancel.
	Update UpdateInput
	Events []EventInput
	Reason string
}

// TaskKind says what a Task does.
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
// tenant's time zone, nil for UTC; newID gives ids of journal entries.
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
