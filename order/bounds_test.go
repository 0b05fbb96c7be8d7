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
// isn't (B18).

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

// What is one beyond the last status or command has no name, and isn't valid.
func TestQ05_NamesEndWithTheLast(t *testing.T) {
	require.Equal(t, "cancelled", order.Cancelled.String())
	require.Empty(t, (order.Cancelled + 1).String())
	require.Empty(t, (order.CommandCancel + 1).String())
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
