package stage_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/stage"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file in testdata; run with -update to write it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// hostileNames are names that would end a label early, or start something else.
var hostileNames = []string{
	`a"] --> b`, `"; drop`, "a\nb", "a\r\n---\nconfig:", "end note", "%% comment", "<script>alert(1)</script>", "a:b;c", "{}[]()|",
	`\`, `\"`, `\n`, "#35;", "a\u2028b", "\x00\x1b[31m", "商机 \U0001F600", "\xff\xfe", "-->", "[*]", "`", "&quot;",
}

func TestDrawings(t *testing.T) {
	b2b, simple, gates := stage.B2B(), stage.Simple(), gated()
	for _, lang := range []string{"en", "zh-CN"} {
		golden(t, "b2b."+lang+".mermaid", b2b.Mermaid(lang))
		golden(t, "b2b."+lang+".dot", b2b.DOT(lang))
	}
	golden(t, "simple.mermaid", simple.Mermaid("en"))
	golden(t, "simple.dot", simple.DOT("en"))
	golden(t, "gated.mermaid", gates.Mermaid("en"))
	golden(t, "gated.dot", gates.DOT("en"))
	require.Equal(t, b2b.Mermaid("en"), b2b.Mermaid("fr"), "falls back to English")
	require.Equal(t, b2b.Mermaid("zh-CN"), b2b.Mermaid("zh"))
}

// gated has a gate of every sort that a drawing tells apart.
func gated() stage.Process {
	p := three()
	p.AllowSkip = true
	p.Stages[0].Probability = 1250
	p.Stages[1].Start = true
	p.Stages[1].Checklist = []stage.ChecklistItem{{ID: "site", Names: named("Site visited")}}
	p.Stages[1].Exit = []stage.Gate{{Kind: stage.GateChecklist, Params: map[string]string{"item": "site"}}, {ID: "money", Kind: stage.GateAmount, Params: map[string]string{"currency": "CNY", "amount": "1000"}}}
	p.Stages[2].Next = []string{"a"}
	p.WinGates = []stage.Gate{{Kind: stage.GateApproval, Params: map[string]string{"role": "manager"}, Message: named("the boss; he: says yes")}}
	p.LoseGates = []stage.Gate{{Kind: stage.GateExpectedClose}}
	return p
}

func TestDrawingsEscapeHostileNames(t *testing.T) {
	for _, name := range hostileNames {
		p := gated()
		quiet := p.Clone()
		p.Names = named(name)
		p.Stages[0].Names = named(name)
		p.WinGates[0].Message = named(name)
		checkDrawing(t, name, quiet.Mermaid("en"), p.Mermaid("en"), quiet.DOT("en"), p.DOT("en"))

		d := definition()
		before, err := stage.NewTable(d)
		require.NoError(t, err)
		d.Name = name
		d.StateName = func(s uint8) string { return []string{"", name, "other", "last"}[s] }
		d.EventName = func(e uint8) string { return []string{"", name, "stop"}[e] }
		after, err := stage.NewTable(d)
		require.NoError(t, err)
		checkDrawing(t, name, before.Mermaid(), after.Mermaid(), before.DOT(), after.DOT())
	}
}

// checkDrawing says that a hostile name adds no line, and that in DOT every quote
// is closed and in Mermaid no mark has a meaning of its own.
func checkDrawing(t *testing.T, name, quietMermaid, mermaid, quietDOT, dot string) {
	t.Helper()
	require.Equal(t, strings.Count(quietMermaid, "\n"), strings.Count(mermaid, "\n"), name)
	require.Equal(t, strings.Count(quietDOT, "\n"), strings.Count(dot, "\n"), name)
	for _, mark := range []string{"-->", "[*]", `"`, "%%"} {
		require.Equal(t, strings.Count(quietMermaid, mark), strings.Count(mermaid, mark), "%s in %q", mark, name)
	}
	require.NotContains(t, mermaid, "<script")
	require.NotContains(t, mermaid, "\u2028")
	for _, line := range strings.Split(dot, "\n") {
		quoted, escaped := false, false
		outside := ""
		for _, r := range line {
			switch {
			case escaped:
				escaped = false
			case quoted && r == '\\':
				escaped = true
			case r == '"':
				quoted = !quoted
			case !quoted:
				outside += string(r)
			}
		}
		require.False(t, quoted, "an open quote in %s", line)
		require.LessOrEqual(t, strings.Count(outside, ";"), 2, line)
		require.NotContains(t, outside, "script")
	}
}

// The JSON of a process is what stores keep and hosts exchange: it only ever
// grows.
func TestP02_WireForm(t *testing.T) {
	for name, p := range map[string]stage.Process{"b2b.json": stage.B2B(), "gated.json": gated()} {
		b, err := json.MarshalIndent(p, "", "  ")
		require.NoError(t, err)
		golden(t, name, string(b)+"\n")
		var back stage.Process
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, p, back)
	}
}
