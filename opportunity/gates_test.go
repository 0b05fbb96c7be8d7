package opportunity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestP07_P08_GatesAreAskedOnEveryMove(t *testing.T) {
	d := record(t, basic())
	err := d.try(none, advance("offer", ""))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "opportunity.gates", fault.CodeOf(err))
	require.Equal(t, []string{"gate/expected_close_set unmet", "gate/lines_min unmet"}, fields(err)) // P08: all of them
	d.must(none, advance("offer", "the board says so"))
	require.Contains(t, string(d.entries[len(d.entries)-1].Payload), `"override":"the board says so"`)
	d.must(none, advance("lead", "no gate in the way"))
	require.NotContains(t, string(d.entries[len(d.entries)-1].Payload), "override") // nothing was overridden
	d.must(none, addLines(line("1")))
	d.must(none, update(opportunity.UpdateInput{ExpectedClose: ptr(day("2026-12-31"))}))
	d.must(none, advance("offer", ""))
}

func TestP07_WinsAndLossesAskTheirGates(t *testing.T) {
	d := record(t, rich())
	d.must(none, addLines(line("1")))
	d.must(none, migrate(crm, crmV2, nil, ""))
	require.Equal(t, []string{"gate/approval unmet"}, d.refused(fault.ErrNotAllowed, none, win(price)))
	require.Equal(t, []string{"gate/debrief unmet"}, d.refused(fault.ErrNotAllowed, none, lose(opportunity.LoseInput{Reasons: chosen(noBudget)})))
	d.must(none, hold) // a held deal may be lost, so its gates can be met on hold
	require.Equal(t, []string{"gate/debrief unmet"}, d.refused(fault.ErrNotAllowed, none, lose(opportunity.LoseInput{Reasons: chosen(noBudget)})))
	d.must(none, lose(opportunity.LoseInput{Reasons: chosen(noBudget), Override: "nobody to ask"}))
	require.Equal(t, "nobody to ask", d.snap.Outcome.Override)
}

func TestJ10_ApproverAndRequesterDiffer(t *testing.T) {
	d := record(t, rich())
	d.must(none, addLines(line("1")))
	d.must(none, migrate(crm, crmV2, nil, ""))
	d.as("ann").must(none, approve("manager"))
	require.Equal(t, []string{"gate/approval unmet"}, d.refused(fault.ErrNotAllowed, none, win(price)), "his own")
	d.as("zoe").must(none, approve("sales"))
	require.Equal(t, []string{"gate/approval unmet"}, d.as("ann").refused(fault.ErrNotAllowed, none, win(price)), "in another role")

	t.Run("J10/an override needs it too", func(t *testing.T) {
		override := func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Win(opportunity.WinInput{Reasons: chosen(price), Summary: "signed", Override: "I approve of myself"}, at)
		}
		err := d.as("ann").try(none, override)
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "opportunity.gates.approval", fault.CodeOf(err))
		require.Equal(t, []string{"gate/approval unmet"}, fields(err))

		// final demands an approval, offer doesn't.
		x := record(t, rich())
		require.ErrorIs(t, x.try(none, advance("final", "I say so")), fault.ErrNotAllowed)
		x.as("zoe").must(none, approve("manager"))
		x.as("ann").must(none, advance("final", "I say so"))
		require.NotContains(t, string(x.entries[len(x.entries)-1].Payload), "I say so") // all gates were met
	})
	// ann approved too, so zoe may ask, and the other way round.
	d.as("zoe").must(none, approve("manager"))
	d.as("ann").must(none, win(price))
	require.Len(t, d.snap.Approvals, 3) // who approved stays known
	require.Equal(t, opportunity.Approval{Role: "manager", By: "zoe", At: d.snap.Approvals[2].At, Note: "fine"}, d.snap.Approvals[2])
}

func TestJ10_AnOverrideWithAnothersApproval(t *testing.T) {
	v := publish(stage.Process{Code: "own", Names: names("Own"), Stages: []stage.Stage{{ID: "lead", Names: names("Lead"), Category: stage.Pipeline}},
		WinGates: []stage.Gate{approval, {Kind: stage.GateQuote}}})
	d := record(t, basic())
	give := func(by string) error {
		o, err := opportunity.Restore(opportunity.Record{Snapshot: d.snap, Archive: []opportunity.Named{{Entry: entries[2]}}}, opportunity.Rules{Version: v})
		require.NoError(t, err)
		err = o.Win(opportunity.WinInput{Reasons: chosen(price), Summary: "signed", Override: "by letter"}, d.as(by).next())
		if err == nil {
			require.Equal(t, "by letter", o.Snapshot().Outcome.Override)
		}
		return err
	}
	require.Equal(t, []string{"gate/approval unmet"}, fields(give("ann"))) // the quote is passed, the approval isn't
	d.as("zoe").must(none, approve("manager"))
	require.NoError(t, give("ann"))
	require.Equal(t, []string{"gate/approval unmet"}, fields(give("zoe"))) // her own approval isn't another's
}

func TestJ10_AnApprovalIsForOneStep(t *testing.T) {
	d := record(t, rich())
	d.as("zoe").must(none, approve("manager"))
	d.as("ann").must(none, advance("final", ""))
	require.Empty(t, d.snap.Approvals)
	d.must(none, advance("offer", ""))
	d.refused(fault.ErrNotAllowed, none, advance("final", ""))
	d.as("zoe").must(none, hold)
	d.must(none, approve("manager")) // on hold, for the step after
	d.must(none, resume)
	d.as("ann").must(none, advance("final", ""))
}

func TestJ10_ApprovalsAndTicksAreBounded(t *testing.T) {
	d := record(t, rich())
	require.Equal(t, []string{"/note too_long", "/role required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Approve(opportunity.ApproveInput{Role: "", Note: strings.Repeat("x", 4001)}, at)
	}))
	for range opportunity.MaxApprovals {
		d.must(none, approve("manager"))
	}
	require.ErrorIs(t, d.try(none, approve("manager")), fault.ErrLimit)
	require.Equal(t, []string{"/item unknown"}, d.refused(fault.ErrInvalid, none, tick("budget", false))) // another stage's
	d.must(none, tick("draft", false))
	d.must(none, tick("draft", false))
	require.Equal(t, []opportunity.Tick{{Stage: "offer", Item: "draft", By: "ann", At: d.now}}, d.snap.Ticks)
	d.must(none, tick("draft", true))
	require.Empty(t, d.snap.Ticks)
	d.snap.Ticks = make([]opportunity.Tick, opportunity.MaxTicks) // as if stored so
	require.ErrorIs(t, tick("draft", false)(d.load(none), d.next()), fault.ErrLimit)
	d.snap.Ticks[7] = opportunity.Tick{Stage: "offer", Item: "draft"}
	require.NoError(t, tick("draft", false)(d.load(none), d.next())) // no more than before
}

func TestP07_ChecklistTicksAndHostKindsAreFacts(t *testing.T) {
	v := publish(stage.Process{Code: "own", Names: names("Own"), Stages: []stage.Stage{
		{ID: "lead", Names: names("Lead"), Category: stage.Pipeline, Checklist: item("budget"), Exit: []stage.Gate{{Kind: stage.GateChecklist, Params: map[string]string{"item": "budget"}}}},
		{ID: "next", Names: names("Next"), Category: stage.Pipeline, Entry: []stage.Gate{{Kind: "erp.credit"}}},
	}})
	d := record(t, basic())
	key := stage.Gate{Kind: "erp.credit"}.Key()
	o, err := opportunity.Restore(opportunity.Record{Snapshot: d.snap}, opportunity.Rules{Version: v, Verdicts: stage.Verdicts{key: {Met: true}}})
	require.NoError(t, err)
	require.Equal(t, []string{"gate/checklist_ticked unmet"}, fields(advance("next", "")(o, d.next())))
	require.NoError(t, tick("budget", false)(o, d.next()))
	_, _, err = o.Change(d.newID)
	require.NoError(t, err)
	// Without the host's verdict nothing changes, also with a reason to override.
	o.Judge(nil)
	before := o.Snapshot()
	for _, reason := range []string{"", "override"} {
		var open *opportunity.Unjudged
		require.ErrorAs(t, advance("next", reason)(o, d.next()), &open)
		require.Equal(t, []stage.Gate{{Kind: "erp.credit"}}, open.Gates)
		require.Equal(t, []any{"lead", "next", "", "ann", d.snap.Customer}, []any{open.Facts.Stage, open.Facts.Target, open.Facts.End, open.Facts.Requester, open.Customer})
		require.Equal(t, before, o.Snapshot())
	}
	o.Judge(stage.Verdicts{key: {Message: "over the limit"}})
	require.Equal(t, []string{"gate/erp.credit unmet"}, fields(advance("next", "")(o, d.next())))
	o.Judge(stage.Verdicts{key: {Met: true}})
	require.NoError(t, advance("next", "")(o, d.next()))
}

func TestP05_MigrationMapsTheStage(t *testing.T) {
	in := rich()
	in.Probability, in.Category = nil, ""
	d := record(t, in)
	require.Equal(t, []string{"/process same_version"}, d.refused(fault.ErrNotAllowed, none, migrate(crm, crmV1, map[string]string{"offer": "final"}, ""))) // no way around O03
	require.Equal(t, []string{"/stages/offer unmapped"}, d.refused(fault.ErrNotAllowed, none, migrate(crm, crmV2, map[string]string{"offer": "nowhere"}, "")))
	require.Equal(t, []string{"/override too_long"}, d.refused(fault.ErrInvalid, none, migrate(crm, crmV2, nil, strings.Repeat("x", 4001))))
	long := strings.Repeat("x", 4001)
	require.Equal(t, []string{"/override too_long", "/stages/offer unmapped"}, d.refused(fault.ErrInvalid, none, migrate(crm, crmV2, map[string]string{"offer": "nowhere"}, long)))
	require.Equal(t, []string{"/override too_long", "/process same_version"}, d.refused(fault.ErrInvalid, none, migrate(crm, crmV1, nil, long)))
	d.as("zoe").must(none, approve("manager"))
	entered := d.snap.StageEntered
	d.must(none, migrate(crm, crmV2, nil, "")) // the same stage of the same process: no gates, no new visit
	require.Equal(t, crmV2, d.snap.ProcessVersion)
	require.Equal(t, 6000, d.snap.Probability)
	require.Equal(t, stage.Commit, d.snap.Category)
	require.Equal(t, entered, d.snap.StageEntered)
	require.Len(t, d.snap.Approvals, 1)

	t.Run("P05/values set by hand stay", func(t *testing.T) {
		d := record(t, basic())
		d.must(none, update(opportunity.UpdateInput{Probability: ptr(777), Category: ptr(stage.Omitted)}))
		require.Equal(t, []string{"/stages/lead unmapped"}, d.refused(fault.ErrNotAllowed, none, migrate(crm, crmV2, nil, "")))
		d.must(none, migrate(crm, crmV2, map[string]string{"lead": "qualify"}, ""))
		require.Equal(t, "qualify", d.snap.Stage)
		require.Equal(t, 777, d.snap.Probability)
		require.Equal(t, stage.Omitted, d.snap.Category)
		require.Equal(t, d.now, d.snap.StageEntered)
		require.Equal(t, []string{"gate/has_primary_contact unmet"}, d.refused(fault.ErrNotAllowed, none, advance("final", ""))) // by the new rules
	})
	t.Run("P07/migration asks the gates of the stage that it comes into", func(t *testing.T) {
		d := record(t, basic())
		require.Equal(t, []string{"gate/lines_min unmet"}, d.refused(fault.ErrNotAllowed, none, migrate(crm, crmV2, map[string]string{"lead": "offer"}, "")))
		d.must(none, migrate(crm, crmV2, map[string]string{"lead": "offer"}, "agreed with the board"))
		require.Contains(t, string(d.entries[len(d.entries)-1].Payload), `"override":"agreed with the board"`)
		x := record(t, rich())
		require.Equal(t, []string{"gate/approval unmet"}, x.refused(fault.ErrNotAllowed, none, migrate(short, shortV1, nil, ""))) // another process's stage of the same name
		require.ErrorIs(t, x.try(none, migrate(short, shortV1, nil, "I say so")), fault.ErrNotAllowed)                            // J10
		x.as("zoe").must(none, approve("manager"))
		x.as("ann").must(none, migrate(short, shortV1, nil, ""))
		require.Equal(t, short, x.snap.Process)
		require.Empty(t, x.snap.Approvals) // they were for the old one's step
	})
	o := d.load(none)
	require.ErrorIs(t, o.Migrate(id(200), nil, opportunity.MigrateInput{Process: crm}, d.next()), fault.ErrInternal)
}

func TestRulesMayBeMissing(t *testing.T) {
	d := record(t, rich())
	restore := func() *opportunity.Opportunity {
		o, err := opportunity.Restore(opportunity.Record{Snapshot: d.snap, Archive: []opportunity.Named{{Entry: entries[2]}, {Entry: entries[5]}}}, opportunity.Rules{})
		require.NoError(t, err)
		return o
	}
	for _, c := range []command{advance("lead", ""), win(price), lose(opportunity.LoseInput{Reasons: chosen(noBudget)}), tick("draft", false), update(opportunity.UpdateInput{ReleaseCategory: true})} {
		err := c(restore(), d.next())
		require.ErrorIs(t, err, fault.ErrInternal)
		require.Equal(t, "opportunity.rules", fault.CodeOf(err))
	}
	require.NoError(t, hold(restore(), d.next()))
	d.must(none, void)
	require.ErrorIs(t, reopen("")(restore(), d.next()), fault.ErrInternal)
}
