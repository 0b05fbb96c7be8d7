package opportunity_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// lifecycleCommands are those of O02.
var lifecycleCommands = map[opportunity.Command]command{
	opportunity.CommandWin: win(price), opportunity.CommandLose: lose(opportunity.LoseInput{Reasons: chosen(noBudget)}),
	opportunity.CommandHold: hold, opportunity.CommandResume: resume, opportunity.CommandVoid: void,
	opportunity.CommandClose: closeIt, opportunity.CommandReopen: reopen(""),
}

func TestO02_EveryPairOfStatusAndCommand(t *testing.T) {
	allowed := map[opportunity.Status]map[opportunity.Command]opportunity.Status{
		opportunity.Open:   {opportunity.CommandWin: opportunity.Won, opportunity.CommandLose: opportunity.Lost, opportunity.CommandHold: opportunity.OnHold, opportunity.CommandVoid: opportunity.Void},
		opportunity.OnHold: {opportunity.CommandResume: opportunity.Open, opportunity.CommandLose: opportunity.Lost, opportunity.CommandVoid: opportunity.Void},
		opportunity.Won:    {opportunity.CommandClose: opportunity.Closed, opportunity.CommandReopen: opportunity.Open},
		opportunity.Lost:   {opportunity.CommandReopen: opportunity.Open},
		opportunity.Void:   {opportunity.CommandReopen: opportunity.Open},
		opportunity.Closed: {opportunity.CommandReopen: opportunity.Open},
	}
	require.Len(t, lifecycleCommands, len(opportunity.Commands()))
	for _, s := range opportunity.Statuses() {
		for _, c := range opportunity.Commands() {
			t.Run(fmt.Sprintf("O02/%s/%s", s, c), func(t *testing.T) {
				d := in(t, s)
				err := d.try(none, lifecycleCommands[c])
				if to, ok := allowed[s][c]; ok {
					require.NoError(t, err)
					require.Equal(t, to, d.snap.Status)
					return
				}
				require.ErrorIs(t, err, fault.ErrNotAllowed)
				require.Equal(t, "opportunity."+c.String()+".status", fault.CodeOf(err))
				require.Equal(t, []string{"/status " + s.String()}, fields(err))
			})
		}
	}
}

// TestO08_WhatEachStatusTakes holds, for every command that isn't of the
// lifecycle, in which statuses it is taken.
func TestO08_WhatEachStatusTakes(t *testing.T) {
	const (
		open = 1 << iota
		held
		won
		lost
	)
	bit := map[opportunity.Status]int{opportunity.Open: open, opportunity.OnHold: held, opportunity.Won: won, opportunity.Lost: lost}
	const undecided, followUp = open | held, open | held | won | lost
	for _, x := range []struct {
		name  string
		parts opportunity.Parts
		in    int
		do    command
	}{
		{"advance", none, open, advance("lead", "")},
		{"delete", none, open, remove},
		{"migrate", none, undecided, migrate(crm, crmV2, nil, "")},
		{"tick", none, undecided, tick("draft", false)},
		{"approve", none, undecided, approve("manager")},
		{"add lines", none, undecided, addLines(line("1"))},
		{"update line", lines, undecided, updateLine(1, line("1").Update())},
		{"remove lines", lines, undecided, removeLines(1)},
		{"customer", contacts, undecided, update(opportunity.UpdateInput{Customer: &user, EndUser: &buyer})},
		{"bill-to", contacts, undecided, update(opportunity.UpdateInput{BillTo: &payer})},
		{"end user", contacts, undecided, update(opportunity.UpdateInput{EndUser: ptr(uuid.Nil)})},
		{"estimate", none, undecided, update(opportunity.UpdateInput{Estimated: ptr(usd(1))})},
		{"override", none, undecided, update(opportunity.UpdateInput{Override: ptr(usd(1))})},
		{"release of the override", none, undecided, update(opportunity.UpdateInput{ReleaseOverride: true})},
		{"probability", none, undecided, update(opportunity.UpdateInput{Probability: ptr(1)})},
		{"release of the probability", none, undecided, update(opportunity.UpdateInput{ReleaseProbability: true})},
		{"category", none, undecided, update(opportunity.UpdateInput{Category: ptr(stage.Omitted)})},
		{"release of the category", none, undecided, update(opportunity.UpdateInput{ReleaseCategory: true})},
		{"expected close", none, undecided, update(opportunity.UpdateInput{ExpectedClose: ptr(day("2026-07-01"))})},
		{"splits", members, undecided, splits(map[string]int{"ann": 10000}, nil)},
		{"a competitor with a price", none, undecided, addCompetitor(opportunity.CompetitorInput{Competitor: fabrikam, Price: ptr(usd(1))})},
		{"a competitor's price", competitors, undecided, updateCompetitor(opportunity.CompetitorInput{Competitor: contoso, Price: ptr(usd(1))}.Update())},
		{"a competitor's lost price", competitors, undecided, updateCompetitor(opportunity.CompetitorInput{Competitor: contoso}.Update())},
		{"removal of a competitor", competitors, undecided, removeCompetitor(contoso)},

		{"name", none, followUp, update(opportunity.UpdateInput{Name: ptr("New name")})},
		{"other details", none, followUp, update(opportunity.UpdateInput{Description: ptr("x"), Department: ptr("west"), Rating: ptr(1), Source: ptr(uuid.Nil), Attributes: &map[string]string{"a": "b"}})},
		{"member", members, followUp, setMember("dave", opportunity.RoleSupport)},
		{"removal of a member", members, followUp, func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveMember("erin", at) }},
		{"transfer", members, followUp, transfer(opportunity.TransferInput{To: "bob"})},
		{"contact", none, followUp, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Gatekeeper})},
		{"removal of a contact", contacts, followUp, removeContact(opportunity.ContactKey{Contact: wei, Role: opportunity.Champion})},
		{"primary contact", contacts, followUp, setPrimary(opportunity.ContactKey{Contact: wei, Role: opportunity.Champion})},
		{"a competitor", none, followUp, addCompetitor(opportunity.CompetitorInput{Competitor: fabrikam})},
		{"a competitor's strengths", competitors, followUp, updateCompetitor(opportunity.CompetitorInput{Competitor: contoso, Strengths: "x", Price: ptr(usd(900_00))}.Update())},
		{"plan", none, followUp, plan(id(101), opportunity.Call, start)},
		{"log", none, followUp, logged(id(101), opportunity.Call)},
		{"expense", none, followUp, spend(id(111), train())},

		{"analysis of a win", none, won, analyse("price", opportunity.Choice{Reason: price})},
		{"analysis of a loss", none, lost, analyse("price", opportunity.Choice{Reason: noBudget})},
		{"order", none, won, orderMade(usd(1))},
		{"quote", none, open, quoteMade},
		{"a sent quote", none, undecided, quoteSent(usd(1))},
		{"an extended quote", none, undecided, quoteExtended(usd(1), true)},
		{"an accepted quote", none, undecided, quoteAccepted(usd(1), 0, 0)},
	} {
		for _, s := range opportunity.Statuses() {
			t.Run(fmt.Sprintf("O08/%s/%s", x.name, s), func(t *testing.T) {
				withErin := rich()
				withErin.Members = append(withErin.Members, opportunity.MemberInput{User: "erin", Role: opportunity.RoleSupport, Access: opportunity.Read})
				d := in(t, s)
				if x.name == "removal of a member" {
					d = record(t, withErin)
					for _, c := range map[opportunity.Status][]command{opportunity.OnHold: {hold}, opportunity.Won: {win(price)}, opportunity.Void: {void},
						opportunity.Lost: {lose(opportunity.LoseInput{Reasons: chosen(noBudget)})}, opportunity.Closed: {win(price), closeIt}}[s] {
						d.must(none, c)
					}
				}
				err := d.try(x.parts, x.do)
				if bit[s]&x.in != 0 {
					require.NoError(t, err)
					return
				}
				// An analysis with the other outcome's reasons is wrong input, not status.
				if (x.in == won && s == opportunity.Lost || x.in == lost && s == opportunity.Won) && x.name != "order" {
					require.ErrorIs(t, err, fault.ErrInvalid)
					require.Equal(t, []string{"/reasons/0/reason wrong_kind"}, fields(err))
					return
				}
				require.ErrorIs(t, err, fault.ErrNotAllowed)
				require.Equal(t, []string{"/status " + s.String()}, fields(err))
			})
		}
	}
}

func TestO03_TheStageMovesOnlyAsTheProcessAllows(t *testing.T) {
	d := record(t, basic())
	require.Equal(t, "lead", d.snap.Stage)
	require.Equal(t, []string{"/to same_stage"}, d.refused(fault.ErrNotAllowed, none, advance("lead", "")))
	require.Equal(t, []string{"/to not_a_target"}, d.refused(fault.ErrNotAllowed, none, advance("final", ""))) // no skipping
	require.Equal(t, []string{"/to unknown_stage"}, d.refused(fault.ErrInvalid, none, advance("nowhere", "")))
	require.Contains(t, d.refused(fault.ErrInvalid, none, advance("", "")), "/to required")
	d.must(none, hold)
	d.refused(fault.ErrNotAllowed, none, advance("offer", "the board wants it")) // an override is for gates only
}

func TestO04_EachStepIsSummedUp(t *testing.T) {
	d := record(t, rich())
	require.Equal(t, []string{"/summary required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Advance(opportunity.AdvanceInput{To: "lead", Summary: " \t"}, at)
	}))
	require.Equal(t, []string{"/reasons required", "/summary required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Win(opportunity.WinInput{}, at)
	}))
	require.Equal(t, []string{"/reasons required", "/summary required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Lose(opportunity.LoseInput{}, at)
	}))
	type step struct {
		progress      opportunity.Progress
		from, to, sum string
		by            string
	}
	d.as("ann").must(none, advance("lead", ""))
	d.as("bob").must(none, advance("offer", ""))
	d.as("carol").must(none, win(price))
	d.must(none, reopen(""))
	d.as("dave").must(none, lose(opportunity.LoseInput{Reasons: chosen(noBudget)}))
	var got []step
	for _, r := range d.ledger {
		if r.Progress != "" {
			got = append(got, step{r.Progress, r.FromStage, r.Stage, r.Summary, r.By})
			require.False(t, r.EffectiveFrom.IsZero())
		}
	}
	require.Equal(t, []step{
		{opportunity.Returned, "offer", "lead", "done with it", "ann"},
		{opportunity.Advanced, "lead", "offer", "done with it", "bob"},
		{opportunity.EndedWon, "offer", "offer", "signed", "carol"},
		{opportunity.EndedLost, "offer", "offer", "they chose another", "dave"},
	}, got)
}

func TestO05_ValuesSetByHandStickUntilTheStageChanges(t *testing.T) {
	d := record(t, rich())
	require.Equal(t, 4200, d.snap.Probability)
	require.Equal(t, stage.Commit, d.snap.Category)
	require.True(t, d.snap.ProbabilityByHand && d.snap.CategoryByHand)
	d.must(none, addLines(line("1")))
	d.must(none, hold)
	d.must(none, resume)
	require.Equal(t, 4200, d.snap.Probability)
	d.must(none, update(opportunity.UpdateInput{ReleaseProbability: true}))
	require.Equal(t, 5000, d.snap.Probability)
	require.Equal(t, stage.Commit, d.snap.Category)
	d.must(none, update(opportunity.UpdateInput{Probability: ptr(100)}))
	d.must(none, advance("lead", ""))
	require.Equal(t, 1000, d.snap.Probability)
	require.Equal(t, stage.Pipeline, d.snap.Category)
	require.False(t, d.snap.ProbabilityByHand || d.snap.CategoryByHand)
	for _, p := range []int{-1, 9901} {
		require.Equal(t, []string{"/probability out_of_range"}, d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Probability: &p})))
	}
	for _, p := range []int{0, 9900} {
		d.must(none, update(opportunity.UpdateInput{Probability: &p}))
	}
	require.Equal(t, []string{"/category not_open", "/release_probability contradiction"},
		d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Category: ptr(stage.Closed), Probability: ptr(1), ReleaseProbability: true})))
	require.Equal(t, []string{"/category required", "/release_category contradiction"},
		d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Category: ptr(stage.Category("")), ReleaseCategory: true})))
	d.must(none, update(opportunity.UpdateInput{Category: ptr(stage.Omitted)}))
	d.must(none, update(opportunity.UpdateInput{ReleaseCategory: true}))
	require.Equal(t, stage.Pipeline, d.snap.Category)
}

func TestO06_AWinFreezesTheAmount(t *testing.T) {
	d := record(t, rich())
	for _, x := range []struct {
		in   []opportunity.Choice
		want string
	}{
		{nil, "/reasons required"},
		{chosen(noBudget), "/reasons/0/reason wrong_kind"},                          // A03
		{chosen(oldWin), "/reasons/0/reason retired"},                               // A02
		{chosen(id(200)), "/reasons/0/reason not_found"},                            //
		{chosen(otherWin), "/reasons/0 needs_explanation"},                          // A05
		{append(chosen(price), chosen(price)...), "/reasons/1/reason duplicate"},    //
		{make([]opportunity.Choice, opportunity.MaxReasons+1), "/reasons too_many"}, //
	} {
		got := d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Win(opportunity.WinInput{Reasons: x.in, Summary: "s"}, at)
		})
		require.Equal(t, []string{x.want}, got)
	}
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Win(opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: price}, {Reason: otherWin, Explanation: " their boss "}}, Summary: "s", Analysis: "a", Override: "not needed"}, at)
	})
	s := d.snap
	require.Equal(t, opportunity.Outcome{
		Status: opportunity.Won, Reasons: []opportunity.Choice{{Reason: price}, {Reason: otherWin, Explanation: "their boss"}}, Amount: usd(999_99),
		Stage: "offer", Summary: "s", Analysis: "a", At: d.now, By: "ann",
	}, *s.Outcome) // nothing was overridden
	require.Equal(t, 10000, s.Probability)
	require.Equal(t, stage.Closed, s.Category)
	require.Equal(t, s.Outcome.Amount, s.Amount())
	require.Equal(t, d.now, s.WonAt)
	require.True(t, s.Status.IsWon() && s.Status.IsDecided())
}

func TestO07_ALossNamesTheCompetitor(t *testing.T) {
	t.Run("O07/one of the deal's", func(t *testing.T) {
		d := record(t, rich())
		d.must(none, lose(opportunity.LoseInput{Reasons: chosen(toRival), Competitor: contoso}))
		require.Equal(t, contoso, d.snap.Outcome.Competitor)
		require.Len(t, d.snap.Competitors, 1)
		require.Equal(t, "offer", d.snap.Outcome.Stage)
		require.Equal(t, "offer", d.snap.Stage)
		require.Zero(t, d.snap.Probability)
		require.Equal(t, stage.Omitted, d.snap.Category)
		require.Equal(t, d.now, d.snap.LostAt)
	})
	t.Run("O07/recorded by the same command", func(t *testing.T) {
		d := record(t, basic())
		d.must(none, lose(opportunity.LoseInput{Reasons: chosen(toRival), Competitor: fabrikam}))
		require.Equal(t, fabrikam, d.snap.Competitors[0].Competitor)
		require.Equal(t, 1, d.snap.Counts.Competitors)
		require.Equal(t, d.now, d.snap.Competitors[0].Added)
	})
	t.Run("O07/wrong ones", func(t *testing.T) {
		d := record(t, basic())
		for id, want := range map[uuid.UUID]string{oldRival: "retired", price: "wrong_kind", id(200): "not_found"} {
			require.Equal(t, []string{"/competitor " + want}, d.refused(fault.ErrInvalid, none, lose(opportunity.LoseInput{Reasons: chosen(noBudget), Competitor: id})))
		}
		require.Equal(t, []string{"/reasons/0 needs_competitor"}, d.refused(fault.ErrInvalid, none, lose(opportunity.LoseInput{Reasons: chosen(toRival)})))
	})
	t.Run("O07/one retired since stays choosable on its deal", func(t *testing.T) {
		d := record(t, rich())
		d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
			rec := opportunity.Record{Snapshot: o.Snapshot(), Archive: []opportunity.Named{
				{Entry: archive.Entry{ID: contoso, Kind: archive.Competitor, Status: archive.Retired}, OnDeal: true}, {Entry: entries[5]}}}
			again, err := opportunity.Restore(rec, rules(crmV1))
			require.NoError(t, err)
			require.NoError(t, lose(opportunity.LoseInput{Reasons: chosen(noBudget), Competitor: contoso})(again, at))
			return lose(opportunity.LoseInput{Reasons: chosen(noBudget), Competitor: contoso})(o, at)
		})
	})
	t.Run("O07/out of hold", func(t *testing.T) {
		d := in(t, opportunity.OnHold)
		d.must(none, lose(opportunity.LoseInput{Reasons: chosen(noBudget)}))
		require.Zero(t, d.snap.HeldAt)
		require.Empty(t, d.snap.HoldReason)
	})
	t.Run("O07/a full list of competitors", func(t *testing.T) {
		d := record(t, basic())
		d.snap.Counts.Competitors = opportunity.MaxCompetitors // as if stored so
		o := d.load(none)
		err := lose(opportunity.LoseInput{Reasons: chosen(noBudget), Competitor: fabrikam})(o, d.next())
		require.Equal(t, []string{"/competitor too_many"}, fields(err))
	})
}

func TestO08_TheAnalysisGoesOnUntilClosed(t *testing.T) {
	d := in(t, opportunity.Won)
	d.must(none, analyse("better service", opportunity.Choice{Reason: otherWin, Explanation: "service"}))
	require.Equal(t, "better service", d.snap.Outcome.Analysis)
	require.Equal(t, otherWin, d.snap.Outcome.Reasons[0].Reason)
	d.must(none, analyse("price after all"))
	require.Len(t, d.snap.Outcome.Reasons, 1) // none given: they stay
	d.must(none, closeIt)
	d.refused(fault.ErrNotAllowed, none, analyse("too late"))
	lost := record(t, rich())
	lost.must(none, lose(opportunity.LoseInput{Reasons: chosen(noBudget)}))
	require.Equal(t, []string{"/reasons/0 needs_competitor"}, lost.refused(fault.ErrInvalid, none, analyse("x", opportunity.Choice{Reason: toRival})))
}
