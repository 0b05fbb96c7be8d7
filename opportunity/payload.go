package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// A payload holds everything that apply needs, so that replaying the journal
// yields exactly the stored state (J05), and also the previous values, for its
// readers. Fields are only ever added; older entries lack the newer ones. An
// omitted field was empty.

// RecordedPayload is a new opportunity with its first parts.
type RecordedPayload struct {
	Root        Root             `json:"root"`
	Members     []Member         `json:"members"`
	Lines       []Line           `json:"lines,omitempty"`
	Contacts    []DealContact    `json:"contacts,omitempty"`
	Competitors []DealCompetitor `json:"competitors,omitempty"`
}

// Details are the fields that an update changes; nil fields didn't change.
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

// UpdatedPayload holds the new details, and in Before the previous ones. Release
// means that the amount is no longer set by hand.
type UpdatedPayload struct {
	Details
	Release bool    `json:"release_override,omitempty"`
	Before  Details `json:"before,omitzero"`
	// Inside are contacts that are no longer external (C13).
	Inside []uuid.UUID `json:"inside,omitempty"`
	Effect
}

// MemberSetPayload is an added member or, if there is a Before, a changed one.
type MemberSetPayload struct {
	Member Member  `json:"member"`
	Before *Member `json:"before,omitempty"`
}

// MemberRemovedPayload is a member who left.
type MemberRemovedPayload struct {
	User string `json:"user"`
	// To, if not empty, took over the member's open activities (H04).
	To      string  `json:"to,omitempty"`
	Removed *Member `json:"removed,omitempty"`
}

// SplitsSetPayload holds the new and the previous revenue shares, in basis points
// by user.
type SplitsSetPayload struct {
	Splits        map[string]int `json:"splits,omitempty"`
	Overlay       map[string]int `json:"overlay,omitempty"`
	SplitsBefore  map[string]int `json:"splits_before,omitempty"`
	OverlayBefore map[string]int `json:"overlay_before,omitempty"`
}

// TransferredPayload is a change of the owner. The previous owner left the team
// if Remove is set, and otherwise has Role.
type TransferredPayload struct {
	From   string     `json:"from"`
	To     string     `json:"to"`
	Remove bool       `json:"remove,omitempty"`
	Role   MemberRole `json:"role,omitempty"`
	Reason string     `json:"reason,omitempty"`
	// Activities means that To took over the open activities of From (H04).
	Activities bool `json:"activities,omitempty"`
	Effect
}

// LinesSetPayload holds added lines, changed lines (whose numbers are in Before),
// and the total of all lines.
type LinesSetPayload struct {
	Lines  []Line      `json:"lines"`
	Before []Line      `json:"before,omitempty"`
	Total  money.Money `json:"total"`
	Effect
}

// LinesRemovedPayload holds the removed lines, and the total of the others.
type LinesRemovedPayload struct {
	Numbers []int       `json:"numbers"`
	Removed []Line      `json:"removed,omitempty"`
	Total   money.Money `json:"total"`
	Effect
}

// ContactAddedPayload is a contact added to the opportunity.
type ContactAddedPayload struct {
	Contact DealContact `json:"contact"`
	Primary bool        `json:"primary,omitempty"`
	// From is the previous primary contact, if Contact replaced it.
	From *ContactKey `json:"from,omitempty"`
}

// ContactRemovedPayload is a contact removed from the opportunity.
type ContactRemovedPayload struct {
	Key     ContactKey   `json:"key"`
	Removed *DealContact `json:"removed,omitempty"`
}

// PrimarySetPayload holds the new and the previous primary contact.
type PrimarySetPayload struct {
	Key  *ContactKey `json:"key"`
	From *ContactKey `json:"from,omitempty"`
}

// CompetitorAddedPayload is a competitor added to the opportunity.
type CompetitorAddedPayload struct {
	Competitor DealCompetitor `json:"competitor"`
}

// CompetitorUpdatedPayload holds a competitor's new and previous details.
type CompetitorUpdatedPayload struct {
	Competitor DealCompetitor  `json:"competitor"`
	Before     *DealCompetitor `json:"before,omitempty"`
}

// CompetitorRemovedPayload is a competitor removed from the opportunity.
type CompetitorRemovedPayload struct {
	Competitor uuid.UUID       `json:"competitor"`
	Removed    *DealCompetitor `json:"removed,omitempty"`
}

// TickedPayload is a checklist item that was ticked, or unticked if Off.
type TickedPayload struct {
	Stage string `json:"stage"`
	Item  string `json:"item"`
	Off   bool   `json:"off,omitempty"`
}

// ApprovedPayload is a consent to the next step.
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
	// Override is the reason to pass unmet gates.
	Override string `json:"override,omitempty"`
	Effect
}

// Decision is the end of a cycle. CycleDays are the days from creation to it.
type Decision struct {
	Outcome   Outcome `json:"outcome"`
	CycleDays *int    `json:"cycle_days,omitempty"`
	Effect
}

// WonPayload is a win.
type WonPayload struct{ Decision }

// LostPayload is a loss. Added is the competitor who won, if it was new to the
// opportunity.
type LostPayload struct {
	Decision
	Added *DealCompetitor `json:"added,omitempty"`
}

// VoidedPayload excludes the opportunity from every rate.
type VoidedPayload struct{ Decision }

// HeldPayload is a hold, with its intended end.
type HeldPayload struct {
	Reason string        `json:"reason"`
	Resume calendar.Date `json:"resume,omitzero"`
	Effect
}

// ResumedPayload is the end of a hold.
type ResumedPayload struct{ Effect }

// ClosedPayload is the end of all follow-up. Override is the reason to close
// despite incomplete follow-up.
type ClosedPayload struct {
	Summary  string `json:"summary,omitempty"`
	Override string `json:"override,omitempty"`
	Effect
}

// ReopenedPayload holds the finished cycle, and the stage in which the next one
// begins.
type ReopenedPayload struct {
	Cycle       Cycle          `json:"cycle"`
	Stage       string         `json:"stage"`
	Probability int            `json:"probability"`
	Category    stage.Category `json:"category"`
	Effect
}

// AnalysedPayload is a revised analysis; Before is the previous outcome. Nil
// fields didn't change.
type AnalysedPayload struct {
	Analysis string   `json:"analysis"`
	Lessons  *string  `json:"lessons,omitempty"`
	Reasons  []Choice `json:"reasons,omitempty"`
	// Competitor, if not nil, replaces the previous one together with
	// CompetitorPrice.
	Competitor      *uuid.UUID      `json:"competitor,omitempty"`
	CompetitorPrice *money.Money    `json:"competitor_price,omitempty"`
	Added           *DealCompetitor `json:"added,omitempty"`
	Before          *Outcome        `json:"before,omitempty"`
}

// MigratedPayload is a move to another version of a process, from a stage of the
// old version to one of the new.
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

// DeletedPayload is the deletion of a mistake.
type DeletedPayload struct {
	Reason string `json:"reason"`
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
}

// CustomerMergedPayload holds the opportunity's customers after From was merged
// into another.
type CustomerMergedPayload struct {
	From     uuid.UUID `json:"from"`
	Customer uuid.UUID `json:"customer"`
	BillTo   uuid.UUID `json:"bill_to,omitzero"`
	EndUser  uuid.UUID `json:"end_user,omitzero"`
	// Inside are contacts that are no longer external (C13).
	Inside []uuid.UUID `json:"inside,omitempty"`
	Effect
}

// OrderMadePayload is a new order, with the total of all orders.
type OrderMadePayload struct {
	Order uuid.UUID   `json:"order"`
	Total money.Money `json:"total"`
	Effect
}

// OrderEndedPayload is a completed or cancelled order, with the total of all
// orders except cancelled ones.
type OrderEndedPayload struct {
	Order     uuid.UUID   `json:"order"`
	Cancelled bool        `json:"cancelled"`
	Total     money.Money `json:"total"`
	Effect
}

// QuotesChangedPayload is a change of a quote, with the new counts of quotes.
type QuotesChangedPayload struct {
	Quote    uuid.UUID   `json:"quote,omitzero"`
	What     string      `json:"what"`
	Quotes   int         `json:"quotes"`
	Open     int         `json:"open"`
	Accepted int         `json:"accepted"`
	Quoted   money.Money `json:"quoted"`
	// AcceptedNet is the accepted quote's net amount, which the opportunity's
	// amount follows. It is nil if there is none, and in events from before the
	// amount followed it.
	AcceptedNet *money.Money `json:"accepted_net,omitempty"`
	Effect
}
