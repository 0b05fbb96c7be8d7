package opportunity_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestR04_DealContacts(t *testing.T) {
	d := record(t, basic())
	d.must(none, update(opportunity.UpdateInput{BillTo: &payer}))
	for _, x := range []struct {
		name string
		in   opportunity.ContactInput
		want string
	}{
		{"unknown", opportunity.ContactInput{Contact: id(200), Role: opportunity.Champion}, "/contact not_found"},
		{"inactive", opportunity.ContactInput{Contact: gone, Role: opportunity.Champion}, "/contact inactive"},
		{"another customer's", opportunity.ContactInput{Contact: stranger, Role: opportunity.Champion}, "/contact other_customer"},
		{"without a role", opportunity.ContactInput{Contact: wei}, "/role unknown"},
	} {
		t.Run("R04/"+x.name, func(t *testing.T) {
			require.Equal(t, []string{x.want}, d.refused(fault.ErrInvalid, none, addContact(x.in)))
		})
	}
	d.must(none, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Champion, Primary: true, External: true}))
	require.False(t, d.snap.Contacts[0].External) // it is the customer's
	d.must(none, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.OtherContact}))
	d.must(none, addContact(opportunity.ContactInput{Contact: stranger, Role: opportunity.Influencer, External: true}))
	require.True(t, d.snap.Contacts[2].External)
	d.must(none, addContact(opportunity.ContactInput{Contact: ana, Role: opportunity.Gatekeeper, Primary: true})) // the bill-to's; the mark moves
	require.Equal(t, opportunity.ContactKey{Contact: ana, Role: opportunity.Gatekeeper}, *d.snap.PrimaryContact)
	require.ErrorIs(t, d.try(contacts, addContact(opportunity.ContactInput{Contact: ana, Role: opportunity.Gatekeeper})), fault.ErrDuplicate)
	key := opportunity.ContactKey{Contact: wei, Role: opportunity.Champion}
	d.must(contacts, setPrimary(key))
	require.Equal(t, key, *d.snap.PrimaryContact)
	d.must(contacts, removeContact(opportunity.ContactKey{Contact: ana, Role: opportunity.Gatekeeper}))
	require.NotNil(t, d.snap.PrimaryContact)
	d.must(contacts, removeContact(key))
	require.Nil(t, d.snap.PrimaryContact) // at most one, and no dangling one
	require.ErrorIs(t, d.try(contacts, removeContact(key)), fault.ErrNotFound)
	require.ErrorIs(t, d.try(contacts, setPrimary(key)), fault.ErrNotFound)

	d.snap.Counts.Contacts = opportunity.MaxContacts // as if stored so
	require.ErrorIs(t, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Champion})(d.load(none), d.next()), fault.ErrLimit)

	in := basic()
	in.EndUser = user
	champion := opportunity.ContactInput{Contact: wei, Role: opportunity.Champion, Primary: true}
	in.Contacts = []opportunity.ContactInput{champion, champion, {Contact: wei, Role: opportunity.DecisionMaker, Primary: true}}
	require.Equal(t, []string{"/contacts/1 duplicate", "/contacts/2/primary duplicate"}, fields(tryNew(t, in, found(), rules(crmV1))))
}

func TestR05_CompetitorsComeFromTheArchiveOnce(t *testing.T) {
	d := record(t, basic())
	for c, want := range map[uuid.UUID]string{oldRival: "retired", fair: "wrong_kind", id(200): "not_found"} {
		require.Equal(t, []string{"/competitor " + want}, d.refused(fault.ErrInvalid, none, addCompetitor(opportunity.CompetitorInput{Competitor: c})))
	}
	require.Equal(t, []string{"/price/currency mismatch"}, d.refused(fault.ErrInvalid, none, addCompetitor(opportunity.CompetitorInput{Competitor: contoso, Price: ptr(money.FromMinor(1, money.EUR))})))
	d.must(none, addCompetitor(opportunity.CompetitorInput{Competitor: contoso}))
	added := d.now
	require.ErrorIs(t, d.try(none, addCompetitor(opportunity.CompetitorInput{Competitor: contoso})), fault.ErrDuplicate)
	d.must(competitors, updateCompetitor(opportunity.CompetitorInput{Competitor: contoso, Weaknesses: "late", Price: ptr(usd(9))}.Update()))
	require.Equal(t, opportunity.DealCompetitor{Competitor: contoso, Weaknesses: "late", Price: ptr(usd(9)), Added: added}, d.snap.Competitors[0])
	require.Equal(t, []string{"/price/amount negative", "/strengths too_long"}, d.refused(fault.ErrInvalid, competitors,
		updateCompetitor(opportunity.CompetitorInput{Competitor: contoso, Strengths: strings.Repeat("x", 4001), Price: ptr(usd(-1))}.Update())))
	require.ErrorIs(t, d.try(competitors, updateCompetitor(opportunity.CompetitorInput{Competitor: fabrikam}.Update())), fault.ErrNotFound)
	require.ErrorIs(t, d.try(competitors, removeCompetitor(fabrikam)), fault.ErrNotFound)
	d.must(competitors, removeCompetitor(contoso))
	d.must(none, addCompetitor(opportunity.CompetitorInput{Competitor: contoso})) // again
	d.snap.Counts.Competitors = opportunity.MaxCompetitors                        // as if stored so
	require.ErrorIs(t, addCompetitor(opportunity.CompetitorInput{Competitor: fabrikam})(d.load(none), d.next()), fault.ErrLimit)
}

// TestR05_TheAggregateRemembersWhoIsOnTheDeal goes on without loading again.
func TestR05_TheAggregateRemembersWhoIsOnTheDeal(t *testing.T) {
	d := record(t, rich())
	o := d.load(competitors)
	step := func(c command) error {
		err := c(o, d.next())
		if err == nil {
			_, _, err = o.Change(d.newID)
		}
		return err
	}
	require.NoError(t, step(addCompetitor(opportunity.CompetitorInput{Competitor: fabrikam})))
	require.ErrorIs(t, step(addCompetitor(opportunity.CompetitorInput{Competitor: fabrikam})), fault.ErrDuplicate)
	require.NoError(t, step(removeCompetitor(contoso)))
	require.NoError(t, step(lose(opportunity.LoseInput{Reasons: chosen(toRival), Competitor: fabrikam})))
	require.Len(t, o.Snapshot().Competitors, 1)
	require.NoError(t, step(reopen("")))
	require.NoError(t, step(lose(opportunity.LoseInput{Reasons: chosen(toRival), Competitor: contoso}))) // recorded again
	require.Len(t, o.Snapshot().Competitors, 2)
	require.Equal(t, 2, o.Snapshot().Counts.Competitors)
}
