package integration

import (
	"testing"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// TestStatementBudgetsOfQuotes counts what a quote needs, for whatever size.
func TestStatementBudgetsOfQuotes(t *testing.T) {
	t.Parallel()
	c, w := counted(t)
	q := w.s.Quotes()
	for i, lines := range []int{1, 3, 200} { // the first one takes a block of numbers
		deal := w.record("big", lines).ID
		var id, other uuid.UUID
		ten, until := dec("10"), onDay().AddDays(900)
		none := func(err error) (pursuit.Result, error) { return pursuit.Result{}, err }
		for _, x := range []budget{
			{"create", 7, func() (pursuit.Result, error) {
				r, err := q.Create(w.ctx, deal, quote.CreateInput{ValidUntil: until})
				id = r.ID
				return r, err
			}},
			{"copy", 8, func() (pursuit.Result, error) {
				r, err := q.Copy(w.ctx, id, pursuit.CopyQuoteInput{})
				other = r.ID
				return r, err
			}},
			{"update", 7, func() (pursuit.Result, error) { return q.Update(w.ctx, id, quote.UpdateInput{Discount: &ten}) }},
			{"send", 6, func() (pursuit.Result, error) { return q.Send(w.ctx, id) }},
			{"extend", 6, func() (pursuit.Result, error) { return q.Extend(w.ctx, id, quote.ExtendInput{Until: until.AddDays(1)}) }},
			{"reject", 6, func() (pursuit.Result, error) { return q.Reject(w.ctx, id, quote.EndInput{Reason: "no"}) }},
			{"withdraw a draft", 5, func() (pursuit.Result, error) { return q.Withdraw(w.ctx, other, quote.EndInput{Reason: "no"}) }},
			{"revise", 8, func() (pursuit.Result, error) { return q.Revise(w.ctx, id, quote.ReviseInput{}) }},
			{"send again", 6, func() (pursuit.Result, error) { return q.Send(w.ctx, id) }},
			{"revise what awaits an answer", 9, func() (pursuit.Result, error) { return q.Revise(w.ctx, id, quote.ReviseInput{}) }},
			{"send a third time", 6, func() (pursuit.Result, error) { return q.Send(w.ctx, id) }},
			{"accept, which changes the deal's amount", 8, func() (pursuit.Result, error) { return q.Accept(w.ctx, id, quote.AcceptInput{}) }},
			{"read with a past revision", 5, func() (pursuit.Result, error) { _, err := q.Get(w.ctx, id); return none(err) }},
			{"list", 2, func() (pursuit.Result, error) {
				_, err := q.List(w.ctx, pursuit.QuoteQuery{}, pursuit.Page{})
				return none(err)
			}},
			{"expire nothing", 2, func() (pursuit.Result, error) { _, err := q.ExpireQuotes(w.ctx, calendar.Date{}); return none(err) }},
			{"win without open quotes", 5, func() (pursuit.Result, error) {
				return w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
			}},
			{"order the quote", 13, func() (pursuit.Result, error) { return w.s.Orders().Create(w.ctx, deal, order.CreateInput{}) }},
		} {
			x.spend(t, c, lines, i == 0)
		}
	}
}
