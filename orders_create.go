package pursuit

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// Create makes a draft order of a won opportunity: customer, currency, lines and
// amounts are the opportunity's (S6; Q04, Q07). The opportunity notes what was
// ordered, and a prospect is promoted if the input says so (O18), in the same
// transaction. IfVersion means the opportunity's version. Errors: ErrNotFound,
// ErrInvalid, ErrNotAllowed listing what forbids it.
func (h Orders) Create(ctx context.Context, opportunityID uuid.UUID, in order.CreateInput, opts ...CallOption) (Result, error) {
	s := h.s
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmp.Or(s.err, err)
	}
	// The RequestID is looked up and the policy asked before a number is taken
	// (J01); neither is repeated by the transaction that follows, unless what the
	// policy was told has changed meanwhile.
	cmd := command{s: s, call: cl, name: "order.create", input: in, target: opportunityID}
	var first *Result
	var asked access.Subject
	var prefix string
	err = s.view(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		if cl.requested {
			c := cmd
			c.tx = tx
			if first, err = c.repeated(ctx); err != nil || first != nil {
				return err
			}
		}
		st, err := s.sales(ctx, tx)
		if err != nil {
			return err
		}
		prefix = st.NumberPrefix
		rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, opportunityID, opportunity.Load{Viewer: s.actor.User})
		if err != nil {
			return err
		}
		asked = subject(&rec)
		return s.allowOrder(ctx, asked)
	})
	if err == nil && first != nil {
		return *first, nil
	}
	cmd.looked = true
	if err != nil {
		return Result{}, err
	}
	on, err := s.when(cl)
	if err != nil {
		return Result{}, err
	}
	number, err := s.number(ctx, prefix, on)
	if err != nil {
		return Result{}, err
	}
	return s.try(ctx, cmd, func(ctx context.Context, c *command) (Result, error) {
		st, err := s.sales(ctx, c.tx)
		if err != nil {
			return Result{}, err
		}
		rec, err := c.tx.Opportunities().Get(ctx, s.actor.Tenant, opportunityID, opportunity.Load{Parts: opportunity.PartLines, Viewer: s.actor.User})
		if err != nil {
			return Result{}, err
		}
		if now := subject(&rec); now != asked {
			if err := s.allowOrder(ctx, now); err != nil {
				return Result{}, err
			}
		}
		if err := c.expect(rec.Snapshot.Version, "opportunity.changed"); err != nil {
			return Result{}, err
		}
		return c.createOrder(ctx, rec, st, number, in)
	})
}

// allowOrder asks whether orders may be made of an opportunity.
func (s *Session) allowOrder(ctx context.Context, of access.Subject) error {
	return hidden(s.allow(ctx, access.OrderCreate, of), "opportunity.not_found")
}

func (c *command) createOrder(ctx context.Context, rec opportunity.Record, st order.Settings, number string, in order.CreateInput) (Result, error) {
	s := c.s
	snap := &rec.Snapshot
	cust, err := c.tx.Customers().Get(ctx, s.actor.Tenant, snap.Customer, false)
	if err != nil {
		return Result{}, err
	}
	rules, err := c.rules(ctx, snap.ProcessVersion)
	if err != nil {
		return Result{}, err
	}
	op, err := opportunity.Restore(rec, rules)
	if err != nil {
		return Result{}, err
	}
	at := c.moment(snap.Updated, latest(snap.Ledger.Recorded, cust.Customer.Updated))
	buyer := customer.Open(cust)
	promoted := in.Promote && buyer.Customer.Status == customer.Prospect
	if promoted {
		if err := buyer.SetStatus(customer.Active, at); err != nil {
			return Result{}, err
		}
	}
	from := order.Source{Opportunity: *snap, Customer: buyer.Customer, Settings: st, Zone: rules.Zone}
	plan, err := s.system(c.tx).Create(ctx, order.NewOrder{ID: c.id(), Number: number, Source: from, Input: in, At: at})
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
