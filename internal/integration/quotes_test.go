package integration

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestQ02_TheLifeOfAQuote(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{TaxTreatment: money.TaxExclusive})
		deal := w.record().ID
		q := w.s.Quotes()
		vat := dec("13")
		r, err := q.Create(w.ctx, deal, quote.CreateInput{Title: "Offer", Terms: "30 days", ValidUntil: onDay().AddDays(30), Discount: dec("5"), Lines: []opportunity.LineInput{
			{Product: "GTX", Quantity: dec("3"), Price: dec("100.50"), Discount: dec("10"), Tax: &vat}, {Description: "Service", Quantity: dec("1"), Price: dec("18.65")},
		}}, pursuit.RequestID("k"), pursuit.IfVersion(w.get(deal).Version))
		require.NoError(t, err)
		require.Regexp(t, `^QUO-2026-00000\d$`, r.Number)
		require.Equal(t, []int{1, 2}, r.Lines)
		id := r.ID
		again, err := q.Create(w.ctx, deal, quote.CreateInput{}, pursuit.RequestID("k"))
		require.ErrorIs(t, err, fault.ErrRequestReused, again.Number)
		s := w.offer(id)
		// 271.35 + 18.65 = 290.00, less 5 % 14.50, shared out as 13.57 and 0.93. 13 % of 257.78: 33.51.
		require.Equal(t, []string{"290.00", "14.50", "275.50", "33.51", "309.01"},
			[]string{s.Subtotal.Amount(), s.Discounted.Amount(), s.Net.Amount(), s.Tax.Amount(), s.Gross.Amount()})
		require.True(t, w.get(deal).Quoted.IsZero(), "a draft isn't quoted")
		w.sameQuote(id)

		w.must(q.Send(w.ctx, id))
		o := w.get(deal)
		require.Equal(t, "275.50", o.Quoted.Amount()) // O16
		require.Equal(t, "271.35", o.LineTotal.Amount())
		title := "Other"
		_, err = q.Update(w.ctx, id, quote.UpdateInput{Title: &title})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "Q02")
		w.must(q.Revise(w.ctx, id, quote.ReviseInput{Reason: "a better price"}))
		_, err = q.Accept(w.ctx, id, quote.AcceptInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "the revision isn't sent")
		ten := usd("10.00")
		w.must(q.Update(w.ctx, id, quote.UpdateInput{DiscountAmount: &ten, Lines: []opportunity.LineInput{{Description: "All in", Quantity: dec("1"), Price: dec("250")}}}))
		w.sameQuote(id)
		w.must(q.Send(w.ctx, id, pursuit.IfVersion(w.offer(id).Version)))
		s = w.offer(id)
		require.Equal(t, 2, s.Revision)
		require.Len(t, s.Items, 1)
		require.Len(t, s.Past, 1)
		require.Len(t, s.Past[0].Items, 2, "as it was sent")
		require.Equal(t, quote.Sent, s.Past[0].Status)
		_, err = q.Accept(w.ctx, id, quote.AcceptInput{}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict) // O11
		w.must(q.Accept(w.ctx, id, quote.AcceptInput{Note: "by mail"}, pursuit.RequestID("a")))
		rep, err := q.Accept(w.ctx, id, quote.AcceptInput{Note: "by mail"}, pursuit.RequestID("a"))
		require.NoError(t, err)
		require.True(t, rep.Repeated) // O13
		require.Equal(t, "240.00", w.get(deal).Quoted.Amount())
		w.sameQuote(id)

		c, err := q.Copy(w.ctx, id, pursuit.CopyQuoteInput{ValidUntil: onDay().AddDays(5)})
		require.NoError(t, err)
		require.NotEqual(t, r.Number, c.Number)
		copied := w.offer(c.ID)
		require.Equal(t, []any{quote.Draft, 1, "240.00"}, []any{copied.Status, copied.Revision, copied.Net.Amount()})
		w.must(q.Withdraw(w.ctx, c.ID, quote.EndInput{Reason: "not needed"}))
		w.sameQuote(c.ID)

		// Only an open deal gets quotes; one on hold goes on with those it has.
		w.must(w.s.Opportunities().Hold(w.ctx, deal, opportunity.HoldInput{Reason: "budget"}))
		_, err = q.Create(w.ctx, deal, quote.CreateInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		w.must(q.Revise(w.ctx, id, quote.ReviseInput{}))
		require.Zero(t, w.get(deal).Counts.AcceptedQuotes)
		w.must(w.s.Opportunities().Lose(w.ctx, deal, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost"}))
		_, err = q.Send(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		_, err = q.Update(w.ctx, id, quote.UpdateInput{Title: &title})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		w.must(q.Withdraw(w.ctx, id, quote.EndInput{Reason: "lost"})) // a draft may be given up
		w.sameQuote(id)
	})
}

func TestQ03_AcceptingSupersedesTheOthers(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		other := w.sent(w.record().ID, "1", 0) // of another deal
		a, b, c := w.sent(deal, "100", 0), w.sent(deal, "200", 0), w.sent(deal, "300", 0)
		d := w.quote(deal, quote.CreateInput{})
		w.must(w.s.Quotes().Accept(w.ctx, b, quote.AcceptInput{}))
		status := func(ids ...uuid.UUID) (out []string) {
			for _, id := range ids {
				out = append(out, w.offer(id).Status.String())
				w.sameQuote(id)
			}
			return out
		}
		require.Equal(t, []string{"superseded", "accepted", "superseded", "draft", "sent"}, status(a, b, c, d, other))
		require.Equal(t, "200.00", w.get(deal).Quoted.Amount())
		w.must(w.s.Quotes().Send(w.ctx, d))
		require.Equal(t, "200.00", w.get(deal).Quoted.Amount(), "what is accepted counts")
		w.must(w.s.Quotes().Accept(w.ctx, d, quote.AcceptInput{}))
		require.Equal(t, []string{"superseded", "accepted"}, status(b, d))
		require.Equal(t, "271.35", w.get(deal).Quoted.Amount())
	})
}

func TestQ03_ConcurrentAnswersLeaveOneAccepted(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		var ids []uuid.UUID
		for i := range 4 {
			ids = append(ids, w.sent(deal, fmt.Sprint(100+i), 0))
		}
		var wg sync.WaitGroup
		errs := make([]error, len(ids)+1)
		for i, id := range ids {
			wg.Go(func() { _, errs[i] = w.s.Quotes().Accept(w.ctx, id, quote.AcceptInput{}) })
		}
		wg.Go(func() {
			_, errs[len(ids)] = w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", Quotes: opportunity.WithdrawQuotes})
		})
		wg.Wait()
		for _, err := range errs { // superseded, withdrawn or won meanwhile
			require.True(t, err == nil || errors.Is(err, fault.ErrNotAllowed), "%v", err)
		}
		for _, id := range ids {
			w.sameQuote(id) // counts agree, and one is accepted at most
			require.NotEqual(t, quote.Sent, w.offer(id).Status)
		}
	})
}

func TestP07_TheGateOfAnAcceptedQuote(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		p, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "offers", Names: names("Offers"), WinGates: []stage.Gate{{Kind: stage.GateQuote}}, Stages: []stage.Stage{
			{ID: "offer", Names: names("Offer"), Probability: 1000, Category: stage.Pipeline},
			{ID: "order", Names: names("Order"), Probability: 5000, Category: stage.Commit, Entry: []stage.Gate{{Kind: stage.GateQuote}}},
		}})
		require.NoError(t, err)
		in := w.input()
		in.Process = p.ID
		record := func() uuid.UUID {
			r, err := w.s.Opportunities().Record(w.ctx, in)
			require.NoError(t, err)
			return r.ID
		}
		deal := record()
		id := w.sent(deal, "100", 0)
		advance := func() error {
			_, err := w.s.Opportunities().Advance(w.ctx, deal, opportunity.AdvanceInput{To: "order", Summary: "agreed"})
			return err
		}
		require.Equal(t, []string{"gate/quote_accepted"}, pathsOf(advance()))
		w.must(w.s.Quotes().Accept(w.ctx, id, quote.AcceptInput{}))
		require.NoError(t, advance())
		w.must(w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"}))

		deal = record()
		id = w.sent(deal, "100", 0)
		_, err = w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", Quotes: opportunity.WithdrawQuotes})
		require.Equal(t, []string{"gate/quote_accepted"}, pathsOf(err))
		require.Equal(t, quote.Sent, w.offer(id).Status, "a refused win leaves the quotes alone")
		w.must(w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", AcceptQuote: id}))
		w.sameQuote(id)
	})
}

func TestO14_O17_O18_QuotesKeepTheDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := quotable(w)
		w.must(w.s.Lines().Remove(w.ctx, deal, []int{1}))
		id := w.sent(deal, "5", 0)
		_, err := w.s.Opportunities().Delete(w.ctx, deal, opportunity.DeleteInput{Reason: "a mistake"})
		require.Equal(t, []string{"/quotes"}, pathsOf(err))
		_, err = w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Currency: money.EUR})
		require.Equal(t, []string{"/currency"}, pathsOf(err))
		c := freshCustomer(w)
		_, err = w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Customer: &c})
		require.Equal(t, []string{"/customer"}, pathsOf(err))
		w.must(w.s.Quotes().Reject(w.ctx, id, quote.EndInput{Reason: "no"}))
		w.must(w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Customer: &c}))
		_, err = w.s.Customers().Delete(w.ctx, w.customer)
		require.ErrorIs(t, err, fault.ErrInUse, "C05: a quote names it")
		w.must(w.s.Quotes().Revise(w.ctx, id, quote.ReviseInput{}))
		w.must(w.s.Quotes().Send(w.ctx, id))
		require.Equal(t, c, w.offer(id).Customer, "Q07: the deal's when it is sent")
		w.sameQuote(id)
	})
}

func TestQ04_OrdersFromQuotes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{TaxTreatment: money.TaxInclusive, SeveralOrders: true})
		deal := w.record().ID
		vat := dec("19")
		id := w.quote(deal, quote.CreateInput{Discount: dec("3.3"), Lines: []opportunity.LineInput{
			{Product: "A", Quantity: dec("1"), Price: dec("10"), Tax: &vat}, {Product: "B", Quantity: dec("3"), Price: dec("9.99"), Tax: &vat}, {Product: "C", Quantity: dec("1"), Price: dec("5")}}})
		w.must(w.s.Quotes().Send(w.ctx, id))
		other := w.sent(w.record().ID, "1", 0)
		w.must(w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", AcceptQuote: id}))
		make := func(in order.CreateInput) (pursuit.Result, error) { return w.s.Orders().Create(w.ctx, deal, in) }
		r, err := make(order.CreateInput{})
		require.NoError(t, err)
		q, o := w.offer(id), w.order(r.ID)
		// 10 + 29.97 + 5 − 3.3 % = 43.49 with tax, which is what the order comes to.
		require.Equal(t, "43.49", q.Gross.Amount())
		require.Equal(t, []money.Money{q.Gross, q.Gross}, []money.Money{o.Total, o.Gross})
		require.Equal(t, o.Total, w.get(deal).Ordered)
		require.Len(t, o.Items, 3)
		for i, l := range o.Items {
			gross, err := q.Items[i].Net.Add(q.Items[i].TaxAmount)
			require.NoError(t, err)
			require.Equal(t, gross, l.Amount)
		}
		w.sameOrder(r.ID)
		r, err = make(order.CreateInput{FromLines: true})
		require.NoError(t, err)
		require.Equal(t, "271.35", w.order(r.ID).Total.Amount())
		r, err = make(order.CreateInput{Quote: id})
		require.NoError(t, err)
		require.Equal(t, q.Gross, w.order(r.ID).Total)
		for _, bad := range []uuid.UUID{other, uuid.Max} {
			_, err = make(order.CreateInput{Quote: bad})
			require.ErrorIs(t, err, fault.ErrNotFound)
			require.Equal(t, "quote.not_found", fault.CodeOf(err))
		}
	})
}
