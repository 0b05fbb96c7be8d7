package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// into brings a fresh order of 5 pieces at 2.00 into a status.
func into(t *testing.T, s order.Status) *book {
	b := create(t, source(money.CNY, line(1, "5", "2", money.CNY)), order.CreateInput{})
	switch s {
	case order.Confirmed:
		b.confirm()
	case order.Executing:
		require.NoError(t, b.confirm().execute(deliver("d0", 1, "1")))
	case order.Completed:
		require.NoError(t, b.confirm().execute(deliver("d0", 1, "1")))
		require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error {
			return o.Complete(order.CompleteInput{Reason: "enough"}, at)
		}))
	case order.Cancelled:
		require.NoError(t, b.confirm().execute(deliver("d0", 1, "1")))
		require.NoError(t, b.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: "gone"}, at) }))
	}
	require.Equal(t, s, b.s.Status)
	return b
}

// TestQ05_AllPairs tries every command in every status.
func TestQ05_AllPairs(t *testing.T) {
	require.NotNil(t, order.Lifecycle())
	require.NotEmpty(t, order.Lifecycle().Mermaid())
	// An order that ended takes in what unwinds it; a completed one anything.
	allowed := map[order.Status]map[order.Command]order.Status{
		order.Draft:     {order.CommandConfirm: order.Confirmed, order.CommandCancel: order.Cancelled},
		order.Confirmed: {order.CommandExecute: order.Executing, order.CommandCancel: order.Cancelled},
		order.Executing: {order.CommandExecute: order.Executing, order.CommandComplete: order.Completed, order.CommandCancel: order.Cancelled},
		order.Completed: {order.CommandExecute: order.Completed},
		order.Cancelled: {order.CommandExecute: order.Cancelled},
	}
	for _, from := range order.Statuses() {
		for _, c := range order.Commands() {
			t.Run("Q05/"+from.String()+"/"+c.String(), func(t *testing.T) {
				b := into(t, from)
				items := b.s.Items
				err := b.run(func(o *order.Order, at journal.Moment) error {
					switch c {
					case order.CommandConfirm:
						return o.Confirm(at)
					case order.CommandExecute:
						return o.Execute([]order.EventInput{takeBack("r", 1, "1")}, at)
					case order.CommandComplete:
						return o.Complete(order.CompleteInput{Reason: "enough"}, at)
					default:
						return o.Cancel(order.CancelInput{Reason: "gone"}, at)
					}
				})
				to, ok := allowed[from][c]
				if ok {
					require.NoError(t, err)
					require.Equal(t, to, b.s.Status)
				} else {
					require.ErrorIs(t, err, fault.ErrNotAllowed)
					require.Equal(t, []string{"/status " + from.String()}, paths(err))
				}
				next, there := order.Lifecycle().Next(from, c)
				require.Equal(t, ok, there)
				require.Equal(t, to, next)
				require.Equal(t, items, b.s.Items, "lines are immutable")
			})
		}
	}
}

func TestQ05_ReasonsAreRequired(t *testing.T) {
	b := into(t, order.Executing)
	require.Equal(t, []string{"/reason required"}, paths(b.run(func(o *order.Order, at journal.Moment) error { return o.Complete(order.CompleteInput{Reason: " "}, at) })))
	require.Equal(t, []string{"/reason required"}, paths(b.run(func(o *order.Order, at journal.Moment) error { return o.Cancel(order.CancelInput{Reason: ""}, at) })))
}

func TestQ09_CancellationKeepsWhatWasDone(t *testing.T) {
	b := into(t, order.Cancelled)
	require.Equal(t, "gone", b.s.Reason)
	require.Equal(t, at(b.hour).Effective, b.s.CancelledAt)
	require.Equal(t, amount("2.00", money.CNY), b.s.Delivered)
	require.Len(t, b.s.Events, 1)
	require.NoError(t, b.execute(deliver("d0", 1, "1")), "a repeated report changes nothing (Q06)")
	err := b.execute(takeBack("r0", 1, "1"), deliver("d1", 1, "1"))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/events/1/kind cancelled"}, paths(err))
	require.NoError(t, b.execute(takeBack("r0", 1, "1")))
	require.Equal(t, money.Zero(money.CNY), b.s.Delivered)
	require.Equal(t, order.Cancelled, b.s.Status)
}

func TestNamesOfStatusesAndCommands(t *testing.T) {
	for _, s := range order.Statuses() {
		got, err := order.ParseStatus(s.String())
		require.NoError(t, err)
		require.Equal(t, s, got)
		b, err := s.MarshalText()
		require.NoError(t, err)
		var back order.Status
		require.NoError(t, back.UnmarshalText(b))
		require.Equal(t, s, back)
		require.Equal(t, s != order.Completed && s != order.Cancelled, s.Live())
	}
	var none order.Status
	require.NoError(t, none.UnmarshalText(nil))
	require.ErrorIs(t, none.UnmarshalText([]byte("lost")), fault.ErrInvalid)
	require.False(t, order.Status(9).Valid())
	require.Empty(t, order.Status(9).String())
	require.Empty(t, order.Command(9).String())
	require.Equal(t, "cancel", order.CommandCancel.String())
	for _, k := range order.EventKinds() {
		require.True(t, k.Valid())
	}
	require.False(t, order.EventKind("gift").Valid())
}
