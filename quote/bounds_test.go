package quote_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

func TestJ05_AStoredQuoteHasWhatItMustHave(t *testing.T) {
	whole := offerOf(t, open(money.CNY, money.TaxExclusive, line(1, "5", "2", money.CNY)), quote.CreateInput{}).s
	_, err := quote.Restore(whole, nil)
	require.NoError(t, err)
	for name, lack := range map[string]func(s *quote.Snapshot){
		"id": func(s *quote.Snapshot) { s.ID = uuid.Nil }, "tenant": func(s *quote.Snapshot) { s.Tenant = "" },
		"opportunity": func(s *quote.Snapshot) { s.Opportunity = uuid.Nil }, "status": func(s *quote.Snapshot) { s.Status = 0 },
		"a status beyond": func(s *quote.Snapshot) { s.Status = quote.Superseded + 1 },
		"version":         func(s *quote.Snapshot) { s.Version = 0 }, "revision": func(s *quote.Snapshot) { s.Revision = 0 },
		"lines": func(s *quote.Snapshot) { s.Items = nil },
	} {
		s := whole
		lack(&s)
		_, err := quote.Restore(s, nil)
		require.ErrorIs(t, err, fault.ErrCorrupt, name)
		require.Equal(t, "quote.corrupt", fault.CodeOf(err), name)
	}
}

// TestC08_QuotesCustomerMerged: the survivor stands in the place of the one that
// went, of a sent quote too.
func TestC08_QuotesCustomerMerged(t *testing.T) {
	b := offerOf(t, open(money.CNY, money.TaxExclusive, line(1, "5", "2", money.CNY)), quote.CreateInput{ValidUntil: day(20)}).must(quote.Send)
	merged := func(from, into uuid.UUID) error {
		return b.do(func(q *quote.Quote, at journal.Moment) error { return q.CustomerMerged(from, into, at) })
	}
	for _, wrong := range [][2]uuid.UUID{{id(99), id(7)}, {id(2), uuid.Nil}, {uuid.Nil, id(7)}} {
		err := merged(wrong[0], wrong[1])
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "quote.merge.invalid", fault.CodeOf(err))
		require.Equal(t, []string{"/customer not_found"}, paths(err))
	}
	require.NoError(t, merged(id(2), id(7)))
	require.Equal(t, id(7), b.s.Customer)
	require.Equal(t, quote.Sent, b.s.Status)
	q, err := quote.Restore(b.s, nil)
	require.NoError(t, err)
	require.Equal(t, "quote.moment.backwards", fault.CodeOf(q.CustomerMerged(id(7), id(8), at(0))))
}

func TestQ02_LinesOfAQuoteAtTheirBound(t *testing.T) {
	list := make([]opportunity.LineInput, opportunity.MaxLines+1)
	for i := range list {
		list[i] = item("1", "2", "0", "")
	}
	from := open(money.CNY, money.TaxExclusive)
	_, err := quote.New(id(7), "QUO-1", from, quote.CreateInput{Lines: list}, at(0))
	require.Equal(t, []string{"/lines too_many"}, paths(err))
	b := offerOf(t, from, quote.CreateInput{Lines: list[:1]})
	update := func(in quote.UpdateInput) error {
		return b.do(func(q *quote.Quote, at journal.Moment) error { return q.Update(in, at) })
	}
	require.Equal(t, []string{"/lines too_many"}, paths(update(quote.UpdateInput{Lines: list})))
	require.NoError(t, update(quote.UpdateInput{Lines: list[:opportunity.MaxLines]}))
	require.Len(t, b.s.Items, opportunity.MaxLines)
	require.Equal(t, amount("1000", money.CNY), b.s.Gross, "lines alone give a new price")
	_, err = quote.New(id(7), "QUO-1", from, quote.CreateInput{Lines: list[:opportunity.MaxLines]}, at(0))
	require.NoError(t, err)
}

// An update leaves alone what it doesn't name: the discount, and the lines.
func TestQ02_AnUpdateOfTheTitleAlone(t *testing.T) {
	percent, five := dec("10"), amount("5", money.CNY)
	for name, in := range map[string]quote.CreateInput{"percent": {Discount: percent}, "amount": {DiscountAmount: &five}} {
		t.Run(name, func(t *testing.T) {
			b := offerOf(t, open(money.CNY, money.TaxExclusive, line(1, "5", "20", money.CNY)), in)
			before := b.s
			title := "Second thoughts"
			q, err := quote.Restore(b.s, nil)
			require.NoError(t, err)
			require.NoError(t, q.Update(quote.UpdateInput{Title: &title}, at(1)))
			c, ok, err := q.Change(ids(100))
			require.NoError(t, err)
			require.True(t, ok)
			require.Empty(t, c.Lines, "no line is written")
			got := q.Snapshot()
			require.Equal(t, title, got.Title)
			require.Equal(t, before.Discount, got.Discount)
			require.Equal(t, before.DiscountAmount, got.DiscountAmount)
			require.Equal(t, before.Gross, got.Gross)
			require.Equal(t, before.Items, got.Items)
		})
	}
}

// What is one beyond the last status or command has no name, and isn't valid.
func TestQ02_NamesEndWithTheLast(t *testing.T) {
	require.Empty(t, (quote.Superseded + 1).String())
	require.Empty(t, (quote.Supersede + 1).String())
	for _, s := range []quote.Status{0, quote.Superseded + 1} {
		require.False(t, s.Valid())
	}
	for _, s := range quote.Statuses() {
		require.True(t, s.Valid())
	}
}
