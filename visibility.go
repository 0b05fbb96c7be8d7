package pursuit

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// searching returns the scope of the customers by whose names a filter searches
// (J02); it asks the policy only if the filter searches.
func (s *Session) searching(ctx context.Context, f *opportunity.Filter) (access.Scope, error) {
	if f.Search == "" && f.Prefix == "" {
		return access.Scope{}, nil
	}
	return s.scopeOrNone(ctx, access.Customers)
}

// bounded returns the scope of the customers that the actor may see, and reports
// whether there may be others. It asks the policy once per attempt (J01).
func (c *command) bounded(ctx context.Context) (access.Scope, bool, error) {
	if c.customers == nil {
		sc, err := c.s.scopeOrNone(ctx, access.Customers)
		if err != nil {
			return access.Scope{}, false, err
		}
		c.customers = &sc
	}
	return *c.customers, !c.customers.All, nil
}

// visible removes customers that the actor may not see, so a command that names
// one fails as if it didn't exist (J02, J03).
func (c *command) visible(ctx context.Context, list []customer.Customer) ([]customer.Customer, error) {
	if len(list) == 0 {
		return list, nil
	}
	sc, bounded, err := c.bounded(ctx)
	if !bounded {
		return list, err
	}
	return slices.DeleteFunc(list, func(x customer.Customer) bool { return !sc.Sees(x.Department, x.Owner, false) }), nil
}

// visibleContacts is visible for contacts, which are visible with their
// customers. known are customers already read.
func (c *command) visibleContacts(ctx context.Context, list []customer.Contact, known []customer.Customer) ([]customer.Contact, error) {
	if len(list) == 0 {
		return list, nil
	}
	sc, bounded, err := c.bounded(ctx)
	if !bounded {
		return list, err
	}
	of := make([]uuid.UUID, len(list))
	for i := range list {
		of[i] = list[i].Customer
	}
	seen, err := c.seenCustomers(ctx, sc, of, known)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(x customer.Contact) bool { return !seen[x.Customer] }), nil
}

// seenCustomers returns the customers inside a scope. It reads, in one statement,
// those that aren't known.
func (c *command) seenCustomers(ctx context.Context, sc access.Scope, ids []uuid.UUID, known []customer.Customer) (map[uuid.UUID]bool, error) {
	seen := map[uuid.UUID]bool{}
	note := func(list []customer.Customer) {
		for i := range list {
			seen[list[i].ID] = sc.Sees(list[i].Department, list[i].Owner, false)
		}
	}
	note(known)
	var missing []uuid.UUID
	for _, id := range ids {
		if _, ok := seen[id]; !ok && id != uuid.Nil {
			seen[id] = false
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return seen, nil
	}
	list, err := c.tx.Customers().Named(ctx, c.s.actor.Tenant, missing)
	note(list)
	return seen, err
}

// visibleNames removes the names of customers that the actor may not see, and
// those of their contacts (J02). It takes a statement if the actor doesn't see
// all.
func (c *command) visibleNames(ctx context.Context, names *opportunity.Names) error {
	sc, bounded, err := c.bounded(ctx)
	if !bounded {
		return err
	}
	var of []uuid.UUID
	for _, x := range names.Customers {
		of = append(of, x.ID)
	}
	for _, x := range names.Contacts {
		of = append(of, x.Customer)
	}
	seen, err := c.seenCustomers(ctx, sc, of, nil)
	if err != nil {
		return err
	}
	names.Customers = slices.DeleteFunc(names.Customers, func(x opportunity.CustomerName) bool { return !seen[x.ID] })
	names.Contacts = slices.DeleteFunc(names.Contacts, func(x opportunity.ContactName) bool { return !seen[x.Customer] })
	return nil
}
