package opportunity

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// Root is an opportunity's own row: everything that most commands and gates need,
// so they load nothing else. All money is in Currency (O17).
type Root struct {
	ID     uuid.UUID `json:"id"`
	Tenant string    `json:"tenant"`
	// Number is unique per tenant: "OPP-2026-000123" (O01).
	Number      string `json:"number"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Customer is the buyer; BillTo 开票客户 and EndUser 最终用户 are Nil if they are the
	// same (O18).
	Customer uuid.UUID `json:"customer"`
	BillTo   uuid.UUID `json:"bill_to,omitzero"`
	EndUser  uuid.UUID `json:"end_user,omitzero"`
	// Source is an archive entry 商机来源, or Nil.
	Source     uuid.UUID `json:"source,omitzero"`
	Department string    `json:"department,omitempty" host:"department"`
	// Owner 负责人 is a member of the team (T01).
	Owner string `json:"owner" host:"user"`
	// Process is the sales mode; ProcessVersion is the id of the pinned version (P05).
	Process        uuid.UUID `json:"process"`
	ProcessVersion uuid.UUID `json:"process_version"`
	// Stage is the id of a stage of that version. A won, lost or void opportunity
	// keeps its last stage.
	Stage  string `json:"stage"`
	Status Status `json:"status"`
	// Cycle is 1, and rises by one with each reopening.
	Cycle    int            `json:"cycle"`
	Currency money.Currency `json:"currency"`
	// The four amounts are kept apart (O16). Quoted is the net of the accepted
	// quote, or else of the last quote sent among those awaiting an answer, or
	// else zero (Q10). Override, if not nil, is the amount set by hand, which
	// stays until released; Accepted, if not nil, is the net of the accepted
	// quote.
	Estimated money.Money  `json:"estimated"`
	LineTotal money.Money  `json:"line_total"`
	Quoted    money.Money  `json:"quoted"`
	Ordered   money.Money  `json:"ordered"`
	Override  *money.Money `json:"override,omitempty"`
	Accepted  *money.Money `json:"accepted,omitempty"`
	// Probability is in basis points: 10000 is certain. Values set by hand stay
	// until the stage changes (O05).
	Probability       int            `json:"probability"`
	ProbabilityByHand bool           `json:"probability_by_hand,omitempty"`
	Category          stage.Category `json:"category"`
	CategoryByHand    bool           `json:"category_by_hand,omitempty"`
	ExpectedClose     calendar.Date  `json:"expected_close,omitzero"`
	// Rating is 0 for none, or 1 (cold) to 5 (hot).
	Rating     int               `json:"rating,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`

	// Effective times of events; zero if they haven't happened.
	Created time.Time `json:"created,omitzero"`
	// Updated is when the last change was recorded, and Effective when it took
	// effect. No later command may take effect earlier (O12).
	Updated      time.Time `json:"updated,omitzero"`
	Effective    time.Time `json:"effective,omitzero"`
	StageEntered time.Time `json:"stage_entered,omitzero"`
	HeldAt       time.Time `json:"held_at,omitzero"`
	// ResumeOn is the intended date of resumption from hold, if given.
	ResumeOn     calendar.Date `json:"resume_on,omitzero"`
	HoldReason   string        `json:"hold_reason,omitempty"`
	WonAt        time.Time     `json:"won_at,omitzero"`
	LostAt       time.Time     `json:"lost_at,omitzero"`
	VoidedAt     time.Time     `json:"voided_at,omitzero"`
	ClosedAt     time.Time     `json:"closed_at,omitzero"`
	LastActivity time.Time     `json:"last_activity,omitzero"`
	NextActivity time.Time     `json:"next_activity,omitzero"`
	// CycleDays are the calendar days, in the tenant's time zone, from creation to
	// the decision of the current cycle (F7); nil while undecided.
	CycleDays *int `json:"cycle_days,omitempty"`

	// Outcome is the current cycle's; nil while open or on hold.
	Outcome   *Outcome   `json:"outcome,omitempty"`
	Ticks     []Tick     `json:"ticks,omitempty"`
	Approvals []Approval `json:"approvals,omitempty"`
	// PrimaryContact is the primary contact, if there is one (R04).
	PrimaryContact *ContactKey `json:"primary_contact,omitempty"`
	// OrderCancelled flags a won opportunity whose order was cancelled (Q09).
	OrderCancelled bool   `json:"order_cancelled,omitempty"`
	Counts         Counts `json:"counts,omitzero"`
	// Ledger is the position of the open ledger row.
	Ledger LedgerMark `json:"ledger,omitzero"`
	// Version rises with each command (O11).
	Version int64        `json:"version,omitzero"`
	Head    journal.Head `json:"head,omitzero"`
}

// Counts summarise the parts on the root, so that guards needn't load them.
type Counts struct {
	Members int `json:"members"`
	Lines   int `json:"lines"`
	// LineSeq is the highest line number ever used (L03).
	LineSeq        int `json:"line_seq"`
	Contacts       int `json:"contacts"`
	Competitors    int `json:"competitors"`
	Activities     int `json:"activities"`
	OpenActivities int `json:"open_activities"`
	// DoneActivities are counted by kind, for gates (P07).
	DoneActivities    ActivityCounts `json:"done_activities,omitzero"`
	Expenses          int            `json:"expenses"`
	UnsettledExpenses int            `json:"unsettled_expenses"`
	Documents         int            `json:"documents"`
	Evaluations       int            `json:"evaluations"`
	Quotes            int            `json:"quotes"`
	OpenQuotes        int            `json:"open_quotes"`
	AcceptedQuotes    int            `json:"accepted_quotes"`
	Orders            int            `json:"orders"`
	// LiveOrders are neither completed nor cancelled; DoneOrders are completed.
	LiveOrders int `json:"live_orders"`
	DoneOrders int `json:"done_orders"`
	// DocumentKinds count the documents by the codes of their kinds.
	DocumentKinds map[string]int `json:"document_kinds,omitempty"`
	// Submitted is the number of submitted evaluations; Evaluations also counts
	// drafts.
	Submitted int `json:"submitted,omitempty"`
	// Scores are the latest submitted scores, in hundredths of a percent, by the
	// codes of their scorecards (E02).
	Scores map[string]int `json:"scores,omitempty"`
}

// LedgerMark is the position of an opportunity's open ledger row: its number and
// its beginning.
type LedgerMark struct {
	Seq       int64     `json:"seq"`
	Effective time.Time `json:"effective"`
	Recorded  time.Time `json:"recorded"`
}

// Amount returns the opportunity's amount (O16, Q10): the one set by hand, else
// the accepted quote's net if there is one, else the line total if there are
// lines, else the estimate.
func (r Root) Amount() money.Money {
	switch {
	case r.Override != nil:
		return *r.Override
	case r.Accepted != nil:
		return *r.Accepted
	case r.Counts.Lines > 0:
		return r.LineTotal
	}
	return r.Estimated
}

// Parts is a set of kinds of parts, as bits.
type Parts uint16

// The kinds of parts.
const (
	PartMembers Parts = 1 << iota
	PartLines
	PartContacts
	PartCompetitors
	PartCycles
	PartActivities
	PartExpenses
	PartDocuments
	PartEvaluations

	AllParts = PartMembers | PartLines | PartContacts | PartCompetitors | PartCycles | PartActivities | PartExpenses |
		PartDocuments | PartEvaluations
)

// Snapshot is an opportunity in its stored and wire form: the root and the parts
// that Loaded names. Parts are sorted: members by user, lines by number, contacts
// by contact then role, competitors by id, cycles by number, activities,
// expenses, documents and evaluations by id. Fields are only ever added.
type Snapshot struct {
	Root
	Loaded      Parts            `json:"loaded,omitzero"`
	Members     []Member         `json:"members,omitempty"`
	Lines       []Line           `json:"lines,omitempty"`
	Contacts    []DealContact    `json:"contacts,omitempty"`
	Competitors []DealCompetitor `json:"competitors,omitempty"`
	Cycles      []Cycle          `json:"cycles,omitempty"`
	Activities  []Activity       `json:"activities,omitempty"`
	Expenses    []Expense        `json:"expenses,omitempty"`
	Documents   []Document       `json:"documents,omitempty"`
	Evaluations []Evaluation     `json:"evaluations,omitempty"`
}
