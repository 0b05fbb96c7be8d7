package order_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// These tests stand at the bounds: the last value that is taken, and the first that
// isn't (R18).

func TestJ05_AStoredOrderHasWhatItMustHave(t *testing.T) {
	whole := create(t, source(money.CNY, line(1, "5", "2", money.CNY)), order.CreateInput{}).s
	_, err := order.Restore(whole, nil)
	require.NoError(t, err)
	for name, lack := range map[string]func(s *order.Snapshot){
		"id": func(s *order.Snapshot) { s.ID = uuid.Nil }, "tenant": func(s *order.Snapshot) { s.Tenant = "" },
		"opportunity": func(s *order.Snapshot) { s.Opportunity = uuid.Nil }, "status": func(s *order.Snapshot) { s.Status = 0 },
		"a status beyond": func(s *order.Snapshot) { s.Status = order.Cancelled + 1 },
		"version":         func(s *order.Snapshot) { s.Version = 0 }, "lines": func(s *order.Snapshot) { s.Items = nil },
	} {
		s := whole
		lack(&s)
		_, err := order.Restore(s, nil)
		require.ErrorIs(t, err, fault.ErrCorrupt, name)
		require.Equal(t, "order.corrupt", fault.CodeOf(err), name)
	}
}

func TestJ05_AStoredQuoteHasWhatItMustHave(t *testing.T) {
	whole := offerOf(t, open(money.CNY, order.TaxExclusive, line(1, "5", "2", money.CNY)), order.QuoteInput{}).s
	_, err := order.RestoreQuote(whole, nil)
	require.NoError(t, err)
	for name, lack := range map[string]func(s *order.QuoteSnapshot){
		"id": func(s *order.QuoteSnapshot) { s.ID = uuid.Nil }, "tenant": func(s *order.QuoteSnapshot) { s.Tenant = "" },
		"opportunity": func(s *order.QuoteSnapshot) { s.Opportunity = uuid.Nil }, "status": func(s *order.QuoteSnapshot) { s.Status = 0 },
		"a status beyond": func(s *order.QuoteSnapshot) { s.Status = order.QuoteSuperseded + 1 },
		"version":         func(s *order.QuoteSnapshot) { s.Version = 0 }, "revision": func(s *order.QuoteSnapshot) { s.Revision = 0 },
		"lines": func(s *order.QuoteSnapshot) { s.Items = nil },
	} {
		s := whole
		lack(&s)
		_, err := order.RestoreQuote(s, nil)
		require.ErrorIs(t, err, fault.ErrCorrupt, name)
		require.Equal(t, "quote.corrupt", fault.CodeOf(err), name)
	}
}

// What is one beyond the last status or command has no name, and isn't valid.
func TestQ02_Q05_NamesEndWithTheLast(t *testing.T) {
	require.Equal(t, "cancelled", order.Cancelled.String())
	require.Empty(t, (order.Cancelled + 1).String())
	require.Empty(t, (order.CommandCancel + 1).String())
	require.Empty(t, (order.QuoteSuperseded + 1).String())
	require.Empty(t, (order.QuoteSupersede + 1).String())
	for _, s := range []order.QuoteStatus{0, order.QuoteSuperseded + 1} {
		require.False(t, s.Valid())
	}
	for _, s := range order.QuoteStatuses() {
		require.True(t, s.Valid())
	}
}

func TestQ06_EventsAtTheirBounds(t *testing.T) {
	cent := money.FromMinor(1, money.CNY)
	report := func(n int) []order.EventInput {
		list := make([]order.EventInput, n)
		for i := range list {
			list[i] = pay(fmt.Sprint("i", i), order.Invoice, 1, cent)
		}
		return list
	}
	b := create(t, source(money.CNY, line(1, "5", "200", money.CNY)), order.CreateInput{}).confirm()
	err := b.execute(report(order.MaxEvents + 1)...)
	require.ErrorIs(t, err, fault.ErrLimit)
	require.Equal(t, "order.execute.too_many", fault.CodeOf(err))
	require.NoError(t, b.execute(report(order.MaxEvents)...))
	require.Len(t, b.s.Events, order.MaxEvents)

	s := b.s
	for i := len(s.Events); i < order.MaxOrderEvents-1; i++ {
		e := s.Events[0]
		e.External = fmt.Sprint("i", i)
		s.Events = append(s.Events, e)
	}
	last := []order.EventInput{pay("last", order.Invoice, 1, cent)}
	for _, c := range []struct {
		in   []order.EventInput
		want string
	}{{last, ""}, {append(last, pay("beyond", order.Invoice, 1, cent)), "order.events.too_many"}, {append(last, pay("i0", order.Invoice, 1, cent)), ""}} {
		o, err := order.Restore(s, nil)
		require.NoError(t, err)
		require.Equal(t, c.want, fault.CodeOf(o.Execute(c.in, at(5))))
	}
}

// Of a cancelled order, what was delivered may be invoiced, and of that line only (Q13).
func TestQ13_OnlyADeliveredLineIsInvoicedAfterCancelling(t *testing.T) {
	b := create(t, source(money.CNY, line(1, "5", "2", money.CNY), line(2, "5", "2", money.CNY)), order.CreateInput{}).confirm()
	require.NoError(t, b.execute(deliver("d", 1, "1")))
	require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: "gone"}, at) }))
	two := amount("2", money.CNY)
	err := b.execute(pay("i", order.Invoice, 2, two))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/events/0/kind cancelled"}, paths(err))
	require.NoError(t, b.execute(pay("i", order.Invoice, 1, two)))
	require.Equal(t, two, b.view().Total.Invoiced.Amount)
}

// TestC08_QuotesCustomerMerged: the survivor stands in the place of the one that
// went, of a sent quote too.
func TestC08_QuotesCustomerMerged(t *testing.T) {
	b := offerOf(t, open(money.CNY, order.TaxExclusive, line(1, "5", "2", money.CNY)), order.QuoteInput{ValidUntil: day(20)}).must(order.QuoteSend)
	merged := func(from, into uuid.UUID) error {
		return b.do(func(q *order.Quote, at journal.Moment) error { return q.CustomerMerged(from, into, at) })
	}
	for _, wrong := range [][2]uuid.UUID{{id(99), id(7)}, {id(2), uuid.Nil}, {uuid.Nil, id(7)}} {
		err := merged(wrong[0], wrong[1])
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "quote.merge.invalid", fault.CodeOf(err))
		require.Equal(t, []string{"/customer not_found"}, paths(err))
	}
	require.NoError(t, merged(id(2), id(7)))
	require.Equal(t, id(7), b.s.Customer)
	require.Equal(t, order.QuoteSent, b.s.Status)
	q, err := order.RestoreQuote(b.s, nil)
	require.NoError(t, err)
	require.Equal(t, "quote.moment.backwards", fault.CodeOf(q.CustomerMerged(id(7), id(8), at(0))))
}

func TestQ02_LinesOfAQuoteAtTheirBound(t *testing.T) {
	list := make([]opportunity.LineInput, opportunity.MaxLines+1)
	for i := range list {
		list[i] = item("1", "2", "0", "")
	}
	from := open(money.CNY, order.TaxExclusive)
	_, err := order.NewQuote(id(7), "QUO-1", from, order.QuoteInput{Lines: list}, at(0))
	require.Equal(t, []string{"/lines too_many"}, paths(err))
	b := offerOf(t, from, order.QuoteInput{Lines: list[:1]})
	update := func(in order.QuoteUpdate) error {
		return b.do(func(q *order.Quote, at journal.Moment) error { return q.Update(in, at) })
	}
	require.Equal(t, []string{"/lines too_many"}, paths(update(order.QuoteUpdate{Lines: list})))
	require.NoError(t, update(order.QuoteUpdate{Lines: list[:opportunity.MaxLines]}))
	require.Len(t, b.s.Items, opportunity.MaxLines)
	require.Equal(t, amount("1000", money.CNY), b.s.Gross, "lines alone give a new price")
	_, err = order.NewQuote(id(7), "QUO-1", from, order.QuoteInput{Lines: list[:opportunity.MaxLines]}, at(0))
	require.NoError(t, err)
}

// An update leaves alone what it doesn't name: the discount, and the lines.
func TestQ02_AnUpdateOfTheTitleAlone(t *testing.T) {
	percent, five := dec("10"), amount("5", money.CNY)
	for name, in := range map[string]order.QuoteInput{"percent": {Discount: percent}, "amount": {DiscountAmount: &five}} {
		t.Run(name, func(t *testing.T) {
			b := offerOf(t, open(money.CNY, order.TaxExclusive, line(1, "5", "20", money.CNY)), in)
			before := b.s
			title := "Second thoughts"
			q, err := order.RestoreQuote(b.s, nil)
			require.NoError(t, err)
			require.NoError(t, q.Update(order.QuoteUpdate{Title: &title}, at(1)))
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

func TestQ01_TheNumbersPrefixAtItsBound(t *testing.T) {
	for n, want := range map[int][]string{order.MaxNumberPrefix: nil, order.MaxNumberPrefix + 1: {"/number_prefix too_long"}} {
		x := order.OpenSettings(order.Settings{Tenant: "acme", Enabled: true, Version: 1})
		require.Equal(t, want, paths(x.Initialise(order.InitialiseInput{BaseCurrency: money.CNY, NumberPrefix: strings.Repeat("x", n)}, at(1))))
	}
}

func TestS8_AnOrderThatIsOnTimeIsntOverdue(t *testing.T) {
	b := create(t, source(money.CNY, line(1, "2", "3", money.CNY)), order.CreateInput{Due: []order.LineDue{{Line: 1, On: day(5)}}}).confirm()
	for d, want := range map[int]int{5: 0, 6: 1} {
		x, err := order.Summarise([]order.Snapshot{b.s}, day(d))
		require.NoError(t, err)
		require.Len(t, x.Currencies, 1)
		require.Equal(t, []int{want, want}, []int{x.Currencies[0].OverdueLines, x.Currencies[0].OverdueOrders})
	}
}

// Lines of one rate are taxed together, wherever they stand and whatever lies
// between them: twice half a fen makes one.
func TestQ12_LinesOfOneRateAreTaxedTogether(t *testing.T) {
	from := source(money.CNY, taxed(line(1, "1", "0.05", money.CNY), "10"), line(2, "1", "1", money.CNY), taxed(line(3, "1", "0.05", money.CNY), "10"), line(4, "1", "1", money.CNY))
	b := create(t, from, order.CreateInput{})
	require.Equal(t, amount("2.11", money.CNY), b.view().Total.Payable)
}

// The library's own sales system decides as an order does, and refuses as it does.
func TestQ04_TheEmbeddedSystemDecidesAsAnOrder(t *testing.T) {
	ctx := context.Background()
	sales := order.Embedded(nil, nil, ids(0))
	in := order.CreateRequest{ID: id(9), Number: "ORD-1", Source: source(money.CNY, line(1, "5", "2", money.CNY)), At: at(0)}
	plan, err := sales.Create(ctx, in)
	require.NoError(t, err)
	require.NotNil(t, plan.Write)
	require.Equal(t, order.Draft, plan.Order.Status)
	require.EqualValues(t, 1, plan.Order.Version)

	in.Source.Opportunity.Status = opportunity.Open
	refused, err := sales.Create(ctx, in)
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Zero(t, refused.Order.ID)

	confirmed, err := sales.Do(ctx, plan.Order, order.Task{Kind: order.TaskConfirm}, at(1))
	require.NoError(t, err)
	require.NotNil(t, confirmed.Write)
	require.Equal(t, order.Confirmed, confirmed.Order.Status)
	require.EqualValues(t, 2, confirmed.Order.Version)
	_, err = sales.Do(ctx, confirmed.Order, order.Task{Kind: order.TaskConfirm}, at(2))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	_, err = sales.Do(ctx, order.Snapshot{}, order.Task{Kind: order.TaskConfirm}, at(2))
	require.ErrorIs(t, err, fault.ErrCorrupt)

	seen := confirmed.Order
	seen.EventsLoaded = true
	events := []order.EventInput{deliver("d", 1, "1")}
	done, err := sales.Do(ctx, seen, order.Task{Kind: order.TaskExecute, Events: events}, at(2))
	require.NoError(t, err)
	require.NotNil(t, done.Write)
	again, err := sales.Do(ctx, done.Order, order.Task{Kind: order.TaskExecute, Events: events}, at(3))
	require.NoError(t, err)
	require.Nil(t, again.Write, "what is known already writes nothing (Q06)")
	require.Equal(t, done.Order.Version, again.Order.Version)
}
