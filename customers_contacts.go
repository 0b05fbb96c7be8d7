package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
)

// AddContact adds a contact, Result.Contact. Errors: ErrInvalid, ErrLimit.
func (h Customers) AddContact(ctx context.Context, id uuid.UUID, in customer.ContactInput, opts ...CallOption) (Result, error) {
	return h.change(ctx, "customer.contact_add", access.CustomerContacts, id, in, opts,
		func(_ context.Context, c *command, a *customer.Aggregate, at journal.Moment, res *Result) error {
			res.Contact = c.id()
			return a.AddContact(res.Contact, in, at)
		})
}

// UpdateContact changes a contact's data; nil fields stay as they are. Errors:
// ErrNotFound, ErrInvalid, ErrNotAllowed.
func (h Customers) UpdateContact(ctx context.Context, id, contact uuid.UUID, in customer.UpdateContactInput, opts ...CallOption) (Result, error) {
	input := struct {
		Contact uuid.UUID
		In      customer.UpdateContactInput `at:""`
	}{contact, in}
	return h.change(ctx, "customer.contact_update", access.CustomerContacts, id, input, opts,
		customerChange(func(a *customer.Aggregate, at journal.Moment) error { return a.UpdateContact(contact, in, at) }))
}

// SetPrimaryContact moves the mark of the primary contact (C02). Errors:
// ErrNotFound, ErrNotAllowed.
func (h Customers) SetPrimaryContact(ctx context.Context, id, contact uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "customer.contact_primary", access.CustomerContacts, id, contact, opts,
		customerChange(func(a *customer.Aggregate, at journal.Moment) error { return a.SetPrimary(contact, at) }))
}

// SetContactActive activates or deactivates a contact (C05). Errors: ErrNotFound.
func (h Customers) SetContactActive(ctx context.Context, id, contact uuid.UUID, active bool, opts ...CallOption) (Result, error) {
	input := struct {
		Contact uuid.UUID
		Active  bool
	}{contact, active}
	return h.change(ctx, "customer.contact_active", access.CustomerContacts, id, input, opts,
		customerChange(func(a *customer.Aggregate, at journal.Moment) error {
			if active {
				return a.ActivateContact(contact, at)
			}
			return a.DeactivateContact(contact, at)
		}))
}

// RemoveContact deletes an unused contact (C05). Errors: ErrNotFound; ErrInUse
// otherwise: deactivate it instead.
func (h Customers) RemoveContact(ctx context.Context, id, contact uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "customer.contact_remove", access.CustomerContacts, id, contact, opts,
		func(ctx context.Context, c *command, a *customer.Aggregate, at journal.Moment, _ *Result) error {
			used, err := c.tx.Customers().Used(ctx, h.s().actor.Tenant, id, contact)
			if err != nil {
				return err
			}
			return a.RemoveContact(contact, used, at)
		})
}
