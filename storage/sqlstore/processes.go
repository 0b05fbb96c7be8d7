package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

type processes struct{ *tx }

var processTable = table{
	name: "pursuit_process",
	cols: []string{"tenant", "id", "code", "state", "is_default", "current_id", "latest", "created", "updated", "version", "journal_seq", "journal_hash"},
	key:  []string{"tenant", "id"},
}

// processFixed is how many of the columns never change.
const processFixed = 2

func processValues(a *args, p *stage.Record) {
	a.text(p.Code, string(p.State)).flag(p.Default).id(p.Current).int(p.Latest).time(p.Created).time(p.Updated).num(p.Version).head(p.Head)
}

func readProcess(r *row) stage.Record {
	return stage.Record{
		Tenant: r.text(), ID: r.id(), Code: r.text(), State: stage.State(r.text()), Default: r.flag(), Current: r.id(), Latest: r.int(),
		Created: r.time(), Updated: r.time(), Version: r.num(), Head: r.head(),
	}
}

func (t processes) Get(ctx context.Context, tenant string, process uuid.UUID) (stage.Record, error) {
	return t.one(ctx, "p.id = ?", t.args(2).text(tenant).id(process))
}

func (t processes) ByCode(ctx context.Context, tenant, code string) (stage.Record, error) {
	return t.one(ctx, "p.code = ?", t.args(2).text(tenant, code))
}

func (t processes) one(ctx context.Context, cond string, a *args) (stage.Record, error) {
	list, err := t.all(ctx, " AND "+cond, a)
	if err == nil && len(list) == 0 {
		err = fault.NotFound("process.not_found")
	}
	if err != nil {
		return stage.Record{}, err
	}
	return list[0], nil
}

func (t processes) List(ctx context.Context, tenant string) ([]stage.Record, error) {
	return t.all(ctx, " ORDER BY p.code", t.args(1).text(tenant))
}

func (t processes) all(ctx context.Context, rest string, a *args) ([]stage.Record, error) {
	var out []stage.Record
	err := t.query(ctx, "SELECT "+t.s.d.aliased("p", processTable.cols)+" FROM pursuit_process p WHERE p.tenant = ?"+rest,
		len(processTable.cols), a, func(r *row) { out = append(out, readProcess(r)) })
	return out, err
}

func (t processes) Version(ctx context.Context, tenant string, version uuid.UUID) (stage.Process, error) {
	list, err := t.versions(ctx, "id = ?", t.args(2).text(tenant).id(version))
	if err == nil && len(list) == 0 {
		err = fault.NotFound("process.not_found")
	}
	if err != nil {
		return stage.Process{}, err
	}
	return list[0], nil
}

func (t processes) Versions(ctx context.Context, tenant string, process uuid.UUID) ([]stage.Process, error) {
	return t.versions(ctx, "process_id = ? ORDER BY number", t.args(2).text(tenant).id(process))
}

func (t processes) versions(ctx context.Context, cond string, a *args) ([]stage.Process, error) {
	var out []stage.Process
	err := t.query(ctx, "SELECT definition FROM pursuit_process_version WHERE tenant = ? AND "+cond, 1, a, func(r *row) {
		var p stage.Process
		r.json(&p)
		out = append(out, p)
	})
	return out, err
}

var versionTable = table{
	name: "pursuit_process_version",
	cols: []string{"tenant", "id", "process_id", "number", "definition"},
	key:  []string{"tenant", "id"},
}

func (t processes) Save(ctx context.Context, c stage.Change) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	const changed, code = "process.changed", "process.code.taken"
	p := &c.Record
	if p.Default && !c.Delete { // the mark is unique: it is taken first
		_, err := t.exec(ctx, "UPDATE pursuit_process SET is_default = 0 WHERE tenant = ? AND is_default = 1 AND id <> ?", t.args(2).text(p.Tenant).id(p.ID))
		if err != nil {
			return err
		}
	}
	var err error
	switch {
	case c.Expected == 0:
		err = t.create(ctx, &processTable, p.Tenant, p.ID, changed, code, func(a *args, _ int) { processValues(a.text(p.Tenant).id(p.ID), p) })
	case c.Delete:
		if err := t.remove(ctx, &processTable, p.Tenant, p.ID, c.Expected, changed, code); err != nil {
			return err
		}
		return t.log(ctx, c.Entries)
	default:
		a := t.args(len(processTable.cols) + 1)
		processValues(a, p)
		err = t.guarded(ctx, t.s.text(processTable.update(processTable.cols[processFixed:])), changed, code, a.text(p.Tenant).id(p.ID).num(c.Expected))
	}
	if err != nil {
		return err
	}
	if v := c.Publish; v != nil && !c.Delete {
		_, err := t.put(ctx, &versionTable, plain, 1, func(a *args, _ int) {
			a.text(p.Tenant).id(v.VersionID).id(v.ID).int(v.Version).json(v, false)
		})
		if err != nil {
			return err
		}
	}
	return t.log(ctx, c.Entries)
}

func (t processes) InUse(ctx context.Context, tenant string, version uuid.UUID) (map[string]int64, error) {
	out := map[string]int64{}
	err := t.query(ctx, "SELECT stage, COUNT(*) FROM pursuit_opportunity WHERE tenant = ? AND process_version_id = ? AND status NOT IN ('closed', 'void') GROUP BY stage",
		2, t.args(2).text(tenant).id(version), func(r *row) { out[r.text()] = r.num() })
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (t processes) Used(ctx context.Context, tenant string, process uuid.UUID) (bool, error) {
	return t.exists(ctx, "SELECT 1 FROM pursuit_process_version v"+
		" JOIN pursuit_opportunity o ON o.tenant = v.tenant AND o.process_version_id = v.id WHERE v.tenant = ? AND v.process_id = ? LIMIT 1", t.args(2).text(tenant).id(process))
}
