package integration

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/quote"
)

func TestQ02_QuotesInBatchesAndHostTransactions(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		before := w.written()
		boom := errors.New("boom")
		require.ErrorIs(t, w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			r, err := b.Quotes().Create(ctx, deal, quote.CreateInput{})
			require.NoError(t, err)
			_, err = b.Quotes().Accept(ctx, r.ID, quote.AcceptInput{})
			require.ErrorIs(t, err, fault.ErrNotAllowed, "a refusal leaves the batch usable")
			_, err = b.Quotes().Send(ctx, r.ID)
			require.NoError(t, err)
			return boom
		}), boom)
		require.Equal(t, before, w.written())
		h := w.host()
		s := w.eng.In(h.bound).As(w.s.Actor())
		r, err := s.Quotes().Create(w.ctx, deal, quote.CreateInput{ValidUntil: onDay()})
		require.NoError(t, err)
		w.must(s.Quotes().Send(w.ctx, r.ID))
		require.NoError(t, h.bound.Err())
		require.NoError(t, h.commit())
		require.Equal(t, quote.Sent, w.offer(r.ID).Status)
		w.sameQuote(r.ID)
		h = w.host()
		s = w.eng.In(h.bound).As(w.s.Actor())
		w.must(s.Quotes().Accept(w.ctx, r.ID, quote.AcceptInput{}))
		require.NoError(t, h.rollback())
		require.Equal(t, quote.Sent, w.offer(r.ID).Status)
		w.sameQuote(r.ID)
	})
}

// TestC6_WhoMayDoWhatWithQuotes tries the default policy's rows.
func TestC6_WhoMayDoWhatWithQuotes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		id := w.quote(deal, quote.CreateInput{})
		as := func(user, department string, roles ...access.Role) pursuit.Quotes {
			return w.eng.As(pursuit.Actor{Tenant: "acme", User: user, Department: department, Roles: roles}).Quotes()
		}
		_, err := as("zoe", "west", access.Sales).Send(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrNotFound, "a stranger doesn't see it")
		require.Equal(t, "quote.not_found", fault.CodeOf(err))
		_, err = as("zoe", "west", access.Sales).Create(w.ctx, deal, quote.CreateInput{})
		require.Equal(t, "opportunity.not_found", fault.CodeOf(err))
		title := "Offer"
		w.must(as("sam", "east", access.Support).Update(w.ctx, id, quote.UpdateInput{Title: &title}))
		_, err = as("sam", "east", access.Support).Send(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrForbidden, "support prepares, sales sends")
		w.must(as("ann", "east", access.Sales).Send(w.ctx, id))
		w.must(as("sam", "east", access.Support).Accept(w.ctx, id, quote.AcceptInput{}))
		l, err := as("zoe", "west", access.Sales).List(w.ctx, pursuit.QuoteQuery{}, pursuit.Page{})
		require.NoError(t, err)
		require.Empty(t, l.Items) // J02
		l, err = as("max", "east", access.Manager).List(w.ctx, pursuit.QuoteQuery{Statuses: []quote.Status{quote.Accepted}, Customer: w.customer, Opportunity: deal}, pursuit.Page{})
		require.NoError(t, err)
		require.Len(t, l.Items, 1)
	})
}
