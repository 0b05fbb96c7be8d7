package integration

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// TestR04_WhoseContactsADealTakes adds contacts of each customer of the deal, and
// of somebody else.
func TestR04_WhoseContactsADealTakes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		zoe := w.newCustomer(customer.CreateInput{Name: "User"}, customer.ContactInput{Name: "Zoe"})
		tom := w.newCustomer(customer.CreateInput{Name: "Payer"}, customer.ContactInput{Name: "Tom"})
		eve := w.newCustomer(customer.CreateInput{Name: "Adviser"}, customer.ContactInput{Name: "Eve"})
		in := w.input()
		in.EndUser, in.BillTo = zoe.ID, tom.ID
		r, err := w.s.Opportunities().Record(w.ctx, in)
		w.must(r, err)
		h := w.s.DealContacts()
		w.must(h.Add(w.ctx, r.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.DecisionMaker, Primary: true}))
		w.must(h.Add(w.ctx, r.ID, opportunity.ContactInput{Contact: zoe.Contacts[0], Role: opportunity.EndUserRole, External: true}))
		w.must(h.Add(w.ctx, r.ID, opportunity.ContactInput{Contact: tom.Contacts[0], Role: opportunity.Gatekeeper, Primary: true}))
		w.must(h.Add(w.ctx, r.ID, opportunity.ContactInput{Contact: tom.Contacts[0], Role: opportunity.Champion}))
		theirs, err := w.evil().Customers().Create(w.ctx, customer.CreateInput{Name: "Evil", Contacts: []customer.ContactInput{{Name: "Mallory"}}})
		w.must(theirs, err)
		before := w.get(r.ID)
		for name, bad := range map[string]opportunity.ContactInput{
			"not marked external": {Contact: eve.Contacts[0], Role: opportunity.Champion},
			"no role":             {Contact: w.contact},
			"unknown role":        {Contact: w.contact, Role: "friend"},
			"another tenant's":    {Contact: theirs.Contacts[0], Role: opportunity.Champion, External: true},
		} {
			require.ErrorIs(t, second(h.Add(w.ctx, r.ID, bad)), fault.ErrInvalid, name)
		}
		require.ErrorIs(t, second(h.Add(w.ctx, r.ID, opportunity.ContactInput{Contact: tom.Contacts[0], Role: opportunity.Champion})), fault.ErrDuplicate)
		require.Equal(t, before, w.get(r.ID))
		w.must(h.Add(w.ctx, r.ID, opportunity.ContactInput{Contact: eve.Contacts[0], Role: opportunity.Influencer, External: true}))
		s := w.get(r.ID)
		require.Len(t, s.Contacts, 5)
		for _, c := range s.Contacts {
			require.Equal(t, c.Contact == eve.Contacts[0], c.External, "only Eve is a stranger")
		}
		require.Equal(t, opportunity.ContactKey{Contact: tom.Contacts[0], Role: opportunity.Gatekeeper}, *s.PrimaryContact, "the mark moved")
		w.must(h.Remove(w.ctx, r.ID, *s.PrimaryContact))
		require.Nil(t, w.get(r.ID).PrimaryContact)
		w.same(r.ID)
	})
}

// TestR05_CompetitorsComeFromTheArchive adds each sort of entry.
func TestR05_CompetitorsComeFromTheArchive(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := withRival(w)
		retired := w.entry(archive.CreateInput{Kind: archive.Competitor, Code: "gone"})
		w.must(w.s.Archives().Retire(w.ctx, retired))
		before := w.get(id)
		h := w.s.DealCompetitors()
		require.ErrorIs(t, second(h.Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival})), fault.ErrDuplicate)
		require.ErrorIs(t, second(h.Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.source})), fault.ErrInvalid)
		require.ErrorIs(t, second(h.Add(w.ctx, id, opportunity.CompetitorInput{Competitor: retired})), fault.ErrInvalid)
		require.ErrorIs(t, second(h.Add(w.ctx, id, opportunity.CompetitorInput{})), fault.ErrInvalid)
		require.Equal(t, before, w.get(id))
		w.must(w.s.Archives().Retire(w.ctx, w.rival))
		w.must(h.Update(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival, Weaknesses: "slow"}.Update())) // it stays
		w.same(id)
	})
}

// TestO05_ForecastByHand sets probability and category by hand, lets them go, and
// moves on.
func TestO05_ForecastByHand(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		id := w.record().ID
		want := func(probability int, category stage.Category) {
			t.Helper()
			s := w.get(id)
			require.Equal(t, []any{probability, category}, []any{s.Probability, s.Category})
		}
		want(1000, stage.Pipeline)
		p, c := 4200, stage.Commit
		w.must(o.Update(w.ctx, id, opportunity.UpdateInput{Probability: &p, Category: &c}))
		w.must(o.Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget"}))
		w.must(o.Resume(w.ctx, id))
		w.must(w.s.Lines().Add(w.ctx, id, []opportunity.LineInput{service}))
		want(4200, stage.Commit)
		w.must(o.Update(w.ctx, id, opportunity.UpdateInput{ReleaseCategory: true}))
		want(4200, stage.Pipeline)
		w.must(o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "met"}))
		want(5000, stage.BestCase)
		for _, bad := range []int{-1, 10000, 10001} {
			require.ErrorIs(t, second(o.Update(w.ctx, id, opportunity.UpdateInput{Probability: &bad})), fault.ErrInvalid, "%d", bad)
		}
		closed := stage.Closed
		require.ErrorIs(t, second(o.Update(w.ctx, id, opportunity.UpdateInput{Category: &closed})), fault.ErrInvalid)
		w.must(o.Update(w.ctx, id, opportunity.UpdateInput{Probability: &p}))
		require.NoError(t, w.command(id, opportunity.CommandWin))
		want(10000, stage.Closed)
		w.must(o.Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "a mistake"}))
		want(5000, stage.BestCase)
		require.NoError(t, w.command(id, opportunity.CommandLose))
		want(0, stage.Omitted)
		w.same(id)
	})
}
