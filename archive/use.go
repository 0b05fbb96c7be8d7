package archive

import (
	"strings"

	"github.com/pursuit-crm/pursuit/fault"
)

// Usable notes why an entry can't be newly chosen as one of a kind: "wrong_kind"
// (A03) and "retired" (A02). Don't ask about earlier choices, which stay valid.
func Usable(e Entry, kind Kind, path string, f *fault.Fields) {
	if e.Kind != kind {
		f.Add(path, "wrong_kind", "is not a "+word(kind))
	}
	if e.Status != Active {
		f.Add(path, "retired", "is retired and can't be chosen any more")
	}
}

// Demands notes what a reason requires and the choice lacks: an explanation
// (which may not be blank) or a competitor (A05). The codes are
// "needs_explanation" and "needs_competitor".
func Demands(e Entry, explanation string, competitor bool, path string, f *fault.Fields) {
	if e.NeedsExplanation && strings.TrimSpace(explanation) == "" {
		f.Add(path, "needs_explanation", "demands an explanation")
	}
	if e.NeedsCompetitor && !competitor {
		f.Add(path, "needs_competitor", "demands the competitor that the customer chose")
	}
}

func word(k Kind) string { return strings.ReplaceAll(string(k), "_", " ") }
