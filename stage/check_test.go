package stage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// wrong gives "path code" of every field.
func wrong(err error) []string {
	var out []string
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

func TestP03_Bounds(t *testing.T) {
	for _, c := range []struct {
		want string
		edit func(p *stage.Process)
	}{
		{"/code required", func(p *stage.Process) { p.Code = "" }},
		{"/code bad_code", func(p *stage.Process) { p.Code = "售" }},
		{"/names required", func(p *stage.Process) { p.Names = nil }},
		{"/names/en required", func(p *stage.Process) { p.Names = named(" ") }},
		{"/names/en too_long", func(p *stage.Process) { p.Names = named(strings.Repeat("x", 201)) }},
		{"/names/EN bad_language", func(p *stage.Process) { p.Names = stage.Names{"EN": "x"} }},
		{"/names bad_language", func(p *stage.Process) { p.Names = stage.Names{"q": "x"} }},
		{"/names too_many", func(p *stage.Process) {
			for i := range 21 {
				p.Names[fmt.Sprintf("en-x-a%d", i)] = "x"
			}
		}},
		{"/stages out_of_range", func(p *stage.Process) { p.Stages = nil }},
		{"/stages out_of_range", func(p *stage.Process) { p.Stages = many(51) }},
		{"/stages/0/id reserved", func(p *stage.Process) { p.Stages[0].ID = "won" }},
		{"/stages/2/id reserved", func(p *stage.Process) { p.Stages[2].ID = "lost" }},
		{"/stages/2/id duplicate", func(p *stage.Process) { p.Stages[2].ID = "a" }},
		{"/stages/0/probability out_of_range", func(p *stage.Process) { p.Stages[0].Probability = -1 }},
		{"/stages/2/probability out_of_range", func(p *stage.Process) { p.Stages[2].Probability = 9901 }},
		{"/stages/1/probability falls", func(p *stage.Process) { p.Stages[1].Probability = 999 }},
		{"/stages/0/category not_open", func(p *stage.Process) { p.Stages[0].Category = stage.Omitted }},
		{"/stages/0/category not_open", func(p *stage.Process) { p.Stages[0].Category = "" }},
		{"/stages/0/expected_days out_of_range", func(p *stage.Process) { p.Stages[0].ExpectedDays = 3651 }},
		{"/stages/0/next/0 unknown_stage", func(p *stage.Process) { p.Stages[0].Next = []string{"z"} }},
		{"/stages/0/next/0 duplicate", func(p *stage.Process) { p.Stages[0].Next = []string{"a", "b"} }},
		{"/stages/0/next/1 duplicate", func(p *stage.Process) { p.Stages[0].Next = []string{"b", "b"} }},
		{"/stages/2/checklist/0/id duplicate", func(p *stage.Process) {
			item := []stage.ChecklistItem{{ID: "i", Names: named("I")}}
			p.Stages[0].Checklist, p.Stages[2].Checklist = item, item
		}},
		{"/stages/0/checklist too_many", func(p *stage.Process) {
			for i := range 51 {
				p.Stages[0].Checklist = append(p.Stages[0].Checklist, stage.ChecklistItem{ID: fmt.Sprint("i", i), Names: named("I")})
			}
		}},
		{"/lose_gates too_many", func(p *stage.Process) { p.LoseGates = make21() }},
		{"/stages/0/entry/0/kind required", func(p *stage.Process) { p.Stages[0].Entry = []stage.Gate{{}} }},
		{"/stages/0/exit/0/id bad_code", func(p *stage.Process) { p.Stages[0].Exit = []stage.Gate{{Kind: stage.GateQuote, ID: "a b"}} }},
		{"/win_gates/0/message/en required", func(p *stage.Process) { p.WinGates = []stage.Gate{{Kind: stage.GateQuote, Message: named("")}} }},
		{"/win_gates/0/params too_many", func(p *stage.Process) {
			g := stage.Gate{Kind: "host", Params: params{}}
			for i := range 21 {
				g.Params[fmt.Sprint(i)] = "x"
			}
			p.WinGates = []stage.Gate{g}
		}},
		{"/win_gates/0/params/k bad_utf8", func(p *stage.Process) { p.WinGates = []stage.Gate{{Kind: "host", Params: params{"k": "\xff"}}} }},
		{"/win_gates/0/params unknown", func(p *stage.Process) {
			p.WinGates = []stage.Gate{{Kind: stage.GateQuote, Params: params{"a/b": "x"}}}
		}},
	} {
		p := three()
		c.edit(&p)
		err := p.Validate()
		require.ErrorIs(t, err, fault.ErrInvalid, c.want)
		require.Equal(t, []string{c.want}, wrong(err))
		_, err = stage.Publish(p)
		require.Equal(t, []string{c.want}, wrong(err))
		require.Equal(t, []string{c.want}, wrong(p.Check(nil)))
	}
}

func TestP03_WhatIsAllowed(t *testing.T) {
	for name, edit := range map[string]func(p *stage.Process){
		"one stage":        func(p *stage.Process) { p.Stages = p.Stages[:1] },
		"fifty stages":     func(p *stage.Process) { p.Stages = many(50) },
		"0 and 99 %":       func(p *stage.Process) { p.Stages[0].Probability, p.Stages[2].Probability = 0, 9900 },
		"equal":            func(p *stage.Process) { p.Stages[1].Probability = 1000 },
		"falling, if said": func(p *stage.Process) { p.AllowFalling, p.Stages[2].Probability = true, 0 },
		"name of 200":      func(p *stage.Process) { p.Names = named(" " + strings.Repeat("名", 200) + "\t") },
	} {
		p := three()
		edit(&p)
		require.NoError(t, p.Check(nil), name)
	}
	p := three()
	p.Stages[2].Start = true
	require.Equal(t, []string{"a", "c"}, p.Starts(), "the first always")
}

func many(n int) (out []stage.Stage) {
	for i := range n {
		out = append(out, stage.Stage{ID: fmt.Sprint("s", i), Names: named("S"), Category: stage.Pipeline})
	}
	return out
}

func make21() (out []stage.Gate) {
	for range 21 {
		out = append(out, stage.Gate{Kind: stage.GateQuote})
	}
	return out
}

func amount(currency string) stage.Gate {
	return stage.Gate{Kind: stage.GateAmount, Params: params{"amount": "1", "currency": currency}}
}

func tick(item string) []stage.Gate {
	return []stage.Gate{{Kind: stage.GateChecklist, Params: params{"item": item}}}
}

func TestP04_CheckNamesEveryBreach(t *testing.T) {
	p := three()
	p.Stages = append(p.Stages, stage.Stage{ID: "d", Names: named("D"), Probability: 3000, Category: stage.Commit})
	p.Stages[0].Next = []string{"d"}                                                        // b and c are unreachable
	p.Stages[1].Next, p.Stages[2].Next = []string{"c"}, []string{"b"}                       // and go round in a circle
	p.Stages[1].Checklist = []stage.ChecklistItem{{ID: "lost-item", Names: named("Item")}}  // nobody comes by
	p.Stages[3].Entry = tick("lost-item")                                                   // so this is never met
	p.Stages[3].Exit = []stage.Gate{amount("CNY"), amount("USD")}                           // one deal, one currency
	p.WinGates = []stage.Gate{{Kind: stage.GateAttribute, Params: params{"key": "Region"}}} // keys are lower case
	p.LoseGates = []stage.Gate{{Kind: "mystery"}, {Kind: "erp"}, {ID: "x", Kind: stage.GateQuote}, {ID: "x", Kind: stage.GateExpectedClose}}
	host := stage.Kinds{"erp": func(map[string]string) error { return errors.New("no") }}
	require.NoError(t, p.Validate())
	err := p.Check(host)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{
		"/stages/0 no_end", "/stages/1 unreachable", "/stages/1 no_end", "/stages/2 unreachable", "/stages/2 no_end", "/stages/3 no_end",
		"/stages/3/entry/0 unsatisfiable", "/stages/3/exit/1 unsatisfiable", "/win_gates/0 unsatisfiable",
		"/lose_gates/0/kind unknown", "/lose_gates/1/params bad_params", "/lose_gates/3/id duplicate",
	}, wrong(err))
}

func TestP04_SkipAndBackRules(t *testing.T) {
	p := three()
	p.Stages[0].Next = []string{"c"}
	require.Equal(t, []string{"/stages/1 unreachable"}, wrong(p.Check(nil)))
	p.AllowBack = true // c leads back to b now
	require.NoError(t, p.Check(nil))
	require.Equal(t, []string{"a", "b"}, p.Targets("c"))
	p = three()
	p.AllowSkip = true
	require.Equal(t, []string{"b", "c"}, p.Targets("a"))
	require.Nil(t, p.Targets("z"))
	p.Stages[1].Next = []string{"a"}
	require.NoError(t, p.Check(nil), "b has a way to the end over a")
	p.Stages[2].Start = true
	p.Stages[0].Next = []string{"b"}
	require.Equal(t, []string{"/stages/0 no_end", "/stages/1 no_end", "/stages/2 unreachable"}, wrong(p.Check(nil)), "reached from the first, not only from a start")
	p.Stages[1].End = true
	require.Equal(t, []string{"/stages/2 unreachable"}, wrong(p.Check(nil)))
}

func TestP04_ChecklistGatesThatComeTooEarly(t *testing.T) {
	list := []stage.ChecklistItem{{ID: "i", Names: named("I")}}
	for name, c := range map[string]struct {
		want string
		edit func(p *stage.Process)
	}{
		"leaving its own stage":      {"", func(p *stage.Process) { p.Stages[1].Exit = tick("i") }},
		"entering the next":          {"", func(p *stage.Process) { p.Stages[2].Entry = tick("i") }},
		"winning":                    {"", func(p *stage.Process) { p.WinGates = tick("i") }},
		"losing":                     {"", func(p *stage.Process) { p.LoseGates = tick("i") }},
		"entering its own stage":     {"/stages/1/entry/0 unsatisfiable", func(p *stage.Process) { p.Stages[1].Entry = tick("i") }},
		"leaving the one before":     {"/stages/0/exit/0 unsatisfiable", func(p *stage.Process) { p.Stages[0].Exit = tick("i") }},
		"starting beyond, then back": {"", func(p *stage.Process) { p.Stages[0].Exit = tick("i"); p.Stages[1].Start = true; p.AllowBack = true }},
		"on no list":                 {"/win_gates/0 unsatisfiable", func(p *stage.Process) { p.WinGates = tick("j") }},
	} {
		p := three()
		p.Stages[1].Checklist = list
		c.edit(&p)
		if c.want == "" {
			require.NoError(t, p.Check(nil), name)
		} else {
			require.Equal(t, []string{c.want}, wrong(p.Check(nil)), name)
		}
	}
}

func TestP04_GatesOnActivitiesOfNoKind(t *testing.T) {
	p := three()
	p.WinGates = []stage.Gate{{Kind: stage.GateActivity, Params: params{"kind": "telephone", "n": "1"}}, {Kind: stage.GateActivity, Params: params{"kind": "call", "n": "1"}}}
	require.Equal(t, []string{"/win_gates/0 unsatisfiable"}, wrong(p.Check(nil)))
}

func TestP04_ContradictingWays(t *testing.T) {
	p := three()
	p.Stages[0].Exit, p.Stages[1].Entry = []stage.Gate{amount("CNY")}, []stage.Gate{amount("USD")}
	require.Equal(t, []string{"/stages/0 no_end", "/stages/1 unreachable", "/stages/2 unreachable"}, wrong(p.Check(nil)))
	p.AllowSkip, p.AllowBack = true, true // by c one gets to b all the same
	require.NoError(t, p.Check(nil))
	p = three()
	p.Stages[2].Exit, p.WinGates = []stage.Gate{amount("CNY")}, []stage.Gate{amount("USD")}
	require.Equal(t, []string{"/stages/0 no_end", "/stages/1 no_end", "/stages/2 no_end"}, wrong(p.Check(nil)), "the last stage can't be won")
}

func TestP04_HostsThatPanicAreErrors(t *testing.T) {
	p := three()
	p.WinGates = []stage.Gate{{Kind: "erp", Params: params{"k": "v"}}}
	err := p.Check(stage.Kinds{"erp": func(map[string]string) error { panic("secret") }})
	require.ErrorIs(t, err, fault.ErrHost)
	require.NotContains(t, err.Error(), "secret")
	require.NoError(t, p.Check(stage.Kinds{"erp": func(p map[string]string) error { delete(p, "k"); return nil }}))
	require.Equal(t, "v", p.WinGates[0].Params["k"], "the host has a copy")
}

func TestReadyMadeProcesses(t *testing.T) {
	for _, p := range []stage.Process{stage.B2B(), stage.Simple()} {
		require.NoError(t, p.Check(nil))
		_, err := stage.Publish(p)
		require.NoError(t, err)
		for _, s := range p.Stages {
			require.Contains(t, s.Names, "en")
			require.Contains(t, s.Names, "zh-CN")
			require.Positive(t, s.ExpectedDays)
		}
	}
	require.Len(t, stage.B2B().Stages, 6)
	require.Len(t, stage.Simple().Stages, 2)
	p := stage.B2B()
	p.Stages[1].Entry[0].Message["en"] = "changed"
	require.NotEqual(t, p, stage.B2B(), "a copy each time")
}
