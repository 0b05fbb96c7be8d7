package pursuit

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// Quotes makes quotes 商机报价 for opportunities, revises them, and records the
// answers. Every method, queries included, fails with ErrSalesSystemDisabled or
// ErrSalesSystemNotInitialised unless the tenant's sales system is ready (Q01);
// and, like those of [Opportunities], with ErrInvalid for a malformed actor or
// option, ErrForbidden, ErrHost, and the store's errors. Methods on one quote may
// also fail with ErrNotFound (J03) and, with IfVersion, ErrConflict (O11). Each
// method documents further errors.
//
// The rights to a quote are those to its opportunity. In the same transaction,
// the opportunity records how many quotes it has, how many await an answer and
// how many are accepted, and the quoted amount without tax: the net of the
// accepted quote, or else of the last quote sent among those awaiting an answer,
// or else zero. The accepted quote's net is the opportunity's amount too, unless
// that is set by hand (Q10). Of quotes sent at the same time, the higher number
// is the later.
//
// On SQL, creating a quote is at most 7 statements besides BEGIN and COMMIT,
// whatever its lines; an answer or another change of status 6, an update 7, a
// revision 9; and 1 more if others await an answer, 1 for each that it
// supersedes, and 2 if the opportunity's amount changes with it.
type Quotes struct{ handle }

// Quotes returns the handle of quotes.
func (s *Session) Quotes() Quotes { return Quotes{handle{s}} }

// readQuote reads a quote with its opportunity, and returns the policy's subject.
func (s *Session) readQuote(ctx context.Context, tx storage.Tx, id uuid.UUID, load quote.Load) (snap quote.Snapshot, rec opportunity.Record, sub access.Subject, err error) {
	if _, err = s.sales(ctx, tx); err != nil {
		return snap, rec, sub, err
	}
	load.Viewer = s.actor.User
	snap, relation, err := tx.Quotes().Get(ctx, s.actor.Tenant, id, load)
	if err != nil {
		return quote.Snapshot{}, rec, sub, err
	}
	if rec, err = s.quoted(ctx, tx, snap.Opportunity); err != nil {
		return quote.Snapshot{}, opportunity.Record{}, sub, err
	}
	return snap, rec, quoteSubject(id, &rec, relation), nil
}

func quoteSubject(id uuid.UUID, rec *opportunity.Record, relation access.Relation) access.Subject {
	sub := subject(rec)
	sub.ID, sub.Relation = id, relation
	return sub
}

// loadQuote is readQuote if the policy allows an action.
func (s *Session) loadQuote(ctx context.Context, tx storage.Tx, id uuid.UUID, load quote.Load, action access.Action) (quote.Snapshot, opportunity.Record, error) {
	snap, rec, sub, err := s.readQuote(ctx, tx, id, load)
	if err != nil {
		return quote.Snapshot{}, opportunity.Record{}, err
	}
	if err := s.allow(ctx, action, sub); err != nil {
		return quote.Snapshot{}, opportunity.Record{}, hidden(err, "quote.not_found")
	}
	return snap, rec, nil
}

// quoted reads the opportunity of a quote.
func (s *Session) quoted(ctx context.Context, tx storage.Tx, id uuid.UUID) (opportunity.Record, error) {
	rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, id, s.asking(opportunity.Load{}))
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.New(fault.ErrCorrupt, "quote.corrupt", "a stored quote's opportunity isn't there")
	}
	return rec, err
}

// step is a command on one quote.
type step struct {
	name   string
	action access.Action
	load   quote.Load
	// change gets the opportunity, for reading only.
	change func(q *quote.Quote, o *opportunity.Snapshot, at journal.Moment) error
	// note records the step on the opportunity; nil if there is nothing to
	// record.
	note func(ctx context.Context, c *command, o *opportunity.Opportunity, before, after *quote.Snapshot, at journal.Moment) error
	// live requires that the opportunity is open or on hold.
	live bool
}

// on runs a command on one quote: load, ask, change, update the opportunity,
// save.
func (h Quotes) on(ctx context.Context, id uuid.UUID, x step, input any, opts []CallOption) (Result, error) {
	s := h.s()
	return s.do(ctx, x.name, id, input, opts, func(ctx context.Context, c *command) (Result, error) {
		before, rec, err := s.loadQuote(ctx, c.tx, id, x.load, x.action)
		if err != nil {
			return Result{}, err
		}
		if err := c.expect(before.Version, "quote.changed"); err != nil {
			return Result{}, err
		}
		if err := c.stepQuote(ctx, before, rec, x); err != nil {
			return Result{}, err
		}
		res := Result{ID: id, Number: before.Number, Version: before.Version + 1}
		return res, c.finish(ctx, res)
	})
}

// stepQuote takes a step with a loaded quote.
func (c *command) stepQuote(ctx context.Context, before quote.Snapshot, rec opportunity.Record, x step) error {
	zone := c.s.eng.zone(c.s.actor.Tenant)
	q, err := quote.Restore(before, zone)
	if err != nil {
		return err
	}
	// Quotes don't use the process.
	op, err := opportunity.Restore(rec, opportunity.Rules{Zone: zone})
	if err != nil {
		return err
	}
	if x.live {
		if err := op.Quotable(); err != nil {
			return err
		}
	}
	at := c.moment(latest(rec.Snapshot.Effective, before.Effective), latest(rec.Snapshot.Updated, before.Updated))
	if err := x.change(q, &rec.Snapshot, at); err != nil {
		return err
	}
	if x.note != nil {
		after := q.Snapshot()
		if err := x.note(ctx, c, op, &before, &after, at); err != nil {
			return err
		}
	}
	return c.saveQuotes(ctx, op, append(c.quotes, q)...)
}

// saveQuotes saves an opportunity, unless it is nil, and quotes. It saves the
// opportunity first: its version prevents commands on quotes from crossing those
// that end it. All journal entries go with the last quote, so that they are one
// statement.
func (c *command) saveQuotes(ctx context.Context, op *opportunity.Opportunity, quotes ...*quote.Quote) error {
	var entries []journal.Entry
	if op != nil {
		ch, ok, err := op.Change(c.s.eng.newID)
		if err != nil {
			return err
		}
		if ok {
			entries, ch.Entries = ch.Entries, nil
			if err := c.tx.Opportunities().Save(ctx, ch); err != nil {
				return err
			}
		}
	}
	for i, q := range quotes {
		ch, ok, err := q.Change(c.s.eng.newID)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.ErrInternal, "quote.unchanged", "the quote to save has no change")
		}
		entries, ch.Entries = append(entries, ch.Entries...), nil
		if i == len(quotes)-1 {
			ch.Entries = entries
		}
		if err := c.tx.Quotes().Save(ctx, ch); err != nil {
			return err
		}
	}
	return nil
}

// ended records on the opportunity that a quote no longer awaits an answer, or is
// no longer accepted, with the new quoted amount; it ignores drafts and other
// quotes not counted there.
func ended(what string) func(context.Context, *command, *opportunity.Opportunity, *quote.Snapshot, *quote.Snapshot, journal.Moment) error {
	return func(ctx context.Context, c *command, o *opportunity.Opportunity, before, _ *quote.Snapshot, at journal.Moment) error {
		accepted, others := before.Status == quote.Accepted, o.Snapshot().Counts.OpenQuotes
		switch before.Status {
		case quote.Sent:
			others--
		case quote.Accepted:
		default:
			return nil
		}
		latest, err := c.quotedLast(ctx, o, others, before.ID, nil)
		if err != nil {
			return err
		}
		return o.QuoteEnded(before.ID, what, accepted, latest, at)
	}
}

// quotedLast returns the net of the last quote sent among the others awaiting an
// answer, without the one that ends, and including one more if that isn't nil. It
// queries the store only if there are others.
func (c *command) quotedLast(ctx context.Context, o *opportunity.Opportunity, others int, without uuid.UUID, more *quote.Root) (money.Money, error) {
	s := o.Snapshot()
	last := more
	if others > 0 {
		list, err := c.rivals(ctx, s.ID)
		if err != nil {
			return money.Money{}, err
		}
		for _, q := range list {
			r := q.Snapshot().Root
			if r.Status == quote.Sent && r.ID != without && (last == nil || sentBefore(last, &r)) {
				last = &r
			}
		}
	}
	if last == nil {
		return money.Zero(s.Currency), nil
	}
	return last.Net, nil
}

func sentBefore(a, b *quote.Root) bool {
	if n := a.SentAt.Compare(b.SentAt); n != 0 {
		return n < 0
	}
	return a.Number < b.Number
}

// rivals returns the quotes of an opportunity that await an answer or are
// accepted.
func (c *command) rivals(ctx context.Context, of uuid.UUID) ([]*quote.Quote, error) {
	list, err := c.tx.Quotes().List(ctx, c.s.actor.Tenant, quote.Query{Scope: access.Scope{All: true}, Opportunity: of,
		Statuses: []quote.Status{quote.Sent, quote.Accepted}, Limit: opportunity.MaxQuotes})
	if err != nil {
		return nil, err
	}
	out := make([]*quote.Quote, len(list))
	for i, r := range list {
		if out[i], err = quote.Restore(quote.Snapshot{Root: r}, c.s.eng.zone(c.s.actor.Tenant)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// accepted records on the opportunity that a quote was accepted, which supersedes
// all others that await an answer or were accepted before (Q03).
func accepted(ctx context.Context, c *command, o *opportunity.Opportunity, _, after *quote.Snapshot, at journal.Moment) error {
	open, taken := 0, 0
	if n := o.Snapshot().Counts; n.OpenQuotes > 1 || n.AcceptedQuotes > 0 {
		list, err := c.rivals(ctx, after.Opportunity)
		if err != nil {
			return err
		}
		c.quotes = nil
		for _, q := range list {
			r := q.Snapshot()
			if r.ID == after.ID {
				continue
			}
			if r.Status == quote.Sent {
				open++
			} else {
				taken++
			}
			if err := q.Supersede(after.ID, at); err != nil {
				return err
			}
			c.quotes = append(c.quotes, q)
		}
	}
	return o.QuoteAccepted(after.ID, after.Net, open, taken, at)
}

// settleQuotes settles the quotes of an opportunity as the ending command says
// (Q03), including an accepted one unless it wins (Q15); they are saved after the
// opportunity.
func (c *command) settleQuotes(ctx context.Context, o *opportunity.Opportunity, end ending, at journal.Moment) error {
	s := o.Snapshot()
	if s.Counts.OpenQuotes == 0 && end.accept == uuid.Nil && (end.won || s.Counts.AcceptedQuotes == 0) {
		return nil
	}
	list, err := c.rivals(ctx, s.ID)
	if err != nil {
		return err
	}
	c.quotes = nil
	var x opportunity.SettledQuotes
	for _, q := range list {
		r := q.Snapshot()
		sent := r.Status == quote.Sent
		if r.ID == end.accept {
			x.Accepted, x.Net = r.ID, r.Net
			if !sent { // it is already accepted
				x.Superseded++
				continue
			}
		} else if !sent && end.won && end.accept == uuid.Nil {
			continue
		}
		done, err := end.settle(q, c.day(at), at)
		switch {
		case err != nil:
			return err
		case !done && sent:
			x.Open = append(x.Open, r.Number)
			continue
		case !done:
			x.Standing = append(x.Standing, r.Number)
			continue
		case sent:
			x.Ended++
		default:
			x.Superseded++
		}
		c.quotes = append(c.quotes, q)
	}
	if end.accept != x.Accepted {
		return fault.NotFound("quote.not_found")
	}
	o.SettleQuotes(x)
	return nil
}

// ending is a command's decision about quotes when it ends an opportunity.
type ending struct {
	won    bool
	policy opportunity.OpenQuotes
	// accept is the quote by which the opportunity is won, or Nil.
	accept uuid.UUID
	reason string
}

// settle ends one quote, sent or accepted; done is false if it stays as it is.
func (e *ending) settle(q *quote.Quote, day calendar.Date, at journal.Moment) (done bool, err error) {
	s := q.Snapshot()
	switch {
	case s.ID == e.accept:
		err = q.Accept(quote.AcceptInput{}, at)
	case e.accept != uuid.Nil:
		err = q.Supersede(e.accept, at)
	case e.policy == opportunity.WithdrawQuotes:
		err = q.Withdraw(quote.EndInput{Reason: e.reason}, at)
	case e.policy == opportunity.RejectQuotes:
		err = q.Reject(quote.EndInput{Reason: e.reason}, at)
	case e.policy == opportunity.ExpireQuotes && s.Status == quote.Sent:
		if err = q.Expire(day, at); errors.Is(err, fault.ErrNotAllowed) { // it is still valid
			return false, nil
		}
	default:
		return false, nil
	}
	return err == nil, err
}
