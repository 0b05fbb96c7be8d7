package integration

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestR04_O17_UpdateLooksAtContactsAndPrices(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		other, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Fabrikam", Code: "C2"})
		require.NoError(t, err)
		_, err = w.s.DealContacts().Add(w.ctx, r.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion})
		require.NoError(t, err)
		_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Customer: &other.ID})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Customer: &other.ID, EndUser: &w.customer}) // he is the end user's now
		require.NoError(t, err)
		_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{EndUser: &uuid.Nil})
		require.ErrorIs(t, err, fault.ErrNotAllowed)

		_, err = w.s.Lines().Remove(w.ctx, r.ID, []int{1})
		require.NoError(t, err)
		price := money.FromMinor(1, money.USD)
		_, err = w.s.DealCompetitors().Add(w.ctx, r.ID, opportunity.CompetitorInput{Competitor: w.rival, Price: &price})
		require.NoError(t, err)
		_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Currency: money.EUR})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		w.same(r.ID)
	})
}

func TestO12_EffectiveTimesNeverRunBackwards(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		_, err := w.s.Team().Set(w.ctx, r.ID, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read}) // no ledger row
		require.NoError(t, err)
		before := w.get(r.ID)
		_, err = w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "frozen", ResumeOn: before.ResumeOn}, pursuit.At(before.Updated.Add(-time.Microsecond)))
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, before, w.get(r.ID))
		_, err = w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "frozen", ResumeOn: before.ResumeOn}, pursuit.At(before.Updated))
		require.NoError(t, err)
		// Clocks of several machines differ: a command without a date of its own goes on.
		w.mu.Lock()
		w.now = w.now.Add(-time.Minute)
		w.mu.Unlock()
		_, err = w.s.Opportunities().Resume(w.ctx, r.ID)
		require.NoError(t, err)
		w.same(r.ID)
	})
}
