package opportunity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// spent brings an expense into a status.
func spent(t *testing.T, s opportunity.ExpenseStatus) *deal {
	t.Helper()
	d := record(t, rich()).on(id(111))
	d.must(none, spend(id(111), train()))
	way := map[opportunity.ExpenseStatus]int{opportunity.ExpenseDraft: 0, opportunity.ExpenseSubmitted: 1, opportunity.ExpenseRejected: 1, opportunity.ExpenseApproved: 2, opportunity.ExpenseSettled: 3}
	for _, c := range []command{submitExpense(id(111)), approveExpense(id(111)), settle(id(111))}[:way[s]] {
		d.must(none, c)
		d.as("zoe")
	}
	if s == opportunity.ExpenseRejected {
		d.must(none, reject(id(111)))
	}
	require.Equal(t, s, d.snap.Expenses[0].Status)
	return d
}

func TestR02_EveryPairOfExpenseStatusAndCommand(t *testing.T) {
	const draft, submitted, approved, rejected, settled = opportunity.ExpenseDraft, opportunity.ExpenseSubmitted, opportunity.ExpenseApproved, opportunity.ExpenseRejected, opportunity.ExpenseSettled
	allowed := map[string]map[opportunity.ExpenseStatus]opportunity.ExpenseStatus{
		"update": {draft: draft, rejected: rejected}, "submit": {draft: submitted, rejected: submitted}, "approve": {submitted: approved},
		"reject": {submitted: rejected}, "settle": {approved: settled}, "remove": {draft: ""},
	}
	for name, c := range map[string]command{"update": updateExpense(id(111), opportunity.UpdateExpenseInput{Description: ptr("x")}), "submit": submitExpense(id(111)),
		"approve": approveExpense(id(111)), "reject": reject(id(111)), "settle": settle(id(111)), "remove": removeExpense(id(111))} {
		for _, from := range opportunity.ExpenseStatuses() {
			for _, parts := range []opportunity.Parts{none, expenses} {
				t.Run(fmt.Sprintf("R02/%s/%s/%d", from, name, parts), func(t *testing.T) {
					d := spent(t, from)
					to, ok := allowed[name][from]
					if !ok {
						require.Equal(t, []string{"/status " + string(from)}, d.refused(fault.ErrNotAllowed, parts, c))
						return
					}
					d.must(parts, c)
					if to == "" {
						require.Empty(t, d.snap.Expenses)
						require.Zero(t, d.snap.Counts.Expenses)
						return
					}
					require.Equal(t, to, d.snap.Expenses[0].Status)
				})
			}
		}
	}
}

func TestR02_AnExpenseHasCategoryAmountAndDate(t *testing.T) {
	d := record(t, rich())
	require.Equal(t, []string{"/amount/currency unknown", "/category not_found", "/date required", "/description too_long", "/user too_long"}, d.refused(fault.ErrInvalid, none,
		spend(id(111), opportunity.AddExpenseInput{Description: strings.Repeat("x", 4001), User: strings.Repeat("x", 129)})))
	for _, minor := range []int64{0, -1} {
		in := train()
		in.Amount = usd(minor)
		require.Equal(t, []string{"/amount/amount not_positive"}, d.refused(fault.ErrInvalid, none, spend(id(111), in)))
	}
	t.Run("R02/not after today, as the tenant's calendar has it", func(t *testing.T) {
		in := train()
		in.Date = day("2026-03-03")
		at := func(clock string) journal.Moment {
			m, err := time.Parse(time.RFC3339, clock)
			require.NoError(t, err)
			return journal.Moment{Effective: d.snap.Effective, Recorded: m, By: "ann"} // effective long ago, recorded then
		}
		require.Equal(t, []string{"/date future"}, fields(d.tryAt(at("2026-03-02T15:59:59Z"), none, spend(id(111), in)))) // 23:59:59 on the 2nd
		require.NoError(t, d.tryAt(at("2026-03-02T16:00:00Z"), none, spend(id(111), in)))                                 // midnight
		d.now = d.now.AddDate(0, 0, 2)
	})
	t.Run("A02/a retired category can't be chosen, and stays where it was", func(t *testing.T) {
		in := train()
		in.Category = oldKind
		require.Equal(t, []string{"/category retired"}, d.refused(fault.ErrInvalid, none, spend(id(112), in)))
		in.Category = price
		require.Equal(t, []string{"/category wrong_kind"}, d.refused(fault.ErrInvalid, none, spend(id(112), in)))
		d.on(id(111))
		require.Equal(t, []string{"/category retired"}, d.refused(fault.ErrInvalid, none, updateExpense(id(111), opportunity.UpdateExpenseInput{Category: &oldKind})))
		d.snap.Expenses[0].Category = oldKind // as if retired since
		o := d.load(none)
		require.NoError(t, updateExpense(id(111), opportunity.UpdateExpenseInput{Category: &oldKind, Amount: ptr(usd(5))})(o, d.next()))
	})
	require.Equal(t, []string{"/amount/amount not_positive", "/date required", "/user required"}, d.refused(fault.ErrInvalid, none,
		updateExpense(id(111), opportunity.UpdateExpenseInput{Amount: ptr(usd(0)), Date: &calendar.Date{}, User: ptr("")})))
	for _, other := range []uuid.UUID{uuid.Nil, id(101)} {
		for _, parts := range []opportunity.Parts{none, expenses} {
			for _, c := range []command{submitExpense(other), approveExpense(other), reject(other), settle(other), removeExpense(other), updateExpense(other, opportunity.UpdateExpenseInput{})} {
				err := d.try(parts, c)
				require.ErrorIs(t, err, fault.ErrNotFound)
				require.Equal(t, "opportunity.expense.not_found", fault.CodeOf(err))
			}
		}
	}
}

func TestR02_ApprovingTakesFourEyes(t *testing.T) {
	d := record(t, rich()).as("ann").on(id(111))
	in := train()
	in.User = "bob"
	d.must(none, spend(id(111), in))
	d.must(none, submitExpense(id(111)))
	for _, by := range []string{"ann", "bob"} { // who submitted it, who spent it
		err := d.as(by).try(none, approveExpense(id(111)))
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "opportunity.expense.own", fault.CodeOf(err))
	}
	d.as("zoe").must(none, approveExpense(id(111)))
	require.Equal(t, "zoe", d.snap.Expenses[0].DecidedBy)
	require.Equal(t, d.now, d.snap.Expenses[0].Decided)
}

func TestR02_ARejectedExpenseIsEditedAndSubmittedAgain(t *testing.T) {
	d := spent(t, opportunity.ExpenseSubmitted)
	require.Equal(t, []string{"/reason required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.RejectExpense(id(111), opportunity.RejectExpenseInput{}, at)
	}))
	d.must(none, reject(id(111)))
	require.Equal(t, "no receipt", d.snap.Expenses[0].Reason)
	require.Zero(t, d.snap.Counts.UnsettledExpenses)
	d.as("ann").must(none, updateExpense(id(111), opportunity.UpdateExpenseInput{Description: ptr("Train, with receipt")}))
	d.must(none, submitExpense(id(111)))
	x := d.snap.Expenses[0]
	require.Equal(t, []any{"", "", time.Time{}}, []any{x.Reason, x.DecidedBy, x.Decided})
	require.Equal(t, 1, d.snap.Counts.UnsettledExpenses)
	d.as("zoe").must(none, approveExpense(id(111)))
	require.Equal(t, []string{"/reference too_long"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SettleExpense(id(111), opportunity.SettleExpenseInput{Reference: strings.Repeat("x", 129)}, at)
	}))
	d.must(none, settle(id(111)))
	require.Equal(t, "PAY-7", d.snap.Expenses[0].Reference)
}

func TestO09_O14_ExpensesKeepADealFromClosingAndDeleting(t *testing.T) {
	d := in(t, opportunity.Won).on(id(111))
	d.must(none, spend(id(111), train()))
	for _, c := range []command{submitExpense(id(111)), approveExpense(id(111)), settle(id(111))} {
		require.Equal(t, []string{"/expenses open"}, d.refused(fault.ErrNotAllowed, none, closeIt)) // a draft, too
		d.must(none, c)
		d.as("zoe")
	}
	d.must(none, closeIt)
	require.Equal(t, []string{"/status closed"}, d.refused(fault.ErrNotAllowed, none, removeExpense(id(111))))

	rejected := spent(t, opportunity.ExpenseRejected)
	require.Equal(t, []string{"/expenses exist"}, rejected.refused(fault.ErrNotAllowed, none, remove))
	rejected.must(none, win(price))
	rejected.must(none, closeIt)
}

func TestO17_ExpensesNeverTouchTheDealsAmounts(t *testing.T) {
	d := record(t, rich())
	before := copied(d.snap)
	in := train()
	in.Amount = money.FromMinor(1, money.JPY)
	d.must(none, spend(id(111), in))
	for _, get := range []func(r *opportunity.Root) money.Money{(*opportunity.Root).Amount, func(r *opportunity.Root) money.Money { return r.LineTotal }, func(r *opportunity.Root) money.Money { return r.Ordered }} {
		require.Equal(t, get(&before.Root), get(&d.snap.Root))
	}
	require.Len(t, d.ledger, 1)
	plain := record(t, basic())
	plain.must(none, spend(id(111), in))
	plain.must(none, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.Zero(money.EUR))})) // it fixes no currency either
	require.Equal(t, money.JPY, plain.snap.Expenses[0].Amount.Currency())
}
