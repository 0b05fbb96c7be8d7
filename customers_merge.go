package pursuit

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// Duplicates returns the customers that may be the same as a probe's 商机查重, among
// those the actor may see (C07, J02): by name ignoring case, tax id, phone,
// e-mail address, or e-mail domain unless it belongs to a public mail provider.
// More than customer.MaxDuplicates hits are TooMany and aren't listed. A match of
// a merged customer leads to its survivor (C08). It takes one statement. Errors:
// ErrInvalid.
func (h Customers) Duplicates(ctx context.Context, p customer.Probe) (customer.Duplicates, error) {
	q, err := p.Keys()
	if err != nil {
		return customer.Duplicates{}, err
	}
	if q.Scope, err = h.s().scope(ctx, access.Customers); err != nil {
		return customer.Duplicates{}, err
	}
	var hits []customer.Hit
	err = h.s().view(ctx, "customers.duplicates", func(ctx context.Context, tx storage.Tx) (err error) {
		hits, err = tx.Customers().Alike(ctx, h.s().actor.Tenant, q)
		return err
	})
	if err != nil {
		return customer.Duplicates{}, err
	}
	return customer.DuplicatesOf(hits), nil
}

// contactQuery identifies the query of a ContactDeals cursor.
type contactQuery struct{ Contact uuid.UUID }

// ContactDeals returns a contact's roles across opportunities that the actor may
// see, including decided and closed ones, the newest opportunity first (J02).
// Removed roles aren't listed: they are in that opportunity's journal. A page
// takes one statement. Errors: ErrInvalid.
func (h Customers) ContactDeals(ctx context.Context, contact uuid.UUID, page Page) (List[opportunity.ContactDeal], error) {
	sc, err := h.s().scope(ctx, access.Opportunities)
	if err != nil {
		return List[opportunity.ContactDeal]{}, err
	}
	return list(ctx, h.s(), "customers.contact_deals", page, contactQuery{contact}, byRole, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]opportunity.ContactDeal, error) {
		return tx.Opportunities().OfContact(ctx, h.s().actor.Tenant, opportunity.ContactQuery{
			Scope: sc, Contact: contact, AfterID: from.ID, AfterRole: opportunity.ContactRole(from.Key), Limit: limit,
		})
	}, func(x opportunity.ContactDeal) position { return position{string(x.Contact.Role), x.Deal.ID} })
}

// Merge merges a customer, the loser, into another one, the survivor (C08).
// Contacts, opportunities, quotes and orders move to the survivor, including
// those decided or closed, and so do the customers whose parent is the loser. The
// loser remains as an inactive alias: Get and ByCode return the survivor for it,
// and a new opportunity or a customer's parent that names it gets the survivor.
// Each moved record notes it in its own journal. IfVersion is the survivor's
// version. A record created for the loser at the same moment may stay with it;
// merging the two again moves only that. A merge takes a few statements for each
// opportunity and order, at most customer.MaxMerged, and one for each of the
// loser's contacts.
//
// Errors: ErrNotFound, also for a loser that the actor may not see; ErrInvalid
// for merging a customer into itself, or into one below it that isn't its direct
// child; ErrNotAllowed ("customer.merged") if one of them is already an alias,
// and ("customer.merge.orders") if the loser has orders in a host's own sales
// system, which can't move: merge the other way round then; ErrLimit.
//
// Lists, counts, figures and execution views that find nothing for an alias use
// the survivor; figures of the past select by the opportunity's customer at that
// time. Duplicates also finds the survivor by the loser's data.
func (h Customers) Merge(ctx context.Context, survivor uuid.UUID, in customer.MergeInput, opts ...CallOption) (Result, error) {
	s := h.s()
	return s.do(ctx, "customer.merge", survivor, in, opts, func(ctx context.Context, c *command) (Result, error) {
		rec, err := c.tx.Customers().Get(ctx, s.actor.Tenant, survivor, true)
		if err != nil {
			return Result{}, err
		}
		if err := s.allow(ctx, access.CustomerMerge, customerSubject(&rec.Customer)); err != nil {
			return Result{}, err
		}
		if err := c.expect(rec.Customer.Version, "customer.changed"); err != nil {
			return Result{}, err
		}
		lost, err := c.loser(ctx, in.Loser)
		if err != nil {
			return Result{}, err
		}
		if in.Loser != survivor {
			if err := s.allow(ctx, access.CustomerMerge, customerSubject(&lost.Customer)); err != nil {
				return Result{}, err
			}
		}
		if err := c.above(ctx, in.Loser, rec.Customer.Parent); err != nil {
			return Result{}, err
		}
		deps, err := c.tx.Customers().Dependents(ctx, s.actor.Tenant, in.Loser, customer.MaxMerged+1)
		if err != nil {
			return Result{}, err
		}
		if deps.Len() > customer.MaxMerged {
			return Result{}, mergesTooMuch()
		}
		if err := c.withoutForeignOrders(ctx, in.Loser); err != nil {
			return Result{}, err
		}
		res := Result{ID: survivor, Version: rec.Customer.Version}
		var changed []*customer.Aggregate
		if late, err := c.late(ctx, lost, survivor, deps); err != nil {
			return Result{}, err
		} else if !late {
			a, b := customer.Open(rec), customer.Open(lost)
			if err := a.Merge(b, in, c.moment(zeroTime, latest(rec.Customer.Updated, lost.Customer.Updated))); err != nil {
				return Result{}, err
			}
			res.Version++
			changed = append(changed, b, a)
		}
		contacts := slices.Concat(rec.Contacts, lost.Contacts)
		if deps.Opportunities, err = c.withExternal(ctx, deps.Opportunities, in.Loser, survivor, lost.Contacts); err != nil {
			return Result{}, err
		}
		m, err := c.moveDependents(ctx, deps, contacts, in.Loser, survivor)
		if err != nil {
			return Result{}, err
		}
		for _, x := range changed {
			if err := c.saveCustomer(ctx, x); err != nil {
				return Result{}, err
			}
		}
		if err := c.saveMoved(ctx, m); err != nil {
			return Result{}, err
		}
		if err := c.sweep(ctx, in.Loser, survivor); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	})
}

// withoutForeignOrders refuses a customer that has orders in a host's own sales
// system, because they can't move.
func (c *command) withoutForeignOrders(ctx context.Context, loser uuid.UUID) error {
	sys, ok := c.s.system(c.tx).(foreign)
	if !ok {
		return nil
	}
	some, err := sys.List(ctx, c.s.actor.Tenant, order.Query{Scope: access.Scope{All: true}, Customer: loser, Limit: 1})
	if err != nil {
		return err
	}
	if len(some) > 0 {
		return fault.NotAllowed("customer.merge.orders", "orders in the host's sales system can't move",
			fault.Field{Path: "/loser", Code: "orders", Message: "has orders in the host's sales system"})
	}
	return nil
}

// late reports whether the loser was already merged into the survivor but still
// has dependents, recorded while the merge was committing.
func (c *command) late(ctx context.Context, lost customer.Record, survivor uuid.UUID, deps customer.Dependents) (bool, error) {
	if !lost.Customer.IsAlias() || deps.Len() == 0 {
		return false, nil
	}
	last, err := survivorOf(ctx, c.tx.Customers(), c.s.actor.Tenant, lost, false)
	return last.Customer.ID == survivor, err
}

// sweeps is the number of times a merge looks for records created meanwhile.
const sweeps = 2

// sweep moves records created for the loser since its dependents were read, if
// the database shows them.
func (c *command) sweep(ctx context.Context, loser, survivor uuid.UUID) error {
	for range sweeps {
		deps, err := c.tx.Customers().Dependents(ctx, c.s.actor.Tenant, loser, customer.MaxMerged)
		if err != nil || deps.Len() == 0 {
			return err
		}
		rec, err := c.tx.Customers().Get(ctx, c.s.actor.Tenant, survivor, true)
		if err != nil {
			return err
		}
		m, err := c.moveDependents(ctx, deps, rec.Contacts, loser, survivor)
		if err != nil {
			if refused(err) { // too late: the next attempt is refused before it writes
				err = fault.New(fault.ErrRetry, "customer.merge.busy", "something was recorded for the one that goes meanwhile")
			}
			return err
		}
		if err := c.saveMoved(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// loser reads the customer to be merged, if the actor sees it.
func (c *command) loser(ctx context.Context, id uuid.UUID) (customer.Record, error) {
	sc, err := c.s.scope(ctx, access.Customers)
	if err != nil {
		return customer.Record{}, err
	}
	rec, err := c.tx.Customers().Get(ctx, c.s.actor.Tenant, id, true)
	if err == nil && !sc.Sees(rec.Customer.Department, rec.Customer.Owner, false) {
		err = fault.NotFound("customer.not_found")
	}
	return rec, err
}

// above refuses a loser that is an ancestor of the survivor above its parent,
// because the customers between would become their own ancestors.
func (c *command) above(ctx context.Context, loser, parent uuid.UUID) error {
	if parent == loser {
		return nil
	}
	for depth := 0; parent != uuid.Nil && depth <= maxParents; depth++ {
		list, err := c.tx.Customers().Named(ctx, c.s.actor.Tenant, []uuid.UUID{parent})
		if err != nil || len(list) == 0 {
			return err
		}
		if parent = list[0].Parent; parent == loser {
			return fault.Invalid("customer.merge.invalid", fault.Field{Path: "/loser", Code: "above", Message: "is above the customer, with others in between"})
		}
	}
	return nil
}
