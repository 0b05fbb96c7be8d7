package pursuit

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// Customers manages the customer and contact archives (C1). Errors common to all
// methods are those of [Opportunities].
type Customers struct{ handle }

// Customers returns the handle of customers.
func (s *Session) Customers() Customers { return Customers{handle{s}} }

func customerSubject(c *customer.Customer) access.Subject {
	return access.Subject{ID: c.ID, Department: c.Department, Owner: c.Owner}
}

func newCustomerSubject(in *customer.CreateInput) access.Subject {
	return access.Subject{Department: in.Department, Owner: in.Owner}
}

// Create records a customer with its contacts (C01–C03), Result.Contacts. Owner
// and department may be anybody's, and stay empty if omitted: with
// access.Default, only administrators can transfer or merge a customer that has
// neither. Errors: ErrInvalid, ErrDuplicate for a taken code.
func (h Customers) Create(ctx context.Context, in customer.CreateInput, opts ...CallOption) (Result, error) {
	s := h.s()
	res, err := s.do(ctx, "customer.create", uuid.Nil, in, opts, func(ctx context.Context, c *command) (Result, error) {
		if err := s.allow(ctx, access.CustomerCreate, newCustomerSubject(&in)); err != nil {
			return Result{}, err
		}
		if err := c.expect(0, "customer.changed"); err != nil {
			return Result{}, err
		}
		ids := make([]uuid.UUID, len(in.Contacts))
		for i := range ids {
			ids[i] = c.id()
		}
		at, err := c.firstMoment(ctx)
		if err != nil {
			return Result{}, err
		}
		a, err := c.newCustomer(ctx, c.id(), in, ids, at)
		if err != nil {
			return Result{}, err
		}
		res := Result{ID: a.Customer.ID, Version: 1, Contacts: ids}
		if err := c.saveCustomer(ctx, a); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	})
	return res, err
}

func (c *command) saveCustomer(ctx context.Context, a *customer.Aggregate) error {
	ch, err := a.Change(c.s.eng.newID)
	if err != nil {
		return err
	}
	return c.tx.Customers().Save(ctx, ch)
}

// maxParents limits a chain of parents.
const maxParents = 20

// parent requires that a customer's parent exists and doesn't lead back to it. It
// returns the parent or, for an alias, its survivor (C08).
func (c *command) parent(ctx context.Context, id, parent uuid.UUID) (uuid.UUID, error) {
	bad := func(code, message string) error {
		return fault.Invalid("customer.invalid", fault.Field{Path: "/parent", Code: code, Message: message})
	}
	first := uuid.Nil
	for depth := 0; parent != uuid.Nil; depth++ {
		if parent == id || depth >= maxParents {
			return uuid.Nil, bad("cycle", "leads back to the customer, or too far")
		}
		list, err := c.tx.Customers().Named(ctx, c.s.actor.Tenant, []uuid.UUID{parent})
		if err != nil {
			return uuid.Nil, err
		}
		if len(list) == 0 {
			return uuid.Nil, bad("not_found", "isn't a customer")
		}
		up := customer.Record{Customer: list[0]}
		if up.Customer.IsAlias() {
			if up, err = survivorOf(ctx, c.tx.Customers(), c.s.actor.Tenant, up, false); err != nil {
				return uuid.Nil, err
			}
			if up.Customer.ID == id {
				return uuid.Nil, bad("cycle", "is an alias of the customer")
			}
		}
		if first == uuid.Nil {
			if list, err = c.visible(ctx, []customer.Customer{up.Customer}); err != nil {
				return uuid.Nil, err
			}
			if len(list) == 0 {
				return uuid.Nil, bad("not_found", "isn't a customer")
			}
			first = up.Customer.ID
		}
		parent = up.Customer.Parent
	}
	return first, nil
}

// newCustomer returns a new customer under an id, below its parent. Errors as for
// customer.New; ErrInvalid for the parent.
func (c *command) newCustomer(ctx context.Context, id uuid.UUID, in customer.CreateInput, ids []uuid.UUID, at journal.Moment) (*customer.Aggregate, error) {
	up, bad := c.parent(ctx, id, in.Parent)
	if bad == nil {
		in.Parent = up
	} else if !errors.Is(bad, fault.ErrInvalid) {
		return nil, bad
	}
	a, err := customer.New(id, c.s.actor.Tenant, in, ids, at)
	if err = bothInvalid("customer.invalid", err, bad); err != nil {
		return nil, err
	}
	return a, nil
}

// bothInvalid combines the fields of two ErrInvalid errors; otherwise it returns
// the first error, invalid input first.
func bothInvalid(code string, a, b error) error {
	if a == nil || b != nil && !errors.Is(a, fault.ErrInvalid) {
		a, b = b, a
	}
	if b == nil || !errors.Is(b, fault.ErrInvalid) {
		return a
	}
	var f fault.Fields
	f.Merge("", a)
	f.Merge("", b)
	return f.Invalid(code)
}

// change runs a command on one customer.
func (h Customers) change(ctx context.Context, name string, action access.Action, id uuid.UUID, input any, opts []CallOption,
	f func(ctx context.Context, c *command, a *customer.Aggregate, at journal.Moment, res *Result) error,
) (Result, error) {
	return h.changeAs(ctx, name, func(*customer.Customer, *access.Subject) access.Action { return action }, id, input, opts, f)
}

// changeAs is change for an action that depends on the customer. It may add to
// the policy's subject.
func (h Customers) changeAs(ctx context.Context, name string, action func(*customer.Customer, *access.Subject) access.Action, id uuid.UUID, input any, opts []CallOption,
	f func(ctx context.Context, c *command, a *customer.Aggregate, at journal.Moment, res *Result) error,
) (Result, error) {
	s := h.s()
	res, err := s.do(ctx, name, id, input, opts, func(ctx context.Context, c *command) (Result, error) {
		rec, err := c.tx.Customers().Get(ctx, s.actor.Tenant, id, true)
		if err != nil {
			return Result{}, err
		}
		on := customerSubject(&rec.Customer)
		what := action(&rec.Customer, &on)
		if err := s.allow(ctx, what, on); err != nil {
			return Result{}, err
		}
		if err := c.expect(rec.Customer.Version, "customer.changed"); err != nil {
			return Result{}, err
		}
		res := Result{ID: id, Version: rec.Customer.Version + 1}
		a := customer.Open(rec)
		if err := f(ctx, c, a, c.moment(zeroTime, rec.Customer.Updated), &res); err != nil {
			return Result{}, err
		}
		if err := c.saveCustomer(ctx, a); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	})
	return res, err
}

func customerChange(f func(a *customer.Aggregate, at journal.Moment) error) func(context.Context, *command, *customer.Aggregate, journal.Moment, *Result) error {
	return func(_ context.Context, _ *command, a *customer.Aggregate, at journal.Moment, _ *Result) error {
		return f(a, at)
	}
}

// updating returns the action of an update: a change of the owner or the
// department is a transfer, and needs that right.
func updating(in *customer.UpdateInput) func(*customer.Customer, *access.Subject) access.Action {
	return func(c *customer.Customer, on *access.Subject) access.Action {
		action := access.CustomerUpdate
		if differs(in.Owner, c.Owner) {
			action, on.NewOwner = access.CustomerTransfer, *in.Owner
		}
		if differs(in.Department, c.Department) {
			action, on.NewDepartment = access.CustomerTransfer, *in.Department
		}
		return action
	}
}

// differs reports whether an update gives another value.
func differs(to *string, from string) bool { return to != nil && *to != from }

// Update changes a customer's data; nil fields stay as they are. A change of the
// owner or the department needs the right to transfer the customer
// (access.CustomerTransfer). Errors: ErrInvalid with every field at fault,
// ErrDuplicate for a taken code, ErrNotAllowed for a status that can't follow.
func (h Customers) Update(ctx context.Context, id uuid.UUID, in customer.UpdateInput, opts ...CallOption) (Result, error) {
	return h.changeAs(ctx, "customer.update", updating(&in), id, in, opts,
		func(ctx context.Context, c *command, a *customer.Aggregate, at journal.Moment, _ *Result) error {
			in := in // each attempt changes its own copy
			var bad error
			if in.Parent != nil && *in.Parent != a.Customer.Parent {
				var up uuid.UUID
				if up, bad = c.parent(ctx, id, *in.Parent); bad == nil {
					in.Parent = &up
				} else if errors.Is(bad, fault.ErrInvalid) {
					in.Parent = nil // check the other fields nevertheless
				} else {
					return bad
				}
			}
			return bothInvalid("customer.invalid", a.Update(in, at), bad)
		})
}

// SetStatus promotes, activates or deactivates a customer (C01, C04, C05).
// Errors: ErrInvalid, ErrNotAllowed.
func (h Customers) SetStatus(ctx context.Context, id uuid.UUID, status customer.Status, opts ...CallOption) (Result, error) {
	return h.change(ctx, "customer.status", access.CustomerUpdate, id, status, opts,
		customerChange(func(a *customer.Aggregate, at journal.Moment) error { return a.SetStatus(status, at) }))
}

// Delete removes an unused customer with its contacts (C05). Errors: ErrInUse
// otherwise: deactivate it instead.
func (h Customers) Delete(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "customer.delete", access.CustomerDelete, id, nil, opts,
		func(ctx context.Context, c *command, a *customer.Aggregate, at journal.Moment, _ *Result) error {
			used, err := c.tx.Customers().Used(ctx, h.s().actor.Tenant, id, uuid.Nil)
			if err != nil {
				return err
			}
			return a.Delete(used, at)
		})
}

// Get returns a customer with its contacts; for an alias, its survivor (C08).
// Errors: ErrNotFound.
func (h Customers) Get(ctx context.Context, id uuid.UUID) (customer.Snapshot, error) {
	return h.get(ctx, func(ctx context.Context, r customer.Repository) (customer.Record, error) {
		rec, err := r.Get(ctx, h.s().actor.Tenant, id, true)
		if err != nil {
			return rec, err
		}
		return survivorOf(ctx, r, h.s().actor.Tenant, rec, true)
	})
}

// ByCode returns a customer with its contacts by its code; for an alias's code,
// its survivor (C08). Errors: ErrInvalid; ErrNotFound.
func (h Customers) ByCode(ctx context.Context, code string) (customer.Snapshot, error) {
	var f fault.Fields
	text.Code(&f, "/code", code, 1)
	if err := f.Invalid("customer.code.invalid"); err != nil {
		return customer.Snapshot{}, err
	}
	return h.get(ctx, func(ctx context.Context, r customer.Repository) (customer.Record, error) {
		rec, err := r.ByCode(ctx, h.s().actor.Tenant, code)
		if err != nil {
			return rec, err
		}
		if rec.Customer.MergedInto == uuid.Nil {
			return r.Get(ctx, h.s().actor.Tenant, rec.Customer.ID, true)
		}
		return survivorOf(ctx, r, h.s().actor.Tenant, rec, true)
	})
}

func (h Customers) get(ctx context.Context, load func(context.Context, customer.Repository) (customer.Record, error)) (customer.Snapshot, error) {
	var rec customer.Record
	err := h.s().view(ctx, "customers.get", func(ctx context.Context, tx storage.Tx) (err error) {
		if rec, err = load(ctx, tx.Customers()); err != nil {
			return err
		}
		return h.s().allow(ctx, access.CustomerRead, customerSubject(&rec.Customer))
	})
	if err != nil {
		return customer.Snapshot{}, err
	}
	return customer.Snapshot{Customer: rec.Customer, Contacts: rec.Contacts}, nil
}
