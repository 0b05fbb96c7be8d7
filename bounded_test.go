package pursuit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestB14_ListsThatAreTooLongAreNamed: each by its path in the input, also inside others,
// and nothing else is looked at.
func TestB14_ListsThatAreTooLongAreNamed(t *testing.T) {
	w := newTenant(t)
	before := w.written()
	long := make([]opportunity.LineInput, pursuit.MaxList+1)
	in := w.input()
	in.Name, in.Lines, in.Members = "", long, make([]opportunity.MemberInput, pursuit.MaxList+1)
	_, err := w.s.Opportunities().Record(w.ctx, in)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "request.input", fault.CodeOf(err))
	require.ElementsMatch(t, []string{"/lines too_many", "/members too_many"}, faults(err))

	_, err = w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{
		Customer:    customer.CreateInput{Name: "Fresh", Contacts: make([]customer.ContactInput, pursuit.MaxList+1)},
		Opportunity: opportunity.RecordInput{Lines: long},
	})
	require.ElementsMatch(t, []string{"/customer/contacts too_many", "/opportunity/lines too_many"}, faults(err))

	id := deal(w)
	before++
	shares := map[string]int{}
	for i := range pursuit.MaxList + 1 {
		shares[string(rune('一'+i))] = 1
	}
	_, err = w.s.Team().SetSplits(w.ctx, id, opportunity.SetSplitsInput{Revenue: shares})
	require.Equal(t, []string{"/revenue too_many"}, faults(err))
	require.Equal(t, before, w.written())
}
