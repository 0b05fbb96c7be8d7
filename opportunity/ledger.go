package opportunity

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// LedgerRow is the state of an opportunity's figures from one command to the next
// 商机轨迹. Rows of an opportunity are contiguous in effective and in recorded time
// (J07). The state at T as known at K is the row with EffectiveFrom ≤ T,
// RecordedFrom ≤ K, and (EffectiveTo > T or RecordedTo > K).
type LedgerRow struct {
	Opportunity uuid.UUID `json:"opportunity"`
	// Seq counts from 1 within the opportunity.
	Seq           int64     `json:"seq"`
	EffectiveFrom time.Time `json:"effective_from"`
	RecordedFrom  time.Time `json:"recorded_from"`
	// The ends are zero while the row is the current one.
	EffectiveTo time.Time `json:"effective_to,omitzero"`
	RecordedTo  time.Time `json:"recorded_to,omitzero"`

	Status        Status         `json:"status"`
	Stage         string         `json:"stage"`
	Owner         string         `json:"owner"`
	Department    string         `json:"department,omitempty"`
	Customer      uuid.UUID      `json:"customer"`
	Source        uuid.UUID      `json:"source,omitzero"`
	Process       uuid.UUID      `json:"process"`
	Amount        money.Money    `json:"amount"`
	Probability   int            `json:"probability"`
	Category      stage.Category `json:"category"`
	ExpectedClose calendar.Date  `json:"expected_close,omitzero"`
	// CycleDays is set once the opportunity is decided.
	CycleDays *int `json:"cycle_days,omitempty"`
	Cycle     int  `json:"cycle"`

	// Event is the type of the event behind the row; Entry is its number in the
	// opportunity's journal.
	Event string `json:"event"`
	Entry int64  `json:"entry"`
	By    string `json:"by"`
	// Progress is the end of a stage's work, if this row summarises one: advance,
	// won, lost; empty otherwise (O04).
	Progress Progress `json:"progress,omitempty"`
	// FromStage is the stage whose work is summarised.
	FromStage string `json:"from_stage,omitempty"`
	Summary   string `json:"summary,omitempty"`
}

// Progress is the outcome of a stage's work (S4).
type Progress string

// The outcomes of a stage's work: advance 推进, won 成功, lost 失败, and back for a
// return to an earlier stage.
const (
	Advanced  Progress = "advance"
	Returned  Progress = "back"
	EndedWon  Progress = "won"
	EndedLost Progress = "lost"
)
