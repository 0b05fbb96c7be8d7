package pursuit

import (
	"cmp"
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// Create creates a draft order of a won opportunity, with the opportunity's
// customer, currency, lines and amounts (S6; Q04, Q07). In the same transaction
// the opportunity records the ordered amount, and a prospect is promoted if the
// input says so (O18). If a quote is accepted, lines and net amounts are the
// quote's. IfVersion is the opportunity's version. Errors: ErrNotFound,
// ErrInvalid, ErrNotAllowed listing every obstacle.
func (h Orders) Create(ctx context.Context, opportunityID uuid.UUID, in order.CreateInput, opts ...CallOption) (Result, error) {
	s := h.s()
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmp.Or(s.err, err)
	}
	cmd := command{s: s, call: cl, name: "order.create", input: in, target: opportunityID}
	return s.numbered(ctx, cmd, func(ctx context.Context, c *command, x *numbering) (Result, error) {
		basis, err := c.basis(ctx, opportunityID)
		if err != nil {
			return Result{}, err
		}
		if err := x.allow(ctx, access.OrderCreate, subject(&basis.Opportunity)); err != nil {
			return Result{}, hidden(err, "opportunity.not_found")
		}
		if err := c.expect(basis.Opportunity.Snapshot.Version, "opportunity.changed"); err != nil {
			return Result{}, err
		}
		return c.createOrder(ctx, x, basis, in)
	})
}

// basis reads the basis of an order. Without a ready sales system it returns
// nothing else (Q01).
func (c *command) basis(ctx context.Context, opportunity uuid.UUID) (order.Basis, error) {
	b, err := c.tx.Orders().Basis(ctx, c.s.actor.Tenant, opportunity, c.s.actor.User)
	if errors.Is(err, fault.ErrNotFound) {
		if _, err := c.s.sales(ctx, c.tx); err != nil {
			return order.Basis{}, err
		}
	}
	if err != nil {
		return order.Basis{}, err
	}
	if c.s.eng.shared.ownPolicy {
		b.Opportunity.CustomerOwner = b.Customer.Customer.Owner
	}
	return b, b.Settings.Ready()
}

func (c *command) createOrder(ctx context.Context, x *numbering, basis order.Basis, in order.CreateInput) (Result, error) {
	snap, cust := &basis.Opportunity.Snapshot, &basis.Customer
	rules, err := c.rules(ctx, snap.ProcessVersion)
	if err != nil {
		return Result{}, err
	}
	at := c.moment(snap.Effective, latest(snap.Updated, cust.Customer.Updated))
	buyer := customer.Open(*cust)
	promoted := in.Promote && buyer.Customer.Status == customer.Prospect
	if promoted {
		if err := buyer.SetStatus(customer.Active, at); err != nil {
			return Result{}, err
		}
	}
	quote, err := c.acceptedQuote(ctx, snap, in)
	if err != nil {
		return Result{}, err
	}
	from := order.Source{Opportunity: *snap, Customer: buyer.Customer, Settings: basis.Settings, Quote: quote, Zone: rules.Zone}
	var plan order.Plan
	var op *opportunity.Opportunity
	id, system := c.id(), c.s.system(c.tx)
	err = x.decide(ctx, c, wanted{NumberedOrder, basis.Settings.NumberPrefix, in.Number, c.on()}, func(number string) (err error) {
		if op, err = opportunity.Restore(basis.Opportunity, rules); err != nil {
			return err
		}
		if plan, err = system.Create(ctx, order.CreateRequest{ID: id, Number: number, Source: from, Input: in, At: at}); err != nil {
			return err
		}
		return op.OrderMade(plan.Order.ID, plan.Order.Total, at)
	})
	if err != nil {
		return Result{}, err
	}
	made := plan.Order
	res := Result{ID: made.ID, Number: made.Number, Version: 1}
	for _, l := range made.Items {
		res.Lines = append(res.Lines, l.Number)
	}
	// Save the opportunity first: its version prevents two concurrent orders
	// (Q04).
	if err := c.save(ctx, op); err != nil {
		return Result{}, err
	}
	if promoted {
		if err := c.saveCustomer(ctx, buyer); err != nil {
			return Result{}, err
		}
	}
	if err := plan.Write(ctx); err != nil {
		return Result{}, err
	}
	return res, c.finish(ctx, res)
}
