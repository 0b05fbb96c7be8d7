package stage_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// What stands at a bound is taken, and what is one above it isn't.
func TestP03_TheBoundsThemselvesAreTaken(t *testing.T) {
	gates := func(n int) []stage.Gate {
		list := make([]stage.Gate, n)
		for i := range list {
			list[i] = stage.Gate{Kind: stage.GateExpectedClose}
		}
		return list
	}
	items := func(n int) []stage.ChecklistItem {
		list := make([]stage.ChecklistItem, n)
		for i := range list {
			list[i] = stage.ChecklistItem{ID: "i" + strconv.Itoa(i), Names: named("I")}
		}
		return list
	}
	with := func(n int) params {
		p := params{}
		for i := range n {
			p["p"+strconv.Itoa(i)] = "x"
		}
		return p
	}
	for _, c := range []struct {
		refused string
		bound   int
		edit    func(p *stage.Process, n int)
	}{
		{"/stages/0/expected_days out_of_range", stage.MaxExpectedDays, func(p *stage.Process, n int) { p.Stages[0].ExpectedDays = n }},
		{"/stages/0/checklist too_many", stage.MaxChecklist, func(p *stage.Process, n int) { p.Stages[0].Checklist = items(n) }},
		{"/win_gates too_many", stage.MaxGates, func(p *stage.Process, n int) { p.WinGates = gates(n) }},
		{"/win_gates/0/params too_many", stage.MaxParams, func(p *stage.Process, n int) { p.WinGates = []stage.Gate{{Kind: "erp", Params: with(n)}} }},
		{"/stages/2/probability out_of_range", stage.MaxProbability, func(p *stage.Process, n int) { p.Stages[2].Probability = n }},
		{"/win_gates/0/params bad_params", 500, func(p *stage.Process, n int) {
			p.WinGates = []stage.Gate{{Kind: stage.GateLines, Params: params{"n": strconv.Itoa(n)}}}
		}},
		{"/win_gates/0/params bad_params", 128, func(p *stage.Process, n int) {
			p.WinGates = []stage.Gate{{Kind: stage.GateChecklist, Params: params{"item": strings.Repeat("x", n)}}}
		}},
	} {
		p := three()
		c.edit(&p, c.bound)
		require.NoError(t, p.Validate(), "%s at %d", c.refused, c.bound)
		p = three()
		c.edit(&p, c.bound+1)
		require.Contains(t, wrong(p.Validate()), c.refused)
	}
	for _, c := range []struct {
		kind string
		p    params
		ok   bool
	}{
		{stage.GateLines, params{"n": "1"}, true},
		{stage.GateLines, params{"n": "0"}, false},
		{stage.GateAmount, params{"amount": "0", "currency": "CNY"}, true},
		{stage.GateAmount, params{"amount": "-0.01", "currency": "CNY"}, false},
	} {
		p := three()
		p.WinGates = []stage.Gate{{Kind: c.kind, Params: c.p}}
		require.Equal(t, c.ok, p.Validate() == nil, fmt.Sprint(c.kind, c.p))
	}
}

// One gate with too many parameters doesn't hide what is wrong with the next.
func TestP03_FaultsAfterTooManyParametersAreNamed(t *testing.T) {
	many := params{}
	for i := range stage.MaxParams + 1 {
		many["p"+strconv.Itoa(i)] = "x"
	}
	p := three()
	p.WinGates = []stage.Gate{{Kind: "erp", Params: many}, {Kind: ""}}
	require.Equal(t, []string{"/win_gates/0/params too_many", "/win_gates/1/kind required"}, wrong(p.Validate()))
}

// A kind that the host doesn't have is none (P04), and the check of currencies goes on
// after gates of other kinds.
func TestP04_GatesThatCannotBeMet(t *testing.T) {
	p := three()
	p.WinGates = []stage.Gate{{Kind: "erp"}}
	err := p.Check(stage.Kinds{"other": nil})
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/win_gates/0/kind unknown"}, wrong(err))

	amount := func(currency string) stage.Gate {
		return stage.Gate{Kind: stage.GateAmount, Params: params{"amount": "1", "currency": currency}}
	}
	p.WinGates = []stage.Gate{amount("CNY"), {Kind: stage.GateExpectedClose}, amount("CNY")}
	require.NoError(t, p.Check(nil))
	p.WinGates = []stage.Gate{{Kind: stage.GateExpectedClose}, amount("CNY"), amount("EUR")}
	require.ErrorIs(t, p.Check(nil), fault.ErrInvalid)
}

// A gate that is met doesn't end the search for those that aren't (P08).
func TestP08_UnmetGatesBehindMetOnes(t *testing.T) {
	unmet, err := stage.Unmet([]stage.Gate{{Kind: stage.GatePrimaryContact}, {Kind: stage.GateQuote}}, stage.Facts{HasPrimaryContact: true}, nil)
	require.NoError(t, err)
	require.Len(t, unmet, 1)
	require.Equal(t, "gate/"+stage.GateQuote, unmet[0].Path)
}

// What stands first is found like the rest.
func TestTheFirstOfAList(t *testing.T) {
	s, ok := three().Stage("a")
	require.True(t, ok)
	require.Equal(t, "a", s.ID)
	_, ok = three().Stage("z")
	require.False(t, ok)

	d := definition()
	d.StateName = func(s uint8) string { return "state" + strconv.Itoa(int(s)) }
	d.EventName = func(e uint8) string { return "event" + strconv.Itoa(int(e)) }
	table, err := stage.NewTable(d)
	require.NoError(t, err)
	require.Equal(t, "state1", table.StateName(1))
	require.Equal(t, "event1", table.EventName(1))
	require.Equal(t, "9", table.StateName(9))

	d = definition()
	d.States, d.Final = append(d.States, stage.MaxTableValue), append(d.Final, stage.MaxTableValue)
	d.Transitions = append(d.Transitions, move{1, 2, stage.MaxTableValue})
	_, err = stage.NewTable(d)
	require.NoError(t, err)
}

// The numbers of events may fill their type: none is listed twice.
func TestPermittedAtTheGreatestNumber(t *testing.T) {
	table, err := stage.NewTable(definitionOf{Name: "t", States: []uint8{1, 2}, Events: []uint8{0, stage.MaxTableValue}, Initial: 1, Final: []uint8{2},
		Transitions: []move{{1, 0, 2}, {1, stage.MaxTableValue, 2}}})
	require.NoError(t, err)
	require.Equal(t, []uint8{0, stage.MaxTableValue}, table.Permitted(1))
}

// TestB14_LongListsOfAProcessAreOneFault gives a process 100,000 elements in each of
// its lists: the list is the fault, and its elements aren't looked at.
func TestB14_LongListsOfAProcessAreOneFault(t *testing.T) {
	many := make([]stage.Gate, 100_000)
	for path, change := range map[string]func(p *stage.Process){
		"/stages":             func(p *stage.Process) { p.Stages = make([]stage.Stage, 100_000) },
		"/stages/1/entry":     func(p *stage.Process) { p.Stages[1].Entry = many },
		"/stages/1/exit":      func(p *stage.Process) { p.Stages[1].Exit = many },
		"/stages/1/next":      func(p *stage.Process) { p.Stages[1].Next = make([]string, 100_000) },
		"/stages/1/checklist": func(p *stage.Process) { p.Stages[1].Checklist = make([]stage.ChecklistItem, 100_000) },
		"/win_gates":          func(p *stage.Process) { p.WinGates = many },
		"/lose_gates":         func(p *stage.Process) { p.LoseGates = many },
	} {
		p := stage.Simple()
		change(&p)
		fields := fault.FieldsOf(p.Check(nil))
		require.Len(t, fields, 1, path)
		require.Equal(t, path, fields[0].Path)
	}
}
