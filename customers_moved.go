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
	"github.com/pursuit-crm/pursuit/quote"
)

// moved are the changed dependents of a merged customer, not yet stored: a
// refusal must come before the first write.
type moved struct {
	deals    []*opportunity.Opportunity
	quotes   []*quote.Quote
	orders   []*order.Order
	children []*customer.Aggregate
}

// withExternal adds the survivor's opportunities on which a contact of the loser
// is marked as external: it is now the survivor's own (C13).
func (c *command) withExternal(ctx context.Context, deals []uuid.UUID, loser, survivor uuid.UUID, contacts []customer.Contact) ([]uuid.UUID, error) {
	for _, x := range contacts {
		q := opportunity.ContactQuery{Scope: access.Scope{All: true}, Contact: x.ID, Limit: externalPage}
		for {
			rows, err := c.tx.Opportunities().OfContact(ctx, c.s.actor.Tenant, q)
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				d := &row.Deal
				if row.Contact.External && slices.Contains([]uuid.UUID{d.Customer, d.BillTo, d.EndUser}, survivor) && !slices.Contains(deals, d.ID) {
					deals = append(deals, d.ID)
				}
			}
			if len(rows) < q.Limit {
				break
			}
			last := rows[len(rows)-1]
			q.AfterID, q.AfterRole = last.Deal.ID, last.Contact.Role
		}
	}
	if len(deals) > customer.MaxMerged {
		return nil, mergesTooMuch()
	}
	return deals, nil
}

// externalPage is the number of a contact's roles read at once.
const externalPage = 200

func mergesTooMuch() error {
	return fault.New(fault.ErrLimit, "customer.merge.too_many", "more than 1000 opportunities, orders and customers hang on the one that goes")
}

// moveDependents replaces the loser by the survivor everywhere. contacts are
// those of both.
func (c *command) moveDependents(ctx context.Context, deps customer.Dependents, contacts []customer.Contact, loser, survivor uuid.UUID) (m moved, err error) {
	tenant := c.s.actor.Tenant
	for _, id := range deps.Opportunities {
		rec, err := c.tx.Opportunities().Get(ctx, tenant, id, opportunity.Load{Parts: opportunity.PartContacts})
		if err != nil {
			return m, err
		}
		o, err := opportunity.Restore(rec, opportunity.Rules{Zone: c.s.eng.zone(tenant)})
		if err != nil {
			return m, err
		}
		if err := o.CustomerMerged(loser, survivor, opportunity.Found{Contacts: contacts}, c.opportunityMoment(&rec.Snapshot)); err != nil {
			return m, err
		}
		m.deals = append(m.deals, o)
	}
	for _, id := range deps.Quotes {
		snap, _, err := c.tx.Quotes().Get(ctx, tenant, id, quote.Load{})
		if err != nil {
			return m, err
		}
		q, err := quote.Restore(snap, c.s.eng.zone(tenant))
		if err != nil {
			return m, err
		}
		if err := q.CustomerMerged(loser, survivor, c.moment(snap.Effective, snap.Updated)); err != nil {
			return m, err
		}
		m.quotes = append(m.quotes, q)
	}
	for _, id := range deps.Orders {
		snap, _, err := c.tx.Orders().Get(ctx, tenant, id, false, "")
		if err != nil {
			return m, err
		}
		o, err := order.Restore(snap, c.s.eng.zone(tenant))
		if err != nil {
			return m, err
		}
		if err := o.CustomerMerged(loser, survivor, c.moment(snap.Effective, snap.Updated)); err != nil {
			return m, err
		}
		m.orders = append(m.orders, o)
	}
	for _, id := range deps.Children {
		if id == survivor { // it already gave up its parent
			continue
		}
		rec, err := c.tx.Customers().Get(ctx, tenant, id, false)
		if err != nil {
			return m, err
		}
		a := customer.Open(rec)
		if err := a.SetParent(survivor, c.moment(zeroTime, rec.Customer.Updated)); err != nil {
			return m, err
		}
		m.children = append(m.children, a)
	}
	return m, nil
}

func (c *command) saveMoved(ctx context.Context, m moved) error {
	for _, o := range m.deals {
		if err := c.save(ctx, o); err != nil {
			return err
		}
	}
	if err := c.saveQuotes(ctx, nil, m.quotes...); err != nil {
		return err
	}
	for _, o := range m.orders {
		ch, _, err := o.Change(c.s.eng.newID)
		if err != nil {
			return err
		}
		if err := c.tx.Orders().Save(ctx, ch); err != nil {
			return err
		}
	}
	for _, a := range m.children {
		if err := c.saveCustomer(ctx, a); err != nil {
			return err
		}
	}
	return nil
}
