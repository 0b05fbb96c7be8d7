package opportunity_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// planFor plans a call that is for somebody.
func planFor(part byte, user string) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.PlanActivity(id(part), opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call Wei", Assignee: user, Due: start.AddDate(0, 1, int(part))}, at)
	}
}

// given gives a command the open activities of a user, as the engine does.
func given(d *deal, user string, c command) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		o.OpenActivities(user, slices.DeleteFunc(slices.Clone(d.snap.Activities), func(a opportunity.Activity) bool {
			return a.Status != opportunity.ActivityOpen || a.Assignee != user
		}))
		return c(o, at)
	}
}

// assignees gives each activity with its assignee and its status, in order.
func (d *deal) assignees() (out []string) {
	for _, a := range d.snap.Activities {
		out = append(out, fmt.Sprintf("%d %s %s", a.ID[15], a.Assignee, a.Status))
	}
	return out
}

// busy is a deal of ann and bob where ann has two open activities, one done and one
// called off, and bob has an open one.
func busy(t testing.TB) *deal {
	t.Helper()
	d := record(t, basic())
	d.must(members, setMember("bob", opportunity.RoleSales))
	for part, user := range []string{"ann", "ann", "ann", "ann", "bob"} {
		d.must(members, planFor(byte(101+part), user))
	}
	d.on(id(103)).must(none, complete(id(103)))
	d.on(id(104)).must(none, cancelActivity(id(104)))
	return d
}

// handedOver is a deal whose activities were handed over in both ways.
func handedOver(t testing.TB) *deal {
	d := busy(t)
	d.must(members|activities, transfer(opportunity.TransferInput{To: "cat"}))
	d.must(members|activities, removeMember("bob"))
	return d
}

func TestH04_ATransferTakesOpenActivitiesAlong(t *testing.T) {
	for _, all := range []bool{true, false} {
		for _, remove := range []bool{true, false} {
			t.Run(fmt.Sprintf("H04/all loaded %t, old owner removed %t", all, remove), func(t *testing.T) {
				d := busy(t)
				before := copied(d.snap)
				d.all = all
				d.must(members, given(d, "ann", transfer(opportunity.TransferInput{To: "cat", Remove: remove})))
				require.Equal(t, []string{"101 cat open", "102 cat open", "103 ann done", "104 ann cancelled", "105 bob open"}, d.assignees())
				require.Equal(t, []any{before.NextActivity, before.LastActivity, before.Counts.Activities, before.Counts.OpenActivities, before.Counts.DoneActivities},
					[]any{d.snap.NextActivity, d.snap.LastActivity, d.snap.Counts.Activities, d.snap.Counts.OpenActivities, d.snap.Counts.DoneActivities})
				after := copied(d.snap.Activities)
				after[0].Assignee, after[1].Assignee = "ann", "ann"
				require.Equal(t, before.Activities, after, "nothing but the assignee changes")
			})
		}
	}
}

func TestH04_ATransferLeavesActivitiesIfToldTo(t *testing.T) {
	d := busy(t)
	before := d.assignees()
	require.Equal(t, []string{"/keep_activities contradiction"}, d.refused(fault.ErrInvalid, members, transfer(opportunity.TransferInput{To: "cat", Remove: true, KeepActivities: true})))
	d.must(members, transfer(opportunity.TransferInput{To: "cat", KeepActivities: true})) // needs no activities
	require.Equal(t, before, d.assignees())
	require.NotContains(t, string(d.entries[len(d.entries)-1].Payload), "activities")
	d.must(members|activities, transfer(opportunity.TransferInput{To: "dan"})) // cat has none: ann's and bob's stay
	require.Equal(t, before, d.assignees())
}

func TestH04_ARemovedMembersOpenActivitiesAreTheOwners(t *testing.T) {
	for _, all := range []bool{true, false} {
		t.Run(fmt.Sprintf("H04/all loaded %t", all), func(t *testing.T) {
			d := busy(t)
			d.all = all
			d.must(members, given(d, "bob", removeMember("bob")))
			require.Equal(t, []string{"101 ann open", "102 ann open", "103 ann done", "104 ann cancelled", "105 ann open"}, d.assignees())
		})
	}
}

// TestH04_WhatIsntGivenIsntForgotten: without the open activities, or with another
// user's, a command that should hand them over does nothing.
func TestH04_WhatIsntGivenIsntForgotten(t *testing.T) {
	d := busy(t)
	for _, c := range []command{
		transfer(opportunity.TransferInput{To: "cat"}), given(d, "bob", transfer(opportunity.TransferInput{To: "cat"})), removeMember("bob"), given(d, "ann", removeMember("bob")),
	} {
		o := d.load(members)
		err := c(o, d.next())
		require.ErrorIs(t, err, fault.ErrInternal)
		require.Equal(t, "opportunity.parts", fault.CodeOf(err))
		_, ok, err := o.Change(d.newID)
		require.NoError(t, err)
		require.False(t, ok)
	}
}

func TestH04_WhatIsToDoIsForThoseWhoSeeTheDeal(t *testing.T) {
	d := busy(t)
	sees := func(user string, c command) command {
		return func(o *opportunity.Opportunity, at journal.Moment) error {
			o.Sees(user)
			return c(o, at)
		}
	}
	reassign := func(user string) command {
		return updateActivity(id(101), opportunity.UpdateActivityInput{Assignee: &user})
	}
	require.Equal(t, []string{"/assignee cannot_see"}, d.refused(fault.ErrInvalid, members, planFor(110, "eve")))
	require.Equal(t, []string{"/assignee cannot_see"}, d.refused(fault.ErrInvalid, members, sees("mel", planFor(110, "eve"))))
	d.must(none, planFor(110, "")) // the actor
	d.must(members, planFor(111, "bob"))
	d.must(members, sees("mel", planFor(112, "mel")))
	d.as("zoe").must(none, planFor(113, "zoe")) // the actor, in the team or not
	d.must(none, planFor(114, "ann"))           // the owner
	d.on(id(101))
	for _, parts := range []opportunity.Parts{members, members | activities} {
		require.Equal(t, []string{"/assignee cannot_see"}, d.refused(fault.ErrInvalid, parts, reassign("eve")))
		d.must(parts, reassign("bob"))
		d.must(parts, sees("mel", reassign("mel")))
		d.must(parts, reassign("mel")) // who has it already isn't looked at
		d.must(parts, reassign("ann"))
	}
	// What is done says who did it, whoever that was.
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.LogActivity(id(120), opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Assignee: "eve", Result: "fine"}, at)
	})
	for _, c := range []command{planFor(115, "bob"), reassign("bob")} {
		require.ErrorIs(t, c(d.load(none), d.next()), fault.ErrInternal, "the team isn't known")
	}
}

// TestH04_OldJournalsReplayAsBefore: events of before say nothing of activities, and
// move none.
func TestH04_OldJournalsReplayAsBefore(t *testing.T) {
	d := handedOver(t)
	old := slices.Clone(d.entries)
	for i, e := range old {
		switch e.Type {
		case opportunity.EventTransferred:
			old[i].Payload = []byte(`{"from":"ann","to":"cat","role":"sales"}`)
		case opportunity.EventMemberRemoved:
			old[i].Payload = []byte(`{"user":"bob"}`)
		}
	}
	s, _, _, err := opportunity.Replay(old)
	require.NoError(t, err)
	d.snap = s
	require.Equal(t, []string{"101 ann open", "102 ann open", "103 ann done", "104 ann cancelled", "105 bob open"}, d.assignees())
	require.Equal(t, "cat", s.Owner)
}
