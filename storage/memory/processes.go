package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

type processes struct{ t *tx }

func (r processes) Get(ctx context.Context, tenant string, id uuid.UUID) (stage.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return stage.Record{}, err
	}
	p := b.processes[id]
	if p == nil {
		return stage.Record{}, fault.NotFound("process.not_found")
	}
	return *p, nil
}

func (r processes) ByCode(ctx context.Context, tenant, code string) (stage.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return stage.Record{}, err
	}
	id, ok := b.modes[code]
	if !ok {
		return stage.Record{}, fault.NotFound("process.not_found")
	}
	return r.Get(ctx, tenant, id)
}

func (r processes) List(ctx context.Context, tenant string) ([]stage.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []stage.Record
	for _, p := range b.processes {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b stage.Record) int { return strings.Compare(a.Code, b.Code) })
	return out, nil
}

func (r processes) Version(ctx context.Context, tenant string, version uuid.UUID) (stage.Process, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return stage.Process{}, err
	}
	p := b.versions[version]
	if p == nil {
		return stage.Process{}, fault.NotFound("process.not_found")
	}
	return p.Clone(), nil
}

func (r processes) Versions(ctx context.Context, tenant string, process uuid.UUID) ([]stage.Process, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []stage.Process
	for _, p := range b.versions {
		if p.ID == process {
			out = append(out, p.Clone())
		}
	}
	slices.SortFunc(out, func(a, b stage.Process) int { return a.Version - b.Version })
	return out, nil
}

func (r processes) Save(ctx context.Context, c stage.Change) error {
	t, rec := r.t, c.Record
	b, err := t.change(ctx, rec.Tenant)
	if err != nil {
		return err
	}
	old := b.processes[rec.ID]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(conflict("process.changed"))
	}
	if old != nil {
		del(t, b.modes, old.Code)
	}
	if c.Delete {
		del(t, b.processes, rec.ID)
		for id, p := range b.versions {
			if p.ID == rec.ID {
				del(t, b.versions, id)
			}
		}
		t.log(b, c.Entries)
		return nil
	}
	if _, taken := b.modes[rec.Code]; taken {
		return t.fail(duplicate("process.code.taken"))
	}
	if rec.Default {
		for id, p := range b.processes {
			if id != rec.ID && p.Default {
				other := *p
				other.Default = false
				set(t, b.processes, id, &other)
			}
		}
	}
	set(t, b.modes, rec.Code, rec.ID)
	set(t, b.processes, rec.ID, &rec)
	if c.Publish != nil {
		p := c.Publish.Clone()
		set(t, b.versions, p.VersionID, &p)
	}
	t.log(b, c.Entries)
	return nil
}

func (r processes) InUse(ctx context.Context, tenant string, version uuid.UUID) (map[string]int64, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, d := range b.deals {
		if d.ProcessVersion == version && d.Status != opportunity.Closed && d.Status != opportunity.Void {
			out[d.Stage]++
		}
	}
	return out, nil
}

func (r processes) Used(ctx context.Context, tenant string, process uuid.UUID) (bool, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return false, err
	}
	for _, d := range b.deals {
		if d.Process == process {
			return true, nil
		}
	}
	return false, nil
}
