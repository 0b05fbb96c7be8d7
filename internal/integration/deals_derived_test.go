package integration

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// external says of each contact of a deal, by its id, whether it is marked so.
func (w *tenant) external(deal uuid.UUID) map[uuid.UUID]bool {
	out := map[uuid.UUID]bool{}
	for _, c := range w.get(deal).Contacts {
		out[c.Contact] = c.External
	}
	return out
}

func TestC13_ExternalFollowsTheDealsCustomers(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		one := w.newCustomer(customer.CreateInput{Name: "One"}, customer.ContactInput{Name: "Uma"})
		two := w.newCustomer(customer.CreateInput{Name: "Two"}, customer.ContactInput{Name: "Tom"})
		three := w.newCustomer(customer.CreateInput{Name: "Three"}, customer.ContactInput{Name: "Tia"})
		uma, tom, tia := one.Contacts[0], two.Contacts[0], three.Contacts[0]
		deal := func(of uuid.UUID, contacts ...uuid.UUID) uuid.UUID {
			in := w.input()
			in.Customer = of
			for _, c := range contacts {
				in.Contacts = append(in.Contacts,
					opportunity.ContactInput{Contact: c, Role: opportunity.Champion, External: true},
					opportunity.ContactInput{Contact: c, Role: opportunity.Gatekeeper, External: true})
			}
			r, err := w.s.Opportunities().Record(w.ctx, in)
			require.NoError(t, err)
			return r.ID
		}
		ofOne, ofTwo, ofThree := deal(one.ID, uma, tom, tia), deal(two.ID, uma, tom, tia), deal(three.ID, uma, tom)
		require.Equal(t, map[uuid.UUID]bool{uma: false, tom: true, tia: true}, w.external(ofOne))

		// Two goes up in One: their contacts are no strangers on the deals of either.
		_, err := w.s.Customers().Merge(w.ctx, one.ID, customer.MergeInput{Loser: two.ID, Reason: "the same"})
		require.NoError(t, err)
		require.Equal(t, map[uuid.UUID]bool{uma: false, tom: false, tia: true}, w.external(ofOne), "the survivor's deal")
		require.Equal(t, map[uuid.UUID]bool{uma: false, tom: false, tia: true}, w.external(ofTwo), "the loser's deal")
		require.Equal(t, map[uuid.UUID]bool{uma: true, tom: true}, w.external(ofThree), "somebody else's deal")

		// A customer that comes in takes its contacts along.
		_, err = w.s.Opportunities().Update(w.ctx, ofOne, opportunity.UpdateInput{EndUser: &three.ID})
		require.NoError(t, err)
		require.Equal(t, map[uuid.UUID]bool{uma: false, tom: false, tia: false}, w.external(ofOne))
		_, err = w.s.Opportunities().Update(w.ctx, ofThree, opportunity.UpdateInput{BillTo: &one.ID})
		require.NoError(t, err)
		require.Equal(t, map[uuid.UUID]bool{uma: false, tom: false}, w.external(ofThree))
		_, err = w.s.Opportunities().Update(w.ctx, ofTwo, opportunity.UpdateInput{BillTo: &three.ID})
		require.NoError(t, err)
		require.Equal(t, map[uuid.UUID]bool{uma: false, tom: false, tia: false}, w.external(ofTwo))
		for _, id := range []uuid.UUID{ofOne, ofTwo, ofThree} {
			w.same(id)
		}
	})
}
