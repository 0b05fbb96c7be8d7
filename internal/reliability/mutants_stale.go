package reliability

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// noting gives a world's tenant on a store that notes what is saved.
func (t *theatre) noting(end error) storage.Store {
	return &Hooked{Store: t.p.Store, Before: func(_ context.Context, what string) error {
		if what == "commit" {
			return end
		}
		return nil
	}, Saved: func(_ string, again func(ctx context.Context, tx storage.Tx) error) {
		t.again = append(t.again, again)
	}}
}

// stale gives a command up when all is written, lets somebody else be faster, and
// then writes it: nothing of it may be kept, and all of it must be refused.
func (t *theatre) stale(w *World, c *Command, id uuid.UUID) error {
	t.again = nil
	x, err := w.Inside(t.noting(errStopped), w.opts)
	if err != nil {
		return err
	}
	x.Part = w.Part
	_, err = safely(func() (result, error) { return c.Give(t, x, id) })
	if err := t.script.note("given up", nil, err); err != nil {
		return err
	}
	h := &Hooked{Store: t.p.Store, Before: func(_ context.Context, what string) error {
		if what == "commit" {
			return errStopped
		}
		return nil
	}}
	groups := [][]string{roots}
	for i := range roots {
		groups = append(groups, roots[i:i+1]) // of one aggregate only
	}
	for _, group := range groups {
		for _, by := range []int{1, -1} {
			for _, table := range group {
				q := fmt.Sprintf("UPDATE pursuit_%s SET version = version + %d WHERE tenant = '%s'", table, by, w.Tenant)
				if _, err := t.p.DB.ExecContext(t, q); err != nil {
					return err
				}
			}
			if by > 0 {
				if err := t.replayOn(h, fmt.Sprint("stale ", group)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// overtaken lets somebody else be faster between what a command reads and what it
// writes, in the same transaction: so it sees that nowhere but in the version.
func (t *theatre) overtaken(w *World, c *Command, id uuid.UUID) error {
	h := &Hooked{Store: t.p.Store}
	h.Saved = func(string, func(context.Context, storage.Tx) error) {
		conn, ok := sqlstore.ConnOf(h.Within)
		for _, table := range roots {
			if ok {
				_, _ = conn.Exec(t, fmt.Sprintf("UPDATE pursuit_%s SET version = version + 1 WHERE tenant = '%s'", table, w.Tenant))
			}
		}
	}
	x, err := w.Inside(h, w.opts)
	if err != nil {
		return err
	}
	x.Part = w.Part
	r, err := safely(func() (result, error) { return c.Give(t, x, id) })
	return t.script.note("overtaken", r, err)
}

// roots are the tables of aggregates.
var roots = []string{"customer", "archive_entry", "process", "opportunity", "sales_order", "quote", "sales_settings"}

var errStopped = errors.New("stopped")

// replay saves what was noted once more, each in a transaction of its own.
func (t *theatre) replay(what string) error { return t.replayOn(t.p.Store, what) }

func (t *theatre) replayOn(store storage.Store, what string) error {
	for i, again := range t.again {
		err := store.Update(t, func(ctx context.Context, tx storage.Tx) error { return again(ctx, tx) })
		if err := t.script.note(fmt.Sprint(what, " again ", i), nil, err); err != nil {
			return err
		}
	}
	return nil
}

// moved saves what was saved once more while the aggregates have other ids, but
// numbers and codes that are taken.
func (t *theatre) moved(w *World) error {
	for i := range 2 {
		for _, table := range roots[:6] {
			if err := t.flip(table, w.Tenant); err != nil {
				return err
			}
		}
		if i == 0 {
			if err := t.replay("moved"); err != nil {
				return err
			}
		}
	}
	return nil
}

// flip changes the ids of a tenant's rows, and nothing that refers to them, to others and back.
func (t *theatre) flip(table, tenant string) error {
	conn, err := t.p.DB.Conn(t)
	if err != nil {
		return err
	}
	defer conn.Close()
	off, on := t.p.unchecked()
	if _, err := conn.ExecContext(t, off); err != nil {
		return err
	}
	q := "UPDATE pursuit_" + table + " SET id = " + t.p.flipped() + " WHERE tenant = '" + tenant + "'"
	_, err = conn.ExecContext(t, q)
	_, err2 := conn.ExecContext(t, on)
	return errors.Join(err, err2)
}

// unchecked gives what lets a connection forget about references, and what ends it.
func (p *Place) unchecked() (off, on string) {
	if p.Site.server == postgresServer {
		return "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
	}
	return "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
}

// flipped is an id that is another one, whose other one it is.
func (p *Place) flipped() string {
	if p.Site.server == postgresServer {
		return "(CASE WHEN id::text LIKE '0%' THEN 'f' ELSE '0' END || substr(id::text, 2))::uuid"
	}
	return "unhex(CASE WHEN hex(id) LIKE '0%' THEN 'F' ELSE '0' END || substr(hex(id), 2))"
}

// rows gives all that is stored, so that a scene ends with it.
func (t *theatre) rows() error {
	for _, table := range append(slices.Clone(tables), "number_series", "lease") {
		rows, err := t.p.DB.QueryContext(t, "SELECT * FROM pursuit_"+table)
		if err != nil {
			return err
		}
		cols, err := rows.Columns()
		if err != nil {
			return err
		}
		var lines []string
		v, dest := make([]any, len(cols)), make([]any, len(cols))
		for i := range v {
			dest[i] = &v[i]
		}
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			for i := range v {
				if b, ok := v[i].([]byte); ok {
					v[i] = string(b)
				}
			}
			lines = append(lines, fmt.Sprintf("%q", v))
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		slices.Sort(lines)
		for _, line := range lines {
			if err := t.script.line(table + " " + line); err != nil {
				return err
			}
		}
	}
	return nil
}

// clear empties the database.
func (p *Place) clear(ctx context.Context) error {
	conn, err := p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	off, on := p.unchecked()
	if _, err := conn.ExecContext(ctx, off); err != nil {
		return err
	}
	var errs []error
	for _, table := range append(slices.Clone(tables), "number_series", "lease") {
		_, err := conn.ExecContext(ctx, "DELETE FROM pursuit_"+table)
		errs = append(errs, err)
	}
	_, err = conn.ExecContext(ctx, on)
	return errors.Join(append(errs, err)...)
}
