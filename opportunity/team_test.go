package opportunity_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestT02_AMemberIsThereOnce(t *testing.T) {
	d := record(t, basic())
	for _, role := range []opportunity.MemberRole{opportunity.RoleSales, opportunity.RolePresales, opportunity.RoleSupport, opportunity.RoleManager, opportunity.RolePartner} {
		d.must(members, setMember("bob", role))
		require.Len(t, d.snap.Members, 2)
		require.Equal(t, role, d.snap.Members[1].Role)
	}
	joined := d.snap.Members[1].Joined
	d.must(members, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SetMember(opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Split: 10000}, at)
	})
	require.Equal(t, opportunity.Member{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: joined}, d.snap.Members[1]) // shares are set by SetSplits
	require.Equal(t, []string{"/access unknown", "/role unknown", "/user required"}, d.refused(fault.ErrInvalid, members, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SetMember(opportunity.MemberInput{}, at)
	}))
	require.Equal(t, []string{"/role owner"}, d.refused(fault.ErrInvalid, members, setMember("bob", opportunity.RoleOwner)))
	require.Equal(t, []string{"/user owner"}, d.refused(fault.ErrNotAllowed, members, setMember("ann", opportunity.RoleSales)))

	in := basic()
	in.Members = []opportunity.MemberInput{{User: "ann", Role: opportunity.RoleSales, Access: opportunity.Read}, {User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read}, {User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read}}
	require.Equal(t, []string{"/members/0/user duplicate", "/members/2/user duplicate"}, fields(tryNew(t, in, found(), rules(crmV1))))
}

func TestT02_ATeamIsBounded(t *testing.T) {
	in := basic()
	for i := range opportunity.MaxMembers - 1 {
		in.Members = append(in.Members, opportunity.MemberInput{User: fmt.Sprintf("u%02d", i), Role: opportunity.RoleSales, Access: opportunity.Read})
	}
	d := record(t, in)
	require.Len(t, d.snap.Members, opportunity.MaxMembers)
	require.ErrorIs(t, d.try(members, setMember("one more", opportunity.RoleSales)), fault.ErrLimit)
	require.ErrorIs(t, d.try(members, transfer(opportunity.TransferInput{To: "one more"})), fault.ErrLimit)
	d.must(members, transfer(opportunity.TransferInput{To: "one more", Remove: true})) // one goes, one comes
}

func TestT03_ATransferKeepsEverythingElse(t *testing.T) {
	for _, s := range []opportunity.Status{opportunity.Open, opportunity.OnHold, opportunity.Won, opportunity.Lost} {
		t.Run("T03/"+s.String(), func(t *testing.T) {
			d := in(t, s)
			before := copied(d.snap)
			d.must(members, transfer(opportunity.TransferInput{To: "bob", Reason: "ann moves on", Role: opportunity.RoleManager}))
			after := copied(d.snap)
			require.Equal(t, "bob", after.Owner)
			require.Equal(t, opportunity.RoleOwner, after.Members[1].Role)
			require.Equal(t, before.Members[1].Split, after.Members[1].Split)
			require.Equal(t, before.Members[1].Joined, after.Members[1].Joined)
			require.Equal(t, opportunity.Member{User: "ann", Role: opportunity.RoleManager, Access: opportunity.Write, Joined: before.Members[0].Joined}, after.Members[0])
			last := d.entries[len(d.entries)-1]
			require.Equal(t, opportunity.EventTransferred, last.Type)
			require.Contains(t, string(last.Payload), "ann moves on")
			require.Equal(t, "bob", d.ledger[len(d.ledger)-1].Owner)
			after.Owner, after.Members, after.Updated, after.Effective, after.Ledger, after.Version, after.Head = before.Owner, before.Members, before.Updated, before.Effective, before.Ledger, before.Version, before.Head
			require.Equal(t, before, after) // stage, history, lines, counts: all of it
		})
	}
}

func TestT01_T04_T06_TheOwnerIsReplacedNotRemoved(t *testing.T) {
	d := record(t, basic()) // a simple sale has just its owner
	require.Len(t, d.snap.Members, 1)
	require.Equal(t, []string{"/user owner"}, d.refused(fault.ErrNotAllowed, members, removeMember("ann")))
	require.ErrorIs(t, d.try(members, removeMember("nobody")), fault.ErrNotFound)
	require.Equal(t, []string{"/role unknown", "/to owner"}, d.refused(fault.ErrInvalid, members, transfer(opportunity.TransferInput{To: "ann", Role: "boss"})))
	require.Equal(t, []string{"/role owner", "/to required"}, d.refused(fault.ErrInvalid, members, transfer(opportunity.TransferInput{Role: opportunity.RoleOwner})))
	d.must(members, transfer(opportunity.TransferInput{To: "bob", Remove: true}))
	require.Equal(t, []opportunity.Member{{User: "bob", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: d.now}}, d.snap.Members)
	d.must(members, transfer(opportunity.TransferInput{To: "ann"}))
	require.Equal(t, opportunity.RoleSales, d.snap.Members[1].Role) // the old owner stays
	d.must(members, removeMember("bob"))
}

func TestT05_SplitsTotalExactly100Percent(t *testing.T) {
	d := record(t, rich())
	type m = map[string]int
	for name, x := range map[string]struct {
		revenue, overlay m
		want             []string
	}{
		"below":        {m{"ann": 9999}, nil, []string{"/revenue splits"}},
		"one too much": {m{"ann": 10000, "bob": 1}, nil, []string{"/revenue splits"}},
		"above":        {m{"ann": 5000, "bob": 5001}, nil, []string{"/revenue splits"}},
		"negative":     {m{"ann": 10001, "bob": -1}, nil, []string{"/revenue/ann out_of_range", "/revenue/bob out_of_range"}},
		"a stranger":   {m{"eve": 10000}, m{"mallory": 1}, []string{"/overlay not_a_member", "/revenue not_a_member"}},
		"overlay":      {nil, m{"ann": -1, "bob": opportunity.MaxOverlay + 1}, []string{"/overlay/ann out_of_range", "/overlay/bob out_of_range"}},
	} {
		t.Run("T05/"+name, func(t *testing.T) {
			require.Equal(t, x.want, d.refused(fault.ErrInvalid, members, splits(x.revenue, x.overlay)))
		})
	}
	many := m{}
	for i := range opportunity.MaxMembers + 1 {
		many[fmt.Sprint(i)] = 1
	}
	require.Equal(t, []string{"/revenue too_many"}, d.refused(fault.ErrInvalid, members, splits(many, nil)))
	d.must(members, splits(m{"ann": 1, "bob": 9999}, m{"carol": opportunity.MaxOverlay})) // overlays total anything
	require.Equal(t, []string{"/user split"}, d.refused(fault.ErrNotAllowed, members, removeMember("bob")))
	require.Equal(t, []string{"/remove split"}, d.refused(fault.ErrNotAllowed, members, transfer(opportunity.TransferInput{To: "carol", Remove: true})))
	d.must(none, win(price))
	require.Equal(t, []string{"/status won"}, d.refused(fault.ErrNotAllowed, members, splits(m{"ann": 10000}, nil))) // frozen
	require.Equal(t, []string{"/user overlay"}, d.refused(fault.ErrNotAllowed, members, removeMember("carol")))
	d.must(none, reopen(""))
	d.must(members, removeMember("carol"))
	d.must(members, splits(nil, nil)) // none at all
	d.must(members, removeMember("bob"))

	in := basic()
	in.Members = []opportunity.MemberInput{{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Split: 9999}}
	require.Equal(t, []string{"/members splits"}, fields(tryNew(t, in, found(), rules(crmV1))))
}

func TestT05_AmountsBySplitAddUpExactly(t *testing.T) {
	for _, x := range []struct {
		amount int64
		splits map[string]int
		want   map[string]int64
	}{
		{100, map[string]int{"a": 3333, "b": 3333, "c": 3334}, map[string]int64{"a": 33, "b": 33, "c": 34}},
		{1, map[string]int{"a": 5000, "b": 5000}, map[string]int64{"a": 1, "b": 0}},       // a tie goes to the first
		{99999, map[string]int{"a": 1, "b": 9999}, map[string]int64{"a": 10, "b": 99989}}, // 9.9999 and 99989.0001
		{math.MaxInt64, map[string]int{"a": 1, "b": 9999}, nil},
		{0, map[string]int{"a": 10000}, map[string]int64{"a": 0}},
		{7, nil, map[string]int64{"owner": 7}}, // without splits all is the owner's
	} {
		s := opportunity.Snapshot{Root: opportunity.Root{Owner: "owner", Estimated: usd(x.amount)}}
		for _, u := range []string{"a", "b", "c"} {
			s.Members = append(s.Members, opportunity.Member{User: u, Split: x.splits[u]})
		}
		got, err := opportunity.SplitAmounts(&s)
		require.NoError(t, err)
		total := usd(0)
		for u, m := range got {
			if x.want != nil {
				require.Equal(t, usd(x.want[u]), m)
			}
			total, err = total.Add(m)
			require.NoError(t, err)
		}
		require.Equal(t, usd(x.amount), total)
	}
	frozen := opportunity.Snapshot{Root: opportunity.Root{Owner: "ann", Estimated: usd(5), Outcome: &opportunity.Outcome{Amount: usd(8)}}}
	got, err := opportunity.SplitAmounts(&frozen)
	require.NoError(t, err)
	require.Equal(t, map[string]money.Money{"ann": usd(8)}, got) // as at the win (O06)
	frozen.Members = []opportunity.Member{{User: "ann", Split: -1}, {User: "bob", Split: 1}}
	_, err = opportunity.SplitAmounts(&frozen)
	require.NoError(t, err) // stored nonsense: shares of what is above zero
}

func TestT01_AStoreThatLostTheOwnerIsFoundOut(t *testing.T) {
	d := record(t, basic())
	d.snap.Members = nil
	require.ErrorIs(t, transfer(opportunity.TransferInput{To: "bob"})(d.load(members), d.next()), fault.ErrCorrupt)
}

func TestCommandsSayWhenTheirPartsWereNotLoaded(t *testing.T) {
	d := record(t, rich())
	key := opportunity.ContactKey{Contact: wei, Role: opportunity.Champion}
	for _, c := range []command{setMember("x", opportunity.RoleSales), removeMember("bob"), splits(nil, nil), transfer(opportunity.TransferInput{To: "x"}),
		updateLine(1, line("1").Update()), removeLines(1), removeContact(key), setPrimary(key), updateCompetitor(opportunity.CompetitorInput{Competitor: contoso}.Update()), removeCompetitor(contoso)} {
		err := c(d.load(none), d.next())
		require.ErrorIs(t, err, fault.ErrInternal)
		require.Equal(t, "opportunity.parts", fault.CodeOf(err))
	}
}
