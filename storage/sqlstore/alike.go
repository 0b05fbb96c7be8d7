package sqlstore

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
)

// Alike finds what each key matches, a row for each customer and match, leads those
// of aliases to their survivors, and joins the customers. SQLite takes CROSS JOIN for
// the order in which to look; the others are free. UNION ALL keeps it from sorting
// each key's matches, through the primary key; the outer UNION drops what comes twice.
// Customers that aren't aliases lead to NULL, which is nobody.
func (t customers) Alike(ctx context.Context, tenant string, q customer.AlikeQuery) ([]customer.Hit, error) {
	if q.Empty() {
		return nil, t.can(ctx, false)
	}
	matches := customer.Matches()
	a := t.args(16)
	var from []string
	find := func(m customer.Match, table, id, col string, vals []string) {
		if len(vals) == 0 {
			return
		}
		sort := 0
		for i := range matches {
			if matches[i] == m {
				sort = i
			}
		}
		from = append(from, "SELECT "+id+" AS customer_id, "+string(rune('0'+sort))+" AS sort FROM "+table+" WHERE tenant = ? AND "+col+" IN "+places(len(vals)))
		a.text(tenant).text(vals...)
	}
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	find(customer.SameName, "pursuit_customer", "id", "name_key", one(q.Name))
	find(customer.SameTaxID, "pursuit_customer", "id", "tax_key", one(q.TaxID))
	for _, x := range [][2]string{{"pursuit_customer", "id"}, {"pursuit_contact", "customer_id"}} {
		find(customer.SameEmail, x[0], x[1], "email_key", q.Emails)
		find(customer.SameDomain, x[0], x[1], "email_domain", q.Domains)
		find(customer.SamePhone, x[0], x[1], "phone_key", q.Phones)
	}
	a.text(tenant) // of those who lead on
	w := &where{[]string{"c.id = led.customer_id", "c.tenant = ?"}, a}
	a.text(tenant)
	w.and("c.merged_into_id IS NULL")
	if q.Except != uuid.Nil {
		w.and("c.id <> ?").id(q.Except)
	}
	w.scope(q.Scope, "c.department", "c.owner", "")
	var out []customer.Hit
	err := t.search(ctx, "WITH RECURSIVE led (customer_id, sort) AS (SELECT m.customer_id, m.sort FROM ("+strings.Join(from, " UNION ALL ")+") m"+
		" UNION SELECT x.merged_into_id, led.sort FROM led CROSS JOIN pursuit_customer x WHERE x.tenant = ? AND x.id = led.customer_id)"+
		" SELECT "+t.s.d.aliased("c", customerTable.cols)+", led.sort FROM led CROSS JOIN pursuit_customer c"+
		w.text()+" ORDER BY c.name_key, c.id, led.sort LIMIT ?", len(customerTable.cols)+1, a.int(q.Limit*len(matches)), func(r *row) {
		c := readCustomer(r).Customer
		m := matches[r.int()]
		if n := len(out); n > 0 && out[n-1].Customer.ID == c.ID {
			out[n-1].By = append(out[n-1].By, m)
			return
		}
		out = append(out, customer.Hit{Customer: c, By: []customer.Match{m}})
	})
	return out[:min(q.Limit, len(out))], err
}

func (t customers) Dependents(ctx context.Context, tenant string, id uuid.UUID, limit int) (customer.Dependents, error) {
	var d customer.Dependents
	of := " WHERE tenant = ? AND (customer_id = ? OR bill_to_id = ? OR end_user_id = ?)"
	a := t.args(14).text(tenant).id(id).id(id).id(id).text(tenant).id(id).text(tenant).id(id).id(id).id(id).text(tenant).id(id).int(limit)
	err := t.query(ctx, "SELECT 1 AS sort, id FROM pursuit_opportunity"+of+" UNION ALL SELECT 2 AS sort, id FROM pursuit_quote WHERE tenant = ? AND customer_id = ?"+
		" UNION ALL SELECT 3 AS sort, id FROM pursuit_sales_order"+of+" UNION ALL SELECT 4 AS sort, id FROM pursuit_customer WHERE tenant = ? AND parent_id = ? ORDER BY sort, id LIMIT ?", 2, a, func(r *row) {
		switch sort, x := r.int(), r.id(); sort {
		case 1:
			d.Opportunities = append(d.Opportunities, x)
		case 2:
			d.Quotes = append(d.Quotes, x)
		case 3:
			d.Orders = append(d.Orders, x)
		default:
			d.Children = append(d.Children, x)
		}
	})
	return d, err
}
