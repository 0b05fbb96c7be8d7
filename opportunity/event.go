package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// event is a fact that a command established. Its payload holds all that apply
// needs, so that replaying the journal gives the stored state exactly (J05).
type event interface {
	name() string
	apply(s *Snapshot, at journal.Moment)
}

// The types of events, as journalled.
const (
	EventRecorded          = "opportunity.recorded.v1"
	EventUpdated           = "opportunity.updated.v1"
	EventMemberSet         = "opportunity.member_set.v1"
	EventMemberRemoved     = "opportunity.member_removed.v1"
	EventSplitsSet         = "opportunity.splits_set.v1"
	EventTransferred       = "opportunity.transferred.v1"
	EventLinesSet          = "opportunity.lines_set.v1"
	EventLinesRemoved      = "opportunity.lines_removed.v1"
	EventContactAdded      = "opportunity.contact_added.v1"
	EventContactRemoved    = "opportunity.contact_removed.v1"
	EventPrimarySet        = "opportunity.primary_contact_set.v1"
	EventCompetitorAdded   = "opportunity.competitor_added.v1"
	EventCompetitorUpdated = "opportunity.competitor_updated.v1"
	EventCompetitorRemoved = "opportunity.competitor_removed.v1"
	EventTicked            = "opportunity.ticked.v1"
	EventApproved          = "opportunity.approved.v1"
	EventMoved             = "opportunity.moved.v1"
	EventWon               = "opportunity.won.v1"
	EventLost              = "opportunity.lost.v1"
	EventHeld              = "opportunity.held.v1"
	EventResumed           = "opportunity.resumed.v1"
	EventVoided            = "opportunity.voided.v1"
	EventClosed            = "opportunity.closed.v1"
	EventReopened          = "opportunity.reopened.v1"
	EventAnalysed          = "opportunity.analysed.v1"
	EventMigrated          = "opportunity.migrated.v1"
	EventDeleted           = "opportunity.deleted.v1"
	EventCustomerMerged    = "opportunity.customer_merged.v1"
	EventOrderMade         = "opportunity.order_made.v1"
	EventOrderEnded        = "opportunity.order_ended.v1"

	EventActivityPlanned   = "opportunity.activity_planned.v1"
	EventActivityLogged    = "opportunity.activity_logged.v1"
	EventActivityUpdated   = "opportunity.activity_updated.v1"
	EventActivityCompleted = "opportunity.activity_completed.v1"
	EventActivityCancelled = "opportunity.activity_cancelled.v1"
	EventActivityRemoved   = "opportunity.activity_removed.v1"

	EventExpenseAdded        = "opportunity.expense_added.v1"
	EventExpenseUpdated      = "opportunity.expense_updated.v1"
	EventExpenseSubmitted    = "opportunity.expense_submitted.v1"
	EventExpenseApproved     = "opportunity.expense_approved.v1"
	EventExpenseRejected     = "opportunity.expense_rejected.v1"
	EventExpenseSettled      = "opportunity.expense_settled.v1"
	EventExpenseRemoved      = "opportunity.expense_removed.v1"
	EventDocumentAdded       = "opportunity.document_added.v1"
	EventDocumentRemoved     = "opportunity.document_removed.v1"
	EventEvaluationSaved     = "opportunity.evaluation_saved.v1"
	EventEvaluationSubmitted = "opportunity.evaluation_submitted.v1"
	EventEvaluationDiscarded = "opportunity.evaluation_discarded.v1"
	EventQuotesChanged       = "opportunity.quotes_changed.v1"
)

type (
	recorded struct {
		Root        Root             `json:"root"`
		Members     []Member         `json:"members"`
		Lines       []Line           `json:"lines,omitempty"`
		Contacts    []DealContact    `json:"contacts,omitempty"`
		Competitors []DealCompetitor `json:"competitors,omitempty"`
	}
	updated struct {
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
		Release       bool               `json:"release_override,omitempty"`
		Probability   *int               `json:"probability,omitempty"`
		ProbByHand    *bool              `json:"probability_by_hand,omitempty"`
		Category      *stage.Category    `json:"category,omitempty"`
		CatByHand     *bool              `json:"category_by_hand,omitempty"`
		ExpectedClose *calendar.Date     `json:"expected_close,omitempty"`
		Rating        *int               `json:"rating,omitempty"`
		Attributes    *map[string]string `json:"attributes,omitempty"`
		// Inside are contacts that aren't external any more (C13).
		Inside []uuid.UUID `json:"inside,omitempty"`
	}
	memberSet struct {
		Member Member `json:"member"`
	}
	memberRemoved struct {
		User string `json:"user"`
		// To, if not empty, has the member's open activities now (H04).
		To string `json:"to,omitempty"`
	}
	splitsSet struct {
		Splits  map[string]int `json:"splits,omitempty"`
		Overlay map[string]int `json:"overlay,omitempty"`
	}
	transferred struct {
		From   string     `json:"from"`
		To     string     `json:"to"`
		Remove bool       `json:"remove,omitempty"`
		Role   MemberRole `json:"role,omitempty"`
		Reason string     `json:"reason,omitempty"`
		// Activities says that To has the open activities of From now (H04).
		Activities bool `json:"activities,omitempty"`
	}
	linesSet struct {
		Lines []Line      `json:"lines"`
		Total money.Money `json:"total"`
	}
	linesRemoved struct {
		Numbers []int       `json:"numbers"`
		Total   money.Money `json:"total"`
	}
	contactAdded struct {
		Contact DealContact `json:"contact"`
		Primary bool        `json:"primary,omitempty"`
	}
	contactRemoved struct {
		Key ContactKey `json:"key"`
	}
	primarySet struct {
		Key *ContactKey `json:"key"`
	}
	competitorAdded struct {
		Competitor DealCompetitor `json:"competitor"`
	}
	competitorUpdated struct {
		Competitor DealCompetitor `json:"competitor"`
	}
	competitorRemoved struct {
		Competitor uuid.UUID `json:"competitor"`
	}
	ticked struct {
		Stage string `json:"stage"`
		Item  string `json:"item"`
		Off   bool   `json:"off,omitempty"`
	}
	approved struct {
		Role string `json:"role"`
		Note string `json:"note,omitempty"`
	}
	moved struct {
		From        string         `json:"from"`
		To          string         `json:"to"`
		Back        bool           `json:"back,omitempty"`
		Probability int            `json:"probability"`
		Category    stage.Category `json:"category"`
		Summary     string         `json:"summary"`
		Override    string         `json:"override,omitempty"`
	}
	decided struct {
		Outcome   Outcome `json:"outcome"`
		CycleDays *int    `json:"cycle_days,omitempty"`
	}
	won  struct{ decided }
	lost struct {
		decided
		Added *DealCompetitor `json:"added,omitempty"`
	}
	voided struct{ decided }
	held   struct {
		Reason string        `json:"reason"`
		Resume calendar.Date `json:"resume,omitzero"`
	}
	resumed struct{}
	closed  struct {
		Summary  string `json:"summary,omitempty"`
		Override string `json:"override,omitempty"`
	}
	reopened struct {
		Cycle       Cycle          `json:"cycle"`
		Stage       string         `json:"stage"`
		Probability int            `json:"probability"`
		Category    stage.Category `json:"category"`
	}
	analysed struct {
		Analysis string   `json:"analysis"`
		Lessons  *string  `json:"lessons,omitempty"`
		Reasons  []Choice `json:"reasons,omitempty"`
		// Competitor, if not nil, and then CompetitorPrice replace what stood there.
		Competitor      *uuid.UUID      `json:"competitor,omitempty"`
		CompetitorPrice *money.Money    `json:"competitor_price,omitempty"`
		Added           *DealCompetitor `json:"added,omitempty"`
	}
	migrated struct {
		Process     uuid.UUID      `json:"process"`
		Version     uuid.UUID      `json:"version"`
		From        string         `json:"from"`
		Stage       string         `json:"stage"`
		Probability int            `json:"probability"`
		Category    stage.Category `json:"category"`
		Override    string         `json:"override,omitempty"`
	}
	deletedEvent struct {
		Reason string `json:"reason"`
	}
	customerMerged struct {
		From     uuid.UUID `json:"from"`
		Customer uuid.UUID `json:"customer"`
		BillTo   uuid.UUID `json:"bill_to,omitzero"`
		EndUser  uuid.UUID `json:"end_user,omitzero"`
		// Inside are contacts that aren't external any more (C13).
		Inside []uuid.UUID `json:"inside,omitempty"`
	}
	orderMade struct {
		Order uuid.UUID   `json:"order"`
		Total money.Money `json:"total"`
	}
	orderEnded struct {
		Order     uuid.UUID   `json:"order"`
		Cancelled bool        `json:"cancelled"`
		Total     money.Money `json:"total"`
	}
	quotesChanged struct {
		Quote    uuid.UUID   `json:"quote,omitzero"`
		What     string      `json:"what"`
		Quotes   int         `json:"quotes"`
		Open     int         `json:"open"`
		Accepted int         `json:"accepted"`
		Quoted   money.Money `json:"quoted"`
		// AcceptedNet is the accepted quote's, which the deal's amount follows; nil if
		// there is none, and in events of a time when the amount didn't.
		AcceptedNet *money.Money `json:"accepted_net,omitempty"`
	}
)

func (recorded) name() string          { return EventRecorded }
func (updated) name() string           { return EventUpdated }
func (memberSet) name() string         { return EventMemberSet }
func (memberRemoved) name() string     { return EventMemberRemoved }
func (splitsSet) name() string         { return EventSplitsSet }
func (transferred) name() string       { return EventTransferred }
func (linesSet) name() string          { return EventLinesSet }
func (linesRemoved) name() string      { return EventLinesRemoved }
func (contactAdded) name() string      { return EventContactAdded }
func (contactRemoved) name() string    { return EventContactRemoved }
func (primarySet) name() string        { return EventPrimarySet }
func (competitorAdded) name() string   { return EventCompetitorAdded }
func (competitorUpdated) name() string { return EventCompetitorUpdated }
func (competitorRemoved) name() string { return EventCompetitorRemoved }
func (ticked) name() string            { return EventTicked }
func (approved) name() string          { return EventApproved }
func (moved) name() string             { return EventMoved }
func (won) name() string               { return EventWon }
func (lost) name() string              { return EventLost }
func (voided) name() string            { return EventVoided }
func (held) name() string              { return EventHeld }
func (resumed) name() string           { return EventResumed }
func (closed) name() string            { return EventClosed }
func (reopened) name() string          { return EventReopened }
func (analysed) name() string          { return EventAnalysed }
func (migrated) name() string          { return EventMigrated }
func (deletedEvent) name() string      { return EventDeleted }
func (customerMerged) name() string    { return EventCustomerMerged }
func (orderMade) name() string         { return EventOrderMade }
func (orderEnded) name() string        { return EventOrderEnded }
func (quotesChanged) name() string     { return EventQuotesChanged }
