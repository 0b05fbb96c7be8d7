package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

type journals struct{ *tx }

var journalTable = table{
	name: "pursuit_journal",
	cols: []string{"tenant", "kind", "aggregate_id", "seq", "id", "version", "type", "payload", "effective", "recorded", "by_user", "prev_hash", "hash", "relayed"},
	key:  []string{"tenant", "kind", "aggregate_id", "seq"},
}

// log writes a command's entries.
func (t *tx) log(ctx context.Context, entries []journal.Entry) error {
	return t.putThen(ctx, &journalTable, plain, len(entries), func(a *args, i int) {
		e := &entries[i]
		a.text(e.Tenant, string(e.Kind)).id(e.Aggregate).num(e.Seq).id(e.ID).num(e.Version).text(e.Type, string(e.Payload)).
			time(e.Moment.Effective).time(e.Moment.Recorded).text(e.Moment.By).hash(e.Prev).hash(e.Hash).flag(false)
	}, nil)
}

func readEntry(r *row) journal.Entry {
	return journal.Entry{
		Tenant: r.text(), Kind: journal.Kind(r.text()), Aggregate: r.id(), Seq: r.num(), ID: r.id(), Version: r.num(), Type: r.text(),
		Payload: []byte(r.text()), Moment: journal.Moment{Effective: r.time(), Recorded: r.time(), By: r.text()},
		Prev: r.hash(), Hash: r.hash(),
	}
}

func (t journals) Entries(ctx context.Context, tenant string, kind journal.Kind, aggregate uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
	return t.all(ctx, "j.kind = ? AND j.aggregate_id = ? AND j.seq > ? ORDER BY j.seq LIMIT ?",
		t.args(5).text(tenant, string(kind)).id(aggregate).num(after).int(limit))
}

func (t journals) Unrelayed(ctx context.Context, tenant string, limit int) ([]journal.Entry, error) {
	return t.all(ctx, "j.relayed = 0 ORDER BY j.id LIMIT ?", t.args(2).text(tenant).int(limit))
}

func (t journals) all(ctx context.Context, cond string, a *args) ([]journal.Entry, error) {
	var out []journal.Entry
	err := t.query(ctx, "SELECT "+t.s.d.aliased("j", journalTable.cols)+" FROM pursuit_journal j WHERE j.tenant = ? AND "+cond,
		len(journalTable.cols), a, func(r *row) { out = append(out, readEntry(r)) })
	return out, err
}

func (t journals) MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	for part := range chunks(ids) {
		_, err := t.exec(ctx, "UPDATE pursuit_journal SET relayed = 1 WHERE tenant = ? AND relayed = 0 AND id"+list(len(part)),
			t.args(1+len(part)).text(tenant).ids(part))
		if err != nil {
			return err
		}
	}
	return nil
}
