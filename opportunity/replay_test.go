package opportunity_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// wander lets a deal live through random commands; save checks each step.
func wander(t *testing.T, seed uint64, steps int, seen map[string]int) *deal {
	g := gambler{rand.New(rand.NewPCG(seed, 2026)), new(uuid.UUID)}
	in := basic()
	if g.IntN(2) == 0 {
		in = rich()
	}
	d := record(t, in)
	for i := 0; i < steps && !d.deleted; i++ {
		parts, c := g.command(&d.snap)
		d.named = *g.on
		d.all, d.by = g.IntN(2) == 0, pick(g, "ann", "bob", "zoe")
		at := d.next()
		switch g.IntN(20) {
		case 0:
			at.Effective = d.snap.Effective // at the same instant
		case 1:
			at.Effective = d.snap.Effective.Add(-time.Microsecond)
		case 2:
			at.Effective = at.Recorded.Add(time.Microsecond)
		}
		if err := d.tryAt(at, parts, c); err != nil {
			seen["refused"]++
		} else {
			seen[d.entries[len(d.entries)-1].Type]++
		}
		seen["steps"]++
	}
	return d
}

// TestJ05_RandomHistoriesReplayExactly gives thousands of random commands, right
// and wrong ones, with as few parts loaded as each needs or with all of them;
// after each step everything that check holds must hold, and a refused one must
// have changed nothing.
func TestJ05_RandomHistoriesReplayExactly(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(110) {
		wander(t, seed, 80, seen)
	}
	t.Log(seen)
	require.Greater(t, seen["steps"], 3000)
	require.Greater(t, seen["refused"], 500)
	for _, typ := range eventTypes {
		if typ != opportunity.EventRecorded {
			require.Positive(t, seen[typ], "%s never happened", typ)
		}
	}
}

var eventTypes = []string{
	opportunity.EventRecorded, opportunity.EventUpdated, opportunity.EventMemberSet, opportunity.EventMemberRemoved, opportunity.EventSplitsSet,
	opportunity.EventTransferred, opportunity.EventLinesSet, opportunity.EventLinesRemoved, opportunity.EventContactAdded, opportunity.EventContactRemoved,
	opportunity.EventPrimarySet, opportunity.EventCompetitorAdded, opportunity.EventCompetitorUpdated, opportunity.EventCompetitorRemoved, opportunity.EventTicked,
	opportunity.EventApproved, opportunity.EventMoved, opportunity.EventWon, opportunity.EventLost, opportunity.EventHeld, opportunity.EventResumed,
	opportunity.EventVoided, opportunity.EventClosed, opportunity.EventReopened, opportunity.EventAnalysed, opportunity.EventMigrated, opportunity.EventDeleted,
	opportunity.EventCustomerMerged, opportunity.EventOrderMade, opportunity.EventOrderEnded,
	opportunity.EventActivityPlanned, opportunity.EventActivityLogged, opportunity.EventActivityUpdated, opportunity.EventActivityCompleted,
	opportunity.EventActivityCancelled, opportunity.EventActivityRemoved,
	opportunity.EventExpenseAdded, opportunity.EventExpenseUpdated, opportunity.EventExpenseSubmitted, opportunity.EventExpenseApproved,
	opportunity.EventExpenseRejected, opportunity.EventExpenseSettled, opportunity.EventExpenseRemoved,
	opportunity.EventDocumentAdded, opportunity.EventDocumentRemoved,
	opportunity.EventEvaluationSaved, opportunity.EventEvaluationSubmitted, opportunity.EventEvaluationDiscarded,
	opportunity.EventQuotesChanged,
}

// noted are the fields of payloads that are for readers of the journal only.
var noted = map[string]bool{
	"transferred.reason": true, "moved.override": true, "closed.summary": true, "closed.override": true, "deleted.reason": true,
	"migrated.from": true, "migrated.override": true, "order_made.order": true, "order_ended.order": true, "customer_merged.from": true,
	"quotes_changed.quote": true, "quotes_changed.what": true, "deleted.name": true, "deleted.number": true,
	"migrated.from_process": true, "migrated.from_version": true, "primary_contact_set.from": true, "contact_added.from": true,
	"splits_set.splits_before": true, "splits_set.overlay_before": true,
}

// told are the fields of all payloads that say what was there before.
func told(name string) bool {
	_, field, _ := strings.Cut(name, ".")
	return field == "before" || field == "removed" || field == "changes"
}

// TestJ05_TheCheckHasTeeth is the twin with the seeded bug: an apply that forgot
// one field behaves as if the payload lacked it. Without any single field of any
// event, some history must no longer replay.
func TestJ05_TheCheckHasTeeth(t *testing.T) {
	caught := map[string]bool{}
	tamper := func(d *deal) {
		for i, e := range d.entries {
			short := strings.TrimSuffix(strings.TrimPrefix(e.Type, "opportunity."), ".v1")
			var payload map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(e.Payload, &payload))
			for key := range payload {
				name := short + "." + key
				without := maps.Clone(payload)
				delete(without, key)
				b, err := json.Marshal(without)
				require.NoError(t, err)
				bad := slices.Clone(d.entries)
				bad[i].Payload = b
				caught[name] = caught[name] || d.replays(bad) != nil
			}
		}
		require.NoError(t, d.replays(d.entries))
	}
	for _, d := range scripted(t) {
		tamper(d)
	}
	// Later commands may hide what an earlier one left, so some come last.
	for _, last := range []struct {
		parts opportunity.Parts
		c     command
	}{
		{none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Hold(opportunity.HoldInput{Reason: "frozen", ResumeOn: day("2027-01-01")}, at)
		}},
		{none, approve("manager")}, {none, tick("draft", false)}, {members, splits(map[string]int{"ann": 10000}, nil)},
		{competitors, removeCompetitor(contoso)}, {none, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Gatekeeper, Primary: true})},
		{none, update(opportunity.UpdateInput{ReleaseProbability: true, Category: ptr(stage.Pipeline)})},
		{none, update(opportunity.UpdateInput{Probability: ptr(1), ReleaseCategory: true})},
	} {
		d := record(t, rich())
		d.must(last.parts, last.c)
		tamper(d)
	}
	for _, last := range []command{update(opportunity.UpdateInput{Probability: ptr(1), Category: ptr(stage.Commit)}), addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Gatekeeper, Primary: true})} {
		d := record(t, basic())
		d.must(none, last)
		tamper(d)
	}
	ticked := record(t, rich())
	ticked.must(none, tick("draft", false))
	ticked.must(none, tick("draft", true))
	tamper(ticked)
	ordered := in(t, opportunity.Won)
	ordered.must(none, orderMade(usd(1)))
	tamper(ordered)
	followedUp(t, tamper)
	quoted := record(t, rich())
	quoted.must(none, quoteMade)
	quoted.must(none, quoteSent(usd(5)))
	quoted.must(none, quoteAccepted(usd(5), 0, 0))
	quoted.must(none, quoteSent(usd(6)))
	tamper(quoted)
	var wrong []string
	for name, was := range caught {
		if was == (noted[name] || told(name)) {
			wrong = append(wrong, name)
		}
	}
	require.Empty(t, wrong)
	for name := range noted {
		require.Contains(t, caught, name)
	}
}

// TestJ05_J07_T01_TheOtherChecksHaveTeeth breaks a right state in one place each.
func TestJ05_J07_T01_TheOtherChecksHaveTeeth(t *testing.T) {
	for name, spoil := range map[string]func(d *deal){
		"T01/two owners": func(d *deal) { d.snap.Members[1].Role = opportunity.RoleOwner },
		"T01/no owner":   func(d *deal) { d.snap.Members[0].Role = opportunity.RoleSales },
		"T05/splits":     func(d *deal) { d.snap.Members[1].Split-- },
		"L02/total":      func(d *deal) { d.snap.LineTotal = usd(1) },
		"L03/number":     func(d *deal) { d.snap.Counts.LineSeq = 1 },
		"O16/counts":     func(d *deal) { d.snap.Counts.Contacts++ },
		"O17/currency":   func(d *deal) { d.snap.Quoted = money.Zero(money.EUR) },
		"O17/price":      func(d *deal) { d.snap.Competitors[0].Price = ptr(money.Zero(money.EUR)) },
		"R01/next":       func(d *deal) { d.snap.NextActivity = d.now },
		"R01/last":       func(d *deal) { d.snap.LastActivity = d.now },
		"R01/due":        func(d *deal) { d.snap.Activities = []opportunity.Activity{{Status: opportunity.ActivityOpen}} },
		"R02/four eyes": func(d *deal) {
			d.snap.Expenses = []opportunity.Expense{{Status: opportunity.ExpenseApproved, Amount: usd(1), DecidedBy: "ann", SubmittedBy: "ann"}}
		},
		"O09/activities":        func(d *deal) { d.snap.Counts.OpenActivities++ },
		"O09/expenses":          func(d *deal) { d.snap.Counts.UnsettledExpenses++ },
		"P07/done":              func(d *deal) { d.snap.Counts.DoneActivities.Visit++ },
		"R04/primary":           func(d *deal) { d.snap.PrimaryContact = &opportunity.ContactKey{} },
		"O02/outcome":           func(d *deal) { d.snap.Outcome = nil },
		"F7/cycle days":         func(d *deal) { d.snap.CycleDays = nil },
		"J07/gap":               func(d *deal) { d.ledger[0].EffectiveTo = d.ledger[0].EffectiveTo.Add(1) },
		"J07/gap in knowledge":  func(d *deal) { d.ledger[0].RecordedTo = d.ledger[0].RecordedTo.Add(1) },
		"J07/an end":            func(d *deal) { d.ledger[len(d.ledger)-1].EffectiveTo = d.now },
		"J07/another state":     func(d *deal) { d.snap.Stage = "lead" },
		"J07/a number":          func(d *deal) { d.ledger[0].Seq = 2 },
		"J06/an altered entry":  func(d *deal) { d.entries[0].Moment.By = "eve" },
		"J05/a forgotten field": func(d *deal) { d.snap.Rating = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			d := in(t, opportunity.Won)
			require.NoError(t, d.check())
			spoil(d)
			var err error
			switch {
			case strings.HasPrefix(name, "J05"), strings.HasPrefix(name, "J06"):
				err = d.check()
			case strings.HasPrefix(name, "J07"):
				err = checkLedger(d.ledger, &d.snap, false)
			default:
				err = checkParts(&d.snap)
			}
			require.Error(t, err)
		})
	}
}

func TestJ05_ReplayRefusesWhatIsNoWholeJournal(t *testing.T) {
	d := in(t, opportunity.Closed)
	broken := func(f func(e []journal.Entry) []journal.Entry) error {
		s, rows, _, err := opportunity.Replay(f(slices.Clone(d.entries)))
		require.Zero(t, s)
		require.Nil(t, rows)
		return err
	}
	for name, f := range map[string]func(e []journal.Entry) []journal.Entry{
		"no entries":          func([]journal.Entry) []journal.Entry { return nil },
		"no beginning":        func(e []journal.Entry) []journal.Entry { return e[1:] },
		"a gap":               func(e []journal.Entry) []journal.Entry { return append(e[:1], e[2]) },
		"another order":       func(e []journal.Entry) []journal.Entry { e[1], e[2] = e[2], e[1]; return e },
		"two beginnings":      func(e []journal.Entry) []journal.Entry { e[1].Type = opportunity.EventRecorded; return e },
		"another aggregate's": func(e []journal.Entry) []journal.Entry { e[1].Aggregate = id(5); return e },
		"life after death":    func(e []journal.Entry) []journal.Entry { e[1].Type = opportunity.EventDeleted; return e },
		"an unknown type":     func(e []journal.Entry) []journal.Entry { e[1].Type = "opportunity.sold.v9"; return e },
		"a broken payload":    func(e []journal.Entry) []journal.Entry { e[1].Payload = []byte("{"); return e },
	} {
		t.Run("J05/"+name, func(t *testing.T) { require.ErrorIs(t, broken(f), fault.ErrCorrupt) })
	}
	// Nonsense that decodes doesn't panic.
	odd := slices.Clone(d.entries[:1])
	for i, typ := range eventTypes[1:26] {
		e := d.entries[0]
		e.Seq, e.Type, e.Payload = int64(i)+2, typ, []byte("{}")
		odd = append(odd, e)
	}
	require.NotPanics(t, func() { _, _, _, _ = opportunity.Replay(odd) })
}
