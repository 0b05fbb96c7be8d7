package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// Update changes a draft; revise a sent quote instead. Errors: ErrInvalid;
// ErrNotAllowed unless a draft (Q02), or unless the opportunity is open or on
// hold; ErrLimit.
func (h Quotes) Update(ctx context.Context, id uuid.UUID, in quote.UpdateInput, opts ...CallOption) (Result, error) {
	if err := tooManyLines(in.Lines, "quote.update.invalid"); err != nil {
		return Result{}, err
	}
	return h.on(ctx, id, step{name: "quote.update", action: access.QuoteUpdate, load: quote.Load{Items: true}, live: true,
		change: func(q *quote.Quote, _ *opportunity.Snapshot, at journal.Moment) error { return q.Update(in, at) }}, in, opts)
}

// tooManyLines refuses input that would be slow to encode for a RequestID.
func tooManyLines(lines []opportunity.LineInput, code string) error {
	if len(lines) > opportunity.MaxLines {
		return fault.Invalid(code, fault.Field{Path: "/lines", Code: "too_many", Message: "has too many lines"})
	}
	return nil
}

// Send offers a draft to the customer: its content then never changes (Q02), and
// its net becomes the quoted amount. Errors: ErrNotAllowed unless a draft, or
// unless the opportunity is open or on hold; ErrInvalid if its validity has
// passed.
func (h Quotes) Send(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, step{name: "quote.send", action: access.QuoteSend, live: true,
		change: func(q *quote.Quote, o *opportunity.Snapshot, at journal.Moment) error { return q.Send(o.Customer, at) },
		note: func(_ context.Context, _ *command, o *opportunity.Opportunity, _, after *quote.Snapshot, at journal.Moment) error {
			return o.QuoteSent(after.ID, after.Net, at)
		}}, nil, opts)
}

// Accept records the customer's acceptance. Other quotes of the opportunity that
// await an answer, or were accepted before, are superseded: at most one is
// accepted (Q03). Errors: ErrNotAllowed unless sent, past its validity, or unless
// the opportunity is open or on hold; ErrInvalid.
func (h Quotes) Accept(ctx context.Context, id uuid.UUID, in quote.AcceptInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, step{name: "quote.accept", action: access.QuoteAnswer, live: true, note: accepted,
		change: func(q *quote.Quote, _ *opportunity.Snapshot, at journal.Moment) error { return q.Accept(in, at) }}, in, opts)
}

// Reject records the customer's rejection, even after an acceptance. Errors:
// ErrNotAllowed unless sent or accepted, and for the accepted quote of a won or
// closed opportunity; ErrInvalid without a reason.
func (h Quotes) Reject(ctx context.Context, id uuid.UUID, in quote.EndInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, step{name: "quote.reject", action: access.QuoteAnswer, note: ended("rejected"),
		change: func(q *quote.Quote, _ *opportunity.Snapshot, at journal.Moment) error { return q.Reject(in, at) }}, in, opts)
}

// Withdraw withdraws an offer, even an accepted one, or abandons a draft. Errors:
// ErrNotAllowed unless draft, sent or accepted, and for the accepted quote of a
// won or closed opportunity; ErrInvalid without a reason.
func (h Quotes) Withdraw(ctx context.Context, id uuid.UUID, in quote.EndInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, step{name: "quote.withdraw", action: access.QuoteWithdraw, note: ended("withdrawn"),
		change: func(q *quote.Quote, _ *opportunity.Snapshot, at journal.Moment) error { return q.Withdraw(in, at) }}, in, opts)
}

// Extend extends the validity of a sent quote; an expired one awaits an answer
// again (Q03). The policy decides on QuoteSend. Errors: ErrNotAllowed by status,
// unless the opportunity is open or on hold, or if it has another customer since
// then (Q07; revise the quote instead); ErrInvalid for a day that isn't later.
func (h Quotes) Extend(ctx context.Context, id uuid.UUID, in quote.ExtendInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, step{name: "quote.extend", action: access.QuoteSend, live: true,
		change: func(q *quote.Quote, o *opportunity.Snapshot, at journal.Moment) error {
			return q.Extend(in, o.Customer, at)
		},
		note: func(ctx context.Context, c *command, o *opportunity.Opportunity, before, after *quote.Snapshot, at journal.Moment) error {
			expired, others := before.Status == quote.Expired, 0
			if expired {
				others = o.Snapshot().Counts.OpenQuotes
			}
			latest, err := c.quotedLast(ctx, o, others, after.ID, &after.Root)
			if err != nil {
				return err
			}
			return o.QuoteExtended(after.ID, latest, expired, at)
		}}, in, opts)
}

// Revise starts the next revision as a draft and supersedes the previous one,
// which can no longer be accepted, and whose acceptance no longer counts (Q02).
// The policy decides on QuoteUpdate. Errors: ErrNotAllowed for a draft or a
// superseded quote, or unless the opportunity is open or on hold; ErrInvalid;
// ErrLimit.
func (h Quotes) Revise(ctx context.Context, id uuid.UUID, in quote.ReviseInput, opts ...CallOption) (Result, error) {
	return h.on(ctx, id, step{name: "quote.revise", action: access.QuoteUpdate, load: quote.Load{Items: true}, live: true, note: ended("revised"),
		change: func(q *quote.Quote, _ *opportunity.Snapshot, at journal.Moment) error { return q.Revise(in, at) }}, in, opts)
}

// expireBatch is the number of quotes that expire in one transaction.
const expireBatch = 50

// ExpireQuotes ends all sent quotes of the tenant whose last valid day is before
// asOf, and returns how many it ended; a host's scheduler calls it, at least once
// a day. The zero date means today in the tenant's time zone. Each quote adds its
// journal entry; quotes already ended are left alone. It works in transactions of
// 50 quotes: after an error those before it stay ended, and it may be called
// again. The policy is asked once, for QuoteExpire without a subject. Errors:
// ErrInvalid for a future day.
func (h Quotes) ExpireQuotes(ctx context.Context, asOf calendar.Date) (int, error) {
	s := h.s()
	today, err := s.today(ctx)
	if err != nil {
		return 0, err
	}
	if asOf.IsZero() {
		asOf = today
	}
	if asOf.After(today) {
		return 0, fault.Invalid("quote.expire.invalid", fault.Field{Path: "/as_of", Code: "future", Message: "is yet to come"})
	}
	if err := s.allow(ctx, access.QuoteExpire, access.Subject{}); err != nil {
		return 0, err
	}
	for total := 0; ; {
		n, err := s.expire(ctx, asOf)
		if err != nil {
			return total, err
		}
		if total += n; n < expireBatch {
			return total, nil
		}
	}
}

// expire ends one batch of quotes.
func (s *Session) expire(ctx context.Context, asOf calendar.Date) (n int, err error) {
	err = s.run(ctx, true, func(ctx context.Context, tx storage.Tx) error {
		n = 0
		if _, err := s.sales(ctx, tx); err != nil {
			return err
		}
		list, err := tx.Quotes().List(ctx, s.actor.Tenant, quote.Query{Scope: access.Scope{All: true}, Statuses: []quote.Status{quote.Sent},
			ValidBefore: asOf, Limit: expireBatch})
		if err != nil {
			return err
		}
		for _, r := range list {
			rec, err := s.quoted(ctx, tx, r.Opportunity)
			if err != nil {
				return err
			}
			c := &command{s: s, tx: tx, now: s.eng.now()}
			err = c.stepQuote(ctx, quote.Snapshot{Root: r}, rec, step{note: ended("expired"),
				change: func(q *quote.Quote, _ *opportunity.Snapshot, at journal.Moment) error { return q.Expire(asOf, at) }})
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// day returns a moment's day in the tenant's time zone.
func (c *command) day(at journal.Moment) calendar.Date {
	return calendar.Of(at.Effective, c.s.eng.zone(c.s.actor.Tenant))
}
