package stage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Mermaid draws the table as a Mermaid state diagram. The text depends only on
// the definition.
func (t *Table[S, E]) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	if t == nil {
		return b.String()
	}
	for i, name := range t.stateNames {
		fmt.Fprintf(&b, "    state \"%s\" as s%d\n", mermaidText(name), i)
	}
	fmt.Fprintf(&b, "    [*] --> s%d\n", slices.Index(t.states, t.initial))
	for _, x := range t.list {
		fmt.Fprintf(&b, "    s%d --> s%d : %s\n", slices.Index(t.states, x.From), slices.Index(t.states, x.To), mermaidText(t.EventName(x.Event)))
	}
	for i, s := range t.states {
		if t.IsFinal(s) {
			fmt.Fprintf(&b, "    s%d --> [*]\n", i)
		}
	}
	return b.String()
}

// DOT draws the table in Graphviz's language; final states have a double outline.
// The text depends only on the definition.
func (t *Table[S, E]) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n    rankdir=LR;\n    node [shape=box, style=rounded];\n", dotText(t.Name()))
	if t == nil {
		return b.String() + "}\n"
	}
	b.WriteString("    start [shape=point];\n")
	for i, s := range t.states {
		more := ""
		if t.IsFinal(s) {
			more = ", peripheries=2"
		}
		fmt.Fprintf(&b, "    s%d [label=%s%s];\n", i, dotText(t.stateNames[i]), more)
	}
	fmt.Fprintf(&b, "    start -> s%d;\n", slices.Index(t.states, t.initial))
	for _, x := range t.list {
		fmt.Fprintf(&b, "    s%d -> s%d [label=%s];\n", slices.Index(t.states, x.From), slices.Index(t.states, x.To), dotText(t.EventName(x.Event)))
	}
	b.WriteString("}\n")
	return b.String()
}

// mermaidText escapes a label: ASCII punctuation becomes character references,
// because some of it (quotes, colons, semicolons, brackets) ends a label early.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case blank(r):
			b.WriteByte(' ')
		case r > 0x7f, r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune(" ._-/()+,", r):
			b.WriteRune(r)
		default:
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}

// dotText returns a quoted label of one or more lines.
func dotText(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, s := range lines {
		if i > 0 {
			b.WriteString("\\n")
		}
		for _, r := range s {
			switch {
			case blank(r):
				r = ' '
			case r == '"' || r == '\\':
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// blank reports whether a drawing replaces the rune with a blank: a control
// character, or one that some readers take for a line end.
func blank(r rune) bool { return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 }
