package pursuit

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// see asks the policy whether the actor may see what a command was on, as reading
// it does (J01).
func (c *command) see(ctx context.Context, id uuid.UUID) error {
	of, _, _ := strings.Cut(c.name, ".")
	action, sub, err := c.subject(ctx, of, id)
	if errors.Is(err, fault.ErrNotFound) { // deleted since: whoever did the command had it in hand
		a := c.s.actor
		sub, err = access.Subject{ID: id, Owner: a.User, Department: a.Department, Relation: access.Owner}, nil
	}
	if err != nil {
		return err
	}
	kind, _, _ := strings.Cut(string(action), ".")
	return hidden(c.s.allow(ctx, action, sub), kind+".not_found")
}

// subject reads what the policy is told of what a sort of commands is on.
func (c *command) subject(ctx context.Context, of string, id uuid.UUID) (action access.Action, sub access.Subject, err error) {
	s, tenant := c.s, c.s.actor.Tenant
	switch of {
	case "customer":
		rec, err := c.tx.Customers().Get(ctx, tenant, id, false)
		return access.CustomerRead, customerSubject(&rec.Customer), err
	case "archive":
		rec, err := c.tx.Archives().Get(ctx, tenant, id)
		return access.ArchiveRead, access.Subject{ID: id, Kind: string(rec.Entry.Kind)}, err
	case "process":
		return access.ProcessRead, access.Subject{ID: id}, nil
	case "sales_system":
		return access.SalesSystemRead, access.Subject{}, nil
	case "quote":
		_, _, sub, err := s.readQuote(ctx, c.tx, id, order.QuoteLoad{})
		return access.QuoteRead, sub, err
	case "order":
		_, rec, err := s.readOrder(ctx, c.tx, id, false)
		sub := subject(&rec)
		sub.ID = id
		return access.OrderRead, sub, err
	case "opportunity", "team", "lines", "contacts", "competitors", "activities", "expenses", "documents", "evaluations":
		rec, err := c.tx.Opportunities().Get(ctx, tenant, id, opportunity.Load{Viewer: s.actor.User})
		return access.OpportunityRead, subject(&rec), err
	}
	return "", access.Subject{}, fault.New(fault.ErrInternal, "request.target", "what the command is on is unknown")
}
