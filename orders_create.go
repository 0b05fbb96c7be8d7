package pursuit

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// Create makes a draft order of a won opportunity: customer, currency, lines and
// amounts are the opportunity's (S6; Q04, Q07). The opportunity notes what was
// ordered, and a prospect is promoted if the input says so (O18), in the same
// transaction. If a quote is accepted, lines and net amounts are the quote's.
// IfVersion means the opportunity's version. Errors: ErrNotFound, ErrInvalid,
// ErrNotAllowed listing what forbids it.
func (h Orders) Create(ctx context.Context, opportunityID uuid.UUID, in order.CreateInput, opts ...CallOption) (Result, error) {
	s := h.s
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmp.Or(s.err, err)
	}
	cmd := command{s: s, call: cl, name: "order.create", input: in, target: opportunityID}
	o := ordering{}
	create := func(ctx context.Context, c *command) (Result, error) {
		basis, err := c.basis(ctx, opportunityID)
		if err != nil {
			return Result{}, err
		}
		if err := o.ask(ctx, s, subject(&basis.Opportunity)); err != nil {
			return Result{}, err
		}
		if err := c.expect(basis.Opportunity.Snapshot.Version, "opportunity.changed"); err != nil {
			return Result{}, err
		}
		if err := o.draw(ctx, c, basis.Settings.NumberPrefix); err != nil {
			return Result{}, err
		}
		return c.createOrder(ctx, basis, o.number, in)
	}
	res, err := s.try(ctx, cmd, create)
	if errors.Is(err, errNoNumber) {
		if o.number, err = s.number(ctx, o.prefix, o.on); err != nil {
			return Result{}, err
		}
		res, err = s.try(ctx, cmd, create)
	}
	return res, err
}

// ordering is what the attempts to make an order share.
type ordering struct {
	asked  bool
	of     access.Subject // what the policy was told
	number string
	// prefix and on name the series of the number that was missing.
	prefix string
	on     time.Time
}

// ask asks whether orders may be made of an opportunity; once, unless what the
// policy was told has changed meanwhile (J01).
func (o *ordering) ask(ctx context.Context, s *Session, of access.Subject) error {
	if o.asked && of == o.of {
		return nil
	}
	o.asked, o.of = true, of
	return hidden(s.allow(ctx, access.OrderCreate, of), "opportunity.not_found")
}

// errNoNumber says that a block of numbers must be taken first; it never leaves
// the commands that make something with a number.
var errNoNumber = errors.New("no number is held")

// draw takes a number, which all attempts use: one that is held, or in a batch one
// of its own transaction. Errors: errNoNumber if a block must be taken first. That
// can't be done inside a transaction of our own; in a host's it would count as a
// write, after which no refusal leaves the transaction usable.
func (o *ordering) draw(ctx context.Context, c *command, prefix string) (err error) {
	if o.number != "" {
		return nil
	}
	o.prefix, o.on = prefix, c.now
	if c.call.dated {
		o.on = c.call.at
	}
	if c.s.tx != nil {
		o.number, err = c.s.number(ctx, o.prefix, o.on)
		return err
	}
	if o.number = c.s.series(o.prefix, o.on).pop(); o.number == "" {
		return errNoNumber
	}
	return nil
}

// basis reads what an order is made of. Without a ready sales system nothing else
// is said (Q01).
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
	return b, b.Settings.Ready()
}

func (c *command) createOrder(ctx context.Context, basis order.Basis, number string, in order.CreateInput) (Result, error) {
	snap, cust := &basis.Opportunity.Snapshot, &basis.Customer
	rules, err := c.rules(ctx, snap.ProcessVersion)
	if err != nil {
		return Result{}, err
	}
	op, err := opportunity.Restore(basis.Opportunity, rules)
	if err != nil {
		return Result{}, err
	}
	at := c.moment(snap.Updated, latest(snap.Ledger.Recorded, cust.Customer.Updated))
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
	plan, err := c.s.system(c.tx).Create(ctx, order.NewOrder{ID: c.id(), Number: number, Source: from, Input: in, At: at})
	if err != nil {
		return Result{}, err
	}
	made := plan.Order
	if err := op.OrderMade(made.ID, made.Total, at); err != nil {
		return Result{}, err
	}
	res := Result{ID: made.ID, Number: made.Number, Version: 1}
	for _, l := range made.Items {
		res.Lines = append(res.Lines, l.Number)
	}
	// The opportunity comes first: its version keeps two orders from being made
	// side by side (Q04).
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
