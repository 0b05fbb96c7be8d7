package sqlstore

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/order"
)

type orders struct{ *tx }

func (t orders) Get(ctx context.Context, tenant string, id uuid.UUID, events bool, viewer string) (order.Snapshot, access.Relation, error) {
	var s order.Snapshot
	found, rel := false, access.Stranger
	err := t.query(ctx, "SELECT "+t.s.d.aliased("s", orderTable.cols)+", v.role, v.access FROM pursuit_sales_order s"+
		" LEFT JOIN pursuit_opportunity_member v ON v.tenant = s.tenant AND v.opportunity_id = s.opportunity_id AND v.user_id = ?"+
		" WHERE s.tenant = ? AND s.id = ?", len(orderTable.cols)+2, t.args(3).text(viewer, tenant).id(id), func(r *row) {
		s.Root, found = readOrder(r), true
		rel = viewerRelation(r, viewer)
	})
	if err == nil && !found {
		err = fault.NotFound("order.not_found")
	}
	if err == nil {
		err = t.query(ctx, "SELECT "+t.s.d.aliased("l", orderLineTable.cols[2:])+" FROM pursuit_sales_order_line l WHERE l.tenant = ? AND l.order_id = ? ORDER BY l.number",
			len(orderLineTable.cols)-2, t.args(2).text(tenant).id(id), func(r *row) { s.Items = append(s.Items, readOrderLine(r)) })
	}
	if err == nil && events {
		s.EventsLoaded = true
		err = t.query(ctx, "SELECT "+t.s.d.aliased("e", orderEventTable.cols[2:])+" FROM pursuit_sales_order_event e WHERE e.tenant = ? AND e.order_id = ?"+
			" ORDER BY e.recorded, e.external_id, e.line",
			len(orderEventTable.cols)-2, t.args(2).text(tenant).id(id), func(r *row) { s.Events = append(s.Events, readOrderEvent(r)) })
	}
	if err != nil {
		return order.Snapshot{}, "", err
	}
	return s, rel, nil
}

// selected says which orders a query selects.
const selected = " FROM pursuit_sales_order s JOIN pursuit_opportunity o ON o.tenant = s.tenant AND o.id = s.opportunity_id"

func (t orders) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	w := t.selects(tenant, q)
	var out []order.Root
	err := t.search(ctx, "SELECT "+t.s.d.aliased("s", orderTable.cols)+selected+w.text()+" ORDER BY s.number LIMIT ?",
		len(orderTable.cols), w.args.int(q.Limit), func(r *row) { out = append(out, readOrder(r)) })
	return out, err
}

func (t orders) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	w := t.selects(tenant, q)
	var out []order.Snapshot
	at := map[uuid.UUID]int{}
	lines := orderLineTable.cols[2:]
	err := t.search(ctx, "SELECT "+t.s.d.aliased("x", orderTable.cols)+", "+t.s.d.aliased("l", lines)+
		" FROM (SELECT s.tenant, s.id"+selected+w.text()+" ORDER BY s.number LIMIT ?) p"+
		" JOIN pursuit_sales_order x ON x.tenant = p.tenant AND x.id = p.id"+
		" LEFT JOIN pursuit_sales_order_line l ON l.tenant = x.tenant AND l.order_id = x.id ORDER BY x.number, l.number",
		len(orderTable.cols)+len(lines), w.args.int(q.Limit), func(r *row) {
			root := readOrder(r)
			i, known := at[root.ID]
			if !known {
				i = len(out)
				at[root.ID] = i
				out = append(out, order.Snapshot{Root: root, EventsLoaded: true})
			}
			if !r.isNull() {
				out[i].Items = append(out[i].Items, readOrderLine(r))
			}
		})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	a := t.args(1 + len(out)).text(tenant)
	for i := range padded(len(out)) {
		a.id(out[min(i, len(out)-1)].ID)
	}
	cols := orderEventTable.cols[2:]
	err = t.search(ctx, "SELECT e.order_id, "+t.s.d.aliased("e", cols)+" FROM pursuit_sales_order_event e WHERE e.tenant = ? AND e.order_id"+list(len(out))+
		" ORDER BY e.order_id, e.recorded, e.external_id, e.line", 1+len(cols), a, func(r *row) {
		if i, ok := at[r.id()]; ok {
			out[i].Events = append(out[i].Events, readOrderEvent(r))
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// selects gathers the conditions of a query; see selected.
func (t orders) selects(tenant string, q order.Query) *where {
	w := t.where("s", tenant)
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	if len(q.Statuses) > 0 {
		names := make([]string, len(q.Statuses))
		for i, s := range q.Statuses {
			names[i] = s.String()
		}
		w.in("s.status", names)
	}
	if q.Opportunity != uuid.Nil {
		w.and("s.opportunity_id = ?").id(q.Opportunity)
	}
	if q.Customer != uuid.Nil {
		w.and("s.customer_id = ?").id(q.Customer)
	}
	if q.Number != "" {
		w.and("s.number = ?").text(q.Number)
	}
	if q.AfterNumber != "" {
		w.and("s.number > ?").text(q.AfterNumber)
	}
	return w
}

func (t orders) Save(ctx context.Context, c order.Change) error {
	return t.together(ctx, func() error {
		o := &c.Root
		if err := t.saveOrder(ctx, &c); err != nil {
			return err
		}
		if n := len(c.RemovedLines); n > 0 {
			a := t.args(2 + n).text(o.Tenant).id(o.ID)
			for i := range padded(n) {
				a.int(c.RemovedLines[min(i, n-1)])
			}
			if err := t.later(ctx, "DELETE FROM pursuit_sales_order_line WHERE tenant = ? AND order_id = ? AND number"+list(n), a); err != nil {
				return err
			}
		}
		err := t.putThen(ctx, &orderLineTable, setting(c.Expected), len(c.Lines), func(a *args, i int) {
			orderLineValues(a.text(o.Tenant).id(o.ID), &c.Lines[i])
		}, nil)
		if err != nil {
			return err
		}
		err = t.putThen(ctx, &orderEventTable, nothing, len(c.Events), func(a *args, i int) {
			orderEventValues(a.text(o.Tenant).id(o.ID), &c.Events[i])
		}, every("order.event.exists"))
		if err != nil {
			return err
		}
		return t.log(ctx, c.Entries)
	})
}

func (t orders) saveOrder(ctx context.Context, c *order.Change) error {
	const changed, number = "order.changed", "order.number.taken"
	o := &c.Root
	if c.Expected == 0 {
		return t.create(ctx, &orderTable, o.Tenant, o.ID, changed, number, func(a *args, _ int) {
			orderValues(a.text(o.Tenant).id(o.ID).text(o.Number), o)
		})
	}
	a := t.args(len(orderTable.cols))
	orderValues(a, o)
	return t.guarded(ctx, t.s.text(orderTable.update(orderTable.cols[orderFixed:])), changed, number, a.text(o.Tenant).id(o.ID).num(c.Expected))
}

func (t orders) Settings(ctx context.Context, tenant string) (order.Settings, error) {
	out := order.Settings{Tenant: tenant}
	err := t.query(ctx, "SELECT "+t.s.d.aliased("s", settingsTable.cols)+" FROM pursuit_sales_settings s WHERE s.tenant = ?",
		len(settingsTable.cols), t.args(1).text(tenant), func(r *row) { out = readSettings(r) })
	return out, err
}

func (t orders) SaveSettings(ctx context.Context, c order.SettingsChange) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	s := &c.Settings
	var n int64
	var err error
	if c.Expected == 0 {
		n, err = t.put(ctx, &settingsTable, nothing, 1, func(a *args, _ int) { settingsValues(a.text(s.Tenant), s) })
	} else {
		a := t.args(len(settingsTable.cols) + 1)
		settingsValues(a, s)
		n, err = t.exec(ctx, "UPDATE pursuit_sales_settings SET "+strings.Join(settingsTable.cols[settingsFixed:], " = ?, ")+" = ? WHERE tenant = ? AND version = ?",
			a.text(s.Tenant).num(c.Expected))
	}
	return t.finish(ctx, n, err, "sales_system.changed", "storage.unique", c.Entries)
}
