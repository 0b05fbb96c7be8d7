package sqlstore

import (
	"context"
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// clash says why a new row of an aggregate was not inserted: it is there already,
// or its code is taken.
func (t *tx) clash(ctx context.Context, tb *table, tenant string, id uuid.UUID, changed, takenCode string) error {
	there, err := t.exists(ctx, "SELECT 1 FROM "+tb.name+" WHERE tenant = ? AND id = ?", t.args(2).text(tenant).id(id))
	switch {
	case err != nil:
		return err
	case there:
		return t.fail(conflict(changed))
	}
	return t.fail(duplicate(takenCode))
}

// remove deletes an aggregate's row, and with it its parts, if it has a version.
func (t *tx) remove(ctx context.Context, tb *table, tenant string, id uuid.UUID, version int64, changed, takenCode string) error {
	return t.guarded(ctx, t.s.text("DELETE FROM "+tb.name+" WHERE tenant = ? AND id = ? AND version = ?"), changed, takenCode, t.args(3).text(tenant).id(id).num(version))
}

// rooted looks at what became of an aggregate's row: n rows were touched.
func (t *tx) rooted(n int64, err error, changed, takenCode string) error {
	if err != nil {
		return taken(err, takenCode)
	}
	if n != 1 {
		return t.fail(conflict(changed))
	}
	return nil
}

// finish looks at what became of an aggregate's row, and writes the journal.
func (t *tx) finish(ctx context.Context, n int64, err error, changed, takenCode string, entries []journal.Entry) error {
	if err := t.rooted(n, err, changed, takenCode); err != nil {
		return err
	}
	return t.log(ctx, entries)
}

// exists says whether a query gives a row.
func (t *tx) exists(ctx context.Context, query string, a *args) (bool, error) {
	found := false
	err := t.query(ctx, query, 1, a, func(*row) { found = true })
	return found, err
}

// maxNamed is how many ids one statement looks up.
const maxNamed = 512

func chunks(ids []uuid.UUID) iter.Seq[[]uuid.UUID] { return slices.Chunk(ids, maxNamed) }
