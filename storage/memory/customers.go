package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// customersOf returns copies of those customers that exist.
func (b *books) customersOf(ids []uuid.UUID) []customer.Customer {
	var out []customer.Customer
	for _, id := range ids {
		if c := b.customers[id]; c != nil {
			out = append(out, c.Customer.Clone())
		}
	}
	return out
}

// contactsOf returns copies of those contacts that exist.
func (b *books) contactsOf(ids []uuid.UUID) []customer.Contact {
	var out []customer.Contact
	for _, id := range ids {
		c := b.customers[b.contacts[id]]
		if c == nil {
			continue
		}
		if i, ok := slices.BinarySearchFunc(c.Contacts, id, func(x customer.Contact, id uuid.UUID) int { return compareIDs(x.ID, id) }); ok {
			out = append(out, c.Contacts[i].Clone())
		}
	}
	return out
}

type customers struct{ t *tx }

func (r customers) Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return customer.Record{}, err
	}
	c := b.customers[id]
	if c == nil {
		return customer.Record{}, fault.NotFound("customer.not_found")
	}
	out := customer.Record{Customer: c.Customer.Clone(), Head: c.Head}
	if contacts {
		for _, x := range c.Contacts {
			out.Contacts = append(out.Contacts, x.Clone())
		}
	}
	return out, nil
}

func (r customers) ByCode(ctx context.Context, tenant, code string) (customer.Record, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return customer.Record{}, err
	}
	id, ok := b.codes[code]
	if !ok {
		return customer.Record{}, fault.NotFound("customer.not_found")
	}
	return r.Get(ctx, tenant, id, false)
}

func (r customers) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Customer, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return b.customersOf(ids), nil
}

func (r customers) ContactsNamed(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Contact, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return b.contactsOf(ids), nil
}

func (r customers) List(ctx context.Context, tenant string, q customer.Query) ([]customer.Customer, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	search := text.Fold(q.Search)
	var hits []*account
	for _, a := range b.customers {
		c := &a.Customer
		if !c.IsAlias() && q.Scope.Sees(c.Department, c.Owner, false) &&
			(q.Status == "" || q.Status == c.Status) && (q.Kind == "" || q.Kind == c.Kind) && (q.Owner == "" || q.Owner == c.Owner) &&
			(q.Parent == uuid.Nil || q.Parent == c.Parent) && (q.Search == "" || strings.Contains(a.key, search)) &&
			(q.AfterID == uuid.Nil || cmp.Or(strings.Compare(a.key, q.AfterKey), compareIDs(c.ID, q.AfterID)) > 0) {
			hits = append(hits, a)
		}
	}
	slices.SortFunc(hits, func(a, b *account) int {
		return cmp.Or(strings.Compare(a.key, b.key), compareIDs(a.Customer.ID, b.Customer.ID))
	})
	var out []customer.Customer
	for _, a := range hits[:min(q.Limit, len(hits))] {
		out = append(out, a.Customer.Clone())
	}
	return out, nil
}

func (r customers) Save(ctx context.Context, c customer.Change) error {
	t, id := r.t, c.Customer.ID
	b, err := t.change(ctx, c.Customer.Tenant)
	if err != nil {
		return err
	}
	old := b.customers[id]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Customer.Version != c.Expected) {
		return t.fail(conflict("customer.changed"))
	}
	next := &account{customer.Record{Customer: c.Customer.Clone(), Head: c.Head}, customer.KeysOf(c.Customer).Name}
	if old != nil {
		next.Contacts = old.Contacts
		for _, x := range c.Moved { // the map goes on to the other customer
			next.Contacts = slices.DeleteFunc(slices.Clone(next.Contacts), func(y customer.Contact) bool { return y.ID == x })
		}
		if old.Customer.Code != "" {
			del(t, b.codes, old.Customer.Code)
		}
	}
	if c.Delete {
		for _, x := range next.Contacts {
			del(t, b.contacts, x.ID)
		}
		del(t, b.customers, id)
		t.log(b, c.Entries)
		return nil
	}
	if code := c.Customer.Code; code != "" {
		if _, taken := b.codes[code]; taken {
			return t.fail(duplicate("customer.code.taken"))
		}
		set(t, b.codes, code, id)
	}
	for _, x := range c.Removed {
		del(t, b.contacts, x)
	}
	for _, x := range c.Contacts {
		set(t, b.contacts, x.ID, id)
	}
	next.Contacts = merge(next.Contacts, c.Contacts, customer.Contact.Clone, func(x customer.Contact) uuid.UUID { return x.ID }, compareIDs, c.Removed)
	set(t, b.customers, id, next)
	t.log(b, c.Entries)
	return nil
}

func (r customers) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return false, err
	}
	if contact != uuid.Nil {
		for _, d := range b.deals {
			if slices.ContainsFunc(d.Contacts, func(c opportunity.DealContact) bool { return c.Contact == contact }) {
				return true, nil
			}
		}
		return false, nil
	}
	for _, d := range b.deals {
		if d.Customer == id || d.BillTo == id || d.EndUser == id ||
			slices.ContainsFunc(d.Contacts, func(c opportunity.DealContact) bool { return b.contacts[c.Contact] == id }) {
			return true, nil
		}
	}
	for _, q := range b.quotes {
		if q.Customer == id {
			return true, nil
		}
	}
	for _, o := range b.orders {
		if o.Customer == id || o.BillTo == id || o.EndUser == id {
			return true, nil
		}
	}
	for _, c := range b.customers {
		if c.Customer.Parent == id || c.Customer.MergedInto == id {
			return true, nil
		}
	}
	return false, nil
}
