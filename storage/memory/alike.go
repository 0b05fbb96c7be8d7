package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
)

// alike says what a customer has in common with a probe.
func alike(a *account, q *customer.AlikeQuery) []customer.Match {
	var by []customer.Match
	note := func(yes bool, m customer.Match) {
		if yes && !slices.Contains(by, m) {
			by = append(by, m)
		}
	}
	keys := []customer.Keys{customer.KeysOf(a.Customer)}
	note(q.Name != "" && keys[0].Name == q.Name, customer.SameName)
	for _, x := range a.Contacts {
		keys = append(keys, customer.KeysOfContact(x))
	}
	for _, k := range keys {
		note(k.Email != "" && slices.Contains(q.Emails, k.Email), customer.SameEmail)
	}
	for _, k := range keys {
		note(k.EmailDomain != "" && slices.Contains(q.Domains, k.EmailDomain), customer.SameDomain)
	}
	for _, k := range keys {
		note(k.Phone != "" && slices.Contains(q.Phones, k.Phone), customer.SamePhone)
	}
	note(q.TaxID != "" && keys[0].TaxID == q.TaxID, customer.SameTaxID)
	return by
}

// survivor follows an alias; nil if it leads nowhere.
func (b *books) survivor(a *account) *account {
	for range len(b.customers) {
		if a == nil || !a.Customer.IsAlias() {
			return a
		}
		a = b.customers[a.Customer.MergedInto]
	}
	return nil
}

func (r customers) Alike(ctx context.Context, tenant string, q customer.AlikeQuery) ([]customer.Hit, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID][]customer.Match{}
	for _, a := range b.customers {
		by := alike(a, &q)
		if len(by) == 0 {
			continue
		}
		if a = b.survivor(a); a != nil {
			found[a.Customer.ID] = append(found[a.Customer.ID], by...)
		}
	}
	var out []customer.Hit
	for id, by := range found {
		c := &b.customers[id].Customer
		if id == q.Except || !q.Scope.Sees(c.Department, c.Owner, false) {
			continue
		}
		sorted := slices.DeleteFunc(customer.Matches(), func(m customer.Match) bool { return !slices.Contains(by, m) })
		out = append(out, customer.Hit{Customer: c.Clone(), By: sorted})
	}
	slices.SortFunc(out, func(x, y customer.Hit) int {
		if c := strings.Compare(b.customers[x.Customer.ID].key, b.customers[y.Customer.ID].key); c != 0 {
			return c
		}
		return compareIDs(x.Customer.ID, y.Customer.ID)
	})
	return out[:min(q.Limit, len(out))], nil
}

func (r customers) Dependents(ctx context.Context, tenant string, id uuid.UUID, limit int) (customer.Dependents, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return customer.Dependents{}, err
	}
	var d customer.Dependents
	for _, x := range b.deals {
		if x.Customer == id || x.BillTo == id || x.EndUser == id {
			d.Opportunities = append(d.Opportunities, x.ID)
		}
	}
	for _, x := range b.quotes {
		if x.Customer == id {
			d.Quotes = append(d.Quotes, x.ID)
		}
	}
	for _, x := range b.orders {
		if x.Customer == id || x.BillTo == id || x.EndUser == id {
			d.Orders = append(d.Orders, x.ID)
		}
	}
	for _, x := range b.customers {
		if x.Customer.Parent == id {
			d.Children = append(d.Children, x.Customer.ID)
		}
	}
	for _, list := range []*[]uuid.UUID{&d.Opportunities, &d.Quotes, &d.Orders, &d.Children} {
		slices.SortFunc(*list, compareIDs)
		*list = slices.Clip((*list)[:min(limit, len(*list))])
		if len(*list) == 0 {
			*list = nil
		}
		limit -= len(*list)
	}
	return d, nil
}
