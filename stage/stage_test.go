package stage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

func named(s string) stage.Names { return stage.Names{"en": s} }

func three() stage.Process {
	return stage.Process{Code: "p", Names: named("P"), Stages: []stage.Stage{
		{ID: "a", Names: named("A"), Probability: 1000, Category: stage.Pipeline},
		{ID: "b", Names: named("B"), Probability: 2000, Category: stage.Pipeline},
		{ID: "c", Names: named("C"), Probability: 3000, Category: stage.Commit},
	}}
}

func TestP03_EveryBreachIsNamed(t *testing.T) {
	require.NoError(t, three().Validate())
	p := three()
	p.Stages[1].ID = "a"
	p.Stages[1].Probability = 10000
	p.Stages[2].Category = stage.Closed
	err := p.Validate()
	require.ErrorIs(t, err, fault.ErrInvalid)
	codes := map[string]bool{}
	for _, f := range fault.FieldsOf(err) {
		codes[f.Code] = true
	}
	for _, want := range []string{"duplicate", "out_of_range", "falls", "not_open"} {
		require.True(t, codes[want], want)
	}
	p.Stages = nil
	require.ErrorIs(t, p.Validate(), fault.ErrInvalid)
}

func TestP04_StrandedStages(t *testing.T) {
	require.NoError(t, three().Check(nil))
	p := three()
	p.Stages[0].Next = []string{"c"} // b is unreachable now
	err := p.Check(nil)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "unreachable", fault.FieldsOf(err)[0].Code)
	p = three()
	p.Stages[1].Next = []string{"a"}
	p.Stages[0].Next = []string{"b"}
	err = p.Check(nil)
	require.ErrorIs(t, err, fault.ErrInvalid)
	var codes []string
	for _, f := range fault.FieldsOf(err) {
		codes = append(codes, f.Code)
	}
	require.Contains(t, codes, "no_end")
	p = three()
	p.WinGates = []stage.Gate{{Kind: "erp_credit_ok"}}
	require.ErrorIs(t, p.Check(nil), fault.ErrInvalid)
	require.NoError(t, p.Check(stage.Kinds{"erp_credit_ok": nil}))
}

func TestP02_VersionsShareNothing(t *testing.T) {
	p := three()
	v, err := stage.Publish(p)
	require.NoError(t, err)
	p.Stages[0].ID = "hacked"
	v.Process().Stages[1].ID = "hacked"
	require.Equal(t, "a", v.First().ID)
	require.Equal(t, 1, v.Index("b"))
}

func TestO03_Moves(t *testing.T) {
	v, err := stage.Publish(three())
	require.NoError(t, err)
	require.NoError(t, v.CanMove("a", "b"))
	for _, bad := range [][2]string{{"a", "a"}, {"a", "c"}, {"b", "a"}} {
		require.ErrorIs(t, v.CanMove(bad[0], bad[1]), fault.ErrNotAllowed)
	}
	require.ErrorIs(t, v.CanMove("a", "z"), fault.ErrInvalid)
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = v.CanMove("a", "b") }))
}

func TestP05_MigrationMapsEveryStageInUse(t *testing.T) {
	from, err := stage.Publish(three())
	require.NoError(t, err)
	p := three()
	p.Stages = p.Stages[1:]
	to, err := stage.Publish(p)
	require.NoError(t, err)
	require.NoError(t, stage.CheckMigration(from, to, nil, []string{"b"}))
	require.ErrorIs(t, stage.CheckMigration(from, to, nil, []string{"a"}), fault.ErrNotAllowed)
	require.NoError(t, stage.CheckMigration(from, to, map[string]string{"a": "b"}, []string{"a", "b"}))
}

func TestP08_GatesOfEveryKind(t *testing.T) {
	gates := []stage.Gate{
		{Kind: stage.GatePrimaryContact}, {Kind: stage.GateLines, Params: map[string]string{"n": "2"}},
		{Kind: stage.GateAmount, Params: map[string]string{"amount": "10", "currency": "CNY"}}, {Kind: stage.GateExpectedClose},
		{Kind: stage.GateEvaluation, Params: map[string]string{"scorecard": "s", "score": "60"}},
		{Kind: stage.GateActivity, Params: map[string]string{"kind": "visit", "n": "1"}},
		{Kind: stage.GateDocument, Params: map[string]string{"kind": "contract"}}, {Kind: stage.GateQuote},
		{Kind: stage.GateChecklist, Params: map[string]string{"item": "i"}}, {Kind: stage.GateApproval, Params: map[string]string{"role": "manager"}},
		{Kind: stage.GateAttribute, Params: map[string]string{"key": "k"}},
	}
	unmet, err := stage.Unmet(gates, stage.Facts{}, nil)
	require.NoError(t, err)
	require.Len(t, unmet, len(gates))
}

// TestJ10: nobody approves his own step.
func TestJ10_ApproverIsSomebodyElse(t *testing.T) {
	g := []stage.Gate{{Kind: stage.GateApproval, Params: map[string]string{"role": "manager"}}}
	f := stage.Facts{Requester: "ann", Approvals: []stage.Approval{{Role: "manager", By: "ann"}}}
	unmet, err := stage.Unmet(g, f, nil)
	require.NoError(t, err)
	require.Len(t, unmet, 1)
	f.Approvals[0].By = ""
	unmet, err = stage.Unmet(g, f, nil)
	require.NoError(t, err)
	require.Len(t, unmet, 1, "somebody, not nobody")
	f.Approvals[0].By = "bob"
	unmet, err = stage.Unmet(g, f, nil)
	require.NoError(t, err)
	require.Empty(t, unmet)
}

func TestTable(t *testing.T) {
	d := stage.Definition[uint8, uint8]{Name: "t", States: []uint8{1, 2}, Events: []uint8{1}, Initial: 1, Final: []uint8{2},
		Transitions: []stage.Transition[uint8, uint8]{{From: 1, Event: 1, To: 2}}}
	table, err := stage.NewTable(d)
	require.NoError(t, err)
	to, ok := table.Next(1, 1)
	require.True(t, ok)
	require.EqualValues(t, 2, to)
	_, ok = table.Next(200, 9)
	require.False(t, ok)
	require.Zero(t, testing.AllocsPerRun(100, func() { table.Next(1, 1) }))
	d.Transitions = nil
	_, err = stage.NewTable(d)
	require.ErrorIs(t, err, fault.ErrInvalid)
}

func BenchmarkTableNext(b *testing.B) {
	table, err := stage.NewTable(stage.Definition[uint8, uint8]{Name: "t", States: []uint8{1, 2}, Events: []uint8{1}, Initial: 1, Final: []uint8{2},
		Transitions: []stage.Transition[uint8, uint8]{{From: 1, Event: 1, To: 2}}})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		table.Next(1, 1)
	}
}
