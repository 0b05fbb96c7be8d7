package pursuit

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// Create creates a draft quote for an open opportunity, from its lines or from
// those of the input (Q02); customer and currency are the opportunity's (Q07).
// IfVersion is the opportunity's version. Errors: ErrNotFound; ErrInvalid with
// all fields at fault; ErrNotAllowed unless the opportunity is open and there are
// lines; ErrLimit.
func (h Quotes) Create(ctx context.Context, opportunityID uuid.UUID, in quote.CreateInput, opts ...CallOption) (Result, error) {
	if err := tooManyLines(in.Lines, "quote.create.invalid"); err != nil {
		return Result{}, err
	}
	var load opportunity.Load
	if len(in.Lines) == 0 {
		load.Parts = opportunity.PartLines
	}
	return h.create(ctx, opportunityID, "quote.create", in, opts, func(ctx context.Context, c *command) (maker, error) {
		rec, err := c.tx.Opportunities().Get(ctx, c.s.actor.Tenant, opportunityID, c.s.asking(load))
		if err != nil {
			return maker{}, err
		}
		return maker{rec, subject(&rec), "opportunity", rec.Snapshot.Version, in.Number, func(number string, from quote.Source, at journal.Moment) (*quote.Quote, error) {
			return quote.New(c.id(), number, from, in, at)
		}}, nil
	})
}

// CopyQuoteInput holds a copy's differences.
type CopyQuoteInput struct {
	ValidUntil calendar.Date `json:"valid_until,omitzero"`
}

// Copy creates a draft quote for the same opportunity with the content of a
// quote's active revision, whatever its status. The policy decides on
// QuoteCreate. Errors as for Create.
func (h Quotes) Copy(ctx context.Context, id uuid.UUID, in CopyQuoteInput, opts ...CallOption) (Result, error) {
	return h.create(ctx, id, "quote.copy", in, opts, func(ctx context.Context, c *command) (maker, error) {
		snap, relation, err := c.tx.Quotes().Get(ctx, c.s.actor.Tenant, id, quote.Load{Items: true, Viewer: c.s.actor.User})
		if err != nil {
			return maker{}, err
		}
		rec, err := c.s.quoted(ctx, c.tx, snap.Opportunity)
		if err != nil {
			return maker{}, err
		}
		return maker{rec, quoteSubject(id, &rec, relation), "quote", snap.Version, "", func(number string, from quote.Source, at journal.Moment) (*quote.Quote, error) {
			q, err := quote.Restore(snap, from.Zone)
			if err != nil {
				return nil, err
			}
			return q.Copy(c.id(), number, from, in.ValidUntil, at)
		}}, nil
	})
}

// maker is the basis of a new quote.
type maker struct {
	deal opportunity.Record
	// of is the policy's subject; kind names what its id identifies.
	of      access.Subject
	kind    string
	version int64
	number  string
	make    func(number string, from quote.Source, at journal.Moment) (*quote.Quote, error)
}

// create creates a quote in one transaction, unless no number is held.
func (h Quotes) create(ctx context.Context, target uuid.UUID, name string, input any, opts []CallOption, load func(ctx context.Context, c *command) (maker, error)) (Result, error) {
	s := h.s()
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmp.Or(s.err, err)
	}
	cmd := command{s: s, call: cl, name: name, input: input, target: target}
	return s.numbered(ctx, cmd, func(ctx context.Context, c *command, x *numbering) (Result, error) {
		st, err := s.sales(ctx, c.tx)
		if err != nil {
			return Result{}, err
		}
		m, err := load(ctx, c)
		if err != nil {
			return Result{}, err
		}
		if err := x.allow(ctx, access.QuoteCreate, m.of); err != nil {
			return Result{}, hidden(err, m.kind+".not_found")
		}
		if err := c.expect(m.version, m.kind+".changed"); err != nil {
			return Result{}, err
		}
		zone := s.eng.zone(s.actor.Tenant)
		snap := &m.deal.Snapshot
		at := c.opportunityMoment(snap)
		var op *opportunity.Opportunity
		var q *quote.Quote
		err = x.decide(ctx, c, wanted{NumberedQuote, "QUO", m.number, at.Effective}, func(number string) (err error) {
			if op, err = opportunity.Restore(m.deal, opportunity.Rules{Zone: zone}); err != nil {
				return err
			}
			if q, err = m.make(number, quote.Source{Opportunity: *snap, TaxTreatment: st.TaxTreatment, Zone: zone}, at); err != nil {
				return err
			}
			return op.QuoteMade(q.Snapshot().ID, at)
		})
		if err != nil {
			return Result{}, err
		}
		made := q.Snapshot()
		res := Result{ID: made.ID, Number: made.Number, Version: 1}
		for _, l := range made.Items {
			res.Lines = append(res.Lines, l.Number)
		}
		if err := c.saveQuotes(ctx, op, q); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	})
}

// acceptedQuote returns the quote that an order is based on: the named one, which
// must be accepted, or the opportunity's accepted one, or nil if there is none
// (Q04).
func (c *command) acceptedQuote(ctx context.Context, of *opportunity.Snapshot, in order.CreateInput) (*quote.Snapshot, error) {
	if in.FromLines || in.Quote == uuid.Nil && of.Counts.AcceptedQuotes == 0 {
		return nil, nil
	}
	id := in.Quote
	if id == uuid.Nil {
		list, err := c.tx.Quotes().List(ctx, c.s.actor.Tenant, quote.Query{Scope: access.Scope{All: true}, Opportunity: of.ID,
			Statuses: []quote.Status{quote.Accepted}, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, fault.New(fault.ErrCorrupt, "opportunity.corrupt", "a stored opportunity's accepted quote isn't there")
		}
		id = list[0].ID
	}
	q, _, err := c.tx.Quotes().Get(ctx, c.s.actor.Tenant, id, quote.Load{Items: true})
	if err == nil && q.Opportunity != of.ID { // as if it didn't exist (J03)
		err = fault.NotFound("quote.not_found")
	}
	return &q, err
}
