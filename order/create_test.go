package order_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

func TestQ04_LinesAreCopiedExactly(t *testing.T) {
	tax := dec("13")
	// 7 × 19.99 less 3 % = 135.7321, 135.73; numbers 2 and 5 have a gap, as after a removal.
	l := opportunity.Line{Number: 2, Description: "Cable", Quantity: dec("7"), Unit: "m", Price: dec("19.99"), Discount: dec("3"), Tax: &tax, Amount: amount("135.73", money.CNY)}
	from := source(money.CNY, l, line(5, "1", "0.27", money.CNY))
	b := create(t, from, order.CreateInput{Reference: " PO 7 ", Due: []order.LineDue{{Line: 5, On: day(9)}}})
	require.Equal(t, []order.Line{
		{Number: 2, Description: "Cable", Quantity: dec("7"), Unit: "m", Price: dec("19.99"), Discount: dec("3"), Tax: &tax, Amount: amount("135.73", money.CNY)},
		{Number: 5, Product: "P", Quantity: dec("1"), Unit: "pcs", Price: dec("0.27"), Discount: dec("0"), Amount: amount("0.27", money.CNY), Due: day(9)},
	}, b.s.Items)
	require.Equal(t, amount("136.00", money.CNY), b.s.Total) // Q07: the exact sum
	require.Equal(t, order.Draft, b.s.Status)
	require.Equal(t, "PO 7", b.s.Reference)
	require.Equal(t, 2, b.s.Lines)
	require.Equal(t, "order.created.v1", b.entries[0].Type)
	op := from.Opportunity
	require.Equal(t, []any{op.ID, op.Customer, op.BillTo, op.EndUser, op.Currency, op.Owner, op.Department},
		[]any{b.s.Opportunity, b.s.Customer, b.s.BillTo, b.s.EndUser, b.s.Currency, b.s.Owner, b.s.Department}) // Q07
}

func TestQ04_RefusalListsAll(t *testing.T) {
	from := source(money.CNY)
	from.Opportunity.Status = opportunity.Open
	from.Opportunity.Counts.DoneOrders = 1
	from.Customer.Status = customer.Prospect
	_, err := order.New(id(9), "ORD-1", from, order.CreateInput{}, at(0))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/opportunity/status open", "/opportunity/orders exists", "/opportunity/lines required", "/customer/status prospect"}, paths(err))
}

func TestQ04_OnlyFromAWonOpportunity(t *testing.T) {
	for _, s := range opportunity.Statuses() {
		t.Run("Q04/"+s.String(), func(t *testing.T) {
			from := source(money.CNY, line(1, "1", "5", money.CNY))
			from.Opportunity.Status = s
			_, err := order.New(id(9), "ORD-1", from, order.CreateInput{}, at(0))
			if s == opportunity.Won {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, fault.ErrNotAllowed)
			}
		})
	}
}

func TestQ04_SeveralOrdersIfAllowed(t *testing.T) {
	for _, counts := range []opportunity.Counts{{Orders: 1, LiveOrders: 1}, {Orders: 1, DoneOrders: 1}, {Orders: 1}} {
		from := source(money.CNY, line(1, "1", "5", money.CNY))
		from.Opportunity.Counts = counts
		_, err := order.New(id(9), "ORD-2", from, order.CreateInput{}, at(0))
		if counts.LiveOrders+counts.DoneOrders > 0 {
			require.ErrorIs(t, err, fault.ErrNotAllowed)
		} else {
			require.NoError(t, err, "a cancelled order makes room")
		}
		from.Settings.SeveralOrders = true
		_, err = order.New(id(9), "ORD-2", from, order.CreateInput{}, at(0))
		require.NoError(t, err)
	}
}

func TestQ04_Inputs(t *testing.T) {
	from := source(money.CNY, line(1, "1", "5", money.CNY), line(2, "1", "5", money.CNY))
	_, err := order.New(id(9), "", from, order.CreateInput{Reference: "a\x00b", Due: []order.LineDue{{Line: 3}, {Line: 1}}}, at(0))
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/number required", "/reference control", "/due/0/line unknown"}, paths(err))
	_, err = order.New(id(9), "ORD-1", from, order.CreateInput{Due: []order.LineDue{{Line: 1}, {Line: 1}}}, at(0))
	require.Equal(t, []string{"/due/1/line duplicate"}, paths(err))
	_, err = order.New(id(9), "ORD-1", from, order.CreateInput{Due: make([]order.LineDue, 3)}, at(0))
	require.Equal(t, []string{"/due too_many"}, paths(err))
	late := at(0)
	late.Effective = late.Effective.AddDate(0, 0, 1)
	_, err = order.New(id(9), "ORD-1", from, order.CreateInput{}, late)
	require.ErrorIs(t, err, fault.ErrInvalid)
	from.Opportunity.Loaded = 0
	_, err = order.New(id(9), "ORD-1", from, order.CreateInput{}, at(0))
	require.ErrorIs(t, err, fault.ErrInternal)
	huge := line(1, "1", "5", money.CNY)
	huge.Amount = money.FromMinor(math.MaxInt64, money.CNY)
	_, err = order.New(id(9), "ORD-1", source(money.CNY, huge, line(2, "1", "5", money.CNY)), order.CreateInput{}, at(0))
	require.ErrorIs(t, err, fault.ErrLimit)
}

func TestQ01_NotReady(t *testing.T) {
	from := source(money.CNY, line(1, "1", "5", money.CNY))
	from.Settings.Initialised = false
	_, err := order.New(id(9), "ORD-1", from, order.CreateInput{}, at(0))
	require.ErrorIs(t, err, fault.ErrSalesSystemNotInitialised)
	from.Settings.Enabled = false
	_, err = order.New(id(9), "ORD-1", from, order.CreateInput{}, at(0))
	require.ErrorIs(t, err, fault.ErrSalesSystemDisabled)
	require.NotErrorIs(t, err, fault.ErrSalesSystemNotInitialised)
}

func TestUpdateOfADraft(t *testing.T) {
	b := create(t, source(money.CNY, line(1, "1", "5", money.CNY), line(2, "2", "5", money.CNY)), order.CreateInput{Due: []order.LineDue{{Line: 1, On: day(5)}}})
	update := func(in order.UpdateInput) error {
		return b.run(func(o *order.Order, at journal.Moment) error { return o.Update(in, at) })
	}
	ref := " PO-9 "
	o, err := order.Restore(b.s, nil)
	require.NoError(t, err)
	require.NoError(t, o.Update(order.UpdateInput{Reference: &ref, Due: []order.LineDue{{Line: 2, On: day(8)}, {Line: 1, On: calendar.Date{}}}}, at(1)))
	c, ok, err := o.Change(ids(50))
	require.NoError(t, err)
	require.True(t, ok)
	require.Len(t, c.Lines, 2)
	require.NoError(t, update(order.UpdateInput{Reference: &ref, Due: []order.LineDue{{Line: 2, On: day(8)}, {Line: 1}}}))
	require.Equal(t, "PO-9", b.s.Reference)
	require.Equal(t, []calendar.Date{{}, day(8)}, []calendar.Date{b.s.Items[0].Due, b.s.Items[1].Due})
	require.Equal(t, []string{"/reference required"}, paths(update(order.UpdateInput{})))
	require.Equal(t, []string{"/due/0/line unknown"}, paths(update(order.UpdateInput{Due: []order.LineDue{{Line: 7}}})))
	b.confirm()
	require.ErrorIs(t, update(order.UpdateInput{Reference: &ref}), fault.ErrNotAllowed) // Q05: confirmed lines are immutable
}

func TestMoments(t *testing.T) {
	b := create(t, source(money.CNY, line(1, "1", "5", money.CNY)), order.CreateInput{})
	o, err := order.Restore(b.s, nil)
	require.NoError(t, err)
	early := at(0)
	early.Effective = early.Effective.AddDate(0, 0, -1)
	require.ErrorIs(t, o.Confirm(early), fault.ErrInvalid) // O12
	future := at(0)
	future.Effective = future.Effective.AddDate(0, 0, 1)
	require.ErrorIs(t, o.Confirm(future), fault.ErrInvalid)
	require.NoError(t, o.Confirm(at(1)))
	require.ErrorIs(t, o.Cancel(order.CancelInput{Reason: "x"}, at(1)), fault.ErrInternal, "one command, one version")
	_, err = order.Restore(order.Snapshot{}, nil)
	require.ErrorIs(t, err, fault.ErrCorrupt)
}
