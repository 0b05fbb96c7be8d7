package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// Payloads say all that apply needs, so replaying the journal returns the stored
// state exactly (J05), and what was there before, for those who read them. Fields
// are only ever added; older entries lack the newer ones. A field that is left out
// was empty.

// RecordedPayload is a new opportunity, with its first parts.
type RecordedPayload struct {
	Root        Root             `json:"root"`
	Members     []Member         `json:"members"`
	Lines       []Line           `json:"lines,omitempty"`
	Contacts    []DealContact    `json:"contacts,omitempty"`
	Competitors []DealCompetitor `json:"competitors,omitempty"`
}

// Details are those that an update changes; nil fields stayed as they were.
type Details struct {
	Name          *string            `json:"name,omitempty"`
	Description   *string            `json:"description,omitempty"`
	Customer      *uuid.UUID         `json:"customer,omitempty"`
	BillTo        *uuid.UUID         `json:"bill_to,omitempty"`
	EndUser       *uuid.UUID         `json:"end_user,omitempty"`
	Source        *uuid.UUID         `json:"source,omitempty"`
	Department    *string            `json:"department,omitempty"`
	Currency      money.Currency     `json:"currency,omitempty"`
	Estimated     *money.Money       `json:"estimated,omitempty"`
	Override      *money.Money       `json:"override,omitempty"`
	Probability   *int               `json:"probability,omitempty"`
	ProbByHand    *bool              `json:"probability_by_hand,omitempty"`
	Category      *stage.Category    `json:"category,omitempty"`
	CatByHand     *bool              `json:"category_by_hand,omitempty"`
	ExpectedClose *calendar.Date     `json:"expected_close,omitempty"`
	Rating        *int               `json:"rating,omitempty"`
	Attributes    *map[string]string `json:"attributes,omitempty"`
}

// UpdatedPayload has the details as they are now. Before has the same ones as they
// were. Release says that the amount isn't set by hand any more.
type UpdatedPayload struct {
	Details
	Release bool    `json:"release_override,omitempty"`
	Before  Details `json:"before,omitzero"`
	// Inside are contacts that aren't external any more (C13).
	Inside []uuid.UUID `json:"inside,omitempty"`
	Effect
}

// MemberSetPayload is a member who was added, or changed if there is a Before.
type MemberSetPayload struct {
	Member Member  `json:"member"`
	Before *Member `json:"before,omitempty"`
}

// MemberRemovedPayload is a member who left.
type MemberRemovedPayload struct {
	User string `json:"user"`
	// To, if not empty, has the member's open activities now (H04).
	To      string  `json:"to,omitempty"`
	Removed *Member `json:"removed,omitempty"`
}

// SplitsSetPayload is how the revenue is shared out now, and was before, in basis
// points by user.
type SplitsSetPayload struct {
	Splits        map[string]int `json:"splits,omitempty"`
	Overlay       map[string]int `json:"overlay,omitempty"`
	SplitsBefore  map[string]int `json:"splits_before,omitempty"`
	OverlayBefore map[string]int `json:"overlay_before,omitempty"`
}

// TransferredPayload is a change of the owner. The old one left the team if Remove
// is set, and has Role otherwise.
type TransferredPayload struct {
	From   string     `json:"from"`
	To     string     `json:"to"`
	Remove bool       `json:"remove,omitempty"`
	Role   MemberRole `json:"role,omitempty"`
	Reason string     `json:"reason,omitempty"`
	// Activities says that To has the open activities of From now (H04).
	Activities bool `json:"activities,omitempty"`
	Effect
}

// LinesSetPayload are lines that were added, or changed if Before has their
// numbers, and the total of all lines.
type LinesSetPayload struct {
	Lines  []Line      `json:"lines"`
	Before []Line      `json:"before,omitempty"`
	Total  money.Money `json:"total"`
	Effect
}

// LinesRemovedPayload are lines that were removed, and the total of the others.
type LinesRemovedPayload struct {
	Numbers []int       `json:"numbers"`
	Removed []Line      `json:"removed,omitempty"`
	Total   money.Money `json:"total"`
	Effect
}

// ContactAddedPayload is a contact who came to the deal.
type ContactAddedPayload struct {
	Contact DealContact `json:"contact"`
	Primary bool        `json:"primary,omitempty"`
	// From was the primary contact, if Contact is it now.
	From *ContactKey `json:"from,omitempty"`
}

// ContactRemovedPayload is a contact who left the deal.
type ContactRemovedPayload struct {
	Key     ContactKey   `json:"key"`
	Removed *DealContact `json:"removed,omitempty"`
}

// PrimarySetPayload is the primary contact, and who was it before.
type PrimarySetPayload struct {
	Key  *ContactKey `json:"key"`
	From *ContactKey `json:"from,omitempty"`
}

// CompetitorAddedPayload is a competitor who came to the deal.
type CompetitorAddedPayload struct {
	Competitor DealCompetitor `json:"competitor"`
}

// CompetitorUpdatedPayload is what is known of a competitor now, and was before.
type CompetitorUpdatedPayload struct {
	Competitor DealCompetitor  `json:"competitor"`
	Before     *DealCompetitor `json:"before,omitempty"`
}

// CompetitorRemovedPayload is a competitor who left the deal.
type CompetitorRemovedPayload struct {
	Competitor uuid.UUID       `json:"competitor"`
	Removed    *DealCompetitor `json:"removed,omitempty"`
}

// TickedPayload is an item of a checklist that was ticked, or unticked if Off.
type TickedPayload struct {
	Stage string `json:"stage"`
	Item  string `json:"item"`
	Off   bool   `json:"off,omitempty"`
}

// ApprovedPayload is somebody's consent to the next step.
type ApprovedPayload struct {
	Role string `json:"role"`
	Note string `json:"note,omitempty"`
}

// MovedPayload is a move to another stage, with that stage's values.
type MovedPayload struct {
	From        string         `json:"from"`
	To          string         `json:"to"`
	Back        bool           `json:"back,omitempty"`
	Probability int            `json:"probability"`
	Category    stage.Category `json:"category"`
	Summary     string         `json:"summary"`
	// Override is why unmet gates were passed.
	Override string `json:"override,omitempty"`
	Effect
}

// Decision is the end of a cycle. CycleDays are those from creation to it.
type Decision struct {
	Outcome   Outcome `json:"outcome"`
	CycleDays *int    `json:"cycle_days,omitempty"`
	Effect
}

// WonPayload is a win.
type WonPayload struct{ Decision }

// LostPayload is a loss. Added is the competitor who won, if new to the deal.
type LostPayload struct {
	Decision
	Added *DealCompetitor `json:"added,omitempty"`
}

// VoidedPayload takes the opportunity out of every rate.
type VoidedPayload struct{ Decision }

// HeldPayload is a pause, and when it is meant to end.
type HeldPayload struct {
	Reason string        `json:"reason"`
	Resume calendar.Date `json:"resume,omitzero"`
	Effect
}

// ResumedPayload is the end of a pause.
type ResumedPayload struct{ Effect }

// ClosedPayload is the end of all follow-up. Override is why it was incomplete.
type ClosedPayload struct {
	Summary  string `json:"summary,omitempty"`
	Override string `json:"override,omitempty"`
	Effect
}

// ReopenedPayload is the cycle that is past now, and where the next one begins.
type ReopenedPayload struct {
	Cycle       Cycle          `json:"cycle"`
	Stage       string         `json:"stage"`
	Probability int            `json:"probability"`
	Category    stage.Category `json:"category"`
	Effect
}

// AnalysedPayload is what an analysis said; Before is the outcome as it was. Nil
// fields stayed.
type AnalysedPayload struct {
	Analysis string   `json:"analysis"`
	Lessons  *string  `json:"lessons,omitempty"`
	Reasons  []Choice `json:"reasons,omitempty"`
	// Competitor, if not nil, and then CompetitorPrice replace what stood there.
	Competitor      *uuid.UUID      `json:"competitor,omitempty"`
	CompetitorPrice *money.Money    `json:"competitor_price,omitempty"`
	Added           *DealCompetitor `json:"added,omitempty"`
	Before          *Outcome        `json:"before,omitempty"`
}

// MigratedPayload is a move to another version of a process, from a stage of the
// one before to one of its own.
type MigratedPayload struct {
	Process     uuid.UUID      `json:"process"`
	Version     uuid.UUID      `json:"version"`
	FromProcess uuid.UUID      `json:"from_process,omitzero"`
	FromVersion uuid.UUID      `json:"from_version,omitzero"`
	From        string         `json:"from"`
	Stage       string         `json:"stage"`
	Probability int            `json:"probability"`
	Category    stage.Category `json:"category"`
	Override    string         `json:"override,omitempty"`
	Effect
}

// DeletedPayload is the end of a mistake.
type DeletedPayload struct {
	Reason string `json:"reason"`
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
}

// CustomerMergedPayload has the deal's customers after From was merged into another.
type CustomerMergedPayload struct {
	From     uuid.UUID `json:"from"`
	Customer uuid.UUID `json:"customer"`
	BillTo   uuid.UUID `json:"bill_to,omitzero"`
	EndUser  uuid.UUID `json:"end_user,omitzero"`
	// Inside are contacts that aren't external any more (C13).
	Inside []uuid.UUID `json:"inside,omitempty"`
	Effect
}

// OrderMadePayload is an order that was made, and the total of all orders.
type OrderMadePayload struct {
	Order uuid.UUID   `json:"order"`
	Total money.Money `json:"total"`
	Effect
}

// OrderEndedPayload is an order that was completed or cancelled, and the total of
// all orders that weren't cancelled.
type OrderEndedPayload struct {
	Order     uuid.UUID   `json:"order"`
	Cancelled bool        `json:"cancelled"`
	Total     money.Money `json:"total"`
	Effect
}

// QuotesChangedPayload is what happened to a quote, and what quotes there are now.
type QuotesChangedPayload struct {
	Quote    uuid.UUID   `json:"quote,omitzero"`
	What     string      `json:"what"`
	Quotes   int         `json:"quotes"`
	Open     int         `json:"open"`
	Accepted int         `json:"accepted"`
	Quoted   money.Money `json:"quoted"`
	// AcceptedNet is the accepted quote's, which the deal's amount follows; nil if
	// there is none, and in events of a time when the amount didn't.
	AcceptedNet *money.Money `json:"accepted_net,omitempty"`
	Effect
}
