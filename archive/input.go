package archive

import (
	"maps"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Limits, in characters unless noted.
const (
	MaxCode        = text.MaxCode
	MaxName        = text.MaxName
	MaxDescription = text.MaxDescription
	// MaxNames is the most languages of one entry.
	MaxNames = 50
)

// CreateInput is the input for a new entry. UpdateInput changes one.
type CreateInput struct {
	Kind Kind `json:"kind,omitempty"`
	// Code: letters, digits and "._-/", unique within tenant and kind.
	Code string `json:"code,omitempty"`
	// Names by BCP 47 language; at least one.
	Names map[string]string `json:"names"`
	// NeedsExplanation is for win and loss reasons only (A05).
	NeedsExplanation bool `json:"needs_explanation,omitempty"`
	// NeedsCompetitor is for loss reasons only (A05).
	NeedsCompetitor bool              `json:"needs_competitor,omitempty"`
	Description     string            `json:"description,omitempty"`
	Attributes      map[string]string `json:"attributes,omitempty"`
}

// Valid reports whether k is a known kind (A01).
func (k Kind) Valid() bool {
	switch k {
	case Source, Competitor, WinReason, LossReason, Scorecard, ExpenseKind, DocumentKind:
		return true
	}
	return false
}

// Kinds returns all kinds, in the order of the process.
func Kinds() []Kind {
	return []Kind{Source, Competitor, WinReason, LossReason, Scorecard, ExpenseKind, DocumentKind}
}

// Valid reports whether s is a known status (A01).
func (s Status) Valid() bool { return s == Active || s == Retired }

// check cleans the input in place and notes every fault.
func (in *CreateInput) check(f *fault.Fields) {
	if !in.Kind.Valid() {
		f.Add("/kind", "unknown", "must be one of the kinds of archive entries")
	}
	text.Code(f, "/code", in.Code, 1)
	in.Names = names(f, in.Names)
	if in.NeedsExplanation && in.Kind != WinReason && in.Kind != LossReason {
		f.Add("/needs_explanation", "wrong_kind", "is for win and loss reasons only")
	}
	if in.NeedsCompetitor && in.Kind != LossReason {
		f.Add("/needs_competitor", "wrong_kind", "is for loss reasons only")
	}
	text.Block(f, "/description", &in.Description, 0, MaxDescription)
	text.Attributes(f, "/attributes", in.Attributes)
	if len(in.Attributes) == 0 {
		in.Attributes = nil
	}
	in.Attributes = maps.Clone(in.Attributes)
}
