package integration

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

func TestQ03_ExpireQuotes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		never, later, today := w.sent(deal, "1", 0), w.sent(deal, "2", 9), w.sent(deal, "3", 2)
		var due []uuid.UUID
		require.NoError(t, w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			for i := range 51 { // more than fit into one transaction
				r, err := b.Quotes().Create(ctx, deal, quote.CreateInput{ValidUntil: onDay().AddDays(i % 2)})
				if err != nil {
					return err
				}
				if _, err := b.Quotes().Send(ctx, r.ID); err != nil {
					return err
				}
				due = append(due, r.ID)
			}
			return nil
		}))
		q := w.s.Quotes()
		n, err := q.ExpireQuotes(w.ctx, calendar.Date{})
		require.NoError(t, err)
		require.Zero(t, n, "the day isn't over")
		_, err = q.ExpireQuotes(w.ctx, onDay().AddDays(1))
		require.ErrorIs(t, err, fault.ErrInvalid, "a day that is yet to come")
		w.pass(48 * time.Hour)
		_, err = q.Accept(w.ctx, due[0], quote.AcceptInput{})
		require.Equal(t, "quote.accept.expired", fault.CodeOf(err), "also before the scheduler came")
		n, err = w.evil().Quotes().ExpireQuotes(w.ctx, calendar.Date{})
		require.NoError(t, err)
		require.Zero(t, n, "J03")
		_, err = w.as(access.Sales, access.Manager).Quotes().ExpireQuotes(w.ctx, calendar.Date{})
		require.ErrorIs(t, err, fault.ErrForbidden)
		n, err = q.ExpireQuotes(w.ctx, onDay().AddDays(1))
		require.NoError(t, err)
		require.Equal(t, 26, n, "those of the first day")
		n, err = q.ExpireQuotes(w.ctx, calendar.Date{})
		require.NoError(t, err)
		require.Equal(t, 25, n)
		before := w.written()
		n, err = q.ExpireQuotes(w.ctx, calendar.Date{})
		require.NoError(t, err)
		require.Zero(t, n)
		require.Equal(t, before, w.written(), "again: nothing")
		for _, id := range due[:3] {
			require.Equal(t, quote.Expired, w.offer(id).Status)
		}
		w.sameQuote(due[50])
		for _, id := range []uuid.UUID{never, later, today} {
			require.Equal(t, quote.Sent, w.offer(id).Status)
		}
		w.pass(24 * time.Hour)
		n, err = q.ExpireQuotes(w.ctx, calendar.Date{})
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Equal(t, 2, w.get(deal).Counts.OpenQuotes)
	})
}

// An expired quote doesn't come back for a customer that the deal has no more; its
// next revision goes to the new one.
func TestQ07_AQuoteIsNotExtendedForAnotherCustomer(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		id := w.sent(deal, "7", 1)
		w.pass(72 * time.Hour)
		n, err := w.s.Quotes().ExpireQuotes(w.ctx, calendar.Date{})
		require.NoError(t, err)
		require.Equal(t, 1, n)
		r, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Contoso", Status: customer.Active})
		require.NoError(t, err)
		w.must(w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Customer: &r.ID}))
		before := w.written()
		_, err = w.s.Quotes().Extend(w.ctx, id, quote.ExtendInput{Until: onDay().AddDays(60)})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "quote.extend.customer", fault.CodeOf(err))
		require.Equal(t, before, w.written())

		w.must(w.s.Quotes().Revise(w.ctx, id, quote.ReviseInput{Reason: "another customer"}))
		until := onDay().AddDays(60)
		w.must(w.s.Quotes().Update(w.ctx, id, quote.UpdateInput{ValidUntil: &until}))
		w.must(w.s.Quotes().Send(w.ctx, id))
		require.Equal(t, r.ID, w.offer(id).Customer)
		w.must(w.s.Quotes().Extend(w.ctx, id, quote.ExtendInput{Until: until.AddDays(1)}))
		w.sameQuote(id)
	})
}
