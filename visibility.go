package pursuit

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// searching is the scope of the customers by whose names a filter searches (J02);
// the policy is asked only if it searches.
func (s *Session) searching(ctx context.Context, f *opportunity.Filter) (access.Scope, error) {
	if f.Search == "" && f.Prefix == "" {
		return access.Scope{}, nil
	}
	return s.scopeOrNone(ctx, access.Customers)
}

// visible leaves out the customers that the actor may not see, so that a command that
// names one answers as if it didn't exist (J02, J03).
func (s *Session) visible(ctx context.Context, list []customer.Customer) ([]customer.Customer, error) {
	if len(list) == 0 {
		return list, nil
	}
	sc, err := s.scopeOrNone(ctx, access.Customers)
	if err != nil || sc.All {
		return list, err
	}
	return slices.DeleteFunc(list, func(x customer.Customer) bool { return !sc.Sees(x.Department, x.Owner, false) }), nil
}

// visibleContacts is visible for contacts, which are seen with their customers.
// known are customers that were read already.
func (s *Session) visibleContacts(ctx context.Context, tx storage.Tx, list []customer.Contact, known []customer.Customer) ([]customer.Contact, error) {
	if len(list) == 0 {
		return list, nil
	}
	sc, err := s.scopeOrNone(ctx, access.Customers)
	if err != nil || sc.All {
		return list, err
	}
	of := make([]uuid.UUID, len(list))
	for i := range list {
		of[i] = list[i].Customer
	}
	seen, err := s.seenCustomers(ctx, tx, sc, of, known)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(x customer.Contact) bool { return !seen[x.Customer] }), nil
}

// seenCustomers returns which customers are inside a scope. It reads, in one
// statement, those that aren't known.
func (s *Session) seenCustomers(ctx context.Context, tx storage.Tx, sc access.Scope, ids []uuid.UUID, known []customer.Customer) (map[uuid.UUID]bool, error) {
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
	list, err := tx.Customers().Named(ctx, s.actor.Tenant, missing)
	note(list)
	return seen, err
}

// visibleNames leaves out the names of customers that the actor may not see, and
// those of their contacts (J02). It takes a statement if the actor doesn't see all.
func (s *Session) visibleNames(ctx context.Context, tx storage.Tx, names *opportunity.Names) error {
	sc, err := s.scopeOrNone(ctx, access.Customers)
	if err != nil || sc.All {
		return err
	}
	var of []uuid.UUID
	for _, x := range names.Customers {
		of = append(of, x.ID)
	}
	for _, x := range names.Contacts {
		of = append(of, x.Customer)
	}
	seen, err := s.seenCustomers(ctx, tx, sc, of, nil)
	if err != nil {
		return err
	}
	names.Customers = slices.DeleteFunc(names.Customers, func(x opportunity.CustomerName) bool { return !seen[x.ID] })
	names.Contacts = slices.DeleteFunc(names.Contacts, func(x opportunity.ContactName) bool { return !seen[x.Customer] })
	return nil
}
