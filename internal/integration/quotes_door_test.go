package integration

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
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

func TestR14_HostileQuotesAtTheDoor(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		id := w.quote(deal, quote.CreateInput{})
		before := w.written()
		bomb := dec("1").Shift(1 << 30)
		known := pursuit.RequestID("known")
		q := w.s.Quotes()
		line := opportunity.LineInput{Description: "bomb", Quantity: bomb, Price: bomb, Discount: bomb, Tax: &bomb}
		bad := map[string]func(o ...pursuit.CallOption) error{
			"a bomb of a line": func(o ...pursuit.CallOption) error {
				_, err := q.Create(w.ctx, deal, quote.CreateInput{Lines: []opportunity.LineInput{line}}, o...)
				return err
			},
			"a bomb of a discount": func(o ...pursuit.CallOption) error {
				_, err := q.Create(w.ctx, deal, quote.CreateInput{Discount: bomb}, o...)
				return err
			},
			"a bomb for a draft": func(o ...pursuit.CallOption) error {
				_, err := q.Update(w.ctx, id, quote.UpdateInput{Discount: &bomb}, o...)
				return err
			},
			"too many lines": func(o ...pursuit.CallOption) error {
				_, err := q.Create(w.ctx, deal, quote.CreateInput{Lines: make([]opportunity.LineInput, 501)}, o...)
				return err
			},
			"too many new lines": func(o ...pursuit.CallOption) error {
				_, err := q.Update(w.ctx, id, quote.UpdateInput{Lines: make([]opportunity.LineInput, 501)}, o...)
				return err
			},
			"NUL": func(o ...pursuit.CallOption) error {
				_, err := q.Create(w.ctx, deal, quote.CreateInput{Title: "\x00"}, o...)
				return err
			},
			"no UTF-8": func(o ...pursuit.CallOption) error {
				_, err := q.Create(w.ctx, deal, quote.CreateInput{Terms: "\xff"}, o...)
				return err
			},
			"over-long": func(o ...pursuit.CallOption) error {
				_, err := q.Withdraw(w.ctx, id, quote.EndInput{Reason: strings.Repeat("x", 4001)}, o...)
				return err
			},
		}
		_, err := w.s.Opportunities().Record(w.ctx, w.input(), known)
		require.NoError(t, err)
		before++
		for name, call := range bad {
			start := time.Now()
			require.ErrorIs(t, call(), fault.ErrInvalid, name)
			require.ErrorIs(t, call(pursuit.RequestID("fresh")), fault.ErrInvalid, name)
			require.Error(t, call(known), name)
			require.Less(t, time.Since(start), 30*time.Second, name)
		}
		for name, call := range quoteCalls(w, w.s.Quotes, uuid.Nil, uuid.Nil) {
			switch name {
			case "list", "all", "deal's", "expire":
				require.NoError(t, call(), name)
			default:
				require.ErrorIs(t, call(), fault.ErrNotFound, name)
			}
		}
		for range w.s.Quotes().ByOpportunity(w.ctx, uuid.Nil) {
			t.Fatal("no opportunity has no quotes")
		}
		for _, st := range [][]quote.Status{{77}, {0}, make([]quote.Status, 8)} {
			_, err := q.List(w.ctx, pursuit.QuoteQuery{Statuses: st}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
		require.Equal(t, before, w.written())
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
