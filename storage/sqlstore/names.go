package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// The names of a deal's customers, joined to the root's statement.
const (
	customerNames       = "k.code, k.name, b.code, b.name, u.code, u.name"
	customerNameColumns = 6
	namedCustomers      = " LEFT JOIN pursuit_customer k ON k.tenant = o.tenant AND k.id = o.customer_id" +
		" LEFT JOIN pursuit_customer b ON b.tenant = o.tenant AND b.id = o.bill_to_id" +
		" LEFT JOIN pursuit_customer u ON u.tenant = o.tenant AND u.id = o.end_user_id"
)

// readCustomerNames reads them from the first row; each row has them.
func readCustomerNames(r *row, rec *opportunity.Record, first bool) {
	if !first {
		r.skip(customerNameColumns)
		return
	}
	for _, id := range []uuid.UUID{rec.Snapshot.Customer, rec.Snapshot.BillTo, rec.Snapshot.EndUser} {
		c := opportunity.CustomerName{ID: id, Code: r.text(), Name: r.text()}
		if id != uuid.Nil {
			rec.Names.AddCustomer(c)
		}
	}
}

// contactsWithNames reads the deal's contacts, with their names in the same statement.
func (t opportunities) contactsWithNames(ctx context.Context, tenant string, id uuid.UUID, p *part, rec *opportunity.Record) error {
	named := []string{"id", "customer_id", "name", "title", "active"}
	q := "SELECT " + t.s.d.aliased("p", p.cols) + ", " + t.s.d.aliased("c", named) + " FROM " + p.table + " p" +
		" JOIN pursuit_contact c ON c.tenant = p.tenant AND c.id = p.contact_id WHERE p.tenant = ? AND p.opportunity_id = ? ORDER BY p." + p.order
	return t.query(ctx, q, len(p.cols)+len(named), t.args(2).text(tenant).id(id), func(r *row) {
		p.read(r, &rec.Snapshot)
		rec.Names.AddContact(opportunity.ContactName{ID: r.id(), Customer: r.id(), Name: r.text(), Title: r.text(), Active: r.flag()})
	})
}
