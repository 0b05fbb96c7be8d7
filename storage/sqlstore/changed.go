package sqlstore

import (
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// stored is an opportunity's row as this transaction read it last, so that a
// change sets only the columns that differ: the database then leaves most indexes
// and foreign keys alone. The row is still like that if its version is.
type stored struct {
	tenant  string
	id      uuid.UUID
	version int64
	cells   []cell
}

// remember keeps the columns of a row that was just read.
func (t *tx) remember(r *row, o *opportunity.Root) {
	if !t.write {
		return
	}
	cells := append(t.last.cells[:0], r.cells[:len(opportunityTable.cols)]...)
	t.last = stored{o.Tenant, o.ID, o.Version, cells}
}

func (c *cell) holdsText(s string) bool { return c.kind == words && c.s == s }

// holds says whether the column holds what an argument would store.
func (c *cell) holds(arg any) bool {
	switch v := arg.(type) {
	case nil:
		return c.kind == null
	case int64:
		return c.kind == number && c.n == v
	case string:
		return c.holdsText(v)
	case []byte:
		return c.kind == words && c.s == string(v)
	}
	return false
}

// columns is a set of an opportunity's columns that may change, as bits.
type columns uint64

const (
	changing           = 59 - opportunityFixed
	allColumns columns = 1<<changing - 1
	maxUpdates         = 512 // how many statements are kept by their columns
)

// changes gives arguments that leave out what the opportunity's row holds already,
// if this transaction read that version.
func (t *tx) changes(o *opportunity.Root, expected int64) *args {
	a := t.args(len(opportunityTable.cols))
	if l := &t.last; l.id == o.ID && l.tenant == o.Tenant && l.version == expected {
		a.old = l.cells[opportunityFixed:]
		l.version = 0 // it isn't any more
	}
	return a
}

// changed gives the columns that differ, and ends the leaving out.
func (a *args) changed() columns {
	if a.old == nil {
		return allColumns
	}
	a.old = nil
	return a.set
}

// opportunityUpdate gives the statement that sets some columns.
func (s *Store) opportunityUpdate(set columns) string {
	if v, ok := s.shapes.Load(set); ok {
		return v.(string)
	}
	var b strings.Builder
	b.WriteString("UPDATE pursuit_opportunity SET ")
	first := true
	for i, c := range opportunityTable.cols[opportunityFixed:] {
		if set&(1<<i) == 0 {
			continue
		}
		if !first {
			b.WriteString(", ")
		}
		first = false
		b.WriteString(c + " = ?")
	}
	b.WriteString(" WHERE tenant = ? AND id = ? AND version = ?")
	text := rendered(b.String(), s.names, &s.d)
	if s.updates.Add(1) <= maxUpdates {
		s.shapes.Store(set, text)
	}
	return text
}
