package opportunity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestR01_NextIsTheEarliestOpenDueAndLastTheLatestDone(t *testing.T) {
	for name, parts := range map[string]opportunity.Parts{"the activity": none, "all activities": activities} {
		t.Run("R01/with "+name+" loaded", func(t *testing.T) {
			d := record(t, basic())
			a, b, c := start.AddDate(0, 0, 3), start.AddDate(0, 0, 1), start.AddDate(0, 0, 2)
			marks := func(next, last time.Time) {
				t.Helper()
				require.Equal(t, opportunity.ActivityMarks{Next: next, Last: last}, opportunity.ActivityMarks{Next: d.snap.NextActivity, Last: d.snap.LastActivity})
			}
			var never time.Time
			marks(never, never)
			d.must(none, plan(id(101), opportunity.Call, a))
			marks(a, never)
			d.must(none, plan(id(102), opportunity.Visit, b))
			marks(b, never)
			d.must(none, plan(id(103), opportunity.Demo, c))
			marks(b, never)
			d.on(id(102)).must(parts, complete(id(102)))
			first := d.now
			marks(c, first)
			d.on(id(101)).must(parts, updateActivity(id(101), opportunity.UpdateActivityInput{Due: &b}))
			marks(b, first)
			d.on(id(101)).must(parts, cancelActivity(id(101)))
			marks(c, first)
			d.must(none, logged(id(104), opportunity.Email)) // an hour ago
			marks(c, d.now.Add(-time.Hour))
			d.on(id(104)).must(parts, removeActivity(id(104)))
			marks(c, first)
			d.on(id(103)).must(parts, removeActivity(id(103)))
			marks(never, first)
			require.Equal(t, opportunity.Counts{Members: 1, Activities: 2, DoneActivities: opportunity.ActivityCounts{Visit: 1}}, d.snap.Counts)
		})
	}
}

func TestR01_AnActivityIsPlannedOrDone(t *testing.T) {
	long, d := strings.Repeat("x", 4001), record(t, basic())
	require.Equal(t, []string{"/assignee control", "/due required", "/kind unknown", "/note too_long", "/subject required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.PlanActivity(id(101), opportunity.PlanActivityInput{Kind: "dinner", Note: long, Assignee: "a\x00"}, at)
	}))
	require.Equal(t, []string{"/done future", "/kind unknown", "/result required", "/subject too_long"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.LogActivity(id(101), opportunity.LogActivityInput{Subject: long, Done: at.Effective.Add(time.Microsecond)}, at)
	}))
	for _, far := range []time.Time{time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200))} {
		require.Equal(t, []string{"/due out_of_range"}, d.refused(fault.ErrInvalid, none, plan(id(101), opportunity.Call, far)))
	}
	// Moments are kept as stores keep them; who does it is who says it, if nobody else is named.
	due := time.Date(2026, 4, 1, 8, 0, 0, 1999, time.FixedZone("", 3600))
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.PlanActivity(id(101), opportunity.PlanActivityInput{Kind: opportunity.Task, Subject: " Offer  ", Due: due}, at)
	})
	require.Equal(t, opportunity.Activity{ID: id(101), Kind: opportunity.Task, Subject: "Offer", Assignee: "ann", Status: opportunity.ActivityOpen,
		Due: time.Date(2026, 4, 1, 7, 0, 0, 1000, time.UTC), Created: d.now, CreatedBy: "ann"}, d.snap.Activities[0])

	d.on(id(101))
	require.Equal(t, []string{"/done future", "/result required"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.CompleteActivity(id(101), opportunity.CompleteActivityInput{Done: at.Effective.Add(1e9), Result: " "}, at)
	}))
	require.Equal(t, []string{"/reason too_long"}, d.refused(fault.ErrInvalid, none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.CancelActivity(id(101), opportunity.CancelActivityInput{Reason: long}, at)
	}))
	require.Equal(t, []string{"/assignee required", "/due required", "/kind unknown", "/subject required"}, d.refused(fault.ErrInvalid, none,
		updateActivity(id(101), opportunity.UpdateActivityInput{Kind: ptr(opportunity.ActivityKind("")), Subject: ptr(""), Assignee: ptr(""), Due: &time.Time{}})))
	require.Equal(t, []string{"/status open"}, d.refused(fault.ErrNotAllowed, none, updateActivity(id(101), opportunity.UpdateActivityInput{Result: ptr("x")})))
	d.must(none, complete(id(101)))
	for _, c := range []command{complete(id(101)), cancelActivity(id(101)), updateActivity(id(101), opportunity.UpdateActivityInput{Due: &due}), updateActivity(id(101), opportunity.UpdateActivityInput{Kind: ptr(opportunity.Call)})} {
		require.Equal(t, []string{"/status done"}, d.refused(fault.ErrNotAllowed, none, c))
	}
	require.Equal(t, []string{"/result required"}, d.refused(fault.ErrInvalid, none, updateActivity(id(101), opportunity.UpdateActivityInput{Result: ptr("")})))
	d.must(none, plan(id(102), opportunity.Task, due))
	d.on(id(102)).must(none, cancelActivity(id(102)))
	for _, c := range []command{complete(id(102)), cancelActivity(id(102)), updateActivity(id(102), opportunity.UpdateActivityInput{Note: ptr("x")})} {
		require.Equal(t, []string{"/status cancelled"}, d.refused(fault.ErrNotAllowed, activities, c))
	}
	for _, other := range []uuid.UUID{uuid.Nil, id(103)} {
		for _, parts := range []opportunity.Parts{none, activities} {
			for _, c := range []command{complete(other), cancelActivity(other), removeActivity(other), updateActivity(other, opportunity.UpdateActivityInput{})} {
				err := d.try(parts, c)
				require.ErrorIs(t, err, fault.ErrNotFound)
				require.Equal(t, "opportunity.activity.not_found", fault.CodeOf(err))
			}
		}
	}
}

func TestR01_ActivitiesAreBounded(t *testing.T) {
	d := record(t, basic())
	d.snap.Counts.Activities, d.snap.Counts.Expenses = opportunity.MaxActivities, opportunity.MaxExpenses
	for code, c := range map[string]command{"opportunity.activities.too_many": plan(id(101), opportunity.Call, start), "opportunity.expenses.too_many": spend(id(111), train())} {
		err := c(d.load(none), d.next())
		require.ErrorIs(t, err, fault.ErrLimit)
		require.Equal(t, code, fault.CodeOf(err))
	}
	require.Equal(t, "opportunity.activities.too_many", fault.CodeOf(logged(id(101), opportunity.Call)(d.load(none), d.next())))
}

func TestP07_GatesCountActivitiesThatAreDone(t *testing.T) {
	visits := []stage.Gate{{ID: "visits", Kind: stage.GateActivity, Params: map[string]string{"kind": "visit", "n": "2"}}}
	version := id(69)
	versions[version] = publish(stage.Process{ID: crm, Code: "crm", Names: names("CRM"), AllowBack: true, Stages: []stage.Stage{
		{ID: "lead", Names: names("Lead"), Probability: 1000, Category: stage.Pipeline},
		{ID: "offer", Names: names("Offer"), Probability: 5000, Category: stage.BestCase, Entry: visits},
	}, WinGates: visits})
	t.Cleanup(func() { delete(versions, version) })
	d := record(t, basic())
	unmet := []string{"gate/visits unmet"}
	require.Equal(t, unmet, d.refused(fault.ErrNotAllowed, none, migrate(crm, version, map[string]string{"lead": "offer"}, "")))
	d.must(none, migrate(crm, version, nil, ""))
	refused := func() {
		t.Helper()
		for _, c := range []command{advance("offer", ""), win(price)} {
			require.Equal(t, unmet, d.refused(fault.ErrNotAllowed, none, c))
		}
	}
	refused()
	d.must(none, logged(id(101), opportunity.Visit))
	d.must(none, logged(id(102), opportunity.Call)) // another kind
	d.must(none, plan(id(103), opportunity.Visit, start))
	refused() // planned isn't done
	d.on(id(103)).must(none, cancelActivity(id(103)))
	refused()
	d.must(none, plan(id(104), opportunity.Visit, start))
	d.on(id(104)).must(none, complete(id(104)))
	d.on(id(101)).must(none, removeActivity(id(101)))
	refused() // a mistake doesn't count any more
	d.must(none, logged(id(105), opportunity.Visit))
	d.must(none, advance("offer", ""))
	d.must(none, win(price))
}

func TestP04_EveryKindOfActivityCanBeAskedForByAGate(t *testing.T) {
	for _, k := range append(opportunity.ActivityKinds(), "dinner") {
		p := stage.Process{Code: "crm", Names: names("CRM"), Stages: []stage.Stage{{ID: "lead", Names: names("Lead"), Probability: 1000, Category: stage.Pipeline}},
			WinGates: []stage.Gate{{Kind: stage.GateActivity, Params: map[string]string{"kind": string(k), "n": "1"}}}}
		require.Equal(t, k.Valid(), p.Check(nil) == nil, k)
	}
}

func TestO09_O14_ActivitiesKeepADealFromClosingAndDeleting(t *testing.T) {
	d := in(t, opportunity.Won)
	d.must(none, plan(id(101), opportunity.Task, start))
	require.Equal(t, []string{"/activities open"}, d.refused(fault.ErrNotAllowed, none, closeIt))
	d.on(id(101)).must(none, cancelActivity(id(101)))
	d.must(none, closeIt)
	require.Equal(t, []string{"/status closed"}, d.refused(fault.ErrNotAllowed, none, removeActivity(id(101))))

	kept := record(t, basic())
	kept.must(none, logged(id(101), opportunity.Call))
	require.Equal(t, []string{"/activities exist"}, kept.refused(fault.ErrNotAllowed, none, remove))
	kept.on(id(101)).must(none, removeActivity(id(101)))
	kept.must(none, remove)
}

func TestT03_ATransferKeepsOpenActivities(t *testing.T) {
	d := record(t, rich())
	d.must(none, plan(id(101), opportunity.Task, start))
	before := copied(d.snap)
	d.must(members|activities, transfer(opportunity.TransferInput{To: "carol", Remove: true}))
	require.Equal(t, before.Activities, d.snap.Activities)
	require.Equal(t, before.NextActivity, d.snap.NextActivity)
	require.Equal(t, 1, d.snap.Counts.OpenActivities)
}

func TestActivityFiltersAreChecked(t *testing.T) {
	require.NoError(t, (&opportunity.ActivityFilter{}).Validate())
	require.NoError(t, (&opportunity.ActivityFilter{Assignee: "ann", Kind: opportunity.Call, Status: opportunity.ActivityOpen, From: start, To: start}).Validate())
	err := (&opportunity.ActivityFilter{Assignee: "\xff", Kind: "dinner", Status: "draft", From: time.Unix(-1, 0), To: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}).Validate()
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/assignee bad_utf8", "/from out_of_range", "/kind unknown", "/status unknown", "/to out_of_range"}, fields(err))
	require.NoError(t, (&opportunity.ExpenseFilter{User: "ann", Status: opportunity.ExpenseDraft}).Validate())
	err = (&opportunity.ExpenseFilter{User: "\x00", Status: "open"}).Validate()
	require.Equal(t, []string{"/status unknown", "/user control"}, fields(err))
}
