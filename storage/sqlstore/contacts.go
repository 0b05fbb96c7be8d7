package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
)

var contactTable = table{
	name: "pursuit_contact",
	cols: []string{"tenant", "id", "customer_id", "name", "title", "email", "phone", "is_primary", "active", "note", "attributes",
		"name_key", "email_key", "email_domain", "phone_key", "created", "updated"},
	key: []string{"tenant", "id"},
}

func readContact(r *row) (k customer.Contact) {
	r.skip(1)
	k.ID, k.Customer = r.id(), r.id()
	k.Name, k.Title, k.Email, k.Phone = r.text(), r.text(), r.text(), r.text()
	k.Primary, k.Active, k.Note = r.flag(), r.flag(), r.text()
	r.json(&k.Attributes)
	r.skip(4)
	k.Created, k.Updated = r.time(), r.time()
	return k
}

// saveContacts deletes, then writes, so that the primary mark may pass from one
// to the other.
func (t *tx) saveContacts(ctx context.Context, c *customer.Change) error {
	tenant := c.Customer.Tenant
	for part := range chunks(c.Removed) {
		err := t.later(ctx, "DELETE FROM pursuit_contact WHERE tenant = ? AND customer_id = ? AND id"+list(len(part)),
			t.args(2+len(part)).text(tenant).id(c.Customer.ID).ids(part))
		if err != nil {
			return err
		}
	}
	return t.putThen(ctx, &contactTable, setting(c.Expected), len(c.Contacts), func(a *args, i int) {
		x := &c.Contacts[i]
		k := customer.KeysOfContact(*x)
		of := x.Customer
		if of == uuid.Nil {
			of = c.Customer.ID
		}
		a.text(tenant).id(x.ID).id(of).text(x.Name, x.Title, x.Email, x.Phone).flag(x.Primary).flag(x.Active).text(x.Note).
			json(x.Attributes, len(x.Attributes) == 0).text(k.Name, k.Email, k.EmailDomain, k.Phone).time(x.Created).time(x.Updated)
	}, nil)
}
