package opportunity

import "github.com/pursuit-crm/pursuit/journal"

// The types of events in the journal. Each has a payload of the same name:
// [EventWon] has [WonPayload].
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

var events = journal.NewRegistry(journal.KindOpportunity,
	func(s *Snapshot) journal.Marks {
		return journal.Marks{ID: &s.ID, Version: &s.Version, Updated: &s.Updated, Effective: &s.Effective, Head: &s.Head}
	},
	journal.On(EventRecorded, (*RecordedPayload).apply).First(),
	journal.On(EventUpdated, (*UpdatedPayload).apply),
	journal.On(EventMemberSet, (*MemberSetPayload).apply),
	journal.On(EventMemberRemoved, (*MemberRemovedPayload).apply),
	journal.On(EventSplitsSet, (*SplitsSetPayload).apply),
	journal.On(EventTransferred, (*TransferredPayload).apply),
	journal.On(EventLinesSet, (*LinesSetPayload).apply),
	journal.On(EventLinesRemoved, (*LinesRemovedPayload).apply),
	journal.On(EventContactAdded, (*ContactAddedPayload).apply),
	journal.On(EventContactRemoved, (*ContactRemovedPayload).apply),
	journal.On(EventPrimarySet, (*PrimarySetPayload).apply),
	journal.On(EventCompetitorAdded, (*CompetitorAddedPayload).apply),
	journal.On(EventCompetitorUpdated, (*CompetitorUpdatedPayload).apply),
	journal.On(EventCompetitorRemoved, (*CompetitorRemovedPayload).apply),
	journal.On(EventTicked, (*TickedPayload).apply),
	journal.On(EventApproved, (*ApprovedPayload).apply),
	journal.On(EventMoved, (*MovedPayload).apply),
	journal.On(EventWon, (*WonPayload).apply),
	journal.On(EventLost, (*LostPayload).apply),
	journal.On(EventHeld, (*HeldPayload).apply),
	journal.On(EventResumed, (*ResumedPayload).apply),
	journal.On(EventVoided, (*VoidedPayload).apply),
	journal.On(EventClosed, (*ClosedPayload).apply),
	journal.On(EventReopened, (*ReopenedPayload).apply),
	journal.On(EventAnalysed, (*AnalysedPayload).apply),
	journal.On(EventMigrated, (*MigratedPayload).apply),
	journal.On(EventDeleted, (*DeletedPayload).apply).Last(),
	journal.On(EventCustomerMerged, (*CustomerMergedPayload).apply),
	journal.On(EventOrderMade, (*OrderMadePayload).apply),
	journal.On(EventOrderEnded, (*OrderEndedPayload).apply),
	journal.On(EventActivityPlanned, (*ActivityPlannedPayload).apply),
	journal.On(EventActivityLogged, (*ActivityLoggedPayload).apply),
	journal.On(EventActivityUpdated, (*ActivityUpdatedPayload).apply),
	journal.On(EventActivityCompleted, (*ActivityCompletedPayload).apply),
	journal.On(EventActivityCancelled, (*ActivityCancelledPayload).apply),
	journal.On(EventActivityRemoved, (*ActivityRemovedPayload).apply),
	journal.On(EventExpenseAdded, (*ExpenseAddedPayload).apply),
	journal.On(EventExpenseUpdated, (*ExpenseUpdatedPayload).apply),
	journal.On(EventExpenseSubmitted, (*ExpenseSubmittedPayload).apply),
	journal.On(EventExpenseApproved, (*ExpenseApprovedPayload).apply),
	journal.On(EventExpenseRejected, (*ExpenseRejectedPayload).apply),
	journal.On(EventExpenseSettled, (*ExpenseSettledPayload).apply),
	journal.On(EventExpenseRemoved, (*ExpenseRemovedPayload).apply),
	journal.On(EventDocumentAdded, (*DocumentAddedPayload).apply),
	journal.On(EventDocumentRemoved, (*DocumentRemovedPayload).apply),
	journal.On(EventEvaluationSaved, (*EvaluationSavedPayload).apply),
	journal.On(EventEvaluationSubmitted, (*EvaluationSubmittedPayload).apply),
	journal.On(EventEvaluationDiscarded, (*EvaluationDiscardedPayload).apply),
	journal.On(EventQuotesChanged, (*QuotesChangedPayload).apply),
)

// Events returns all types of an opportunity's events with their payloads.
func Events() []journal.EventType { return events.Types() }

// Decode returns the payload of an opportunity's entry, such as a *[WonPayload].
// Errors: ErrCorrupt.
func Decode(e journal.Entry) (any, error) { return events.Decode(&e) }
