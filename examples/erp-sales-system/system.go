package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// tables are the ERP's. What it searches by is in columns, all else in doc.
const tables = `
CREATE TABLE erp_order (
	tenant TEXT NOT NULL, id BLOB NOT NULL, number TEXT NOT NULL, opportunity BLOB NOT NULL, customer BLOB NOT NULL,
	status TEXT NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL,
	PRIMARY KEY (tenant, id), UNIQUE (tenant, number));
CREATE TABLE erp_order_line (
	tenant TEXT NOT NULL, erp_order BLOB NOT NULL, number INTEGER NOT NULL, doc TEXT NOT NULL,
	PRIMARY KEY (tenant, erp_order, number));
CREATE TABLE erp_order_event (
	tenant TEXT NOT NULL, erp_order BLOB NOT NULL, external TEXT NOT NULL, line INTEGER NOT NULL, recorded INTEGER NOT NULL, doc TEXT NOT NULL,
	PRIMARY KEY (tenant, erp_order, external, line))`

// system is the ERP's sales system in one transaction.
type system struct{ conn sqlstore.Conn }

// plug is for pursuit.Options.SalesSystem.
func plug(_ string, tx storage.Tx) order.SalesSystem {
	conn, ok := sqlstore.ConnOf(tx)
	if !ok {
		return nil
	}
	return system{conn}
}

// rows runs a query of columns (id, document), and gives each row to fn.
func (s system) rows(ctx context.Context, fn func(id uuid.UUID, doc []byte) error, query string, args ...any) (err error) {
	rows, err := s.conn.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		var raw []byte
		var doc string
		if err := rows.Scan(&raw, &doc); err != nil {
			return err
		}
		id, err := uuid.FromBytes(raw)
		if err != nil {
			return err
		}
		if err := fn(id, []byte(doc)); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s system) Get(ctx context.Context, tenant string, id uuid.UUID, events bool) (order.Snapshot, error) {
	list, err := s.read(ctx, events, " WHERE o.tenant = ? AND o.id = ?", tenant, id[:])
	switch {
	case err != nil:
		return order.Snapshot{}, err
	case len(list) == 0:
		return order.Snapshot{}, fault.NotFound("order.not_found")
	}
	return list[0], nil
}

func (s system) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	cond, args := selects(tenant, q)
	var out []order.Root
	err := s.rows(ctx, func(_ uuid.UUID, doc []byte) error {
		var r order.Root
		out = append(out, r)
		return json.Unmarshal(doc, &out[len(out)-1])
	}, "SELECT o.id, o.doc FROM erp_order o"+cond, args...)
	return out, err
}

func (s system) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	cond, args := selects(tenant, q)
	return s.read(ctx, true, cond, args...)
}

// read reads whole orders, in three statements.
func (s system) read(ctx context.Context, events bool, cond string, args ...any) ([]order.Snapshot, error) {
	var out []order.Snapshot
	at := map[uuid.UUID]*order.Snapshot{}
	err := s.rows(ctx, func(_ uuid.UUID, doc []byte) error {
		out = append(out, order.Snapshot{EventsLoaded: events})
		return json.Unmarshal(doc, &out[len(out)-1].Root)
	}, "SELECT o.id, o.doc FROM erp_order o"+cond, args...)
	for i := range out {
		at[out[i].ID] = &out[i]
	}
	picked := " JOIN (SELECT o.tenant, o.id FROM erp_order o" + cond + ") p ON p.tenant = x.tenant AND p.id = x.erp_order"
	if err == nil {
		err = s.rows(ctx, func(id uuid.UUID, doc []byte) error {
			var l order.Line
			err := json.Unmarshal(doc, &l)
			at[id].Items = append(at[id].Items, l)
			return err
		}, "SELECT x.erp_order, x.doc FROM erp_order_line x"+picked+" ORDER BY x.erp_order, x.number", args...)
	}
	if err == nil && events {
		err = s.rows(ctx, func(id uuid.UUID, doc []byte) error {
			var e order.ExecutionEvent
			err := json.Unmarshal(doc, &e)
			at[id].Events = append(at[id].Events, e)
			return err
		}, "SELECT x.erp_order, x.doc FROM erp_order_event x"+picked+" ORDER BY x.erp_order, x.recorded, x.external, x.line", args...)
	}
	return out, err
}

// selects makes a query's condition. Who sees an order goes by its opportunity,
// whose tables docs/schema.md describes.
func selects(tenant string, q order.Query) (string, []any) {
	cond, args := " JOIN pursuit_opportunity d ON d.tenant = o.tenant AND d.id = o.opportunity WHERE o.tenant = ?", []any{tenant}
	and := func(c string, a ...any) { cond, args = cond+" AND "+c, append(args, a...) }
	if !q.Scope.All {
		any, vals := []string{"1 = 0"}, []any{}
		for _, d := range q.Scope.Departments {
			if d != "" {
				any, vals = append(any, "d.department = ?"), append(vals, d)
			}
		}
		if u := q.Scope.User; u != "" {
			any = append(any, "d.owner = ?", "EXISTS (SELECT 1 FROM pursuit_opportunity_member m WHERE m.tenant = d.tenant AND m.opportunity_id = d.id AND m.user_id = ?)")
			vals = append(vals, u, u)
		}
		and("("+strings.Join(any, " OR ")+")", vals...)
	}
	if len(q.Statuses) > 0 {
		var vals []any
		for _, s := range q.Statuses {
			vals = append(vals, s.String())
		}
		and("o.status IN (?"+strings.Repeat(", ?", len(vals)-1)+")", vals...)
	}
	if q.Opportunity != uuid.Nil {
		and("o.opportunity = ?", q.Opportunity[:])
	}
	if q.Number != "" {
		and("o.number = ?", q.Number)
	}
	if q.Customer != uuid.Nil {
		and("o.customer = ?", q.Customer[:])
	}
	if q.AfterNumber != "" {
		and("o.number > ?", q.AfterNumber)
	}
	return cond + " ORDER BY o.number LIMIT ?", append(args, q.Limit)
}

func (s system) Create(_ context.Context, in order.CreateRequest) (order.Plan, error) {
	o, err := order.New(in.ID, in.Number, in.Source, in.Input, in.At)
	if err != nil {
		return order.Plan{}, err
	}
	return s.plan(o)
}

func (s system) Do(_ context.Context, before order.Snapshot, t order.Task, at journal.Moment) (order.Plan, error) {
	o, err := order.Restore(before, time.UTC)
	if err != nil {
		return order.Plan{}, err
	}
	if err := o.Do(t, at); err != nil {
		return order.Plan{}, err
	}
	return s.plan(o)
}

func (s system) plan(o *order.Order) (order.Plan, error) {
	c, ok, err := o.Change(uuid.New)
	if err != nil || !ok {
		return order.Plan{Order: o.Snapshot()}, err
	}
	c.Root.Head = journal.Head{} // the ERP has a journal of its own
	return order.Plan{Order: o.Snapshot(), Write: func(ctx context.Context) error { return s.write(ctx, c) }}, nil
}

func (s system) write(ctx context.Context, c order.Change) error {
	r := &c.Root
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if c.Expected == 0 {
		_, err = s.conn.Exec(ctx, "INSERT INTO erp_order (tenant, id, number, opportunity, customer, status, version, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			r.Tenant, r.ID[:], r.Number, r.Opportunity[:], r.Customer[:], r.Status.String(), r.Version, string(doc))
	} else {
		var n int64
		n, err = s.conn.Exec(ctx, "UPDATE erp_order SET status = ?, version = ?, doc = ? WHERE tenant = ? AND id = ? AND version = ?",
			r.Status.String(), r.Version, string(doc), r.Tenant, r.ID[:], c.Expected)
		if err == nil && n == 0 {
			return fault.New(fault.ErrConflict, "order.changed", "the order was changed by somebody else")
		}
	}
	for i := 0; err == nil && i < len(c.Lines); i++ {
		if doc, err = json.Marshal(c.Lines[i]); err == nil {
			_, err = s.conn.Exec(ctx, "REPLACE INTO erp_order_line (tenant, erp_order, number, doc) VALUES (?, ?, ?, ?)", r.Tenant, r.ID[:], c.Lines[i].Number, string(doc))
		}
	}
	for i := 0; err == nil && i < len(c.Events); i++ {
		e := &c.Events[i]
		if doc, err = json.Marshal(e); err == nil {
			_, err = s.conn.Exec(ctx, "INSERT INTO erp_order_event (tenant, erp_order, external, line, recorded, doc) VALUES (?, ?, ?, ?, ?, ?)",
				r.Tenant, r.ID[:], e.External, e.Line, e.Recorded.UnixMicro(), string(doc))
		}
	}
	return err
}
