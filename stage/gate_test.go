package stage_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

type params = map[string]string

// kinds has, for every built-in kind of gate: parameters, facts that meet it, facts
// that just don't, and parameters that are refused.
var kinds = []struct {
	kind       string
	params     params
	met, unmet stage.Facts
	bad        []params
}{
	{stage.GatePrimaryContact, nil, stage.Facts{HasPrimaryContact: true}, stage.Facts{}, []params{{"n": "1"}}},
	{stage.GateLines, params{"n": "2"}, stage.Facts{Lines: 2}, stage.Facts{Lines: 1},
		[]params{nil, {"n": "0"}, {"n": "501"}, {"n": "-1"}, {"n": "x"}, {"n": "1e2"}, {"n": "9999999999999999999"}, {"n": "1", "m": "2"}}},
	{stage.GateAmount, params{"amount": "10.50", "currency": "CNY"}, stage.Facts{Amount: money.FromMinor(1050, money.CNY)}, stage.Facts{Amount: money.FromMinor(1049, money.CNY)},
		[]params{nil, {"amount": "10"}, {"currency": "CNY"}, {"amount": "-1", "currency": "CNY"}, {"amount": "1.005", "currency": "CNY"}, {"amount": "1", "currency": "XAU"}, {"amount": "1e9", "currency": "CNY"}, {"amount": "99999999999999999999", "currency": "CNY"}}},
	{stage.GateAmount, params{"amount": "10", "currency": "CNY"}, stage.Facts{Amount: money.FromMinor(1000, money.CNY)}, stage.Facts{Amount: money.FromMinor(100000, money.USD)}, nil},
	{stage.GateExpectedClose, nil, stage.Facts{ExpectedClose: day("2026-03-01")}, stage.Facts{}, []params{{"date": "2026-03-01"}}},
	{stage.GateEvaluation, params{"scorecard": "bant", "score": "60.5"}, evaluated("bant", "60.5"), evaluated("bant", "60.49"),
		[]params{nil, {"scorecard": "bant"}, {"score": "60"}, {"scorecard": "bant", "score": "-1"}, {"scorecard": "bant", "score": "100.01"}, {"scorecard": "bant", "score": "60.555"}, {"scorecard": strings.Repeat("x", 129), "score": "60"}}},
	{stage.GateEvaluation, params{"scorecard": "bant", "score": "0"}, evaluated("bant", "0"), evaluated("other", "100"), nil},
	{stage.GateActivity, params{"kind": "visit", "n": "2"}, stage.Facts{ActivitiesDone: map[string]int{"visit": 2}}, stage.Facts{ActivitiesDone: map[string]int{"visit": 1, "call": 9}},
		[]params{nil, {"kind": "visit"}, {"n": "1"}, {"kind": "visit", "n": "0"}, {"kind": "visit", "n": "1001"}, {"kind": strings.Repeat("x", 129), "n": "1"}}},
	{stage.GateDocument, params{"kind": "contract"}, stage.Facts{Documents: map[string]int{"contract": 1}}, stage.Facts{Documents: map[string]int{"photo": 1}}, []params{nil, {"kind": ""}}},
	{stage.GateQuote, nil, stage.Facts{QuoteAccepted: true}, stage.Facts{}, []params{{"x": ""}}},
	{stage.GateChecklist, params{"item": "site"}, stage.Facts{Ticked: []string{"other", "site"}}, stage.Facts{Ticked: []string{"other"}}, []params{nil}},
	{stage.GateApproval, params{"role": "manager"}, approved("manager", "bob"), approved("director", "bob"), []params{nil, {"role": strings.Repeat("x", 129)}}},
	{stage.GateAttribute, params{"key": "region"}, stage.Facts{Attributes: params{"region": "north"}}, stage.Facts{Attributes: params{"region": ""}}, []params{nil, {"key": "a\x00"}}},
}

func day(s string) calendar.Date { d, _ := calendar.Parse(s); return d }

func evaluated(card, score string) stage.Facts {
	return stage.Facts{Evaluations: map[string]decimal.Decimal{card: decimal.RequireFromString(score)}}
}

func approved(role, by string) stage.Facts {
	return stage.Facts{Requester: "ann", Approvals: []stage.Approval{{Role: role, By: by}}}
}

func TestP07_EveryKindOfGate(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.kind, func(t *testing.T) {
			g := []stage.Gate{{Kind: k.kind, Params: k.params}}
			unmet, err := stage.Unmet(g, k.met, nil)
			require.NoError(t, err)
			require.Empty(t, unmet)
			unmet, err = stage.Unmet(g, k.unmet, nil)
			require.NoError(t, err)
			require.Len(t, unmet, 1)
			require.Equal(t, "gate/"+k.kind, unmet[0].Path)
			require.Equal(t, "unmet", unmet[0].Code)
			require.NotEmpty(t, unmet[0].Message)
			require.Equal(t, unmet[0].Message, unmet[0].Texts["en"])
			require.True(t, strings.ContainsFunc(unmet[0].Texts["zh-CN"], func(r rune) bool { return unicode.Is(unicode.Han, r) }), "N02")
			for _, v := range k.params {
				require.Equal(t, strings.Contains(unmet[0].Message, v), strings.Contains(unmet[0].Texts["zh-CN"], v), "both say the same of %s", v)
			}

			p := three()
			p.WinGates = g
			require.NoError(t, p.Validate())
			for _, bad := range k.bad {
				p.WinGates = []stage.Gate{{Kind: k.kind, Params: bad}}
				err := p.Validate()
				require.ErrorIs(t, err, fault.ErrInvalid, "%v", bad)
				require.True(t, strings.HasPrefix(fault.FieldsOf(err)[0].Path, "/win_gates/0/params"), "%v", err)
				// A process that got into the store with it refuses, and doesn't panic.
				unmet, err := stage.Unmet(p.WinGates, stage.Facts{}, nil)
				require.NoError(t, err)
				require.Len(t, unmet, 1)
			}
		})
	}
}

func TestP08_N02_MessagesSayWhatIsMissing(t *testing.T) {
	unmet, err := stage.Unmet([]stage.Gate{
		{ID: "boss", Kind: stage.GateApproval, Params: params{"role": "manager"}, Message: stage.Names{"en": "ask the boss", "zh": "请领导审批"}},
		{Kind: stage.GateQuote},
	}, stage.Facts{}, nil)
	require.NoError(t, err)
	require.Equal(t, []fault.Field{
		{Path: "gate/boss", Code: "unmet", Message: "ask the boss", Texts: map[string]string{"en": "ask the boss", "zh": "请领导审批"}},
		{Path: "gate/quote_accepted", Code: "unmet", Message: "needs an accepted quote", Texts: map[string]string{"en": "needs an accepted quote", "zh-CN": "需要已接受的报价"}},
	}, unmet)
}

func TestP07_HostKinds(t *testing.T) {
	credit := []stage.Gate{{Kind: "erp_credit", Params: params{"limit": "9"}}}
	key := credit[0].Key()
	unmet, err := stage.Unmet(credit, stage.Facts{Number: "OPP-1"}, stage.Verdicts{key: {Met: true}})
	require.NoError(t, err)
	require.Empty(t, unmet)
	unmet, err = stage.Unmet(credit, stage.Facts{}, stage.Verdicts{key: {Message: "credit is used up"}})
	require.NoError(t, err)
	require.Equal(t, []fault.Field{{Path: "gate/erp_credit", Code: "unmet", Message: "credit is used up"}}, unmet)

	// N02: a host's verdict has words in its own languages; the gate's stand before them.
	host := stage.Verdicts{key: {Texts: stage.Names{"de": "Kreditrahmen erschöpft", "zh-CN": "信用额度已用完", "en": "the credit is used up"}}}
	unmet, err = stage.Unmet(credit, stage.Facts{}, host)
	require.NoError(t, err)
	require.Equal(t, []fault.Field{{Path: "gate/erp_credit", Code: "unmet", Message: "the credit is used up",
		Texts: map[string]string{"de": "Kreditrahmen erschöpft", "zh-CN": "信用额度已用完", "en": "the credit is used up"}}}, unmet)
	own := []stage.Gate{{Kind: "erp_credit", Params: credit[0].Params, Message: stage.Names{"fr": "crédit épuisé"}}}
	unmet, err = stage.Unmet(own, stage.Facts{}, host)
	require.NoError(t, err)
	require.Equal(t, []fault.Field{{Path: "gate/erp_credit", Code: "unmet", Message: "crédit épuisé", Texts: map[string]string{"fr": "crédit épuisé"}}}, unmet)

	unmet, err = stage.Unmet(credit, stage.Facts{}, stage.Verdicts{key: stage.Unknown("erp_credit")})
	require.NoError(t, err)
	require.Equal(t, []string{"no one can evaluate gates of kind erp_credit", "没有程序能评估类型为 erp_credit 的阶段门"}, []string{unmet[0].Message, unmet[0].Texts["zh-CN"]})

	unmet, err = stage.Unmet([]stage.Gate{{Kind: stage.GateQuote}}, stage.Facts{}, stage.Verdicts{stage.Gate{Kind: stage.GateQuote}.Key(): {Met: true}})
	require.NoError(t, err)
	require.Len(t, unmet, 1, "a built-in kind can't be replaced")
}

// TestP07_GatesAwaitTheHostsVerdict: each that lacks one is named once, whatever else is
// unmet, and by its parameters.
func TestP07_GatesAwaitTheHostsVerdict(t *testing.T) {
	nine, ten := stage.Gate{Kind: "erp_credit", Params: params{"limit": "9"}}, stage.Gate{ID: "ten", Kind: "erp_credit", Params: params{"limit": "10"}}
	again := nine
	again.ID = "again"
	unmet, err := stage.Unmet([]stage.Gate{{Kind: stage.GateQuote}, nine, ten, again}, stage.Facts{Number: "OPP-1"}, nil)
	require.Nil(t, unmet)
	var open *stage.Unjudged
	require.ErrorAs(t, err, &open)
	require.Equal(t, []stage.Gate{nine, ten}, open.Gates)
	require.Equal(t, "OPP-1", open.Facts.Number)
	require.NotEmpty(t, open.Error())
	_, err = stage.Unmet([]stage.Gate{nine, ten}, stage.Facts{}, stage.Verdicts{nine.Key(): {Met: true}})
	require.ErrorAs(t, err, &open)
	require.Equal(t, []stage.Gate{ten}, open.Gates)
}

func TestB14_HostileScoreIsUnmet(t *testing.T) {
	f := stage.Facts{Evaluations: map[string]decimal.Decimal{"s": decimal.New(1, 2147483647)}}
	unmet, err := stage.Unmet([]stage.Gate{{Kind: stage.GateEvaluation, Params: params{"scorecard": "s", "score": "60"}}}, f, nil)
	require.NoError(t, err)
	require.Len(t, unmet, 1)
}
