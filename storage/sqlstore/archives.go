package sqlstore

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
)

type archives struct{ *tx }

var archiveTable = table{
	name: "pursuit_archive_entry",
	cols: []string{"tenant", "id", "kind", "code", "names", "status", "needs_explanation", "needs_competitor", "description",
		"attributes", "created", "updated", "version", "journal_seq", "journal_hash"},
	key: []string{"tenant", "id"},
}

// archiveFixed is how many of the columns never change.
const archiveFixed = 4

func archiveValues(a *args, e *archive.Entry, c *archive.Change) {
	a.json(e.Names, false).text(string(e.Status)).flag(e.NeedsExplanation).flag(e.NeedsCompetitor).text(e.Description).
		json(e.Attributes, len(e.Attributes) == 0).time(e.Created).time(e.Updated).num(e.Version).head(c.Head)
}

func readArchive(r *row) archive.Record {
	var rec archive.Record
	e := &rec.Entry
	e.Tenant, e.ID, e.Kind, e.Code = r.text(), r.id(), archive.Kind(r.text()), r.text()
	r.json(&e.Names)
	e.Status, e.NeedsExplanation, e.NeedsCompetitor, e.Description = archive.Status(r.text()), r.flag(), r.flag(), r.text()
	r.json(&e.Attributes)
	e.Created, e.Updated, e.Version, rec.Head = r.time(), r.time(), r.num(), r.head()
	return rec
}

func (t archives) Get(ctx context.Context, tenant string, id uuid.UUID) (archive.Record, error) {
	var out *archive.Record
	err := t.query(ctx, "SELECT "+t.s.d.aliased("a", archiveTable.cols)+" FROM pursuit_archive_entry a WHERE a.tenant = ? AND a.id = ?",
		len(archiveTable.cols), t.args(2).text(tenant).id(id), func(r *row) {
			rec := readArchive(r)
			out = &rec
		})
	if err == nil && out == nil {
		err = fault.NotFound("archive.not_found")
	}
	if err != nil {
		return archive.Record{}, err
	}
	return *out, nil
}

func (t archives) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]archive.Entry, error) {
	var out []archive.Entry
	for part := range chunks(ids) {
		err := t.query(ctx, "SELECT "+t.s.d.aliased("a", archiveTable.cols)+" FROM pursuit_archive_entry a WHERE a.tenant = ? AND a.id"+list(len(part)),
			len(archiveTable.cols), t.args(1+len(part)).text(tenant).ids(part), func(r *row) { out = append(out, readArchive(r).Entry) })
		if err != nil {
			return nil, err
		}
	}
	return out, t.can(ctx, false)
}

func (t archives) Coded(ctx context.Context, tenant string, kind archive.Kind, codes []string) ([]archive.Entry, error) {
	var out []archive.Entry
	for part := range slices.Chunk(codes, maxNamed) {
		w := t.where("a", tenant)
		w.and("a.kind = ?").text(string(kind))
		w.in("a.code", part)
		err := t.search(ctx, "SELECT "+t.s.d.aliased("a", archiveTable.cols)+" FROM pursuit_archive_entry a"+w.text(),
			len(archiveTable.cols), w.args, func(r *row) { out = append(out, readArchive(r).Entry) })
		if err != nil {
			return nil, err
		}
	}
	return out, t.can(ctx, false)
}

func (t archives) List(ctx context.Context, tenant string, q archive.Query) ([]archive.Entry, error) {
	w := t.where("a", tenant)
	if q.Kind != "" {
		w.and("a.kind = ?").text(string(q.Kind))
	}
	if q.Status != "" {
		w.and("a.status = ?").text(string(q.Status))
	}
	if q.AfterCode != "" {
		w.and("(a.kind, a.code) > (?, ?)").text(string(q.AfterKind), q.AfterCode)
	}
	var out []archive.Entry
	err := t.search(ctx, "SELECT "+t.s.d.aliased("a", archiveTable.cols)+" FROM pursuit_archive_entry a"+w.text()+" ORDER BY a.kind, a.code LIMIT ?",
		len(archiveTable.cols), w.args.int(q.Limit), func(r *row) { out = append(out, readArchive(r).Entry) })
	return out, err
}

func (t archives) Save(ctx context.Context, c archive.Change) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	const changed, code = "archive.changed", "archive.code.taken"
	e := &c.Entry
	var err error
	switch {
	case c.Expected == 0:
		err = t.create(ctx, &archiveTable, e.Tenant, e.ID, changed, code, func(a *args, _ int) {
			a.text(e.Tenant).id(e.ID).text(string(e.Kind), e.Code)
			archiveValues(a, e, &c)
		})
	case c.Delete:
		if err := t.remove(ctx, &archiveTable, e.Tenant, e.ID, c.Expected, changed, code); err != nil {
			return err
		}
		return t.log(ctx, c.Entries)
	default:
		a := t.args(len(archiveTable.cols))
		archiveValues(a, e, &c)
		err = t.guarded(ctx, t.s.text(archiveTable.update(archiveTable.cols[archiveFixed:])), changed, code, a.text(e.Tenant).id(e.ID).num(c.Expected))
	}
	if err != nil {
		return err
	}
	if v := c.Scorecard; v != nil {
		if _, err := t.put(ctx, &scorecardTable, plain, 1, func(a *args, _ int) {
			a.text(e.Tenant).id(e.ID).int(v.Number).int(v.Scale).json(v.Criteria, false).time(v.Published).text(v.By)
		}); err != nil {
			return err
		}
	}
	return t.log(ctx, c.Entries)
}

var scorecardTable = table{
	name: "pursuit_scorecard_version",
	cols: []string{"tenant", "scorecard_id", "number", "scale", "criteria", "published", "published_by"},
	key:  []string{"tenant", "scorecard_id", "number"},
}

func (t archives) ScorecardVersion(ctx context.Context, tenant string, scorecard uuid.UUID, number int) (archive.ScorecardVersion, error) {
	q, a := "SELECT "+t.s.d.aliased("v", scorecardTable.cols[1:])+" FROM pursuit_scorecard_version v WHERE v.tenant = ? AND v.scorecard_id = ?", t.args(3).text(tenant).id(scorecard)
	if number != 0 {
		q += " AND v.number = ?"
		a.int(number)
	}
	var v archive.ScorecardVersion
	err := t.query(ctx, q+" ORDER BY v.number DESC LIMIT 1", len(scorecardTable.cols)-1, a, func(r *row) {
		v.Scorecard, v.Number, v.Scale = r.id(), r.int(), r.int()
		r.json(&v.Criteria)
		v.Published, v.By = r.time(), r.text()
	})
	if err == nil && v.Number == 0 {
		err = fault.NotFound("scorecard.not_found")
	}
	return v, err
}

func (t archives) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	return t.exists(ctx, "SELECT 1 FROM pursuit_opportunity_choice WHERE tenant = ? AND entry_id = ?"+
		" UNION ALL SELECT 1 FROM pursuit_opportunity_expense WHERE tenant = ? AND category_id = ?"+
		" UNION ALL SELECT 1 FROM pursuit_opportunity WHERE tenant = ? AND source_id = ?"+
		" UNION ALL SELECT 1 FROM pursuit_opportunity_document WHERE tenant = ? AND kind_id = ?"+
		" UNION ALL SELECT 1 FROM pursuit_opportunity_evaluation WHERE tenant = ? AND scorecard_id = ? LIMIT 1",
		t.args(10).text(tenant).id(id).text(tenant).id(id).text(tenant).id(id).text(tenant).id(id).text(tenant).id(id))
}
