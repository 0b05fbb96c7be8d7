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

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// gambler gives random commands, right and wrong ones.
type gambler struct{ *rand.Rand }

func pick[T any](g gambler, list ...T) T { return list[g.IntN(len(list))] }

func maybe[T any](g gambler, v T) *T {
	if g.IntN(3) > 0 {
		return nil
	}
	return &v
}

func (g gambler) user() string { return pick(g, "ann", "bob", "carol", "dave", "erin", "zoe", "") }

func (g gambler) customer() uuid.UUID {
	return pick(g, buyer, buyer, payer, user, idle, uuid.Nil, id(200))
}

func (g gambler) contact() opportunity.ContactKey {
	return opportunity.ContactKey{Contact: pick(g, wei, ana, gone, stranger), Role: pick(g, opportunity.Champion, opportunity.DecisionMaker, opportunity.Gatekeeper, "")}
}

func (g gambler) money() money.Money {
	return money.FromMinor(pick(g, int64(0), 1, 99_99, 777_00, 12345_67, -1), pick(g, money.USD, money.USD, money.USD, money.USD, money.USD, money.EUR))
}

func (g gambler) line() opportunity.LineInput {
	if g.IntN(2) == 0 {
		return line("12.5")
	}
	l := opportunity.LineInput{Product: pick(g, "GTX", "MG", ""), Description: pick(g, "", "Fitting"), Quantity: dec(pick(g, "1", "2.5", "0.333333", "0", "1e1")),
		Price: dec(pick(g, "0", "99.99", "1234.567891", "-1")), Discount: dec(pick(g, "0", "0", "12.5", "100", "101"))}
	l.Tax = maybe(g, dec(pick(g, "13", "0", "101")))
	return l
}

func (g gambler) reasons(list ...uuid.UUID) []opportunity.Choice {
	if g.IntN(2) == 0 {
		return chosen(list[0])
	}
	var out []opportunity.Choice
	for range g.IntN(3) {
		out = append(out, opportunity.Choice{Reason: pick(g, list...), Explanation: pick(g, "", "because")})
	}
	return out
}

func (g gambler) text() string {
	if g.IntN(8) == 0 {
		return pick(g, "", "\x00")
	}
	return pick(g, "done", "说明\nmore", " x ")
}

func (g gambler) shares() map[string]int {
	switch g.IntN(4) {
	case 0:
		return nil
	case 1:
		return map[string]int{"ann": 10000}
	case 2:
		n := g.IntN(10001)
		return map[string]int{g.user(): n, g.user(): 10000 - n}
	}
	return map[string]int{g.user(): g.IntN(12000) - 500}
}

// command gives a random one and the parts that it needs.
func (g gambler) command(s *opportunity.Snapshot) (opportunity.Parts, command) {
	n := 1 + g.IntN(max(s.Counts.LineSeq, 1)+1)
	price := maybe(g, g.money())
	rival := opportunity.CompetitorInput{Competitor: pick(g, contoso, fabrikam, oldRival), Strengths: g.text(), Price: price}
	switch ended := s.Outcome != nil; {
	case s.Counts.LiveOrders > 0 && g.IntN(3) == 0:
		return none, orderEnded(s.Ordered, g.IntN(2) == 0)
	case s.Status == opportunity.Won && g.IntN(6) == 0:
		return none, orderMade(usd(100_00))
	case ended && g.IntN(8) == 0, s.Status == opportunity.Closed && g.IntN(2) == 0:
		return none, reopen("")
	case s.Status == opportunity.OnHold && g.IntN(5) == 0:
		return none, resume
	}
	switch g.IntN(40) {
	case 0, 1, 2:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Advance(opportunity.Advance{To: pick(g, "lead", "offer", "final", "qualify"), Summary: g.text(), Override: pick(g, "", "boss")}, at)
		}
	case 3:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Win(opportunity.Win{Reasons: g.reasons(price0...), Summary: g.text(), Analysis: g.text(), Override: pick(g, "", "boss")}, at)
		}
	case 4:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Lose(opportunity.Lose{Reasons: g.reasons(noBudget, otherLoss, toRival), Summary: g.text(), Competitor: pick(g, uuid.Nil, contoso, fabrikam, oldRival), Override: pick(g, "", "boss")}, at)
		}
	case 5:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Hold(g.text(), pick(g, calendar.Date{}, day("2030-01-01"), day("2020-01-01")), at)
		}
	case 6, 7:
		return none, resume
	case 8:
		if g.IntN(3) > 0 {
			return none, approve("manager")
		}
		return none, func(o *opportunity.Opportunity, at journal.Moment) error { return o.Void(g.text(), at) }
	case 9:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Close(opportunity.Close{Summary: g.text(), Override: pick(g, "", "boss")}, at)
		}
	case 10, 11:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Reopen(opportunity.Reopen{Reason: g.text(), Stage: pick(g, "", "", "lead", "offer", "final")}, at)
		}
	case 12:
		return none, analyse(g.text(), g.reasons(append(price0, noBudget)...)...)
	case 13:
		return none, tick(pick(g, "budget", "draft", "nothing"), g.IntN(3) == 0)
	case 14, 15:
		return none, approve(pick(g, "manager", "support", ""))
	case 33, 34:
		return none, closeIt
	case 35:
		return none, win(price0[0])
	case 16:
		stages := map[string]string{"lead": "qualify", "qualify": "lead"}
		return none, migrate(crm, pick(g, crmV1, crmV2), stages, pick(g, "", "boss"))
	case 17:
		if g.IntN(12) > 0 { // else every history is short
			return none, hold
		}
		return none, func(o *opportunity.Opportunity, at journal.Moment) error { return o.Delete(g.text(), at) }
	case 18, 19:
		return lines, addLines(g.line(), g.line())
	case 20:
		return lines, updateLine(n, g.line())
	case 21:
		return lines, removeLines(n, 1+g.IntN(n))
	case 22:
		return members, setMember(g.user(), pick(g, opportunity.RoleSales, opportunity.RoleSupport, opportunity.RoleOwner))
	case 23:
		return members, removeMember(g.user())
	case 24:
		return members, splits(g.shares(), g.shares())
	case 25:
		return members, transfer(opportunity.Transfer{To: g.user(), Remove: g.IntN(2) == 0, Role: pick(g, "", opportunity.RoleManager), Reason: g.text()})
	case 26:
		k := g.contact()
		return contacts, addContact(opportunity.ContactInput{Contact: k.Contact, Role: k.Role, Primary: g.IntN(2) == 0, External: g.IntN(2) == 0, Note: g.text()})
	case 27:
		return contacts, removeContact(g.contact())
	case 28:
		return contacts, setPrimary(g.contact())
	case 29:
		return none, addCompetitor(rival)
	case 30:
		return competitors, updateCompetitor(rival)
	case 31:
		return competitors, removeCompetitor(rival.Competitor)
	case 32:
		if g.IntN(2) == 0 {
			return none, orderMade(g.money())
		}
		return none, orderEnded(pick(g, s.Ordered, g.money()), g.IntN(2) == 0)
	}
	in := opportunity.Update{
		Name: maybe(g, pick(g, "Other", "")), Description: maybe(g, g.text()), Department: maybe(g, pick(g, "", "west", " x")), Rating: maybe(g, g.IntN(7)),
		Source: maybe(g, pick(g, fair, oldFair, uuid.Nil)), Attributes: maybe(g, pick(g, nil, map[string]string{}, map[string]string{"debrief": "yes"}, map[string]string{"Bad": ""})),
		ExpectedClose: maybe(g, pick(g, calendar.Date{}, day("2027-05-01"))),
	}
	switch g.IntN(4) { // not all at once, or nothing ever fits
	case 0:
		in.Customer, in.BillTo, in.EndUser = maybe(g, g.customer()), maybe(g, g.customer()), maybe(g, g.customer())
	case 1:
		in.Estimated, in.Override, in.ReleaseOverride = maybe(g, g.money()), maybe(g, g.money()), g.IntN(2) == 0
		in.Currency = pick(g, "", "", money.USD, money.EUR, "XXX")
	case 2:
		in.Probability, in.ReleaseProbability = maybe(g, g.IntN(11000)-100), g.IntN(3) == 0
		in.Category, in.ReleaseCategory = maybe(g, pick(g, stage.Commit, stage.Omitted, stage.Closed)), g.IntN(3) == 0
	}
	return contacts | competitors, update(in)
}

var price0 = []uuid.UUID{price, otherWin, oldWin}

// wander lets a deal live through random commands; save checks each step.
func wander(t *testing.T, seed uint64, steps int, seen map[string]int) *deal {
	g := gambler{rand.New(rand.NewPCG(seed, 2026))}
	in := basic()
	if g.IntN(2) == 0 {
		in = rich()
	}
	d := record(t, in)
	for i := 0; i < steps && !d.deleted; i++ {
		parts, c := g.command(&d.snap)
		d.all, d.by = g.IntN(2) == 0, pick(g, "ann", "bob", "zoe")
		at := d.next()
		switch g.IntN(20) {
		case 0:
			at.Effective = d.snap.Updated // at the same instant
		case 1:
			at.Effective = d.snap.Updated.Add(-time.Microsecond)
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
	for seed := range uint64(60) {
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
	opportunity.EventOrderMade, opportunity.EventOrderEnded,
}

// noted are the fields of payloads that are for readers of the journal only.
var noted = map[string]bool{
	"transferred.reason": true, "moved.override": true, "closed.summary": true, "closed.override": true, "deleted.reason": true,
	"migrated.from": true, "migrated.override": true, "order_made.order": true, "order_ended.order": true,
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
			return o.Hold("frozen", day("2027-01-01"), at)
		}},
		{none, approve("manager")}, {none, tick("draft", false)}, {members, splits(map[string]int{"ann": 10000}, nil)},
		{competitors, removeCompetitor(contoso)}, {none, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Gatekeeper, Primary: true})},
		{none, update(opportunity.Update{ReleaseProbability: true, Category: ptr(stage.Pipeline)})},
		{none, update(opportunity.Update{Probability: ptr(1), ReleaseCategory: true})},
	} {
		d := record(t, rich())
		d.must(last.parts, last.c)
		tamper(d)
	}
	for _, last := range []command{update(opportunity.Update{Probability: ptr(1), Category: ptr(stage.Commit)}), addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Gatekeeper, Primary: true})} {
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
	var wrong []string
	for name, was := range caught {
		if was == noted[name] {
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
		"T01/two owners":        func(d *deal) { d.snap.Members[1].Role = opportunity.RoleOwner },
		"T01/no owner":          func(d *deal) { d.snap.Members[0].Role = opportunity.RoleSales },
		"T05/splits":            func(d *deal) { d.snap.Members[1].Split-- },
		"L02/total":             func(d *deal) { d.snap.LineTotal = usd(1) },
		"L03/number":            func(d *deal) { d.snap.Counts.LineSeq = 1 },
		"O16/counts":            func(d *deal) { d.snap.Counts.Contacts++ },
		"O17/currency":          func(d *deal) { d.snap.Quoted = money.Zero(money.EUR) },
		"O17/price":             func(d *deal) { d.snap.Competitors[0].Price = ptr(money.Zero(money.EUR)) },
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
