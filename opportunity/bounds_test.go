package opportunity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// These tests stand at the bounds: the last value that is taken, and the first that
// isn't; and they look behind the first fault of a list (B18).

// What KeyOf gives is valid for its sort, at the ends of its range too; what is one
// beyond, or written in another way, isn't: cursors bring keys from outside.
func TestB12_KeysOfCursorsAtTheirBounds(t *testing.T) {
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	number := func(n int64) string { return fmt.Sprintf("%020d", uint64(n)+1<<63) }
	date := day("2026-03-02")
	for _, c := range []struct {
		by    opportunity.Sort
		key   string
		valid bool
	}{
		{opportunity.ByNumber, "OPP-1", true}, {opportunity.ByNumber, "", false}, {opportunity.ByNumber, "a\x00b", false}, {opportunity.ByNumber, "\xff", false},
		{opportunity.ByName, strings.Repeat("大", 250), true}, {opportunity.ByName, strings.Repeat("大", 251), false}, {opportunity.ByName, "", false},
		{opportunity.ByAmount, number(0), true}, {opportunity.ByAmount, number(-1 << 63), true}, {opportunity.ByAmount, number(1<<63 - 1), true},
		{opportunity.ByAmount, "", false}, {opportunity.ByAmount, "x", false}, {opportunity.ByAmount, "9223372036854775808", false}, {opportunity.ByAmount, "99999999999999999999", false},
		{opportunity.ByProbability, number(0), true}, {opportunity.ByProbability, number(10000), true}, {opportunity.ByProbability, number(-1), false}, {opportunity.ByProbability, number(10001), false}, {opportunity.ByProbability, "x", false},
		{opportunity.ByExpectedClose, "", true}, {opportunity.ByExpectedClose, date.String(), true}, {opportunity.ByExpectedClose, "2026-02-30", false}, {opportunity.ByExpectedClose, "x", false},
		{opportunity.ByNextActivity, "", true}, {opportunity.ByNextActivity, number(last.UnixMicro()), true}, {opportunity.ByNextActivity, number(last.UnixMicro() + 1), false}, {opportunity.ByLastActivity, "x", false},
		{opportunity.ByCreated, number(first.UnixMicro()), true}, {opportunity.ByCreated, number(first.UnixMicro() - 1), false}, {opportunity.ByCreated, "", false},
		{opportunity.ByUpdated, number(last.UnixMicro()), true}, {opportunity.ByUpdated, number(last.UnixMicro() + 1), false}, {opportunity.ByStageEntered, " " + number(0), false},
	} {
		require.Equal(t, c.valid, c.by.ValidKey(c.key), "%s: %.40q", c.by, c.key)
	}
	for _, at := range []time.Time{first, start, last} {
		r := opportunity.Root{Number: "OPP-1", Name: "Big deal", Currency: money.USD, Estimated: usd(1), ExpectedClose: date, Created: at, Updated: at, StageEntered: at, NextActivity: at, LastActivity: at}
		for _, by := range opportunity.Sorts() {
			require.True(t, by.ValidKey(opportunity.KeyOf(by, &r)), "%s at %s", by, at)
		}
	}
}

func TestF1_FiltersAtTheirBounds(t *testing.T) {
	list := make([]string, opportunity.MaxFilterValues+1)
	for i := range list {
		list[i] = fmt.Sprint("u", i)
	}
	year := func(y int) time.Time { return time.Date(y, 7, 1, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		f    opportunity.Filter
		want []string
	}{
		{opportunity.Filter{Ratings: []int{0, 5}}, nil},
		{opportunity.Filter{Ratings: []int{-1, 3, 6}}, []string{"/ratings/0 out_of_range", "/ratings/2 out_of_range"}},
		{opportunity.Filter{Owners: list[1:]}, nil},
		{opportunity.Filter{Owners: list}, []string{"/owners too_many"}},
		{opportunity.Filter{CreatedFrom: year(1), CreatedTo: year(9999)}, nil},
		{opportunity.Filter{CreatedFrom: year(0), CreatedTo: year(10000)}, []string{"/created_from out_of_range", "/created_to out_of_range"}},
		{opportunity.Filter{AmountFrom: ptr(int64(1))}, []string{"/currency required"}},
		{opportunity.Filter{AmountTo: ptr(int64(1))}, []string{"/currency required"}},
		{opportunity.Filter{AmountFrom: ptr(int64(1)), AmountTo: ptr(int64(1)), Currency: money.USD}, nil},
		{opportunity.Filter{NoNext: true}, nil},
		{opportunity.Filter{NoNext: true, NextFrom: year(2026)}, []string{"/no_next contradiction"}},
		{opportunity.Filter{NoNext: true, NextTo: year(2026)}, []string{"/no_next contradiction"}},
		{opportunity.Filter{NextFrom: year(2026), NextTo: year(2026)}, nil},
	} {
		require.Equal(t, c.want, fields(c.f.Validate()), "%+v", c.f)
	}
}

func TestO02_NamesEndWithTheLast(t *testing.T) {
	require.Equal(t, "closed", opportunity.Closed.String())
	require.Empty(t, (opportunity.Closed + 1).String())
	require.Equal(t, "reopen", opportunity.CommandReopen.String())
	require.Empty(t, (opportunity.CommandReopen + 1).String())
}

func TestNamesOfADealStandOnce(t *testing.T) {
	var n opportunity.Names
	for _, x := range []uuid.UUID{buyer, payer, buyer} {
		n.AddCustomer(opportunity.CustomerName{ID: x, Name: "n"})
		n.AddContact(opportunity.ContactName{ID: x, Name: "n"})
	}
	require.Equal(t, []opportunity.CustomerName{{ID: buyer, Name: "n"}, {ID: payer, Name: "n"}}, n.Customers)
	require.Equal(t, []opportunity.ContactName{{ID: buyer, Name: "n"}, {ID: payer, Name: "n"}}, n.Contacts)
}

// tooMany reports whether a list is refused for its length.
func tooMany(err error, path string) bool {
	for _, f := range fields(err) {
		if f == path+" too_many" {
			return true
		}
	}
	return false
}

func TestR04_R05_ListsAtTheirBounds(t *testing.T) {
	for extra, want := range []bool{false, true} {
		in := basic()
		in.Contacts = make([]opportunity.ContactInput, opportunity.MaxContacts+extra)
		in.Competitors = make([]opportunity.CompetitorInput, opportunity.MaxCompetitors+extra)
		err := tryNew(t, in, found(), rules(crmV1))
		require.Equal(t, want, tooMany(err, "/contacts"))
		require.Equal(t, want, tooMany(err, "/competitors"))

		d := record(t, basic())
		err = d.try(none, winning(opportunity.WinInput{Reasons: make([]opportunity.Choice, opportunity.MaxReasons+extra), Summary: "won"}))
		require.Equal(t, want, tooMany(err, "/reasons"))

		shares := map[string]int{}
		for i := range opportunity.MaxMembers + extra {
			shares[fmt.Sprint("u", i)] = 1
		}
		err = d.try(members, splits(shares, shares))
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, want, tooMany(err, "/revenue"))
		require.Equal(t, want, tooMany(err, "/overlay"), "behind the revenue's fault, too")
	}
}

// A fault of one element doesn't hide the next one's.
func TestR05_L01_A02_FaultsBehindTheFirstAreNamed(t *testing.T) {
	in := basic()
	in.Competitors = []opportunity.CompetitorInput{{Competitor: contoso}, {Competitor: contoso}, {Competitor: oldRival}, {Competitor: id(200)}}
	in.Lines = []opportunity.LineInput{
		{Product: "GTX", Quantity: dec("1000000000000000000000000000000"), Price: dec("1")},
		{Product: "GTX", Quantity: dec("1"), Price: dec("-1")},
	}
	require.Equal(t, []string{"/competitors/1 duplicate", "/competitors/2/competitor retired", "/competitors/3/competitor not_found",
		"/lines/0/quantity too_large", "/lines/1/price negative"}, fields(tryNew(t, in, found(), rules(crmV1))))

	d := record(t, basic())
	require.Equal(t, []string{"/reasons/1/reason duplicate", "/reasons/2/reason not_found"}, d.refused(fault.ErrInvalid, none,
		winning(opportunity.WinInput{Summary: "won", Reasons: []opportunity.Choice{{Reason: price}, {Reason: price}, {Reason: id(200)}}})))
	d.must(none, winning(opportunity.WinInput{Summary: "won", Reasons: chosen(price), Main: price}))
	require.Equal(t, chosen(price), d.snap.Outcome.Reasons)
	require.Equal(t, []string{"/reasons/1/reason not_found"}, d.refused(fault.ErrInvalid, none,
		study(opportunity.AnalyseInput{Analysis: "x", Reasons: []opportunity.Choice{{Reason: price}, {Reason: id(200)}}})))
}

func TestO01_ADealNeedsAProcessAndItsVersion(t *testing.T) {
	without := found()
	without.Process = nil
	for _, err := range []error{tryNew(t, basic(), without, rules(crmV1)), tryNew(t, basic(), found(), opportunity.Rules{Zone: zone})} {
		require.Contains(t, fields(err), "/process not_found")
	}
}

func TestO03_AnAdvanceNamesStageAndSummary(t *testing.T) {
	d := record(t, basic())
	to := func(stage, summary string) command {
		return func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Advance(opportunity.AdvanceInput{To: stage, Summary: summary}, at)
		}
	}
	require.Equal(t, []string{"/summary required", "/to required"}, d.refused(fault.ErrInvalid, none, to("", "")))
	require.Contains(t, d.refused(fault.ErrInvalid, none, to("nowhere", "")), "/summary required")
	require.Len(t, d.refused(fault.ErrInvalid, none, to("nowhere", "")), 2, "the stage is the other")
}

func TestO17_AnotherCurrencyAsksForTheEstimateOnceItIsAllowed(t *testing.T) {
	d := record(t, basic())
	require.Equal(t, []string{"/estimated required"}, d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Currency: money.EUR})))
	free := basic()
	free.Estimated = usd(0)
	d = record(t, free)
	d.must(none, update(opportunity.UpdateInput{Currency: money.EUR}))
	require.Equal(t, money.EUR, d.snap.Currency)
	require.Equal(t, money.Zero(money.EUR), d.snap.Estimated)
	d = record(t, basic())
	d.must(none, addLines(line("5")))
	require.Equal(t, []string{"/currency fixed"}, d.refused(fault.ErrNotAllowed, none, update(opportunity.UpdateInput{Currency: money.EUR})), "an estimate wouldn't help")
}

func TestQ10_WhatWasNeverThereDoesntEnd(t *testing.T) {
	d := record(t, basic())
	for _, accepted := range []bool{false, true} {
		err := d.try(none, quoteEnded("withdrawn", accepted, usd(0)))
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "opportunity.quote.none", fault.CodeOf(err))
	}
}

func TestR04_AnotherContactIsNotADuplicate(t *testing.T) {
	d := record(t, basic())
	d.must(contacts, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Champion}))
	d.must(contacts, addContact(opportunity.ContactInput{Contact: wei, Role: opportunity.Influencer}))
	require.Len(t, d.snap.Contacts, 2)
}

// Another rival, or the same one again, doesn't take away what a reason demands (A05).
func TestA05_AReasonKeepsItsCompetitor(t *testing.T) {
	d := record(t, basic())
	d.must(none, lose(opportunity.LoseInput{Reasons: chosen(toRival), Competitor: fabrikam}))
	d.must(none, study(opportunity.AnalyseInput{Analysis: "x", Competitor: ptr(fabrikam)}))
	require.Equal(t, fabrikam, d.snap.Outcome.Competitor)
	d.must(none, study(opportunity.AnalyseInput{Analysis: "x", Competitor: ptr(contoso), Reasons: chosen(toRival)}))
	require.Equal(t, contoso, d.snap.Outcome.Competitor)
	require.Equal(t, []string{"/reasons/0/reason not_found"}, d.refused(fault.ErrInvalid, none,
		study(opportunity.AnalyseInput{Analysis: "x", Competitor: ptr(uuid.Nil), Reasons: chosen(id(200))})))
}

func TestC08_C13_ACustomerIsMergedIntoTheDeals(t *testing.T) {
	merged := func(from, into uuid.UUID) command {
		return func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.CustomerMerged(from, into, found(), at)
		}
	}
	d := record(t, rich())
	for _, wrong := range [][2]uuid.UUID{{buyer, uuid.Nil}, {id(200), id(201)}} {
		require.Equal(t, []string{"/customer not_found"}, d.refused(fault.ErrInvalid, contacts, merged(wrong[0], wrong[1])))
	}
	external := func() (n int) {
		for _, c := range d.snap.Contacts {
			if c.External {
				n++
			}
		}
		return n
	}
	require.Equal(t, 1, external(), "idle's")
	err := merged(idle, buyer)(d.load(none), d.next())
	require.Equal(t, "opportunity.parts", fault.CodeOf(err), "the contacts weren't loaded")
	d.must(contacts, merged(idle, buyer)) // the one that goes isn't the deal's
	require.Equal(t, buyer, d.snap.Customer)
	require.Zero(t, external())
	d.must(contacts, merged(buyer, id(202)))
	require.Equal(t, id(202), d.snap.Customer)
}

func TestR03_AHashIsWholeAndHexadecimal(t *testing.T) {
	d := record(t, basic())
	for _, sum := range []string{"ab", emptyHash[:62], emptyHash[:63] + "g", emptyHash + "00"} {
		require.Equal(t, []string{"/sha256 bad_hash"}, d.refused(fault.ErrInvalid, none, addDocument(id(150), opportunity.AddDocumentInput{Name: "a", Location: "shelf", SHA256: sum})), sum)
	}
	d.must(none, addDocument(id(150), opportunity.AddDocumentInput{Name: "a", Location: "shelf", SHA256: emptyHash}))
}

func TestL01_AnInputsUpdateClearsWhatIsEmpty(t *testing.T) {
	in := line("5")
	require.True(t, in.Update().ClearTax)
	in.Tax = ptr(dec("13"))
	require.False(t, in.Update().ClearTax)
	require.Equal(t, in.Tax, in.Update().Tax)
}

func TestR01_AnActivityIsDueInYearsThatStoresKeep(t *testing.T) {
	year := func(y int) time.Time { return time.Date(y, 7, 1, 0, 0, 0, 0, time.UTC) }
	for y, want := range map[int][]string{1969: {"/due out_of_range"}, 1970: nil, 9999: nil, 10000: {"/due out_of_range"}} {
		d := record(t, basic())
		require.Equal(t, want, fields(d.try(none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.PlanActivity(id(150), opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call", Due: year(y)}, at)
		})), y)
	}
}

func TestA02_AReasonRetiredSinceStays(t *testing.T) {
	d := record(t, basic())
	d.must(none, winning(opportunity.WinInput{Summary: "won", Reasons: []opportunity.Choice{{Reason: price}, {Reason: otherWin, Explanation: "service"}}}))
	rec := opportunity.Record{Snapshot: d.snap}
	for _, e := range entries {
		e.Status = archive.Retired
		rec.Archive = append(rec.Archive, opportunity.Named{Entry: e})
	}
	analyse := func(reasons ...opportunity.Choice) []string {
		o, err := opportunity.Restore(rec, rules(crmV1))
		require.NoError(t, err)
		return fields(o.Analyse(opportunity.AnalyseInput{Analysis: "x", Reasons: reasons}, d.next()))
	}
	require.Empty(t, analyse(opportunity.Choice{Reason: otherWin, Explanation: "service"}, opportunity.Choice{Reason: price}))
	require.Equal(t, []string{"/reasons/0/reason retired"}, analyse(opportunity.Choice{Reason: otherWin, Explanation: "another"}), "said in another way, it is chosen anew")
}

func TestE02_ADraftKeepsItsScorecard(t *testing.T) {
	d := record(t, basic())
	d.must(none, save(id(100), opportunity.EvaluationInput{Scorecard: bant, Values: values(2, 3)}))
	with := func(in opportunity.EvaluationInput, c archive.ScorecardVersion) error {
		in.ID = id(100)
		return d.load(evaluations).SaveEvaluation(uuid.Nil, in, c, d.next())
	}
	require.NoError(t, with(opportunity.EvaluationInput{Scorecard: bant, Values: values(3, 3)}, card(bant, 1)))
	require.Equal(t, []string{"/scorecard fixed"}, fields(with(opportunity.EvaluationInput{Scorecard: meddic}, card(bant, 1))))
	for _, wrong := range []archive.ScorecardVersion{card(meddic, 1), card(bant, 2), card(bant, 0)} {
		require.Equal(t, "opportunity.evaluation.card", fault.CodeOf(with(opportunity.EvaluationInput{Values: values(3, 3)}, wrong)))
	}
}

// A line's amount isn't too large because its currency is unknown.
func TestL01_AnUnknownCurrencyIsOneFault(t *testing.T) {
	in := basic()
	in.Currency, in.Estimated, in.Lines = "XXX", money.Money{}, []opportunity.LineInput{line("5"), line("6")}
	got := fields(tryNew(t, in, found(), rules(crmV1)))
	require.Contains(t, got, "/currency unknown")
	for _, f := range got {
		require.NotContains(t, f, "/lines")
	}
}
