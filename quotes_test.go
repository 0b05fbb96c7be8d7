package pursuit_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// quoteCalls are all calls of the handle.
func quoteCalls(w *tenant, h func() pursuit.Quotes, deal, id uuid.UUID) map[string]func() error {
	one := func(seq func(func(quote.Root, error) bool)) (err error) {
		for _, e := range seq {
			err = e
		}
		return err
	}
	title := "x"
	return map[string]func() error{
		"create":   func() error { _, err := h().Create(w.ctx, deal, quote.CreateInput{}); return err },
		"copy":     func() error { _, err := h().Copy(w.ctx, id, pursuit.CopyQuoteInput{}); return err },
		"update":   func() error { _, err := h().Update(w.ctx, id, quote.UpdateInput{Title: &title}); return err },
		"send":     func() error { _, err := h().Send(w.ctx, id); return err },
		"accept":   func() error { _, err := h().Accept(w.ctx, id, quote.AcceptInput{}); return err },
		"reject":   func() error { _, err := h().Reject(w.ctx, id, quote.EndInput{Reason: "x"}); return err },
		"withdraw": func() error { _, err := h().Withdraw(w.ctx, id, quote.EndInput{Reason: "x"}); return err },
		"extend":   func() error { _, err := h().Extend(w.ctx, id, quote.ExtendInput{Until: onDay()}); return err },
		"revise":   func() error { _, err := h().Revise(w.ctx, id, quote.ReviseInput{}); return err },
		"expire":   func() error { _, err := h().ExpireQuotes(w.ctx, calendar.Date{}); return err },
		"get":      func() error { _, err := h().Get(w.ctx, id); return err },
		"journal":  func() error { _, err := h().Journal(w.ctx, id); return err },
		"list":     func() error { _, err := h().List(w.ctx, pursuit.QuoteQuery{}, pursuit.Page{}); return err },
		"all":      func() error { return one(h().All(w.ctx, pursuit.QuoteQuery{})) },
		"deal's":   func() error { return one(h().ByOpportunity(w.ctx, deal)) },
	}
}

func TestQ01_QuotesNeedTheSalesSystem(t *testing.T) {
	w := newTenant(t)
	w.Sales()
	deal := w.record().ID
	id := w.quote(deal, quote.CreateInput{})
	h := w.s.Quotes()
	calls := quoteCalls(w, func() pursuit.Quotes { return h }, deal, id)
	w.must(w.s.SalesSystem().Disable(w.ctx))
	for name, call := range calls {
		require.ErrorIs(t, call(), fault.ErrSalesSystemDisabled, name)
	}
	w.must(w.s.SalesSystem().Enable(w.ctx))
	require.Equal(t, quote.Draft, w.offer(id).Status)
	b := w.eng.As(pursuit.Actor{Tenant: "b", User: "ann", Roles: []access.Role{access.Administrator}})
	w.must(b.SalesSystem().Enable(w.ctx))
	h = b.Quotes()
	for name, call := range calls {
		require.ErrorIs(t, call(), fault.ErrSalesSystemNotInitialised, name)
	}
	h = w.eng.As(pursuit.Actor{}).Quotes() // the zero actor
	for name, call := range calls {
		require.ErrorIs(t, call(), fault.ErrInvalid, name)
	}
}

func TestQ03_WinningAndLosingWithOpenQuotes(t *testing.T) {
	w := newTenant(t)
	w.Sales()
	o := w.s.Opportunities()
	win := func(deal uuid.UUID, p opportunity.OpenQuotes, accept uuid.UUID) error {
		_, err := o.Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", Quotes: p, AcceptQuote: accept})
		return err
	}
	lose := func(deal uuid.UUID, p opportunity.OpenQuotes) error {
		_, err := o.Lose(w.ctx, deal, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost", Quotes: p})
		return err
	}
	deal := w.record().ID
	a, b := w.sent(deal, "100", 0), w.sent(deal, "200", 0)
	draft := w.quote(deal, quote.CreateInput{})
	for _, end := range []func() error{func() error { return win(deal, "", uuid.Nil) }, func() error { return lose(deal, "") },
		func() error { return lose(deal, opportunity.ExpireQuotes) }} {
		err := end()
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "opportunity.quotes.open", fault.CodeOf(err))
		require.Equal(t, []string{"/quotes/" + w.offer(a).Number, "/quotes/" + w.offer(b).Number}, pathsOf(err))
	}
	require.ErrorIs(t, win(deal, "burn", uuid.Nil), fault.ErrInvalid)
	for _, bad := range []uuid.UUID{draft, w.sent(w.record().ID, "1", 0), uuid.Max} {
		require.ErrorIs(t, win(deal, "", bad), fault.ErrNotFound)
	}
	require.Equal(t, opportunity.Open, w.get(deal).Status, "nothing was changed")
	require.NoError(t, win(deal, "", b))
	require.Equal(t, []quote.Status{quote.Superseded, quote.Accepted, quote.Draft}, []quote.Status{w.offer(a).Status, w.offer(b).Status, w.offer(draft).Status})
	require.Equal(t, "200.00", w.get(deal).Quoted.Amount())
	w.must(o.Close(w.ctx, deal, opportunity.CloseInput{})) // O09: no quote awaits an answer; a draft doesn't

	for policy, want := range map[opportunity.OpenQuotes]quote.Status{opportunity.WithdrawQuotes: quote.Withdrawn, opportunity.RejectQuotes: quote.Rejected} {
		for _, end := range []func(uuid.UUID) error{func(d uuid.UUID) error { return win(d, policy, uuid.Nil) }, func(d uuid.UUID) error { return lose(d, policy) }} {
			deal := w.record().ID
			a, b := w.sent(deal, "100", 0), w.sent(deal, "200", 0)
			w.must(w.s.SalesSystem().Disable(w.ctx)) // which winning and losing don't need
			require.NoError(t, end(deal))
			w.must(w.s.SalesSystem().Enable(w.ctx))
			for _, id := range []uuid.UUID{a, b} {
				require.Equal(t, want, w.offer(id).Status)
				require.NotEmpty(t, w.offer(id).Reason)
			}
		}
	}
	late := w.record().ID
	x, y := w.sent(late, "1", 1), w.sent(late, "2", 30)
	w.Clock.Advance(48 * time.Hour)
	require.Equal(t, []string{"/quotes/" + w.offer(y).Number}, pathsOf(lose(late, opportunity.ExpireQuotes)))
	w.must(w.s.Quotes().Reject(w.ctx, y, quote.EndInput{Reason: "no"}))
	require.NoError(t, lose(late, opportunity.ExpireQuotes))
	require.Equal(t, quote.Expired, w.offer(x).Status)
	w.must(o.Reopen(w.ctx, late, opportunity.ReopenInput{Reason: "they called"})) // O10: ended quotes stay ended
	w.must(w.s.Quotes().Extend(w.ctx, x, quote.ExtendInput{Until: onDay().AddDays(60)}))
	require.Equal(t, 1, w.get(late).Counts.OpenQuotes)
}
