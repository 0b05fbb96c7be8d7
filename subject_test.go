package pursuit_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

// hearing is the default policy, and remembers what it was asked about last.
type hearing struct {
	access.Default
	action *access.Action
	on     *access.Subject
}

func (p hearing) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	*p.action, *p.on = action, on
	return p.Default.Allow(ctx, a, action, on)
}

// TestJ01_APolicyIsToldWhatItNeeds: the process, the amount, the actor's role in the team,
// and where a transfer leads, of opportunities, what hangs on them, and customers.
func TestJ01_APolicyIsToldWhatItNeeds(t *testing.T) {
	var action access.Action
	var on access.Subject
	w := pursuittest.New(t, pursuittest.With(pursuit.Options{Policy: hearing{action: &action, on: &on}}))
	deal, offer := w.Deal().Lines(2).Member("bob", opportunity.Write).Quote()
	told := func(do access.Action, want access.Subject) {
		t.Helper()
		require.Equal(t, do, action)
		require.Equal(t, want, on)
	}
	about := access.Subject{ID: deal, Department: "east", Owner: "ann", Process: w.Process, Amount: money.FromMinor(2000_00, money.CNY), CustomerOwner: "ann"}
	as := func(r access.Relation, role string) access.Subject {
		x := about
		x.Relation, x.TeamRole = r, role
		return x
	}
	name, west := "Bigger", "west"
	w.Do(w.As("bob").Opportunities().Update(w.Ctx, deal, opportunity.UpdateInput{Name: &name}))
	told(access.OpportunityUpdate, as(access.Writer, "sales"))
	_, err := w.As("ann").Quotes().Get(w.Ctx, offer)
	require.NoError(t, err)
	of := as(access.Owner, "owner")
	of.ID = offer
	told(access.QuoteRead, of)
	to := as(access.Stranger, "")
	to.NewDepartment = west
	w.Do(w.Admin.Opportunities().Update(w.Ctx, deal, opportunity.UpdateInput{Department: &west}))
	told(access.OpportunityTransfer, to)
	about.Department = west
	to = as(access.Owner, "owner")
	to.NewOwner = "bob"
	w.Do(w.As("ann").Team().Transfer(w.Ctx, deal, opportunity.TransferInput{To: "bob"}))
	told(access.OpportunityTransfer, to)
	estimate := money.FromMinor(100, money.CNY)
	w.Do(w.As("ann").Opportunities().Record(w.Ctx, opportunity.RecordInput{Name: "Again", Customer: w.Customer, Currency: money.CNY, Estimated: estimate}))
	told(access.OpportunityRecord, access.Subject{Department: "east", Owner: "ann", Relation: access.Owner, CustomerOwner: "ann"})
	bob := "bob"
	w.Do(w.As("ann").Customers().Update(w.Ctx, w.Customer, customer.UpdateInput{Owner: &bob}))
	told(access.CustomerTransfer, access.Subject{ID: w.Customer, Department: "east", Owner: "ann", NewOwner: "bob"})
}
