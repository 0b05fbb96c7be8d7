package stage

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// words are the fixed texts of drawings.
type words struct{ win, lose, won, lost, entry, exit string }

func wordsIn(lang string) words {
	if base, _, _ := strings.Cut(lang, "-"); base == "zh" {
		return words{"赢单", "输单", "赢单", "输单", "进入条件", "离开条件"}
	}
	return words{"win", "lose", "Won", "Lost", "to enter", "to leave"}
}

// Mermaid draws the process as a Mermaid state diagram, with names in a language
// or the nearest one (see Names.In): the starts, the stages with their
// probability, the moves, the ways from end stages to won and lost, and gates as
// notes. Opportunities may also be won or lost in other stages (Stage.End); that
// isn't drawn. The text depends only on the process and the language.
func (p Process) Mermaid(lang string) string {
	w := wordsIn(lang)
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	note := func(node string, lines []string) {
		if len(lines) == 0 {
			return
		}
		for i := range lines {
			lines[i] = mermaidText(lines[i])
		}
		// On one line, with breaks: a multi-line note would end wherever the text
		// contains the two closing words.
		fmt.Fprintf(&b, "    note right of %s : %s\n", node, strings.Join(lines, "<br/>"))
	}
	for i, s := range p.Stages {
		fmt.Fprintf(&b, "    state \"%s\" as s%d\n", mermaidText(s.label(lang)), i)
	}
	fmt.Fprintf(&b, "    state \"%s\" as won\n    state \"%s\" as lost\n", w.won, w.lost)
	p.edges(w, func(from, to, label string) {
		switch {
		case from == "":
			from = "[*]"
		case to == "":
			to = "[*]"
		}
		if label != "" {
			label = " : " + label
		}
		fmt.Fprintf(&b, "    %s --> %s%s\n", from, to, label)
	})
	for i, s := range p.Stages {
		note("s"+strconv.Itoa(i), append(gateLines(w.entry, s.Entry, lang), gateLines(w.exit, s.Exit, lang)...))
	}
	note("won", gateLines(w.win, p.WinGates, lang))
	note("lost", gateLines(w.lose, p.LoseGates, lang))
	return b.String()
}

// DOT draws the process in Graphviz's language, like Mermaid; gates are in the
// labels of the elements they guard.
func (p Process) DOT(lang string) string {
	w := wordsIn(lang)
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n    rankdir=LR;\n    node [shape=box, style=rounded];\n    start [shape=point];\n", dotText(p.Names.In(lang)))
	for i, s := range p.Stages {
		lines := append([]string{s.label(lang)}, gateLines(w.entry, s.Entry, lang)...)
		fmt.Fprintf(&b, "    s%d [label=%s];\n", i, dotText(append(lines, gateLines(w.exit, s.Exit, lang)...)...))
	}
	fmt.Fprintf(&b, "    won [label=%s, peripheries=2];\n", dotText(append([]string{w.won}, gateLines(w.win, p.WinGates, lang)...)...))
	fmt.Fprintf(&b, "    lost [label=%s, peripheries=2];\n", dotText(append([]string{w.lost}, gateLines(w.lose, p.LoseGates, lang)...)...))
	p.edges(w, func(from, to, label string) {
		switch {
		case to == "":
			return // the double outline shows it
		case from == "":
			from = "start"
		}
		if label != "" {
			label = " [label=" + dotText(label) + "]"
		}
		fmt.Fprintf(&b, "    %s -> %s%s;\n", from, to, label)
	})
	b.WriteString("}\n")
	return b.String()
}

// edges calls draw for each arrow in order: the starts (from ""), the moves, the
// ends (to "").
func (p Process) edges(w words, draw func(from, to, label string)) {
	node := func(i int) string { return "s" + strconv.Itoa(i) }
	for i, s := range p.Stages {
		if i == 0 || s.Start {
			draw("", node(i), "")
		}
	}
	for i := range p.Stages {
		for j := range p.Stages {
			if p.leads(i, j) {
				draw(node(i), node(j), "")
			}
		}
	}
	for i, s := range p.Stages {
		if s.End || i == len(p.Stages)-1 {
			draw(node(i), "won", w.win)
			draw(node(i), "lost", w.lose)
		}
	}
	draw("won", "", "")
	draw("lost", "", "")
}

// label returns a stage's name and probability: "Proposal (60 %)".
func (s Stage) label(lang string) string {
	whole := strconv.Itoa(s.Probability / 100)
	if rest := s.Probability % 100; rest != 0 {
		whole += strings.TrimRight(fmt.Sprintf(".%02d", rest), "0")
	}
	return s.Names.In(lang) + " (" + whole + " %)"
}

// gateLines returns one line a gate: its message, or else its id or kind with the
// parameters by name.
func gateLines(word string, gates []Gate, lang string) []string {
	var out []string
	for _, g := range gates {
		text := g.Message.In(lang)
		if text == "" {
			text = g.ID
			if text == "" {
				text = g.Kind
			}
			for _, k := range slices.Sorted(maps.Keys(g.Params)) {
				text += " " + k + "=" + g.Params[k]
			}
		}
		out = append(out, word+": "+text)
	}
	return out
}
