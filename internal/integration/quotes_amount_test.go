package integration

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// estimated records a deal of an estimate and no lines.
func (w *tenant) estimated(m string) uuid.UUID {
	w.t.Helper()
	in := w.input()
	in.Lines, in.Estimated = nil, usd(m)
	r, err := w.s.Opportunities().Record(w.ctx, in)
	require.NoError(w.t, err)
	return r.ID
}

func (w *tenant) worth(deal uuid.UUID) string {
	w.t.Helper()
	s := w.get(deal)
	return s.Amount().Amount()
}

// TestQ10_TheQuotedAmountIsWhatStands sends 90.00 and then 10.00, and ends the second
// in every way.
func TestQ10_TheQuotedAmountIsWhatStands(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		q := w.s.Quotes()
		reason := quote.EndInput{Reason: "dear"}
		quoted := func(deal uuid.UUID) string { return w.get(deal).Quoted.Amount() }
		for _, x := range []struct {
			name string
			end  func(id uuid.UUID) error
		}{
			{"withdrawn", func(id uuid.UUID) error { _, err := q.Withdraw(w.ctx, id, reason); return err }},
			{"rejected", func(id uuid.UUID) error { _, err := q.Reject(w.ctx, id, reason); return err }},
			{"revised", func(id uuid.UUID) error { _, err := q.Revise(w.ctx, id, quote.ReviseInput{}); return err }},
			{"expired", func(uuid.UUID) error {
				w.pass(72 * time.Hour)
				_, err := q.ExpireQuotes(w.ctx, onDay().AddDays(2))
				return err
			}},
		} {
			name, end := x.name, x.end
			deal := w.record().ID
			first := w.sent(deal, "90", 30)
			require.Equal(t, "90.00", quoted(deal))
			second := w.sent(deal, "10", 1)
			require.Equal(t, "10.00", quoted(deal))
			require.NoError(t, end(second), name)
			require.Equal(t, "90.00", quoted(deal), name)
			w.sameQuote(second)
			w.must(q.Withdraw(w.ctx, first, reason))
			require.Equal(t, "0.00", quoted(deal), name)
			w.sameQuote(first)
		}
		deal := w.record().ID
		only := w.sent(deal, "77", 0)
		w.must(q.Withdraw(w.ctx, only, reason))
		require.Equal(t, "0.00", quoted(deal))
		w.sameQuote(only)
	})
}

// TestQ10_WhatIsWonIsWhatWasAccepted wins a deal of an estimate of 500 by a quote of
// 450, accepted by the win or before it: rows, sums and reports say 450.
func TestQ10_WhatIsWonIsWhatWasAccepted(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		win := opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"}
		before, by := w.estimated("500"), w.estimated("500")
		first, second := w.sent(before, "450", 0), w.sent(by, "450", 0)
		w.must(w.s.Quotes().Accept(w.ctx, first, quote.AcceptInput{}))
		require.Equal(t, "450.00", w.worth(before))
		w.must(w.s.Opportunities().Win(w.ctx, before, win))
		win.AcceptQuote = second
		w.must(w.s.Opportunities().Win(w.ctx, by, win))
		for _, id := range []uuid.UUID{first, second} {
			deal := w.get(w.offer(id).Opportunity)
			require.Equal(t, []string{"450.00", "450.00", "450.00", "500.00"},
				[]string{deal.Outcome.Amount.Amount(), deal.Amount().Amount(), deal.Quoted.Amount(), deal.Estimated.Amount()})
			w.sameQuote(id)
		}
		g, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByOwner})
		require.NoError(t, err)
		require.Equal(t, []any{2, "900.00"}, []any{int(g[0].Won), g[0].Amounts["USD"].Won.Amount()})
		l, err := w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{}, pursuit.Page{})
		require.NoError(t, err)
		require.Len(t, l.Items, 2)
		for _, r := range l.Items {
			require.Equal(t, "450.00", r.Amount().Amount())
		}
		o, err := w.s.Orders().Create(w.ctx, by, order.CreateInput{})
		require.NoError(t, err)
		require.Equal(t, "450.00", w.order(o.ID).Total.Amount())
	})
}

// TestQ10_AnyCourseOfQuotes gives random commands on the quotes of a deal, and wants
// after each that what is quoted, and what the deal comes to, follow from the quotes
// as they are (sameQuote).
func TestQ10_AnyCourseOfQuotes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		moved, stale := 0, 0
		for seed := range uint64(3) {
			w := newTenant(t)
			w.selling()
			deal, q := w.record().ID, w.s.Quotes()
			pick := rand.New(rand.NewPCG(seed, 10))
			ids := []uuid.UUID{w.sent(deal, "100", 2)}
			last := w.get(deal).Quoted // what a careless deal would say: what was offered last
			today := 0
			for range 25 {
				id := ids[pick.IntN(len(ids))]
				var err error
				switch pick.IntN(8) {
				case 0, 1:
					id = w.sent(deal, fmt.Sprint(100+pick.IntN(900)), today+1+pick.IntN(5))
					ids = append(ids, id)
					last = w.offer(id).Net
				case 2:
					_, err = q.Withdraw(w.ctx, id, quote.EndInput{Reason: "no"})
				case 3:
					_, err = q.Reject(w.ctx, id, quote.EndInput{Reason: "no"})
				case 4:
					_, err = q.Revise(w.ctx, id, quote.ReviseInput{})
				case 5:
					_, err = q.Send(w.ctx, id)
				case 6:
					_, err = q.Accept(w.ctx, id, quote.AcceptInput{})
				default:
					w.pass(24 * time.Hour)
					today++
					if _, err = q.ExpireQuotes(w.ctx, calendar.Date{}); err == nil {
						_, err = q.Extend(w.ctx, id, quote.ExtendInput{Until: onDay().AddDays(today + 1 + pick.IntN(5))})
					}
				}
				require.True(t, err == nil || errors.Is(err, fault.ErrNotAllowed) || errors.Is(err, fault.ErrInvalid), "%v", err)
				if err == nil {
					moved++
				}
				w.sameQuote(id)
				if w.get(deal).Quoted != last {
					stale++
				}
			}
		}
		require.Greater(t, moved, 20)
		require.Positive(t, stale, "the twin: an amount that only follows what is sent would be wrong")
	})
}

// TestQ15_VoidingAndReopeningSettleQuotes voids with a sent quote, and loses and voids
// reopened deals whose quote was accepted.
func TestQ15_VoidingAndReopeningSettleQuotes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		o := w.s.Opportunities()
		ends := map[string]func(deal uuid.UUID, p opportunity.OpenQuotes) error{
			"void": func(deal uuid.UUID, p opportunity.OpenQuotes) error {
				_, err := o.Void(w.ctx, deal, opportunity.VoidInput{Reason: "twice recorded", Quotes: p})
				return err
			},
			"lose": func(deal uuid.UUID, p opportunity.OpenQuotes) error {
				_, err := o.Lose(w.ctx, deal, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost", Quotes: p})
				return err
			},
		}
		policies := map[opportunity.OpenQuotes]quote.Status{opportunity.WithdrawQuotes: quote.Withdrawn, opportunity.RejectQuotes: quote.Rejected}
		refused := func(err error, id uuid.UUID, code string) {
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			require.Equal(t, "opportunity.quotes.open", fault.CodeOf(err))
			require.Equal(t, []fault.Field{{Path: "/quotes/" + w.offer(id).Number, Code: code}}, []fault.Field{{Path: fault.FieldsOf(err)[0].Path, Code: fault.FieldsOf(err)[0].Code}})
		}
		for name, end := range ends {
			for policy, status := range policies {
				deal := w.record().ID
				id := w.sent(deal, "100", 0)
				refused(end(deal, ""), id, "open")
				require.NoError(t, end(deal, policy), name)
				require.Equal(t, status, w.offer(id).Status)
				require.Equal(t, "0.00", w.get(deal).Quoted.Amount())
				w.sameQuote(id)

				// Won by a quote, reopened: it is what would be won again.
				deal = w.record().ID
				id = w.sent(deal, "100", 0)
				w.must(o.Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", AcceptQuote: id}))
				_, err := w.s.Quotes().Withdraw(w.ctx, id, quote.EndInput{Reason: "no"})
				require.ErrorIs(t, err, fault.ErrNotAllowed, "what was won stays accepted")
				w.must(o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "they think again"}))
				require.Equal(t, []any{quote.Accepted, "100.00"}, []any{w.offer(id).Status, w.worth(deal)})
				refused(end(deal, ""), id, "accepted")
				refused(end(deal, opportunity.ExpireQuotes), id, "accepted")
				require.NoError(t, end(deal, policy), name)
				require.Equal(t, status, w.offer(id).Status)
				require.Equal(t, []string{"0.00", "271.35", "271.35"}, []string{w.get(deal).Quoted.Amount(), w.worth(deal), w.get(deal).Outcome.Amount.Amount()})
				w.sameQuote(id)
			}
		}
		// One is settled by hand before; the other is won again, named or not.
		for _, name := range []bool{false, true} {
			deal := w.record().ID
			id := w.sent(deal, "100", 0)
			win := opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", AcceptQuote: id}
			w.must(o.Win(w.ctx, deal, win))
			w.must(o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "they think again"}))
			if !name {
				win.AcceptQuote = uuid.Nil
			}
			w.must(o.Win(w.ctx, deal, win))
			require.Equal(t, []any{quote.Accepted, "100.00"}, []any{w.offer(id).Status, w.get(deal).Outcome.Amount.Amount()})
			w.sameQuote(id)
			w.must(o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "and again"}))
			w.must(w.s.Quotes().Reject(w.ctx, id, quote.EndInput{Reason: "they took it back"}))
			w.sameQuote(id)
			require.NoError(t, ends["lose"](deal, ""))
		}
	})
}
