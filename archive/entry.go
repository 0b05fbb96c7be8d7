package archive

import (
	"maps"
	"time"

	"github.com/google/uuid"
)

// Kind is the purpose of an entry. It never changes (A03).
type Kind string

// The kinds of entries (C1, C3, C4 of the process; A01).
const (
	Source     Kind = "source"
	Competitor Kind = "competitor"
	WinReason  Kind = "win_reason"
	LossReason Kind = "loss_reason"
	// Scorecard entries name a scorecard; its criteria (E01) are kept apart, in
	// versions of their own.
	Scorecard    Kind = "scorecard"
	ExpenseKind  Kind = "expense_kind"
	DocumentKind Kind = "document_kind"
)

// Status is whether an entry can be newly chosen (A02).
type Status string

// The statuses of an entry.
const (
	Active  Status = "active"
	Retired Status = "retired"
)

// Entry is one line of an enterprise's archives: a source, a competitor, a
// reason, and so on. Code is unique within tenant and kind, compared byte by
// byte.
type Entry struct {
	ID     uuid.UUID `json:"id,omitzero"`
	Tenant string    `json:"tenant,omitzero"`
	Kind   Kind      `json:"kind,omitzero"`
	Code   string    `json:"code,omitzero"`
	// Names by BCP 47 language; at least one.
	Names  map[string]string `json:"names,omitzero"`
	Status Status            `json:"status,omitzero"`
	// NeedsExplanation requires an explanation from whoever chooses the reason,
	// such as "other" (A05).
	NeedsExplanation bool `json:"needs_explanation,omitempty"`
	// NeedsCompetitor requires the competitor that the customer chose (A05).
	NeedsCompetitor bool              `json:"needs_competitor,omitempty"`
	Description     string            `json:"description,omitempty"`
	Attributes      map[string]string `json:"attributes,omitempty"`
	// Version counts changes from 1 (O11 for archives).
	Version int64     `json:"version,omitzero"`
	Created time.Time `json:"created,omitzero"`
	Updated time.Time `json:"updated,omitzero"`
}

// Clone returns a deep copy.
func (e Entry) Clone() Entry {
	e.Names = maps.Clone(e.Names)
	e.Attributes = maps.Clone(e.Attributes)
	return e
}
