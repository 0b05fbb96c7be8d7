package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
)

type customers struct{ *tx }

var customerTable = table{
	name: "pursuit_customer",
	cols: []string{"tenant", "id", "created", "code", "name", "kind", "status", "parent_id", "sector", "tax_id", "email", "phone", "url",
		"address", "country", "owner", "department", "description", "attributes",
		"merged_into_id", "name_key", "email_key", "email_domain", "phone_key", "url_key", "tax_key",
		"updated", "version", "journal_seq", "journal_hash"},
	key: []string{"tenant", "id"},
}

// customerFixed is how many of the columns never change.
const customerFixed = 2

func customerValues(a *args, c *customer.Change) {
	x := &c.Customer
	k := customer.KeysOf(*x)
	a.time(x.Created).textOrNull(x.Code).text(x.Name, string(x.Kind), string(x.Status)).idOrNull(x.Parent).
		text(x.Sector, x.TaxID, x.Email, x.Phone, x.URL, x.Address, x.Country, x.Owner, x.Department, x.Description).
		json(x.Attributes, len(x.Attributes) == 0).idOrNull(x.MergedInto).
		text(k.Name, k.Email, k.EmailDomain, k.Phone, k.URL, k.TaxID).
		time(x.Updated).num(x.Version).head(c.Head)
}

func readCustomer(r *row) (rec customer.Record) {
	x := &rec.Customer
	x.Tenant, x.ID, x.Created = r.text(), r.id(), r.time()
	x.Code, x.Name, x.Kind, x.Status, x.Parent = r.text(), r.text(), customer.Kind(r.text()), customer.Status(r.text()), r.idOrNil()
	x.Sector, x.TaxID, x.Email, x.Phone, x.URL = r.text(), r.text(), r.text(), r.text(), r.text()
	x.Address, x.Country, x.Owner, x.Department, x.Description = r.text(), r.text(), r.text(), r.text(), r.text()
	r.json(&x.Attributes)
	x.MergedInto = r.idOrNil()
	r.skip(6)
	x.Updated, x.Version, rec.Head = r.time(), r.num(), r.head()
	return rec
}

func (t customers) Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
	rec, err := t.one(ctx, "c.id = ?", t.args(2).text(tenant).id(id))
	if err != nil || !contacts {
		return rec, err
	}
	err = t.query(ctx, "SELECT "+t.s.d.aliased("k", contactTable.cols)+" FROM pursuit_contact k WHERE k.tenant = ? AND k.customer_id = ? ORDER BY k.id",
		len(contactTable.cols), t.args(2).text(tenant).id(id), func(r *row) { rec.Contacts = append(rec.Contacts, readContact(r)) })
	return rec, err
}

func (t customers) ByCode(ctx context.Context, tenant, code string) (customer.Record, error) {
	return t.one(ctx, "c.code = ?", t.args(2).text(tenant).textOrNull(code))
}

func (t customers) one(ctx context.Context, cond string, a *args) (customer.Record, error) {
	var out customer.Record
	found := false
	err := t.query(ctx, "SELECT "+t.s.d.aliased("c", customerTable.cols)+" FROM pursuit_customer c WHERE c.tenant = ? AND "+cond,
		len(customerTable.cols), a, func(r *row) { out, found = readCustomer(r), true })
	if err == nil && !found {
		err = fault.NotFound("customer.not_found")
	}
	if err != nil {
		return customer.Record{}, err
	}
	return out, nil
}

func (t customers) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Customer, error) {
	var out []customer.Customer
	for part := range chunks(ids) {
		err := t.query(ctx, "SELECT "+t.s.d.aliased("c", customerTable.cols)+" FROM pursuit_customer c WHERE c.tenant = ? AND c.id"+list(len(part)),
			len(customerTable.cols), t.args(1+len(part)).text(tenant).ids(part), func(r *row) { out = append(out, readCustomer(r).Customer) })
		if err != nil {
			return nil, err
		}
	}
	return out, t.can(ctx, false)
}

func (t customers) ContactsNamed(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Contact, error) {
	var out []customer.Contact
	for part := range chunks(ids) {
		err := t.query(ctx, "SELECT "+t.s.d.aliased("k", contactTable.cols)+" FROM pursuit_contact k WHERE k.tenant = ? AND k.id"+list(len(part)),
			len(contactTable.cols), t.args(1+len(part)).text(tenant).ids(part), func(r *row) { out = append(out, readContact(r)) })
		if err != nil {
			return nil, err
		}
	}
	return out, t.can(ctx, false)
}

func (t customers) List(ctx context.Context, tenant string, q customer.Query) ([]customer.Customer, error) {
	w := t.where("c", tenant)
	w.and("c.merged_into_id IS NULL")
	w.scope(q.Scope, "c.department", "c.owner", "")
	if q.Status != "" {
		w.and("c.status = ?").text(string(q.Status))
	}
	if q.Kind != "" {
		w.and("c.kind = ?").text(string(q.Kind))
	}
	if q.Owner != "" {
		w.and("c.owner = ?").text(q.Owner)
	}
	if q.Parent != uuid.Nil {
		w.and("c.parent_id = ?").id(q.Parent)
	}
	if q.Search != "" {
		w.contains("c.name_key", q.Search)
	}
	if q.AfterID != uuid.Nil {
		w.after("c.name_key", "c.id", false, q.AfterKey, q.AfterID)
	}
	var out []customer.Customer
	err := t.search(ctx, "SELECT "+t.s.d.aliased("c", customerTable.cols)+" FROM pursuit_customer c"+w.text()+" ORDER BY c.name_key, c.id LIMIT ?",
		len(customerTable.cols), w.args.int(q.Limit), func(r *row) { out = append(out, readCustomer(r).Customer) })
	return out, err
}

func (t customers) Save(ctx context.Context, c customer.Change) error {
	return t.together(ctx, func() error {
		if err := t.saveCustomer(ctx, &c); err != nil {
			return err
		}
		if !(c.Delete && c.Expected != 0) { // else the contacts went with it
			if err := t.saveContacts(ctx, &c); err != nil {
				return err
			}
		}
		return t.log(ctx, c.Entries)
	})
}

func (t customers) saveCustomer(ctx context.Context, c *customer.Change) error {
	const changed, code = "customer.changed", "customer.code.taken"
	x := &c.Customer
	switch {
	case c.Expected == 0:
		return t.create(ctx, &customerTable, x.Tenant, x.ID, changed, code, func(a *args, _ int) {
			customerValues(a.text(x.Tenant).id(x.ID), c)
		})
	case c.Delete:
		return t.remove(ctx, &customerTable, x.Tenant, x.ID, c.Expected, changed, code)
	}
	a := t.args(len(customerTable.cols))
	customerValues(a, c)
	return t.guarded(ctx, t.s.text(customerTable.update(customerTable.cols[customerFixed:])), changed, code, a.text(x.Tenant).id(x.ID).num(c.Expected))
}

func (t customers) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	if contact != uuid.Nil {
		return t.exists(ctx, "SELECT 1 FROM pursuit_opportunity_contact WHERE tenant = ? AND contact_id = ? LIMIT 1", t.args(2).text(tenant).id(contact))
	}
	var q string
	a := t.args(20)
	for i, x := range [...][2]string{
		{"pursuit_opportunity", "customer_id"}, {"pursuit_opportunity", "bill_to_id"}, {"pursuit_opportunity", "end_user_id"},
		{"pursuit_sales_order", "customer_id"}, {"pursuit_sales_order", "bill_to_id"}, {"pursuit_sales_order", "end_user_id"},
		{"pursuit_quote", "customer_id"}, {"pursuit_customer", "parent_id"}, {"pursuit_customer", "merged_into_id"},
	} {
		if i > 0 {
			q += " UNION ALL "
		}
		q += "SELECT 1 FROM " + x[0] + " WHERE tenant = ? AND " + x[1] + " = ?"
		a.text(tenant).id(id)
	}
	q += " UNION ALL SELECT 1 FROM pursuit_contact k JOIN pursuit_opportunity_contact d ON d.tenant = k.tenant AND d.contact_id = k.id" +
		" WHERE k.tenant = ? AND k.customer_id = ? LIMIT 1"
	return t.exists(ctx, q, a.text(tenant).id(id))
}
