package order_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

func oneLine() order.QuoteInput {
	return order.QuoteInput{Title: "Offer", ValidUntil: day(20), Lines: []opportunity.LineInput{item("2", "50", "0", "13")}}
}

// ways lead a fresh draft into each status.
var ways = map[order.QuoteStatus][]order.QuoteCommand{
	order.QuoteDraft: nil, order.QuoteSent: {order.QuoteSend}, order.QuoteAccepted: {order.QuoteSend, order.QuoteAccept},
	order.QuoteRejected: {order.QuoteSend, order.QuoteReject}, order.QuoteExpired: {order.QuoteSend, order.QuoteExpire},
	order.QuoteWithdrawn: {order.QuoteSend, order.QuoteWithdraw}, order.QuoteSuperseded: {order.QuoteSend, order.QuoteSupersede},
}

// TestQ02_EveryPairOfStatusAndCommand is permitted as the table says, or refused.
func TestQ02_EveryPairOfStatusAndCommand(t *testing.T) {
	require.NotNil(t, order.QuoteLifecycle())
	for _, s := range order.QuoteStatuses() {
		for _, c := range order.QuoteCommands() {
			t.Run(fmt.Sprintf("Q02/%s/%s", s, c), func(t *testing.T) {
				b := offerOf(t, open(money.CNY, order.TaxExclusive), oneLine()).must(ways[s]...)
				require.Equal(t, s, b.s.Status)
				err := b.do(command(c))
				to, ok := order.QuoteLifecycle().Next(s, c)
				if !ok {
					require.ErrorIs(t, err, fault.ErrNotAllowed)
					require.Equal(t, "quote."+c.String()+".status", fault.CodeOf(err))
					require.Equal(t, []string{"/status " + s.String()}, paths(err))
					return
				}
				require.NoError(t, err)
				require.Equal(t, to, b.s.Status)
			})
		}
		if s != order.QuoteDraft {
			b := offerOf(t, open(money.CNY, order.TaxExclusive), oneLine()).must(ways[s]...)
			title := "other"
			err := b.do(func(q *order.Quote, at journal.Moment) error { return q.Update(order.QuoteUpdate{Title: &title}, at) })
			require.ErrorIs(t, err, fault.ErrNotAllowed, "Q02: what was sent never changes")
		}
	}
	for _, s := range order.QuoteStatuses() {
		p, err := order.ParseQuoteStatus(s.String())
		require.NoError(t, err)
		require.Equal(t, s, p)
	}
	for _, bad := range []string{"", "Draft", "x"} {
		_, err := order.ParseQuoteStatus(bad)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
}

func TestQ02_ARevisionSupersedesTheOneBefore(t *testing.T) {
	b := offerOf(t, open(money.CNY, order.TaxExclusive), oneLine()).must(order.QuoteSend, order.QuoteReject)
	was := b.s
	b.must(order.QuoteRevise)
	require.Equal(t, 2, b.s.Revision)
	require.Equal(t, order.QuoteDraft, b.s.Status)
	require.Empty(t, b.s.Reason)
	require.True(t, b.s.SentAt.IsZero() && b.s.DecidedAt.IsZero())
	discount := dec("10")
	require.NoError(t, b.do(func(q *order.Quote, at journal.Moment) error {
		return q.Update(order.QuoteUpdate{Discount: &discount, Lines: []opportunity.LineInput{item("3", "50", "0", "13"), item("1", "1", "0", "")}}, at)
	}))
	require.Equal(t, "135.90", b.s.Net.Amount()) // 151.00 − 15.10
	b.must(order.QuoteSend, order.QuoteAccept, order.QuoteRevise)
	require.Len(t, b.s.Past, 2)
	require.Equal(t, order.QuoteRevision{Number: 1, Status: order.QuoteRejected, QuoteContent: was.QuoteContent, SentAt: was.SentAt, DecidedAt: was.DecidedAt,
		Reason: "too dear", Superseded: at(3).Effective, Items: was.Items}, b.s.Past[0], "it is as it was")
	require.Equal(t, order.QuoteAccepted, b.s.Past[1].Status)
	require.Equal(t, b.s.Items, b.s.Past[1].Items)
	b.s.Revision = order.MaxRevisions // as if stored so
	b.s.Status = order.QuoteRejected
	q, err := order.RestoreQuote(b.s, nil)
	require.NoError(t, err)
	require.ErrorIs(t, q.Revise(order.ReviseInput{}, at(90)), fault.ErrLimit)
}

func TestQ02_AnUpdateChangesADraft(t *testing.T) {
	b := offerOf(t, open(money.CNY, order.TaxExclusive), oneLine())
	update := func(u order.QuoteUpdate) error {
		return b.do(func(q *order.Quote, at journal.Moment) error { return q.Update(u, at) })
	}
	title, terms, until, off, zero := "T", "30 days\nnet", day(25), amount("10.00", money.CNY), money.Zero(money.CNY)
	five := dec("5")
	require.NoError(t, update(order.QuoteUpdate{Title: &title, Terms: &terms, ValidUntil: &until}))
	require.Equal(t, "100.00", b.s.Net.Amount())
	require.NoError(t, update(order.QuoteUpdate{DiscountAmount: &off}))
	require.Equal(t, "90.00", b.s.Net.Amount())
	require.NoError(t, update(order.QuoteUpdate{Discount: &five}), "it takes the amount's place")
	require.Equal(t, "95.00", b.s.Net.Amount())
	require.True(t, b.s.DiscountAmount.IsZero())
	require.NoError(t, update(order.QuoteUpdate{DiscountAmount: &zero}))
	require.Equal(t, "100.00", b.s.Net.Amount())
	require.Equal(t, []string{"/title required"}, paths(update(order.QuoteUpdate{})))
	require.Equal(t, []string{"/discount_amount contradiction"}, paths(update(order.QuoteUpdate{Discount: &five, DiscountAmount: &off})))
	much := amount("100.01", money.CNY)
	require.Equal(t, []string{"/discount_amount too_large"}, paths(update(order.QuoteUpdate{DiscountAmount: &much})))
	var none calendar.Date
	require.NoError(t, update(order.QuoteUpdate{ValidUntil: &none}), "no end")
	b.must(order.QuoteSend)
	err := b.do(command(order.QuoteExtend))
	require.Equal(t, []string{"/until required"}, paths(err))
	require.ErrorIs(t, b.do(command(order.QuoteExpire)), fault.ErrNotAllowed, "it never expires")
}

// TestQ03_ValidityIsADayInTheTenantsZone: 20 March ends in Shanghai eight hours
// before it does in London.
func TestQ03_ValidityIsADayInTheTenantsZone(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	moment := func(d, h int) journal.Moment {
		x := time.Date(2026, 3, d, h, 0, 0, 0, time.UTC)
		return journal.Moment{Effective: x, Recorded: x, By: "ann"}
	}
	from := open(money.CNY, order.TaxExclusive)
	from.Zone = shanghai
	b := offerOf(t, from, oneLine()).must(order.QuoteSend)
	accept := func(at journal.Moment) error {
		q, err := order.RestoreQuote(b.s, shanghai)
		require.NoError(t, err)
		return q.Accept(order.AcceptInput{}, at)
	}
	require.NoError(t, accept(moment(20, 15))) // 23:00 in Shanghai
	err := accept(moment(20, 16))              // midnight
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "quote.accept.expired", fault.CodeOf(err))
	require.Equal(t, []string{"/valid_until past"}, paths(err))
	late := moment(23, 9)
	late.Effective = moment(19, 9).Effective // the yes came in time, and is entered later
	require.NoError(t, accept(late))

	require.ErrorIs(t, b.do(func(q *order.Quote, at journal.Moment) error { return q.Expire(day(20), at) }), fault.ErrNotAllowed)
	require.NoError(t, b.do(func(q *order.Quote, at journal.Moment) error { return q.Expire(day(21), at) }))
	extend := func(d calendar.Date) error {
		return b.do(func(q *order.Quote, at journal.Moment) error {
			return q.Extend(order.ExtendInput{Until: d}, q.Snapshot().Customer, at)
		})
	}
	require.Equal(t, []string{"/until past"}, paths(extend(day(1))))
	require.Equal(t, []string{"/until not_later"}, paths(extend(day(20))))
	require.NoError(t, extend(day(28)))
	require.Equal(t, order.QuoteSent, b.s.Status)
	require.NoError(t, accept(moment(28, 9)), "it was extended")
	gone := offerOf(t, open(money.CNY, order.TaxExclusive), oneLine())
	q, err := order.RestoreQuote(gone.s, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"/valid_until past"}, paths(q.Send(id(2), moment(21, 0))))
}

func TestQ02_TheLinesOfTheOpportunity(t *testing.T) {
	l5, l2 := line(5, "2", "10", money.CNY), line(2, "1", "5", money.CNY)
	b := offerOf(t, open(money.CNY, order.TaxExclusive, l5, l2), order.QuoteInput{})
	require.Equal(t, []int{2, 5}, []int{b.s.Items[0].Number, b.s.Items[1].Number})
	require.Equal(t, "25.00", b.s.Net.Amount())
	require.Equal(t, id(2), b.s.Customer) // Q07
	for _, s := range opportunity.Statuses() {
		from := open(money.CNY, order.TaxExclusive, l2)
		from.Opportunity.Status = s
		_, err := order.NewQuote(id(7), "Q", from, order.QuoteInput{}, at(0))
		if s == opportunity.Open {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, []string{"/opportunity/status " + s.String()}, paths(err))
	}
	_, err := order.NewQuote(id(7), "Q", open(money.CNY, order.TaxExclusive), order.QuoteInput{}, at(0))
	require.Equal(t, []string{"/opportunity/lines required"}, paths(err))
	from := open(money.CNY, order.TaxExclusive, l2)
	from.Settings.Enabled = false
	_, err = order.NewQuote(id(7), "Q", from, order.QuoteInput{}, at(0))
	require.ErrorIs(t, err, fault.ErrSalesSystemDisabled) // Q01

	// A copy has new lines of its own.
	b.must(order.QuoteSend)
	q, err := order.RestoreQuote(b.s, nil)
	require.NoError(t, err)
	c, err := q.Copy(id(8), "QUO-2026-000002", open(money.CNY, order.TaxInclusive), day(30), at(3))
	require.NoError(t, err)
	s := c.Snapshot()
	require.Equal(t, []any{order.QuoteDraft, 1, day(30), order.TaxInclusive}, []any{s.Status, s.Revision, s.ValidUntil, s.TaxTreatment})
	s.Items[0].Product = "changed"
	require.Equal(t, "P", b.s.Items[0].Product)
	_, err = q.Copy(id(8), "Q", open(money.EUR, order.TaxInclusive), day(30), at(3))
	require.Equal(t, []string{"/currency mismatch"}, paths(err))
}

// TestQ04_AnOrderOfAnAcceptedQuote agrees with the quote exactly: with its net, or,
// where prices hold the tax, with its gross.
func TestQ04_AnOrderOfAnAcceptedQuote(t *testing.T) {
	for _, treatment := range []order.TaxTreatment{order.TaxExclusive, order.TaxInclusive} {
		b := offerOf(t, open(money.CNY, treatment), order.QuoteInput{Discount: dec("7.7"), Lines: []opportunity.LineInput{
			item("3", "33.335", "10", "13"), item("7", "1.115", "0", "13"), item("1", "100.50", "0", "6")}}).must(order.QuoteSend)
		from := source(money.CNY)
		quote := b.s
		from.Quote = &quote
		_, err := order.New(id(9), "ORD-1", from, order.CreateInput{}, at(3))
		require.Equal(t, []string{"/quote/status sent"}, paths(err))
		b.must(order.QuoteAccept)
		quote = b.s
		o, err := order.New(id(9), "ORD-1", from, order.CreateInput{Due: []order.LineDue{{Line: 3, On: day(9)}}}, at(3))
		require.NoError(t, err)
		s := o.Snapshot()
		require.Equal(t, treatment, s.TaxTreatment, "as it was agreed")
		require.Equal(t, quote.Gross, s.Gross)
		if treatment == order.TaxExclusive {
			require.Equal(t, quote.Net, s.Total)
		} else {
			require.Equal(t, quote.Gross, s.Total)
		}
		for i, l := range s.Items {
			want := quote.Items[i].Net
			if treatment == order.TaxInclusive {
				want, err = want.Add(quote.Items[i].TaxAmount)
				require.NoError(t, err)
			}
			require.Equal(t, want, l.Amount)
		}
		quote.Opportunity = id(77)
		_, err = order.New(id(9), "ORD-1", from, order.CreateInput{}, at(3))
		require.Equal(t, []string{"/quote mismatch"}, paths(err))
	}
}

func TestR14_HostileQuotes(t *testing.T) {
	from := open(money.CNY, order.TaxExclusive)
	foreign, negative := money.FromMinor(1, money.EUR), money.FromMinor(-1, money.CNY)
	bomb := decimal.New(1, math.MaxInt32)
	for want, in := range map[string]order.QuoteInput{
		"/title":                    {Title: "a\x00b"},
		"/terms":                    {Terms: "\xff"},
		"/discount":                 {Discount: bomb},
		"/discount out_of_range":    {Discount: dec("100.000001")},
		"/discount_amount/currency": {DiscountAmount: &foreign},
		"/discount_amount/amount":   {DiscountAmount: &negative},
		"/title too_long":           {Title: strings.Repeat("x", 201)},
	} {
		in.Lines = append(in.Lines, item("1", "1", "0", ""))
		_, err := order.NewQuote(id(7), "Q", from, in, at(0))
		require.ErrorIs(t, err, fault.ErrInvalid, want)
		require.Contains(t, strings.Join(paths(err), "\n")+"\n", want)
	}
	bad := item("0", "-1", "101", "101")
	bad.Product = "x\x00"
	_, err := order.NewQuote(uuid.Nil, "", from, order.QuoteInput{Lines: []opportunity.LineInput{item("1", "1", "0", ""), bad}}, at(0))
	for _, p := range []string{"/id required", "/number", "/lines/1/product", "/lines/1/quantity", "/lines/1/price", "/lines/1/discount", "/lines/1/tax"} {
		require.Contains(t, strings.Join(paths(err), "\n"), p, "all fields at fault")
	}
	_, err = order.NewQuote(id(7), "Q", from, order.QuoteInput{Lines: make([]opportunity.LineInput, opportunity.MaxLines+1)}, at(0))
	require.Equal(t, []string{"/lines too_many"}, paths(err))
	b := offerOf(t, from, oneLine())
	require.Equal(t, []string{"/lines too_many"}, paths(b.do(func(q *order.Quote, at journal.Moment) error {
		return q.Update(order.QuoteUpdate{Lines: make([]opportunity.LineInput, opportunity.MaxLines+1)}, at)
	})))
	require.Equal(t, []string{"/discount too_large"}, paths(b.do(func(q *order.Quote, at journal.Moment) error {
		return q.Update(order.QuoteUpdate{Discount: &bomb}, at)
	})))
	b.must(order.QuoteSend)
	for _, reason := range []string{"", "\x00", strings.Repeat("x", 4001)} {
		require.ErrorIs(t, b.do(func(q *order.Quote, at journal.Moment) error { return q.Reject(order.EndInput{Reason: reason}, at) }), fault.ErrInvalid)
		require.ErrorIs(t, b.do(func(q *order.Quote, at journal.Moment) error { return q.Withdraw(order.EndInput{Reason: reason}, at) }), fault.ErrInvalid)
	}
	require.ErrorIs(t, b.do(func(q *order.Quote, at journal.Moment) error { return q.Accept(order.AcceptInput{Note: "\xff"}, at) }), fault.ErrInvalid)
	require.ErrorIs(t, b.do(func(q *order.Quote, at journal.Moment) error { return q.Revise(order.ReviseInput{Reason: "\x00"}, at) }), fault.ErrInvalid)

	back, ahead := at(0), at(50)
	ahead.Recorded = at(49).Recorded
	for code, m := range map[string]journal.Moment{"quote.moment.backwards": back, "quote.moment.future": ahead} { // O12
		q, err := order.RestoreQuote(b.s, nil)
		require.NoError(t, err)
		require.Equal(t, code, fault.CodeOf(q.Accept(order.AcceptInput{}, m)))
	}
	q, err := order.RestoreQuote(b.s, nil)
	require.NoError(t, err)
	require.NoError(t, q.Accept(order.AcceptInput{}, at(60)))
	require.Equal(t, "quote.pending", fault.CodeOf(q.Supersede(id(1), at(61)))) // O11
	for _, broken := range []order.QuoteSnapshot{{}, {QuoteRoot: order.QuoteRoot{ID: id(1)}}} {
		_, err := order.RestoreQuote(broken, nil)
		require.ErrorIs(t, err, fault.ErrCorrupt)
	}
	bare := b.s
	bare.ItemsLoaded, bare.Items = false, nil
	q, err = order.RestoreQuote(bare, nil)
	require.NoError(t, err)
	require.Equal(t, "quote.parts", fault.CodeOf(q.Revise(order.ReviseInput{}, at(60))))
}
