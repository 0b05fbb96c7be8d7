package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// Processes keeps sales modes 销售模式 and their versions (C2; P01–P06). Errors
// common to all methods are those of Opportunities.
type Processes struct{ handle }

// Processes gives the handle of processes.
func (s *Session) Processes() Processes { return Processes{handle{s}} }

// The types of a process's events.
const (
	EventProcessPublished = "process.published.v1"
	EventProcessState     = "process.state_changed.v1"
	EventProcessDefault   = "process.made_default.v1"
	EventProcessUnmarked  = "process.unmade_default.v1"
	EventProcessDeleted   = "process.deleted.v1"
)

type processState struct {
	State stage.State `json:"state"`
}

func processID(r *stage.Record) access.Subject { return access.Subject{ID: r.ID} }

// Publish publishes a new process, if its ID is Nil, or the next version of an
// existing one (P02); ids and version number of what is given are set by the
// engine. The first process of a tenant becomes its default (P01).
// Opportunities keep the version that they started on (P05). Result.ProcessVersion
// is the new version's id. Errors: ErrInvalid naming every breach (P03, P04);
// ErrDuplicate for a code that is taken; ErrNotFound.
func (h Processes) Publish(ctx context.Context, p stage.Process, opts ...CallOption) (Result, error) {
	s := h.s()
	if err := s.bounded("", p); err != nil {
		return Result{}, err
	}
	p = p.Clone()
	res, err := s.do(ctx, "process.publish", p.ID, p, opts, func(ctx context.Context, c *command) (Result, error) {
		repo := c.tx.Processes()
		var rec stage.Record
		next := p.Clone()
		if p.ID != uuid.Nil {
			var err error
			if rec, err = repo.Get(ctx, s.actor.Tenant, p.ID); err != nil {
				return Result{}, err
			}
			if next.Code == "" {
				next.Code = rec.Code
			}
		}
		if err := s.allow(ctx, access.ProcessPublish, processID(&rec)); err != nil {
			return Result{}, err
		}
		if err := c.expect(rec.Version, "process.changed"); err != nil {
			return Result{}, err
		}
		at, err := c.momentAfter(ctx, rec.Updated)
		if err != nil {
			return Result{}, err
		}
		expected := rec.Version
		if p.ID == uuid.Nil {
			list, err := repo.List(ctx, s.actor.Tenant)
			if err != nil {
				return Result{}, err
			}
			rec = stage.Record{ID: c.id(), Tenant: s.actor.Tenant, Code: next.Code, State: stage.ActiveProcess, Default: true, Created: at.Effective}
			for _, x := range list {
				rec.Default = rec.Default && !x.Default
			}
		} else if next.Code != rec.Code {
			return Result{}, fault.Invalid("process.invalid", fault.Field{Path: "/code", Code: "fixed", Message: "a process's code doesn't change"})
		}
		next.ID, next.VersionID, next.Version = rec.ID, c.id(), rec.Latest+1
		if err := next.Check(s.eng.opts.gateKinds()); err != nil {
			return Result{}, err
		}
		v, err := stage.Publish(next)
		if err != nil {
			return Result{}, err
		}
		next = v.Process()
		rec.Current, rec.Latest, rec.Updated = next.VersionID, next.Version, at.Recorded
		res := Result{ID: rec.ID, Version: expected + 1, ProcessVersion: next.VersionID}
		return res, c.saveProcess(ctx, rec, expected, &next, false, journal.Event{Type: EventProcessPublished, Payload: next}, at, res)
	})
	if err == nil {
		s.eng.shared.known.processes.forget(s.actor.Tenant, res.ID, uuid.Nil)
	}
	return res, err
}

func (c *command) saveProcess(ctx context.Context, rec stage.Record, expected int64, publish *stage.Process, del bool, ev journal.Event, at journal.Moment, res Result) error {
	if err := c.writeProcess(ctx, rec, expected, publish, del, ev, at); err != nil {
		return err
	}
	return c.finish(ctx, res)
}

// unmark takes the mark from the default process, with a version and an entry of
// its own.
func (c *command) unmark(ctx context.Context, at journal.Moment) error {
	list, err := c.tx.Processes().List(ctx, c.s.actor.Tenant)
	if err != nil {
		return err
	}
	for _, rec := range list {
		if rec.Default {
			at.Recorded = latest(at.Recorded, rec.Updated)
			rec.Default, rec.Updated = false, at.Recorded
			ev := journal.Event{Type: EventProcessUnmarked, Payload: struct{}{}}
			if err := c.writeProcess(ctx, rec, rec.Version, nil, false, ev, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *command) writeProcess(ctx context.Context, rec stage.Record, expected int64, publish *stage.Process, del bool, ev journal.Event, at journal.Moment) error {
	rec.Version = expected + 1
	e, err := rec.Head.Append(rec.Tenant, journal.KindProcess, rec.ID, c.id(), rec.Version, ev, at)
	if err != nil {
		return err
	}
	return c.tx.Processes().Save(ctx, stage.Change{Record: rec, Expected: expected, Publish: publish, Delete: del, Entries: []journal.Entry{e}})
}

func (h Processes) change(ctx context.Context, name string, action access.Action, id uuid.UUID, opts []CallOption,
	f func(ctx context.Context, c *command, rec *stage.Record) (ev journal.Event, del bool, err error),
) (Result, error) {
	s := h.s()
	res, err := s.do(ctx, name, id, nil, opts, func(ctx context.Context, c *command) (Result, error) {
		rec, err := c.tx.Processes().Get(ctx, s.actor.Tenant, id)
		if err != nil {
			return Result{}, err
		}
		if err := s.allow(ctx, action, processID(&rec)); err != nil {
			return Result{}, err
		}
		if err := c.expect(rec.Version, "process.changed"); err != nil {
			return Result{}, err
		}
		at := c.moment(zeroTime, rec.Updated)
		expected, marked := rec.Version, rec.Default
		ev, del, err := f(ctx, c, &rec)
		if err != nil {
			return Result{}, err
		}
		rec.Updated = at.Recorded
		res := Result{ID: id, Version: expected + 1}
		if rec.Default && !marked {
			if err := c.unmark(ctx, at); err != nil {
				return Result{}, err
			}
		}
		return res, c.saveProcess(ctx, rec, expected, nil, del, ev, at, res)
	})
	if err == nil {
		s.eng.shared.known.processes.forget(s.actor.Tenant, id, uuid.Nil)
	}
	return res, err
}

// Retire lets a process take no new opportunities (P06). Errors: ErrNotAllowed if
// it is retired, or the default one.
func (h Processes) Retire(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.retire", access.ProcessRetire, id, opts, func(_ context.Context, _ *command, rec *stage.Record) (journal.Event, bool, error) {
		if rec.State == stage.RetiredProcess {
			return journal.Event{}, false, fault.NotAllowed("process.retired", "the process is retired already")
		}
		if rec.Default {
			return journal.Event{}, false, fault.NotAllowed("process.default", "make another process the default first")
		}
		rec.State = stage.RetiredProcess
		return journal.Event{Type: EventProcessState, Payload: processState{rec.State}}, false, nil
	})
}

// Activate lets a retired process take new opportunities again. Errors:
// ErrNotAllowed if it is active.
func (h Processes) Activate(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.activate", access.ProcessRetire, id, opts, func(_ context.Context, _ *command, rec *stage.Record) (journal.Event, bool, error) {
		if rec.State == stage.ActiveProcess {
			return journal.Event{}, false, fault.NotAllowed("process.active", "the process is active already")
		}
		rec.State = stage.ActiveProcess
		return journal.Event{Type: EventProcessState, Payload: processState{rec.State}}, false, nil
	})
}

// SetDefault makes a process the tenant's default (P01); the one that had the mark
// gets a version and a journal entry too. Errors: ErrNotAllowed for a retired
// one, and for the default one.
func (h Processes) SetDefault(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.default", access.ProcessDefault, id, opts, func(_ context.Context, _ *command, rec *stage.Record) (journal.Event, bool, error) {
		if rec.State == stage.RetiredProcess {
			return journal.Event{}, false, fault.NotAllowed("process.retired", "a retired process can't be the default")
		}
		if rec.Default {
			return journal.Event{}, false, fault.NotAllowed("process.default", "it is the default already")
		}
		rec.Default = true
		return journal.Event{Type: EventProcessDefault, Payload: struct{}{}}, false, nil
	})
}

// Delete removes a process that no opportunity ever used, with its versions
// (P06). Errors: ErrInUse; ErrNotAllowed for the default one.
func (h Processes) Delete(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.delete", access.ProcessRetire, id, opts, func(ctx context.Context, c *command, rec *stage.Record) (journal.Event, bool, error) {
		if rec.Default {
			return journal.Event{}, false, fault.NotAllowed("process.default", "make another process the default first")
		}
		used, err := c.tx.Processes().Used(ctx, h.s().actor.Tenant, id)
		if err != nil {
			return journal.Event{}, false, err
		}
		if used {
			return journal.Event{}, false, fault.New(fault.ErrInUse, "process.in_use", "opportunities refer to the process; retire it instead")
		}
		return journal.Event{Type: EventProcessDeleted, Payload: struct{}{}}, true, nil
	})
}

// Get returns where a process stands and its current version. Errors: ErrNotFound.
func (h Processes) Get(ctx context.Context, id uuid.UUID) (stage.Record, stage.Process, error) {
	var rec stage.Record
	var p stage.Process
	err := h.s().view(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if rec, err = tx.Processes().Get(ctx, h.s().actor.Tenant, id); err != nil {
			return err
		}
		if err = h.s().allow(ctx, access.ProcessRead, processID(&rec)); err != nil {
			return err
		}
		p, err = tx.Processes().Version(ctx, h.s().actor.Tenant, rec.Current)
		return err
	})
	if err != nil {
		return stage.Record{}, stage.Process{}, err
	}
	return rec, p, nil
}

// Version returns one version of a process by its own id, such as the one that
// an opportunity is pinned to. Errors: ErrNotFound.
func (h Processes) Version(ctx context.Context, version uuid.UUID) (stage.Process, error) {
	var p stage.Process
	err := h.s().view(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if p, err = tx.Processes().Version(ctx, h.s().actor.Tenant, version); err != nil {
			return err
		}
		return h.s().allow(ctx, access.ProcessRead, access.Subject{ID: p.ID})
	})
	if err != nil {
		return stage.Process{}, err
	}
	return p, nil
}

// ByCode returns where a process stands, by its code. Errors: ErrInvalid,
// ErrNotFound.
func (h Processes) ByCode(ctx context.Context, code string) (stage.Record, error) {
	var f fault.Fields
	text.Code(&f, "/code", code, 1)
	if err := f.Invalid("process.code.invalid"); err != nil {
		return stage.Record{}, err
	}
	var rec stage.Record
	err := h.s().view(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if rec, err = tx.Processes().ByCode(ctx, h.s().actor.Tenant, code); err != nil {
			return err
		}
		return h.s().allow(ctx, access.ProcessRead, processID(&rec))
	})
	if err != nil {
		return stage.Record{}, err
	}
	return rec, nil
}

// Versions returns all versions of a process, by number (P02). Errors: ErrNotFound.
func (h Processes) Versions(ctx context.Context, id uuid.UUID) ([]stage.Process, error) {
	var out []stage.Process
	err := h.s().view(ctx, func(ctx context.Context, tx storage.Tx) error {
		rec, err := tx.Processes().Get(ctx, h.s().actor.Tenant, id)
		if err != nil {
			return err
		}
		if err := h.s().allow(ctx, access.ProcessRead, processID(&rec)); err != nil {
			return err
		}
		out, err = tx.Processes().Versions(ctx, h.s().actor.Tenant, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// List returns all processes by code, retired ones too. Errors: ErrForbidden.
func (h Processes) List(ctx context.Context) ([]stage.Record, error) {
	var out []stage.Record
	err := h.s().view(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if err = h.s().allow(ctx, access.ProcessRead, access.Subject{}); err != nil {
			return err
		}
		out, err = tx.Processes().List(ctx, h.s().actor.Tenant)
		return err
	})
	return out, err
}

// CheckMigration says whether a map of stages covers every stage of a version
// that opportunities are in, into the current version of a process (P05): those
// that the actor may see, as Migrate moves no others (J02).
// Errors: ErrNotFound; ErrNotAllowed listing what isn't mapped.
func (h Processes) CheckMigration(ctx context.Context, from, process uuid.UUID, stages map[string]string) error {
	if err := h.s().bounded("/stages", stages); err != nil {
		return err
	}
	return h.s().view(ctx, func(ctx context.Context, tx storage.Tx) error {
		if err := h.s().allow(ctx, access.ProcessRead, access.Subject{ID: process}); err != nil {
			return err
		}
		rec, err := tx.Processes().Get(ctx, h.s().actor.Tenant, process)
		if err != nil {
			return err
		}
		old, err := h.s().eng.version(ctx, tx, h.s().actor.Tenant, from)
		if err != nil {
			return err
		}
		to, err := h.s().eng.version(ctx, tx, h.s().actor.Tenant, rec.Current)
		if err != nil {
			return err
		}
		sc, err := h.s().scope(ctx, access.Opportunities)
		if err != nil {
			return err
		}
		in, err := h.s().stagesInUse(ctx, tx, sc, from)
		if err != nil {
			return err
		}
		return stage.CheckMigration(old, to, stages, in)
	})
}
