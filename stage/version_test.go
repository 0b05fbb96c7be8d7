package stage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestP02_RestoreAsksLess(t *testing.T) {
	old := three()
	old.Code, old.Names = "", nil
	old.Stages[0].Probability, old.Stages[1].Category = 20000, "retired-category"
	old.Stages[1].Names = named("  as stored  ")
	old.Stages[1].Next = []string{"gone", "c"}
	old.WinGates = []stage.Gate{{Kind: "gone"}, {Kind: stage.GateLines}}
	_, err := stage.Publish(old)
	require.ErrorIs(t, err, fault.ErrInvalid)
	v, err := stage.Restore(old)
	require.NoError(t, err)
	require.Equal(t, old, v.Process(), "nothing is changed")
	require.NoError(t, v.CanMove("b", "c"))
	old.Stages[0].ID = "changed later"
	require.Equal(t, "a", v.First().ID)

	for want, stages := range map[string][]stage.Stage{
		"/stages required":       nil,
		"/stages/1/id required":  {{ID: "a"}, {}},
		"/stages/2/id duplicate": {{ID: "a"}, {ID: "b"}, {ID: "a"}},
	} {
		_, err := stage.Restore(stage.Process{Stages: stages})
		require.ErrorIs(t, err, fault.ErrCorrupt)
		require.Equal(t, []string{want}, wrong(err))
	}
}

func TestP02_PublishCleansNames(t *testing.T) {
	p := three()
	p.Names = named(" Cafe\u0301 ")
	p.Stages[0].Names = named(" A ")
	p.Stages[0].Checklist = []stage.ChecklistItem{{ID: "i", Names: named(" I ")}}
	p.Stages[0].Exit = []stage.Gate{{Kind: stage.GateQuote, Message: named(" M ")}}
	p.WinGates = []stage.Gate{{Kind: stage.GateQuote, Message: named(" W ")}}
	v, err := stage.Publish(p)
	require.NoError(t, err)
	got := v.Process()
	require.Equal(t, "Caf\u00e9", got.Names["en"])
	require.Equal(t, "A", got.Stages[0].Names["en"])
	require.Equal(t, "I", got.Stages[0].Checklist[0].Names["en"])
	require.Equal(t, "M", got.Stages[0].Exit[0].Message["en"])
	require.Equal(t, "W", got.WinGates[0].Message["en"])
	require.Equal(t, " A ", p.Stages[0].Names["en"], "the caller's stays")
	got.Stages[0].Checklist[0].Names["en"] = "hacked"
	got.WinGates[0].Message["en"] = "hacked"
	require.Equal(t, "I", v.Process().Stages[0].Checklist[0].Names["en"])
	require.Equal(t, "W", v.Process().WinGates[0].Message["en"])
}

func TestP07_GatesOfAWay(t *testing.T) {
	gate := func(id string) []stage.Gate { return []stage.Gate{{ID: id, Kind: stage.GateQuote}} }
	p := three()
	p.Stages[0].Entry, p.Stages[0].Exit = gate("enter-a"), gate("leave-a")
	p.Stages[1].Entry, p.Stages[1].Exit = gate("enter-b"), gate("leave-b")
	p.WinGates, p.LoseGates = gate("win"), gate("lose")
	v, err := stage.Publish(p)
	require.NoError(t, err)
	ids := func(list []stage.Gate) (out []string) {
		for _, g := range list {
			out = append(out, g.ID)
		}
		return out
	}
	require.Equal(t, []string{"leave-a", "enter-b"}, ids(v.GatesFor("a", "b", stage.NoEnd)))
	require.Equal(t, []string{"enter-a"}, ids(v.GatesFor("", "a", stage.NoEnd)))
	require.Equal(t, []string{"leave-b", "win"}, ids(v.GatesFor("b", "", stage.Won)))
	require.Equal(t, []string{"lose"}, ids(v.GatesFor("b", "", stage.Lost)))
	require.Empty(t, v.GatesFor("c", "", stage.NoEnd))
}

func TestO03_MovesAllowedByProcessAndVersionAgree(t *testing.T) {
	p := gated()
	v, err := stage.Publish(p)
	require.NoError(t, err)
	require.Equal(t, p.Starts(), v.Starts())
	for _, from := range []string{"a", "b", "c", "z"} {
		require.Equal(t, p.Targets(from), v.Targets(from))
		for _, to := range []string{"a", "b", "c", "z"} {
			require.Equal(t, p.CanMove(from, to), v.CanMove(from, to))
		}
	}
	require.Equal(t, []string{"/from unknown_stage", "/to unknown_stage"}, wrong(v.CanMove("y", "z")))
	require.Equal(t, "stage.same", fault.CodeOf(v.CanMove("a", "a")))
	require.Equal(t, "stage.move", fault.CodeOf(v.CanMove("b", "a")))
	require.Equal(t, -1, v.Index("z"))
	_, ok := v.Stage("z")
	require.False(t, ok)
	s, ok := p.Stage("b")
	require.True(t, ok)
	require.Equal(t, "b", s.ID)
	_, ok = p.Stage("z")
	require.False(t, ok)
	require.Empty(t, stage.Process{}.First().ID)
}

func TestP05_EveryUnmappedStageIsNamed(t *testing.T) {
	from, err := stage.Publish(three())
	require.NoError(t, err)
	p := three()
	p.Stages = p.Stages[2:]
	to, err := stage.Publish(p)
	require.NoError(t, err)
	err = stage.CheckMigration(from, to, map[string]string{"b": "nowhere"}, []string{"b", "a", "c", "x/y"})
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/stages/a unmapped", "/stages/b unmapped", "/stages/x~1y unknown"}, wrong(err))
}

func TestNamesInALanguage(t *testing.T) {
	n := stage.Names{"en": "Offer", "zh-Hant": "報價", "zh-CN": "报价", "de-AT": "Angebot"}
	for lang, want := range map[string]string{
		"en": "Offer", "en-GB": "Offer", "zh-CN": "报价", "zh": "报价", "zh-Hant-TW": "報價", "de": "Angebot", "de-CH": "Angebot", "fr": "Offer", "": "Offer", "-": "Offer", "--": "Offer",
	} {
		require.Equal(t, want, n.In(lang), lang)
	}
	delete(n, "en")
	require.Equal(t, "Angebot", n.In("fr"), "the first by tag")
	require.Empty(t, stage.Names{}.In("en"))
	require.NoError(t, n.Validate())
	require.ErrorIs(t, stage.Names{}.Validate(), fault.ErrInvalid)
	require.True(t, stage.Closed.Valid())
	require.True(t, stage.Omitted.Valid())
	require.False(t, stage.Category("x").Valid())
}

func TestVersionMovesDontAllocate(t *testing.T) {
	v, err := stage.Publish(stage.B2B())
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if v.CanMove("proposal", "negotiation") != nil {
			t.Fatal("refused")
		}
	}))
	require.Zero(t, testing.AllocsPerRun(1000, func() { v.Index("proposal") }))
}

// BenchmarkVersionCanMove: at most 50 ns, 0 allocations.
func BenchmarkVersionCanMove(b *testing.B) {
	v, err := stage.Publish(stage.B2B())
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if v.CanMove("proposal", "negotiation") != nil {
			b.Fatal("refused")
		}
	}
}
