package quote_test

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
	"github.com/pursuit-crm/pursuit/quote"
)

func oneLine() quote.CreateInput {
	return quote.CreateInput{Title: "Offer", ValidUntil: day(20), Lines: []opportunity.LineInput{item("2", "50", "0", "13")}}
}

// ways lead a fresh draft into each status.
var ways = map[quote.Status][]quote.Command{
	quote.Draft: nil, quote.Sent: {quote.Send}, quote.Accepted: {quote.Send, quote.Accept},
	quote.Rejected: {quote.Send, quote.Reject}, quote.Expired: {quote.Send, quote.Expire},
	quote.Withdrawn: {quote.Send, quote.Withdraw}, quote.Superseded: {quote.Send, quote.Supersede},
}

// TestQ02_EveryPairOfStatusAndCommand is permitted as the table says, or refused.
func TestQ02_EveryPairOfStatusAndCommand(t *testing.T) {
	require.NotNil(t, quote.Lifecycle())
	for _, s := range quote.Statuses() {
		for _, c := range quote.Commands() {
			t.Run(fmt.Sprintf("Q02/%s/%s", s, c), func(t *testing.T) {
				b := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine()).must(ways[s]...)
				require.Equal(t, s, b.s.Status)
				err := b.do(command(c))
				to, ok := quote.Lifecycle().Next(s, c)
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
		if s != quote.Draft {
			b := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine()).must(ways[s]...)
			title := "other"
			err := b.do(func(q *quote.Quote, at journal.Moment) error { return q.Update(quote.UpdateInput{Title: &title}, at) })
			require.ErrorIs(t, err, fault.ErrNotAllowed, "Q02: what was sent never changes")
		}
	}
	for _, s := range quote.Statuses() {
		p, err := quote.ParseStatus(s.String())
		require.NoError(t, err)
		require.Equal(t, s, p)
	}
	for _, bad := range []string{"", "Draft", "x"} {
		_, err := quote.ParseStatus(bad)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
}

func TestQ02_ARevisionSupersedesTheOneBefore(t *testing.T) {
	b := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine()).must(quote.Send, quote.Reject)
	was := b.s
	b.must(quote.Revise)
	require.Equal(t, 2, b.s.Revision)
	require.Equal(t, quote.Draft, b.s.Status)
	require.Empty(t, b.s.Reason)
	require.True(t, b.s.SentAt.IsZero() && b.s.DecidedAt.IsZero())
	discount := dec("10")
	require.NoError(t, b.do(func(q *quote.Quote, at journal.Moment) error {
		return q.Update(quote.UpdateInput{Discount: &discount, Lines: []opportunity.LineInput{item("3", "50", "0", "13"), item("1", "1", "0", "")}}, at)
	}))
	require.Equal(t, "135.90", b.s.Net.Amount()) // 151.00 − 15.10
	b.must(quote.Send, quote.Accept, quote.Revise)
	require.Len(t, b.s.Past, 2)
	require.Equal(t, quote.Revision{Number: 1, Status: quote.Rejected, Content: was.Content, SentAt: was.SentAt, DecidedAt: was.DecidedAt,
		Reason: "too dear", Superseded: at(3).Effective, Items: was.Items}, b.s.Past[0], "it is as it was")
	require.Equal(t, quote.Accepted, b.s.Past[1].Status)
	require.Equal(t, b.s.Items, b.s.Past[1].Items)
	b.s.Revision = quote.MaxRevisions // as if stored so
	b.s.Status = quote.Rejected
	q, err := quote.Restore(b.s, nil)
	require.NoError(t, err)
	require.ErrorIs(t, q.Revise(quote.ReviseInput{}, at(90)), fault.ErrLimit)
}

func TestQ02_AnUpdateChangesADraft(t *testing.T) {
	b := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine())
	update := func(u quote.UpdateInput) error {
		return b.do(func(q *quote.Quote, at journal.Moment) error { return q.Update(u, at) })
	}
	title, terms, until, off, zero := "T", "30 days\nnet", day(25), amount("10.00", money.CNY), money.Zero(money.CNY)
	five := dec("5")
	require.NoError(t, update(quote.UpdateInput{Title: &title, Terms: &terms, ValidUntil: &until}))
	require.Equal(t, "100.00", b.s.Net.Amount())
	require.NoError(t, update(quote.UpdateInput{DiscountAmount: &off}))
	require.Equal(t, "90.00", b.s.Net.Amount())
	require.NoError(t, update(quote.UpdateInput{Discount: &five}), "it takes the amount's place")
	require.Equal(t, "95.00", b.s.Net.Amount())
	require.True(t, b.s.DiscountAmount.IsZero())
	require.NoError(t, update(quote.UpdateInput{DiscountAmount: &zero}))
	require.Equal(t, "100.00", b.s.Net.Amount())
	require.Equal(t, []string{"/title required"}, paths(update(quote.UpdateInput{})))
	require.Equal(t, []string{"/discount_amount contradiction"}, paths(update(quote.UpdateInput{Discount: &five, DiscountAmount: &off})))
	much := amount("100.01", money.CNY)
	require.Equal(t, []string{"/discount_amount too_large"}, paths(update(quote.UpdateInput{DiscountAmount: &much})))
	var none calendar.Date
	require.NoError(t, update(quote.UpdateInput{ValidUntil: &none}), "no end")
	b.must(quote.Send)
	err := b.do(command(quote.Extend))
	require.Equal(t, []string{"/until required"}, paths(err))
	require.ErrorIs(t, b.do(command(quote.Expire)), fault.ErrNotAllowed, "it never expires")
}

// TestQ03_ValidityIsADayInTheTenantsZone: 20 March ends in Shanghai eight hours
// before it does in London.
func TestQ03_ValidityIsADayInTheTenantsZone(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	moment := func(d, h int) journal.Moment {
		x := time.Date(2026, 3, d, h, 0, 0, 0, time.UTC)
		return journal.Moment{Effective: x, Recorded: x, By: "ann"}
	}
	from := open(money.CNY, money.TaxExclusive)
	from.Zone = shanghai
	b := offerOf(t, from, oneLine()).must(quote.Send)
	accept := func(at journal.Moment) error {
		q, err := quote.Restore(b.s, shanghai)
		require.NoError(t, err)
		return q.Accept(quote.AcceptInput{}, at)
	}
	require.NoError(t, accept(moment(20, 15))) // 23:00 in Shanghai
	err := accept(moment(20, 16))              // midnight
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "quote.accept.expired", fault.CodeOf(err))
	require.Equal(t, []string{"/valid_until past"}, paths(err))
	late := moment(23, 9)
	late.Effective = moment(19, 9).Effective // the yes came in time, and is entered later
	require.NoError(t, accept(late))

	require.ErrorIs(t, b.do(func(q *quote.Quote, at journal.Moment) error { return q.Expire(day(20), at) }), fault.ErrNotAllowed)
	require.NoError(t, b.do(func(q *quote.Quote, at journal.Moment) error { return q.Expire(day(21), at) }))
	extend := func(d calendar.Date) error {
		return b.do(func(q *quote.Quote, at journal.Moment) error {
			return q.Extend(quote.ExtendInput{Until: d}, q.Snapshot().Customer, at)
		})
	}
	require.Equal(t, []string{"/until past"}, paths(extend(day(1))))
	require.Equal(t, []string{"/until not_later"}, paths(extend(day(20))))
	require.NoError(t, extend(day(28)))
	require.Equal(t, quote.Sent, b.s.Status)
	require.NoError(t, accept(moment(28, 9)), "it was extended")
	gone := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine())
	q, err := quote.Restore(gone.s, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"/valid_until past"}, paths(q.Send(id(2), moment(21, 0))))
}

func TestQ02_TheLinesOfTheOpportunity(t *testing.T) {
	l5, l2 := line(5, "2", "10", money.CNY), line(2, "1", "5", money.CNY)
	b := offerOf(t, open(money.CNY, money.TaxExclusive, l5, l2), quote.CreateInput{})
	require.Equal(t, []int{2, 5}, []int{b.s.Items[0].Number, b.s.Items[1].Number})
	require.Equal(t, "25.00", b.s.Net.Amount())
	require.Equal(t, id(2), b.s.Customer) // Q07
	for _, s := range opportunity.Statuses() {
		from := open(money.CNY, money.TaxExclusive, l2)
		from.Opportunity.Status = s
		_, err := quote.New(id(7), "Q", from, quote.CreateInput{}, at(0))
		if s == opportunity.Open {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, []string{"/opportunity/status " + s.String()}, paths(err))
	}
	_, err := quote.New(id(7), "Q", open(money.CNY, money.TaxExclusive), quote.CreateInput{}, at(0))
	require.Equal(t, []string{"/opportunity/lines required"}, paths(err))

	// A copy has new lines of its own.
	b.must(quote.Send)
	q, err := quote.Restore(b.s, nil)
	require.NoError(t, err)
	c, err := q.Copy(id(8), "QUO-2026-000002", open(money.CNY, money.TaxInclusive), day(30), at(3))
	require.NoError(t, err)
	s := c.Snapshot()
	require.Equal(t, []any{quote.Draft, 1, day(30), money.TaxInclusive}, []any{s.Status, s.Revision, s.ValidUntil, s.TaxTreatment})
	s.Items[0].Product = "changed"
	require.Equal(t, "P", b.s.Items[0].Product)
	_, err = q.Copy(id(8), "Q", open(money.EUR, money.TaxInclusive), day(30), at(3))
	require.Equal(t, []string{"/currency mismatch"}, paths(err))
}

func TestB14_HostileQuotes(t *testing.T) {
	from := open(money.CNY, money.TaxExclusive)
	foreign, negative := money.FromMinor(1, money.EUR), money.FromMinor(-1, money.CNY)
	bomb := decimal.New(1, math.MaxInt32)
	for want, in := range map[string]quote.CreateInput{
		"/title":                    {Title: "a\x00b"},
		"/terms":                    {Terms: "\xff"},
		"/discount":                 {Discount: bomb},
		"/discount out_of_range":    {Discount: dec("100.000001")},
		"/discount_amount/currency": {DiscountAmount: &foreign},
		"/discount_amount/amount":   {DiscountAmount: &negative},
		"/title too_long":           {Title: strings.Repeat("x", 201)},
	} {
		in.Lines = append(in.Lines, item("1", "1", "0", ""))
		_, err := quote.New(id(7), "Q", from, in, at(0))
		require.ErrorIs(t, err, fault.ErrInvalid, want)
		require.Contains(t, strings.Join(paths(err), "\n")+"\n", want)
	}
	bad := item("0", "-1", "101", "101")
	bad.Product = "x\x00"
	_, err := quote.New(uuid.Nil, "", from, quote.CreateInput{Lines: []opportunity.LineInput{item("1", "1", "0", ""), bad}}, at(0))
	for _, p := range []string{"/id required", "/number", "/lines/1/product", "/lines/1/quantity", "/lines/1/price", "/lines/1/discount", "/lines/1/tax"} {
		require.Contains(t, strings.Join(paths(err), "\n"), p, "all fields at fault")
	}
	_, err = quote.New(id(7), "Q", from, quote.CreateInput{Lines: make([]opportunity.LineInput, opportunity.MaxLines+1)}, at(0))
	require.Equal(t, []string{"/lines too_many"}, paths(err))
	b := offerOf(t, from, oneLine())
	require.Equal(t, []string{"/lines too_many"}, paths(b.do(func(q *quote.Quote, at journal.Moment) error {
		return q.Update(quote.UpdateInput{Lines: make([]opportunity.LineInput, opportunity.MaxLines+1)}, at)
	})))
	require.Equal(t, []string{"/discount too_large"}, paths(b.do(func(q *quote.Quote, at journal.Moment) error {
		return q.Update(quote.UpdateInput{Discount: &bomb}, at)
	})))
	b.must(quote.Send)
	for _, reason := range []string{"", "\x00", strings.Repeat("x", 4001)} {
		require.ErrorIs(t, b.do(func(q *quote.Quote, at journal.Moment) error { return q.Reject(quote.EndInput{Reason: reason}, at) }), fault.ErrInvalid)
		require.ErrorIs(t, b.do(func(q *quote.Quote, at journal.Moment) error { return q.Withdraw(quote.EndInput{Reason: reason}, at) }), fault.ErrInvalid)
	}
	require.ErrorIs(t, b.do(func(q *quote.Quote, at journal.Moment) error { return q.Accept(quote.AcceptInput{Note: "\xff"}, at) }), fault.ErrInvalid)
	require.ErrorIs(t, b.do(func(q *quote.Quote, at journal.Moment) error { return q.Revise(quote.ReviseInput{Reason: "\x00"}, at) }), fault.ErrInvalid)

	back, ahead := at(0), at(50)
	ahead.Recorded = at(49).Recorded
	for code, m := range map[string]journal.Moment{"quote.moment.backwards": back, "quote.moment.future": ahead} { // O12
		q, err := quote.Restore(b.s, nil)
		require.NoError(t, err)
		require.Equal(t, code, fault.CodeOf(q.Accept(quote.AcceptInput{}, m)))
	}
	q, err := quote.Restore(b.s, nil)
	require.NoError(t, err)
	require.NoError(t, q.Accept(quote.AcceptInput{}, at(60)))
	require.Equal(t, "quote.pending", fault.CodeOf(q.Supersede(id(1), at(61)))) // O11
	for _, broken := range []quote.Snapshot{{}, {Root: quote.Root{ID: id(1)}}} {
		_, err := quote.Restore(broken, nil)
		require.ErrorIs(t, err, fault.ErrCorrupt)
	}
	bare := b.s
	bare.ItemsLoaded, bare.Items = false, nil
	q, err = quote.Restore(bare, nil)
	require.NoError(t, err)
	require.Equal(t, "quote.parts", fault.CodeOf(q.Revise(quote.ReviseInput{}, at(60))))
}
