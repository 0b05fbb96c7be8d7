package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// basisColumns is how many columns there are, those of a line last.
var basisColumns = len(opportunityTable.cols) + len(memberTable.cols) - 2 + len(customerTable.cols) + len(settingsTable.cols) + len(lineTable.cols) - 2

// basisShape names the statement that reads what a new order is made of.
type basisShape struct{}

// basis gives that statement: a row for each line of the opportunity, or one if
// there are none.
func (s *Store) basis() string {
	if v, ok := s.shapes.Load(basisShape{}); ok {
		return v.(string)
	}
	text := rendered("SELECT "+s.d.aliased("o", opportunityTable.cols)+", "+s.d.aliased("v", memberTable.cols[2:])+", "+s.d.aliased("c", customerTable.cols)+
		", "+s.d.aliased("g", settingsTable.cols)+", "+s.d.aliased("p", lineTable.cols[2:])+" FROM pursuit_opportunity o"+
		" JOIN pursuit_customer c ON c.tenant = o.tenant AND c.id = o.customer_id"+
		" LEFT JOIN pursuit_opportunity_member v ON v.tenant = o.tenant AND v.opportunity_id = o.id AND v.user_id = ?"+
		" LEFT JOIN pursuit_sales_settings g ON g.tenant = o.tenant"+partOf(opportunity.PartLines).joined()+
		" WHERE o.tenant = ? AND o.id = ? ORDER BY p.number", s.names, &s.d)
	s.shapes.Store(basisShape{}, text)
	return text
}

func (t orders) Basis(ctx context.Context, tenant string, id uuid.UUID, viewer string) (order.Basis, error) {
	out := order.Basis{Settings: order.Settings{Tenant: tenant}}
	s := &out.Opportunity.Snapshot
	s.Loaded = opportunity.PartLines
	first := true
	err := t.rows(ctx, t.s.basis(), basisColumns, t.args(3).text(viewer, tenant).id(id), func(r *row) {
		if first {
			first = false
			t.readBasis(r, &out, viewer)
		} else {
			r.skip(basisColumns - len(lineTable.cols) + 2)
		}
		if !r.isNull() {
			partOf(opportunity.PartLines).read(r, s)
		}
	})
	if err == nil && first {
		err = fault.NotFound("opportunity.not_found")
	}
	if err != nil {
		return order.Basis{}, err
	}
	return out, nil
}

// readBasis reads what is the same in each row.
func (t orders) readBasis(r *row, out *order.Basis, viewer string) {
	root := &out.Opportunity.Snapshot.Root
	readOpportunity(r, root)
	t.remember(r, root)
	if viewer != "" && !r.isNull() {
		m := readMember(r)
		out.Opportunity.Viewer = &m
	} else {
		r.skip(len(memberTable.cols) - 2)
	}
	out.Customer = readCustomer(r)
	if !r.isNull() {
		out.Settings = readSettings(r)
	} else {
		r.skip(len(settingsTable.cols))
	}
}
