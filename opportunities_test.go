package pursuit_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestC06_O03_O04_RefusalsListAllFaults(t *testing.T) {
	w := newTenant(t)
	o := w.s.Opportunities()
	_, err := o.RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{
		Customer:    customer.CreateInput{Email: "?", Parent: uuid.New(), Contacts: []customer.ContactInput{{Name: "Kim"}, {}}},
		Roles:       []opportunity.ContactRole{"boss", opportunity.Champion, opportunity.Champion},
		Opportunity: opportunity.RecordInput{Currency: "??", Contacts: []opportunity.ContactInput{{Contact: w.contact, Role: "king"}}},
	})
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.ElementsMatch(t, []string{
		"/customer/name required", "/customer/email bad_email", "/customer/parent not_found", "/customer/contacts/1/name required",
		"/roles too_many", "/opportunity/name required", "/opportunity/currency unknown", "/opportunity/contacts/0/role unknown", "/opportunity/contacts/0/contact other_customer", "/roles/0 unknown",
	}, faults(err))
	// What is wrong with the customer alone is refused too, and uses no number.
	_, err = o.RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Opportunity: opportunity.RecordInput{Name: "Fine", Currency: money.CNY}})
	require.Equal(t, []string{"/customer/name required"}, faults(err))

	r := w.record()
	require.Equal(t, "OPP-2026-000001", r.Number)
	_, err = o.Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: "nowhere"})
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.ElementsMatch(t, []string{"/summary required", "/to unknown_stage"}, faults(err))
	_, err = o.Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: w.get(r.ID).Stage})
	require.ElementsMatch(t, []string{"/summary required", "/to same_stage"}, faults(err))
}
