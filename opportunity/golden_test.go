package opportunity_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

var updateGolden = flag.Bool("update", false, "rewrite the golden files")

// golden holds that text doesn't change by accident: what is in it is stored,
// journalled or sent, and is read back by later versions.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *updateGolden {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// fill sets every field, each to another value, so that none can be forgotten.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(start.Add(time.Duration(*n) * time.Hour).Add(time.Microsecond)))
		return
	case money.Money:
		v.Set(reflect.ValueOf(usd(int64(*n))))
		return
	case calendar.Date:
		v.Set(reflect.ValueOf(day("2026-01-01").AddDays(*n)))
		return
	case decimal.Decimal:
		v.Set(reflect.ValueOf(decimal.New(int64(*n)*10+1, -1)))
		return
	case uuid.UUID:
		v.Set(reflect.ValueOf(id(byte(*n))))
		return
	case money.Currency:
		v.Set(reflect.ValueOf(money.USD))
		return
	case opportunity.Status:
		v.Set(reflect.ValueOf(opportunity.Won))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.Array:
		v.Index(0).SetUint(uint64(*n))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		x := reflect.New(v.Type().Elem()).Elem()
		fill(x, n)
		v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), x)
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint16:
		v.SetUint(uint64(opportunity.AllParts))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("fill: " + v.Type().String())
	}
}

// TestJ05_WireForms holds the JSON of everything that is stored or sent, and
// that every field of it survives.
func TestJ05_WireForms(t *testing.T) {
	for name, x := range map[string]any{
		"snapshot": &opportunity.Snapshot{}, "ledger_row": &opportunity.LedgerRow{}, "record_input": &opportunity.RecordInput{}, "update": &opportunity.UpdateInput{},
		"advance": &opportunity.AdvanceInput{}, "win": &opportunity.WinInput{}, "lose": &opportunity.LoseInput{}, "close": &opportunity.CloseInput{}, "reopen": &opportunity.ReopenInput{},
		"splits": &opportunity.SetSplitsInput{}, "transfer": &opportunity.TransferInput{},
		"activity": &opportunity.ListedActivity{}, "expense": &opportunity.ListedExpense{},
		"document_input": &opportunity.AddDocumentInput{}, "evaluation_input": &opportunity.EvaluationInput{},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			fill(reflect.ValueOf(x).Elem(), &n)
			b, err := json.MarshalIndent(x, "", "  ")
			require.NoError(t, err)
			golden(t, name, append(b, '\n'))
			back := reflect.New(reflect.TypeOf(x).Elem()).Interface()
			require.NoError(t, json.Unmarshal(b, back))
			require.Equal(t, x, back)
		})
	}
}

// scripted deals live through every type of event.
func scripted(t *testing.T) []*deal {
	d := record(t, rich())
	d.must(opportunity.AllParts, update(opportunity.UpdateInput{
		Name: ptr("Bigger deal"), Description: ptr("More of it"), Customer: &buyer, BillTo: &payer, EndUser: &user, Source: &uuid.Nil, Department: ptr("west"),
		Estimated: ptr(usd(7000_00)), Override: ptr(usd(6999_99)), Probability: ptr(5100), Category: ptr(stage.BestCase), ExpectedClose: ptr(day("2026-07-31")),
		Rating: ptr(5), Attributes: &map[string]string{"debrief": "yes"},
	}))
	d.must(none, update(opportunity.UpdateInput{ReleaseOverride: true, ReleaseProbability: true, ReleaseCategory: true}))
	d.must(members, setMember("dave", opportunity.RolePartner))
	d.must(members, splits(map[string]int{"ann": 2500, "bob": 7500}, map[string]int{"carol": 3000}))
	d.must(members, transfer(opportunity.TransferInput{To: "bob", Role: opportunity.RoleSupport, Reason: "she moves on"}))
	d.must(members, splits(map[string]int{"bob": 10000}, nil))
	d.must(members, removeMember("dave"))
	d.must(members, transfer(opportunity.TransferInput{To: "ann"}))
	d.must(members, splits(nil, map[string]int{"carol": 100}))
	d.must(members, transfer(opportunity.TransferInput{To: "carol", Remove: true}))
	d.must(none, addLines(line("12.34")))
	d.must(lines, removeLines(2))
	d.must(none, addContact(opportunity.ContactInput{Contact: ana, Role: opportunity.Gatekeeper, Primary: true, Note: "careful"}))
	d.must(contacts, setPrimary(opportunity.ContactKey{Contact: wei, Role: opportunity.Champion}))
	d.must(contacts, removeContact(opportunity.ContactKey{Contact: ana, Role: opportunity.Gatekeeper}))
	d.must(none, addCompetitor(opportunity.CompetitorInput{Competitor: fabrikam, Strengths: "known", Weaknesses: "dear", Price: ptr(usd(8000_00))}))
	d.must(competitors, updateCompetitor(opportunity.CompetitorInput{Competitor: fabrikam, Strengths: "near"}.Update()))
	d.must(competitors, removeCompetitor(fabrikam))
	d.must(none, tick("draft", false))
	d.must(none, tick("draft", true))
	d.must(none, tick("draft", false))
	d.as("zoe").must(none, approve("manager"))
	d.as("ann").must(none, advance("final", ""))
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Hold(opportunity.HoldInput{Reason: "budget frozen", ResumeOn: day("2026-05-01")}, at)
	})
	d.must(none, resume)
	d.must(none, advance("offer", ""))
	d.must(lines, removeLines(1))
	d.must(lines, removeLines(3))
	d.must(none, advance("lead", ""))
	d.must(none, advance("offer", "the board wants it"))
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Lose(opportunity.LoseInput{Reasons: chosen(toRival), Summary: "they chose another", Analysis: "too slow", Competitor: fabrikam}, at)
	})
	d.must(none, analyse("too dear", opportunity.Choice{Reason: otherLoss, Explanation: "price"}))
	d.must(none, reopen("lead"))
	d.must(none, migrate(crm, crmV2, map[string]string{"lead": "qualify"}, ""))
	d.must(none, void)
	d.must(none, reopen(""))
	d.must(none, migrate(crm, crmV1, map[string]string{"qualify": "offer"}, "as agreed"))
	d.must(none, win(price))
	d.must(none, orderMade(usd(500_00)))
	d.must(none, orderEnded(usd(500_00), true))
	d.must(none, orderMade(usd(600_00)))
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Close(opportunity.CloseInput{Summary: "all done", Override: "the order runs on"}, at)
	})
	d.must(none, orderEnded(usd(600_00), false))
	filed := record(t, basic())
	filed.must(none, addDocument(id(150), document("contract.pdf", contract)))
	filed.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		in := opportunity.AddDocumentInput{Name: "图纸.dwg", Kind: drawing, MediaType: "image/vnd.dwg", Note: "draft"}
		return o.AddDocument(id(151), in, &opportunity.Content{Size: 3, SHA256: emptyHash}, at)
	})
	filed.must(documents, removeDocument(id(150)))
	judged := record(t, basic())
	judged.must(none, save(id(160), opportunity.EvaluationInput{Scorecard: bant, Values: values(1, 3), Note: ptr("half")}))
	judged.must(evaluations, save(uuid.Nil, opportunity.EvaluationInput{ID: id(160), Values: values(2, 3)}))
	judged.must(evaluations, submit(uuid.Nil, opportunity.EvaluationInput{ID: id(160), Values: values(4, 4), Note: ptr("whole")}))
	judged.must(none, submit(id(161), opportunity.EvaluationInput{Scorecard: bant, Values: values(4, 1)}))
	judged.must(none, save(id(162), opportunity.EvaluationInput{Scorecard: meddic}))
	judged.must(evaluations, discard(id(162)))
	gone := record(t, basic())
	gone.must(none, update(opportunity.UpdateInput{Attributes: &map[string]string{"a": "b"}}))
	gone.must(none, update(opportunity.UpdateInput{Attributes: &map[string]string{}, ExpectedClose: &calendar.Date{}})) // taken away again
	require.Nil(t, gone.snap.Attributes)
	gone.must(none, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.FromMinor(5, money.EUR))}))
	gone.must(none, update(opportunity.UpdateInput{Customer: &user, BillTo: &payer, EndUser: &buyer}))
	gone.must(none, addContact(opportunity.ContactInput{Contact: stranger, Role: opportunity.OtherContact, External: true}))
	gone.must(none, remove)
	analysed := in(t, opportunity.Lost)
	analysed.must(none, analyse("too dear", opportunity.Choice{Reason: otherLoss, Explanation: "price"}))
	lessons, won, at := "ask for the budget", fabrikam, usd(90_00)
	analysed.must(none, study(opportunity.AnalyseInput{Analysis: "too dear", Lessons: &lessons, Competitor: &won, CompetitorPrice: &at}))
	analysed.must(contacts, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.CustomerMerged(buyer, payer, opportunity.Found{}, at)
	})
	quoted := record(t, basic())
	quoted.must(none, quoteMade)
	quoted.must(none, quoteSent(usd(600_00)))
	quoted.must(none, quoteEnded("expired", false, usd(0)))
	quoted.must(none, quoteExtended(usd(600_00), true))
	quoted.must(none, settled(opportunity.SettledQuotes{Accepted: id(81), Net: usd(600_00), Ended: 1}, win(price)))
	return []*deal{d, gone, analysed, followedUp(t), filed, judged, quoted, handedOver(t)}
}

// TestJ05_JournalForms holds the payload of every type of event.
func TestJ05_JournalForms(t *testing.T) {
	var b bytes.Buffer
	seen := map[string]bool{}
	for _, d := range scripted(t) {
		for _, e := range d.entries {
			seen[e.Type] = true
			fmt.Fprintln(&b, e.Type)
			require.NoError(t, json.Indent(&b, e.Payload, "", "  "))
			b.WriteByte('\n')
		}
	}
	for _, typ := range eventTypes {
		require.True(t, seen[typ], typ)
	}
	golden(t, "events", b.Bytes())
}

// TestJ05_OldJournalsReplay reads the golden payloads as a journal of today's:
// they must still give a whole history.
func TestJ05_OldJournalsReplay(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "events.golden"))
	require.NoError(t, err)
	deals := scripted(t)
	var payloads []json.RawMessage
	for _, part := range bytes.Split(text, []byte("\nopportunity.")) {
		_, payload, _ := bytes.Cut(part, []byte("\n"))
		payloads = append(payloads, payload)
	}
	for _, d := range deals {
		entries := slices.Clone(d.entries)
		for i := range entries {
			entries[i].Payload, payloads = payloads[0], payloads[1:]
		}
		require.NoError(t, d.replays(entries))
	}
	require.Empty(t, payloads)
}
