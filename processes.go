package pursuit

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// Processes manages sales modes 销售模式 and their versions (C2; P01–P06). Errors
// common to all methods are those of [Opportunities].
type Processes struct{ handle }

// Processes returns the handle of processes.
func (s *Session) Processes() Processes { return Processes{handle{s}} }

func processID(r *stage.Record) access.Subject { return access.Subject{ID: r.ID} }

// Publish publishes a new process, if its ID is Nil, or the next version of an
// existing one (P02); the engine sets the ids and the version number. The first
// process of a tenant becomes its default (P01). Opportunities keep the version
// that they started on (P05). Result.ProcessVersion is the new version's id.
// Errors: ErrInvalid naming every breach (P03, P04); ErrDuplicate for a taken
// code; ErrNotFound.
func (h Processes) Publish(ctx context.Context, p stage.Process, opts ...CallOption) (Result, error) {
	s := h.s()
	if err := s.bounded("", p); err != nil {
		return Result{}, err
	}
	p = p.Clone()
	res, err := s.do(ctx, "process.publish", p.ID, p, opts, func(ctx context.Context, c *command) (Result, error) {
		repo := c.tx.Processes()
		var rec stage.Record
		if p.ID != uuid.Nil {
			var err error
			if rec, err = repo.Get(ctx, s.actor.Tenant, p.ID); err != nil {
				return Result{}, err
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
		first := p.ID == uuid.Nil
		if first {
			rec.Tenant = s.actor.Tenant
			list, err := repo.List(ctx, s.actor.Tenant)
			if err != nil {
				return Result{}, err
			}
			first = !slices.ContainsFunc(list, func(x stage.Record) bool { return x.Default })
		}
		a := stage.Open(rec)
		id := p.ID
		if id == uuid.Nil {
			id = c.id()
		}
		if err := a.Publish(id, c.id(), p, first, s.eng.opts.gateKinds(), at); err != nil {
			return Result{}, err
		}
		return c.saveProcess(ctx, a)
	})
	return res, err
}

// saveProcess writes a command's change of a process, and finishes the command.
func (c *command) saveProcess(ctx context.Context, a *stage.Aggregate) (Result, error) {
	if err := c.writeProcess(ctx, a); err != nil {
		return Result{}, err
	}
	res := Result{ID: a.ID, Version: a.Record.Version}
	if c.name == "process.publish" {
		res.ProcessVersion = a.Current
	}
	return res, c.finish(ctx, res)
}

func (c *command) writeProcess(ctx context.Context, a *stage.Aggregate) error {
	ch, err := a.Change(c.s.eng.newID)
	if err != nil {
		return err
	}
	return c.tx.Processes().Save(ctx, ch)
}

// unmark removes the mark from the default process, with a version and an entry
// of its own.
func (c *command) unmark(ctx context.Context, at journal.Moment) error {
	list, err := c.tx.Processes().List(ctx, c.s.actor.Tenant)
	if err != nil {
		return err
	}
	for _, rec := range list {
		if rec.Default {
			at.Recorded = latest(at.Recorded, rec.Updated)
			a := stage.Open(rec)
			a.Unmark(at)
			if err := c.writeProcess(ctx, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h Processes) change(ctx context.Context, name string, action access.Action, id uuid.UUID, opts []CallOption,
	f func(ctx context.Context, c *command, a *stage.Aggregate, at journal.Moment) error,
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
		a := stage.Open(rec)
		at := c.moment(zeroTime, rec.Updated)
		if err := f(ctx, c, a, at); err != nil {
			return Result{}, err
		}
		if a.Default && !rec.Default {
			if err := c.unmark(ctx, at); err != nil {
				return Result{}, err
			}
		}
		return c.saveProcess(ctx, a)
	})
	return res, err
}

// Retire stops a process from taking new opportunities (P06). Errors:
// ErrNotAllowed if it is retired or the default.
func (h Processes) Retire(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.retire", access.ProcessRetire, id, opts, func(_ context.Context, _ *command, a *stage.Aggregate, at journal.Moment) error {
		return a.Retire(at)
	})
}

// Activate lets a retired process take new opportunities again. Errors:
// ErrNotAllowed if it is active.
func (h Processes) Activate(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.activate", access.ProcessRetire, id, opts, func(_ context.Context, _ *command, a *stage.Aggregate, at journal.Moment) error {
		return a.Activate(at)
	})
}

// SetDefault makes a process the tenant's default (P01); the previous default
// gets a version and a journal entry too. Errors: ErrNotAllowed if it is retired,
// or already the default.
func (h Processes) SetDefault(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.default", access.ProcessDefault, id, opts, func(_ context.Context, _ *command, a *stage.Aggregate, at journal.Moment) error {
		return a.MakeDefault(at)
	})
}

// Delete removes a process that no opportunity ever used, with its versions
// (P06). Errors: ErrInUse; ErrNotAllowed for the default one.
func (h Processes) Delete(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "process.delete", access.ProcessRetire, id, opts, func(ctx context.Context, c *command, a *stage.Aggregate, at journal.Moment) error {
		used, err := c.tx.Processes().Used(ctx, h.s().actor.Tenant, id)
		if err != nil {
			return err
		}
		return a.Delete(used, at)
	})
}

// Get returns a process's state and its current version. Errors: ErrNotFound.
func (h Processes) Get(ctx context.Context, id uuid.UUID) (stage.Snapshot, error) {
	return h.get(ctx, "processes.get", func(ctx context.Context, r stage.Repository) (stage.Record, error) {
		return r.Get(ctx, h.s().actor.Tenant, id)
	})
}

func (h Processes) get(ctx context.Context, name string, load func(context.Context, stage.Repository) (stage.Record, error)) (stage.Snapshot, error) {
	var out stage.Snapshot
	err := h.s().view(ctx, name, func(ctx context.Context, tx storage.Tx) (err error) {
		var got stage.Snapshot
		if got.Record, err = load(ctx, tx.Processes()); err != nil {
			return err
		}
		if err = h.s().allow(ctx, access.ProcessRead, processID(&got.Record)); err != nil {
			return err
		}
		got.Definition, err = tx.Processes().Version(ctx, h.s().actor.Tenant, got.Current)
		out = got
		return err
	})
	if err != nil {
		return stage.Snapshot{}, err
	}
	return out, nil
}

// Version returns one version of a process by its own id, such as the one that
// an opportunity is pinned to. Errors: ErrNotFound.
func (h Processes) Version(ctx context.Context, version uuid.UUID) (stage.Process, error) {
	var p stage.Process
	err := h.s().view(ctx, "processes.version", func(ctx context.Context, tx storage.Tx) (err error) {
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

// ByCode is Get by a process's code. Errors: ErrInvalid; ErrNotFound.
func (h Processes) ByCode(ctx context.Context, code string) (stage.Snapshot, error) {
	var f fault.Fields
	text.Code(&f, "/code", code, 1)
	if err := f.Invalid("process.code.invalid"); err != nil {
		return stage.Snapshot{}, err
	}
	return h.get(ctx, "processes.by_code", func(ctx context.Context, r stage.Repository) (stage.Record, error) {
		return r.ByCode(ctx, h.s().actor.Tenant, code)
	})
}

// Versions returns all versions of a process, by number (P02). Errors: ErrNotFound.
func (h Processes) Versions(ctx context.Context, id uuid.UUID) ([]stage.Process, error) {
	var out []stage.Process
	err := h.s().view(ctx, "processes.versions", func(ctx context.Context, tx storage.Tx) error {
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

// CheckMigration checks that a mapping of stages covers every stage of a version
// that is in use, into the current version of a process (P05). It considers
// opportunities that the actor may see, because Migrate moves no others (J02).
// Errors: ErrNotFound; ErrNotAllowed listing the unmapped stages.
func (h Processes) CheckMigration(ctx context.Context, from, process uuid.UUID, stages map[string]string) error {
	if err := h.s().bounded("/stages", stages); err != nil {
		return err
	}
	return h.s().view(ctx, "processes.check_migration", func(ctx context.Context, tx storage.Tx) error {
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
