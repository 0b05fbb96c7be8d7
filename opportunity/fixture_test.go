package opportunity_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// zone is the tenant's: eight hours ahead of UTC, without changes.
var zone = time.FixedZone("CST", 8*3600)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func id(n byte) uuid.UUID { return uuid.UUID{0: 0x01, 15: n} }

// What the tests' tenant has.
var (
	buyer, payer, user, idle     = id(1), id(2), id(3), id(4) // idle is inactive
	wei, ana, gone, stranger     = id(11), id(12), id(13), id(14)
	fair, oldFair                = id(21), id(22)
	price, otherWin, oldWin      = id(31), id(32), id(33)
	noBudget, otherLoss, toRival = id(41), id(42), id(43)
	contoso, fabrikam, oldRival  = id(51), id(52), id(53)
	travel, meals, oldKind       = id(54), id(55), id(56)
	crm, crmV1, crmV2            = id(61), id(62), id(63)
	short, shortV1               = id(64), id(65)
	bant, meddic, oldCard        = id(71), id(72), id(73)
	contract, drawing, oldPaper  = id(81), id(82), id(83)
	customers                    = []customer.Customer{{ID: buyer, Kind: customer.Organisation, Status: customer.Active}, {ID: payer, Status: customer.Prospect}, {ID: user, Status: customer.Active}, {ID: idle, Status: customer.Inactive}}
	people                       = []customer.Contact{{ID: wei, Customer: buyer, Active: true}, {ID: ana, Customer: payer, Active: true}, {ID: gone, Customer: buyer}, {ID: stranger, Customer: idle, Active: true}}
	entries                      = []archive.Entry{
		{ID: fair, Kind: archive.Source, Status: archive.Active}, {ID: oldFair, Kind: archive.Source, Status: archive.Retired},
		{ID: price, Kind: archive.WinReason, Status: archive.Active}, {ID: otherWin, Kind: archive.WinReason, Status: archive.Active, NeedsExplanation: true}, {ID: oldWin, Kind: archive.WinReason, Status: archive.Retired},
		{ID: noBudget, Kind: archive.LossReason, Status: archive.Active}, {ID: otherLoss, Kind: archive.LossReason, Status: archive.Active, NeedsExplanation: true}, {ID: toRival, Kind: archive.LossReason, Status: archive.Active, NeedsCompetitor: true},
		{ID: contoso, Kind: archive.Competitor, Status: archive.Active}, {ID: fabrikam, Kind: archive.Competitor, Status: archive.Active}, {ID: oldRival, Kind: archive.Competitor, Status: archive.Retired},
		{ID: travel, Kind: archive.ExpenseKind, Status: archive.Active}, {ID: meals, Kind: archive.ExpenseKind, Status: archive.Active}, {ID: oldKind, Kind: archive.ExpenseKind, Status: archive.Retired},
		{ID: bant, Kind: archive.Scorecard, Code: "bant", Status: archive.Active}, {ID: meddic, Kind: archive.Scorecard, Code: "meddic", Status: archive.Active}, {ID: oldCard, Kind: archive.Scorecard, Code: "old", Status: archive.Retired},
		{ID: contract, Kind: archive.DocumentKind, Code: "contract", Status: archive.Active}, {ID: drawing, Kind: archive.DocumentKind, Code: "drawing", Status: archive.Active}, {ID: oldPaper, Kind: archive.DocumentKind, Code: "old", Status: archive.Retired},
	}
)

func names(s string) stage.Names { return stage.Names{"en": s} }

func publish(p stage.Process) *stage.Version {
	v, err := stage.Publish(p)
	if err != nil {
		panic(err)
	}
	return v
}

var approval = stage.Gate{Kind: stage.GateApproval, Params: map[string]string{"role": "manager"}}

func item(id string) []stage.ChecklistItem { return []stage.ChecklistItem{{ID: id, Names: names(id)}} }

// versions are the published ones: crm has two, and short is another process.
var versions = map[uuid.UUID]*stage.Version{
	crmV1: publish(stage.Process{ID: crm, Code: "crm", Names: names("CRM"), AllowBack: true, Stages: []stage.Stage{
		{ID: "lead", Names: names("Lead"), Probability: 1000, Category: stage.Pipeline, Checklist: item("budget")},
		{ID: "offer", Names: names("Offer"), Probability: 5000, Category: stage.BestCase, Start: true, Checklist: item("draft"),
			Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}, {Kind: stage.GateExpectedClose}}},
		{ID: "final", Names: names("Final"), Probability: 9000, Category: stage.Commit, Entry: []stage.Gate{approval}},
	}}),
	crmV2: publish(stage.Process{ID: crm, Code: "crm", Names: names("CRM"), AllowBack: true, AllowSkip: true, Stages: []stage.Stage{
		{ID: "qualify", Names: names("Qualify"), Probability: 2000, Category: stage.Pipeline, Exit: []stage.Gate{{Kind: stage.GatePrimaryContact}}},
		{ID: "offer", Names: names("Offer"), Probability: 6000, Category: stage.Commit,
			Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "2"}}}},
		{ID: "final", Names: names("Final"), Probability: 9000, Category: stage.Commit},
	}, WinGates: []stage.Gate{approval}, LoseGates: []stage.Gate{{ID: "debrief", Kind: stage.GateAttribute, Params: map[string]string{"key": "debrief"}}}}),
	shortV1: publish(stage.Process{ID: short, Code: "short", Names: names("Short"), Stages: []stage.Stage{
		{ID: "offer", Names: names("Offer"), Probability: 4000, Category: stage.Pipeline, Entry: []stage.Gate{approval}},
	}}),
}

func found() opportunity.Found {
	return opportunity.Found{Customers: customers, Contacts: people, Archive: entries,
		Process: &stage.Record{ID: crm, State: stage.ActiveProcess, Current: crmV1}}
}

func rules(version uuid.UUID) opportunity.Rules {
	return opportunity.Rules{Version: versions[version], Zone: zone}
}

func usd(minor int64) money.Money { return money.FromMinor(minor, money.USD) }

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func day(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }

func line(price string) opportunity.LineInput {
	return opportunity.LineInput{Product: "GTX", Quantity: dec("1"), Price: dec(price)}
}

func chosen(reason uuid.UUID) []opportunity.Choice { return []opportunity.Choice{{Reason: reason}} }

// copied gives what a store would give back: nothing shared.
func copied[T any](v T) T {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out T
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err)
	}
	return out
}

// basic is the least that a deal needs, in its first stage.
func basic() opportunity.RecordInput {
	return opportunity.RecordInput{Name: "Big deal", Customer: buyer, Owner: "ann", Currency: money.USD, Estimated: usd(5000_00)}
}

// rich has everything.
func rich() opportunity.RecordInput {
	in := basic()
	in.Description, in.BillTo, in.EndUser, in.Source, in.Department = "Two\nlines", payer, user, fair, "east"
	in.Stage, in.ExpectedClose, in.Rating = "offer", day("2026-06-30"), 4
	in.Override, in.Probability, in.Category = ptr(usd(999_99)), ptr(4200), stage.Commit
	in.Attributes = map[string]string{"region": "华东", "erp.id": "77"}
	in.Members = []opportunity.MemberInput{
		{User: "carol", Role: opportunity.RolePresales, Access: opportunity.Read, Split: 3333, Overlay: 5000},
		{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write, Split: 6667},
	}
	in.Lines = []opportunity.LineInput{
		{Product: "GTX", Quantity: dec("3"), Price: dec("100.50"), Discount: dec("10"), Tax: ptr(dec("13"))},
		{Description: "Fitting", Quantity: dec("0.5"), Unit: "day", Price: dec("80")},
	}
	in.Contacts = []opportunity.ContactInput{
		{Contact: wei, Role: opportunity.DecisionMaker, Primary: true, Note: "after lunch"}, {Contact: wei, Role: opportunity.Champion},
		{Contact: ana, Role: opportunity.EndUserRole}, {Contact: stranger, Role: opportunity.Influencer, External: true},
	}
	in.Competitors = []opportunity.CompetitorInput{{Competitor: contoso, Strengths: "price", Weaknesses: "service", Price: ptr(usd(900_00))}}
	return in
}

// deal is a tiny store of one opportunity: what a Change writes is all that it
// knows.
type deal struct {
	t       testing.TB
	snap    opportunity.Snapshot
	ledger  []opportunity.LedgerRow
	entries []journal.Entry
	deleted bool
	now     time.Time
	by      string
	ids     uint64
	all     bool      // load all parts, whatever a command needs
	named   uuid.UUID // the activity or expense that commands are on
}

func (d *deal) newID() uuid.UUID {
	d.ids++
	return uuid.UUID{0: 0x02, 14: byte(d.ids >> 8), 15: byte(d.ids)}
}

// next is a moment an hour later.
func (d *deal) next() journal.Moment {
	d.now = d.now.Add(time.Hour)
	return journal.Moment{Effective: d.now, Recorded: d.now.Add(time.Minute), By: d.by}
}

func record(t testing.TB, in opportunity.RecordInput) *deal {
	t.Helper()
	d := &deal{t: t, now: start, by: "ann"}
	o, err := opportunity.New(id(99), "acme", "OPP-2026-000001", in, found(), rules(crmV1), d.next())
	require.NoError(t, err)
	d.save(o)
	return d
}

// load restores the opportunity with some parts.
func (d *deal) load(parts opportunity.Parts) *opportunity.Opportunity {
	d.t.Helper()
	s := copied(d.snap)
	if d.all {
		parts = opportunity.AllParts
	}
	s.Loaded = parts
	for p, drop := range map[opportunity.Parts]func(){
		opportunity.PartMembers: func() { s.Members = nil }, opportunity.PartLines: func() { s.Lines = nil },
		opportunity.PartContacts: func() { s.Contacts = nil }, opportunity.PartCompetitors: func() { s.Competitors = nil },
		opportunity.PartCycles: func() { s.Cycles = nil }, opportunity.PartActivities: func() { s.Activities = nil }, opportunity.PartExpenses: func() { s.Expenses = nil },
		opportunity.PartDocuments: func() { s.Documents = nil }, opportunity.PartEvaluations: func() { s.Evaluations = nil },
	} {
		if parts&p == 0 {
			drop()
		}
	}
	rec := opportunity.Record{Snapshot: s}
	for _, a := range copied(d.snap.Activities) {
		if a.ID == d.named {
			rec.Activity, rec.Others = &a, opportunity.MarksOf(d.snap.Activities, a.ID)
		}
	}
	for _, x := range copied(d.snap.Expenses) {
		if x.ID == d.named {
			rec.Expense = &x
		}
	}
	for _, e := range entries {
		on := slices.ContainsFunc(d.snap.Competitors, func(c opportunity.DealCompetitor) bool { return c.Competitor == e.ID })
		rec.Archive = append(rec.Archive, opportunity.Named{Entry: e, OnDeal: on})
	}
	o, err := opportunity.Restore(rec, rules(d.snap.ProcessVersion))
	require.NoError(d.t, err)
	return o
}

type command func(o *opportunity.Opportunity, at journal.Moment) error

// try runs a command as the engine does. A refused one must have changed
// nothing, and its error must be typed.
func (d *deal) try(parts opportunity.Parts, c command) error {
	d.t.Helper()
	return d.tryAt(d.next(), parts, c)
}

func (d *deal) tryAt(at journal.Moment, parts opportunity.Parts, c command) error {
	d.t.Helper()
	o := d.load(parts)
	before := copied(o.Snapshot())
	if err := c(o, at); err != nil {
		require.NotEmpty(d.t, fault.CodeOf(err), "untyped: %v", err)
		require.NotErrorIs(d.t, err, fault.ErrInternal)
		require.Equal(d.t, before, o.Snapshot(), "a refused command changed something")
		_, ok, err2 := o.Change(d.newID)
		require.NoError(d.t, err2)
		require.False(d.t, ok)
		return err
	}
	d.save(o)
	return nil
}

func (d *deal) must(parts opportunity.Parts, c command) {
	d.t.Helper()
	require.NoError(d.t, d.try(parts, c))
}

// refused wants a refusal of a kind, and gives its fields as "path code".
func (d *deal) refused(kind error, parts opportunity.Parts, c command) []string {
	d.t.Helper()
	err := d.try(parts, c)
	require.ErrorIs(d.t, err, kind)
	return fields(err)
}

func fields(err error) []string {
	var out []string
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path+" "+f.Code)
	}
	slices.Sort(out)
	return out
}

func (d *deal) save(o *opportunity.Opportunity) {
	d.t.Helper()
	c, ok, err := o.Change(d.newID)
	require.NoError(d.t, err)
	require.True(d.t, ok)
	d.apply(copied(c))
	if err := d.check(); err != nil {
		require.NoError(d.t, err, c.Entries[0].Type)
	}
}

func merge[T any](list, set []T, gone func(T) bool, compare func(a, b T) int) []T {
	var out []T
	for _, x := range list {
		if !gone(x) && !slices.ContainsFunc(set, func(y T) bool { return compare(x, y) == 0 }) {
			out = append(out, x)
		}
	}
	out = append(out, set...)
	slices.SortFunc(out, compare)
	return out
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

func (d *deal) apply(c opportunity.Change) {
	s := &d.snap
	require.Equal(d.t, s.Version, c.Expected)
	require.Equal(d.t, c.Expected+1, c.Root.Version) // O11
	s.Root, s.Loaded, d.deleted = c.Root, opportunity.AllParts, c.Delete
	s.Members = merge(s.Members, c.Members, func(m opportunity.Member) bool { return slices.Contains(c.RemovedMembers, m.User) },
		func(a, b opportunity.Member) int { return strings.Compare(a.User, b.User) })
	s.Lines = merge(s.Lines, c.Lines, func(l opportunity.Line) bool { return slices.Contains(c.RemovedLines, l.Number) },
		func(a, b opportunity.Line) int { return a.Number - b.Number })
	s.Contacts = merge(s.Contacts, append(c.Contacts, c.AddedContacts...), func(x opportunity.DealContact) bool { return slices.Contains(c.RemovedContacts, x.ContactKey) },
		func(a, b opportunity.DealContact) int {
			return cmp.Or(compareIDs(a.Contact, b.Contact), strings.Compare(string(a.Role), string(b.Role)))
		})
	s.Competitors = merge(s.Competitors, append(c.Competitors, c.AddedCompetitors...), func(x opportunity.DealCompetitor) bool { return slices.Contains(c.RemovedCompetitors, x.Competitor) },
		func(a, b opportunity.DealCompetitor) int { return compareIDs(a.Competitor, b.Competitor) })
	s.Activities = merge(s.Activities, c.Activities, func(x opportunity.Activity) bool { return slices.Contains(c.RemovedActivities, x.ID) },
		func(a, b opportunity.Activity) int { return compareIDs(a.ID, b.ID) })
	s.Expenses = merge(s.Expenses, c.Expenses, func(x opportunity.Expense) bool { return slices.Contains(c.RemovedExpenses, x.ID) },
		func(a, b opportunity.Expense) int { return compareIDs(a.ID, b.ID) })
	s.Documents = merge(s.Documents, c.Documents, func(x opportunity.Document) bool { return slices.Contains(c.RemovedDocuments, x.ID) },
		func(a, b opportunity.Document) int { return compareIDs(a.ID, b.ID) })
	s.Evaluations = merge(s.Evaluations, c.Evaluations, func(x opportunity.Evaluation) bool { return slices.Contains(c.RemovedEvaluations, x.ID) },
		func(a, b opportunity.Evaluation) int { return compareIDs(a.ID, b.ID) })
	if c.Cycle != nil {
		s.Cycles = append(s.Cycles, *c.Cycle)
	}
	if c.Prior != nil {
		last := &d.ledger[len(d.ledger)-1]
		require.Equal(d.t, last.Seq, c.Prior.Seq)
		last.EffectiveTo, last.RecordedTo = c.Prior.EffectiveTo, c.Prior.RecordedTo
	}
	if c.Next != nil {
		d.ledger = append(d.ledger, *c.Next)
	}
	d.entries = append(d.entries, c.Entries...)
}
