package opportunity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestO09_ClosingListsEachShortfall(t *testing.T) {
	d := in(t, opportunity.Won)
	d.snap.Counts.OpenActivities, d.snap.Counts.UnsettledExpenses, d.snap.Counts.OpenQuotes, d.snap.Counts.LiveOrders = 1, 2, 3, 4 // as if stored so
	o := d.load(none)
	err := closeIt(o, d.next())
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "opportunity.close.incomplete", fault.CodeOf(err))
	require.Equal(t, []string{"/activities open", "/expenses open", "/orders open", "/quotes open"}, fields(err))
	require.NoError(t, o.Close(opportunity.CloseInput{Override: "the year ends"}, d.next()))
	require.Equal(t, opportunity.Closed, o.Snapshot().Status)
	c, _, err := o.Change(d.newID)
	require.NoError(t, err)
	require.Contains(t, string(c.Entries[0].Payload), "the year ends")
	require.Equal(t, []string{"/override too_long", "/summary too_long"}, in(t, opportunity.Won).refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		long := strings.Repeat("x", 4001)
		return o.Close(opportunity.CloseInput{Summary: long, Override: long}, at)
	}))
}

func TestO09_AnOverrideOfNothingIsNotJournalled(t *testing.T) {
	d := in(t, opportunity.Won)
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Close(opportunity.CloseInput{Override: "just in case"}, at)
	})
	require.NotContains(t, string(d.entries[len(d.entries)-1].Payload), "just in case")
	require.Equal(t, 10000, d.snap.Probability) // closed stays a win
	require.True(t, d.snap.Status.IsWon())
}

func TestO10_ReopeningArchivesTheOutcome(t *testing.T) {
	for _, s := range []opportunity.Status{opportunity.Won, opportunity.Lost, opportunity.Void, opportunity.Closed} {
		t.Run("O10/"+s.String(), func(t *testing.T) {
			d := in(t, s)
			before := d.snap
			require.Equal(t, []string{"/reason required", "/stage unknown"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
				return o.Reopen(opportunity.ReopenInput{Stage: "nowhere"}, at)
			}))
			d.must(none, reopen(""))
			r := d.snap
			require.Nil(t, r.Outcome)
			require.Nil(t, r.CycleDays)
			require.Equal(t, 2, r.Cycle)
			require.Equal(t, "offer", r.Stage)
			require.Equal(t, 5000, r.Probability) // the stage's, not what was set by hand
			require.Equal(t, stage.BestCase, r.Category)
			require.Equal(t, d.now, r.StageEntered)
			require.Zero(t, r.WonAt)
			require.Zero(t, r.ClosedAt)
			require.Equal(t, []opportunity.Cycle{{Number: 1, Outcome: *before.Outcome, ClosedAt: before.ClosedAt, CycleDays: before.CycleDays,
				Reason: "they called back", ReopenedAt: d.now, ReopenedBy: "ann"}}, r.Cycles)
		})
	}
}

func TestO10_PastCyclesStayAsTheyWere(t *testing.T) {
	d := in(t, opportunity.Won)
	d.must(none, reopen("lead"))
	require.Equal(t, "lead", d.snap.Stage)
	first := copied(d.snap.Cycles[0])
	d.must(none, addLines(line("12345")))
	d.must(none, lose(opportunity.LoseInput{Reasons: chosen(noBudget), Competitor: fabrikam}))
	d.must(none, analyse("again"))
	d.must(none, reopen(""))
	d.must(none, void)
	require.Equal(t, first, d.snap.Cycles[0])
	require.Len(t, d.snap.Cycles, 2)
	require.Equal(t, 3, d.snap.Cycle)
}

func TestO10_ALiveOrderForbidsReopening(t *testing.T) {
	d := in(t, opportunity.Won)
	d.must(none, orderMade(usd(999_99)))
	require.Equal(t, []string{"/orders live"}, d.refused(fault.ErrNotAllowed, none, reopen("")))
	d.must(none, orderEnded(usd(999_99), true))
	require.True(t, d.snap.OrderCancelled) // Q09
	require.Equal(t, opportunity.Won, d.snap.Status)
	d.must(none, orderMade(usd(1)))
	require.False(t, d.snap.OrderCancelled) // another one is made instead
	d.must(none, orderEnded(usd(1), true))
	d.must(none, reopen(""))
	require.False(t, d.snap.OrderCancelled)
}

// TestO10_P08_AllThatForbidsReopeningIsListed: what the input lacks, the live order and
// the gates of another stage, each beside the others.
func TestO10_P08_AllThatForbidsReopeningIsListed(t *testing.T) {
	d := record(t, basic())
	d.must(none, void)
	d.snap.Counts.LiveOrders = 1 // as if stored so
	require.Equal(t, []string{"/orders live", "gate/expected_close_set unmet", "gate/lines_min unmet"}, d.refused(fault.ErrNotAllowed, none, reopen("offer")))
	bad := func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Reopen(opportunity.ReopenInput{Stage: "nowhere"}, at)
	}
	require.Equal(t, []string{"/orders live", "/reason required", "/stage unknown"}, d.refused(fault.ErrInvalid, none, bad))
}

func TestO10_CyclesAreLimited(t *testing.T) {
	d := in(t, opportunity.Void)
	d.snap.Cycle = opportunity.MaxCycles // as if stored so
	require.ErrorIs(t, reopen("")(d.load(none), d.next()), fault.ErrLimit)
}

func TestP07_ReopeningElsewhereAsksTheGates(t *testing.T) {
	d := record(t, basic()) // no lines: the gates of offer aren't met
	d.must(none, void)
	require.Equal(t, []string{"gate/expected_close_set unmet", "gate/lines_min unmet"}, d.refused(fault.ErrNotAllowed, none, reopen("offer"))) // P08
	d.must(none, reopen("lead"))
	d.must(none, approve("manager"))
	d.must(none, void)
	// What was approved in the cycle before doesn't count.
	require.Equal(t, []string{"gate/approval unmet"}, d.as("zoe").refused(fault.ErrNotAllowed, none, reopen("final")))
}

func TestO12_MomentsNeverRunBackwards(t *testing.T) {
	d := record(t, rich())
	moment := func(effective, recorded time.Time) journal.Moment {
		return journal.Moment{Effective: effective, Recorded: recorded, By: "ann"}
	}
	first := d.now
	later := first.Add(48 * time.Hour)
	// A command that the ledger doesn't see moves the clock on too.
	require.NoError(t, d.tryAt(moment(later, later), members, setMember("dave", opportunity.RoleSales)))
	require.Len(t, d.ledger, 1)
	for name, c := range map[string]command{"seen by the ledger": advance("lead", ""), "unseen": setMember("erin", opportunity.RoleSales)} {
		t.Run("O12/"+name, func(t *testing.T) {
			err := d.tryAt(moment(later.Add(-time.Microsecond), later), members, c)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Equal(t, []string{"/at backwards"}, fields(err))
			err = d.tryAt(moment(later.Add(time.Hour), later.Add(time.Hour-time.Microsecond)), members, c)
			require.Equal(t, []string{"/at future"}, fields(err))
		})
	}
	require.NoError(t, d.tryAt(moment(later, later.Add(time.Hour)), members, advance("lead", ""))) // the same instant is no step back
	_, err := opportunity.New(id(99), "acme", "N", basic(), found(), rules(crmV1), moment(start.Add(1), start))
	require.Equal(t, []string{"/at future"}, fields(err))
	// The engine's clock is the engine's fault.
	o := d.load(none)
	require.ErrorIs(t, resume(o, moment(later, later)), fault.ErrInternal)
}

func TestO11_EachCommandHasItsOwnVersion(t *testing.T) {
	d := record(t, basic())
	require.EqualValues(t, 1, d.snap.Version)
	for i, c := range []command{update(opportunity.UpdateInput{}), addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Champion}), hold, resume} {
		d.must(none, c)
		require.EqualValues(t, i+2, d.snap.Version)
	}
	o := d.load(none)
	require.NoError(t, hold(o, d.next()))
	err := resume(o, d.next())
	require.ErrorIs(t, err, fault.ErrInternal)
	require.Equal(t, "opportunity.pending", fault.CodeOf(err))
	c, ok, err := o.Change(d.newID)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, d.snap.Version, c.Expected)
	require.NoError(t, resume(o, d.next())) // taken: the next one may come
	c, _, err = o.Change(d.newID)
	require.NoError(t, err)
	require.Equal(t, d.snap.Version+1, c.Expected)
	require.Equal(t, d.snap.Version+2, c.Root.Version)
}

func TestO14_OnlyMistakesAreDeleted(t *testing.T) {
	d := record(t, rich())
	require.Equal(t, []string{"/reason required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Delete(opportunity.DeleteInput{Reason: " "}, at)
	}))
	kept := record(t, rich())
	kept.snap.Status = opportunity.OnHold
	kept.snap.Counts.Activities, kept.snap.Counts.Expenses, kept.snap.Counts.Quotes, kept.snap.Counts.Orders, kept.snap.Cycle = 1, 1, 1, 1, 2
	err := remove(kept.load(none), kept.next())
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/activities exist", "/cycles exist", "/expenses exist", "/orders exist", "/quotes exist", "/status on_hold"}, fields(err))

	d.must(none, remove)
	require.True(t, d.deleted)
	require.False(t, d.ledger[len(d.ledger)-1].EffectiveTo.IsZero())
	o := record(t, rich()).load(none)
	require.NoError(t, remove(o, d.next()))
	require.True(t, o.Deleted())
	require.ErrorIs(t, resume(o, d.next()), fault.ErrNotFound)
}

func TestO19_HoldingAndVoidingNeedAReason(t *testing.T) {
	d := record(t, rich())
	at := func(reason, resume string) command {
		return func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Hold(opportunity.HoldInput{Reason: reason, ResumeOn: day(resume)}, at)
		}
	}
	d.now = time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC) // 01:00 on the 10th in the tenant's zone, an hour later
	require.Equal(t, []string{"/reason required", "/resume_on past"}, d.refused(fault.ErrInvalid, none, at("", "2026-03-09")))
	require.Equal(t, []string{"/reason required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Void(opportunity.VoidInput{Reason: ""}, at)
	}))
	d.must(none, at("frozen", "2026-03-10"))
	require.Equal(t, day("2026-03-10"), d.snap.ResumeOn)
	require.Equal(t, "frozen", d.snap.HoldReason)
	require.Equal(t, d.now, d.snap.HeldAt)
	d.must(none, resume)
	require.Zero(t, d.snap.ResumeOn)
	d.must(none, void)
	require.Equal(t, opportunity.Void, d.snap.Outcome.Status)
	require.Equal(t, "entered twice", d.snap.Outcome.Summary)
	require.Nil(t, d.snap.CycleDays) // out of every rate
	require.False(t, d.snap.Status.IsDecided())
	require.Equal(t, stage.Omitted, d.snap.Category)
}

// TestO19_TimeOnHoldIsKeptApart takes both times from the ledger alone (F6).
func TestO19_TimeOnHoldIsKeptApart(t *testing.T) {
	d := record(t, basic())
	step := func(after time.Duration, c command) {
		d.now = d.now.Add(after - time.Hour)
		d.must(none, c)
	}
	step(10*time.Hour, hold)
	step(3*time.Hour, update(opportunity.UpdateInput{Estimated: ptr(usd(1))})) // a row more, no visit more
	step(4*time.Hour, resume)
	step(5*time.Hour, hold)
	step(6*time.Hour, lose(opportunity.LoseInput{Reasons: chosen(noBudget)}))
	inStage, onHold := time.Duration(0), time.Duration(0)
	for _, r := range d.ledger[:len(d.ledger)-1] {
		require.Equal(t, "lead", r.Stage)
		if r.Status == opportunity.OnHold {
			onHold += r.EffectiveTo.Sub(r.EffectiveFrom)
		} else {
			inStage += r.EffectiveTo.Sub(r.EffectiveFrom)
		}
	}
	require.Equal(t, 15*time.Hour, inStage) // 10 + 5
	require.Equal(t, 13*time.Hour, onHold)  // 3 + 4, and 6
}

func TestF7_CycleDaysAreCalendarDaysInTheTenantsZone(t *testing.T) {
	d := record(t, basic()) // 2 March, 18:00 in the tenant's zone
	d.now = time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)
	o := d.load(none)
	require.NoError(t, win(price)(o, d.next())) // 3 March, 23:30
	require.Equal(t, 1, *o.Snapshot().CycleDays)
	d.must(none, win(price)) // 4 March, 00:30
	require.Equal(t, 2, *d.snap.CycleDays)
}
