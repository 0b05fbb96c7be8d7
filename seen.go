package pursuit

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// see asks the policy whether the actor may see a command's target, as for
// reading it (J01).
func (c *command) see(ctx context.Context, id uuid.UUID) error {
	of, _, _ := strings.Cut(c.name, ".")
	action, sub, err := c.subject(ctx, of, id)
	if errors.Is(err, fault.ErrNotFound) {
		sub, err = c.pastSubject(ctx, of, id, err)
	}
	if err != nil {
		return err
	}
	kind, _, _ := strings.Cut(string(action), ".")
	return hidden(c.s.allow(ctx, action, sub), kind+".not_found")
}

// pastSubject returns the policy's subject for a deleted target of a kind of
// commands: its last state, from its journal. Errors: missing if there is none.
func (c *command) pastSubject(ctx context.Context, of string, id uuid.UUID, missing error) (access.Subject, error) {
	kind, last := journal.KindOpportunity, c.s.lastDeal
	switch of {
	case "customer":
		kind, last = journal.KindCustomer, lastCustomer
	case "archive":
		kind, last = journal.KindArchive, lastEntry
	case "quote", "order", "process", "sales_system": // whose deal is there, or which are asked about by id
		return access.Subject{}, missing
	}
	list, err := c.s.entries(ctx, c.tx, kind, id)
	if err != nil {
		return access.Subject{}, err
	}
	if len(list) == 0 {
		return access.Subject{}, missing
	}
	sub := last(list[:len(list)-1])
	sub.ID = id
	return sub, nil
}

// lastCustomer returns the policy's subject for a deleted customer, from its
// journal before the deletion, without owner and department if that can't be
// replayed. So do lastEntry and lastDeal.
func lastCustomer(past []journal.Entry) access.Subject {
	c, _, _ := customer.Replay(past)
	return customerSubject(&c)
}

func lastEntry(past []journal.Entry) access.Subject {
	e, _ := archive.Replay(past)
	return access.Subject{Kind: string(e.Kind)}
}

func (s *Session) lastDeal(past []journal.Entry) access.Subject {
	snap, _, _, _ := opportunity.Replay(past)
	rec := opportunity.Record{Snapshot: snap}
	for i := range snap.Members {
		if snap.Members[i].User == s.actor.User {
			rec.Viewer = &snap.Members[i]
		}
	}
	return subject(&rec)
}

// subject returns the policy's subject for the target of a kind of commands.
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
		_, _, sub, err := s.readQuote(ctx, c.tx, id, quote.Load{})
		return access.QuoteRead, sub, err
	case "order":
		_, rec, err := s.readOrder(ctx, c.tx, id, false)
		sub := subject(&rec)
		sub.ID = id
		return access.OrderRead, sub, err
	case "opportunity", "team", "lines", "contacts", "competitors", "activities", "expenses", "documents", "evaluations":
		rec, err := c.tx.Opportunities().Get(ctx, tenant, id, s.asking(opportunity.Load{}))
		return access.OpportunityRead, subject(&rec), err
	}
	return "", access.Subject{}, fault.New(fault.ErrInternal, "request.target", "the command's target is unknown")
}
