package opportunity

import (
	"encoding/json"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// decode reads a journalled event.
func decode(e *journal.Entry) (event, error) {
	into := func(ev event) (event, error) {
		if err := json.Unmarshal(e.Payload, ev); err != nil {
			return nil, fault.Wrap(fault.ErrCorrupt, "journal.payload", "an event's payload can't be read", err)
		}
		return ev, nil
	}
	switch e.Type {
	case EventRecorded:
		return into(&recorded{})
	case EventUpdated:
		return into(&updated{})
	case EventMemberSet:
		return into(&memberSet{})
	case EventMemberRemoved:
		return into(&memberRemoved{})
	case EventSplitsSet:
		return into(&splitsSet{})
	case EventTransferred:
		return into(&transferred{})
	case EventLinesSet:
		return into(&linesSet{})
	case EventLinesRemoved:
		return into(&linesRemoved{})
	case EventContactAdded:
		return into(&contactAdded{})
	case EventContactRemoved:
		return into(&contactRemoved{})
	case EventPrimarySet:
		return into(&primarySet{})
	case EventCompetitorAdded:
		return into(&competitorAdded{})
	case EventCompetitorUpdated:
		return into(&competitorUpdated{})
	case EventCompetitorRemoved:
		return into(&competitorRemoved{})
	case EventTicked:
		return into(&ticked{})
	case EventApproved:
		return into(&approved{})
	case EventMoved:
		return into(&moved{})
	case EventWon:
		return into(&won{})
	case EventLost:
		return into(&lost{})
	case EventVoided:
		return into(&voided{})
	case EventHeld:
		return into(&held{})
	case EventResumed:
		return into(&resumed{})
	case EventClosed:
		return into(&closed{})
	case EventReopened:
		return into(&reopened{})
	case EventAnalysed:
		return into(&analysed{})
	case EventMigrated:
		return into(&migrated{})
	case EventDeleted:
		return into(&deletedEvent{})
	case EventOrderMade:
		return into(&orderMade{})
	case EventCustomerMerged:
		return into(&customerMerged{})
	case EventOrderEnded:
		return into(&orderEnded{})
	case EventActivityPlanned:
		return into(&activityPlanned{})
	case EventActivityLogged:
		return into(&activityLogged{})
	case EventActivityUpdated:
		return into(&activityUpdated{})
	case EventActivityCompleted:
		return into(&activityCompleted{})
	case EventActivityCancelled:
		return into(&activityCancelled{})
	case EventActivityRemoved:
		return into(&activityRemoved{})
	case EventExpenseAdded:
		return into(&expenseAdded{})
	case EventExpenseUpdated:
		return into(&expenseUpdated{})
	case EventExpenseSubmitted:
		return into(&expenseSubmitted{})
	case EventExpenseApproved:
		return into(&expenseApproved{})
	case EventExpenseRejected:
		return into(&expenseRejected{})
	case EventExpenseSettled:
		return into(&expenseSettled{})
	case EventExpenseRemoved:
		return into(&expenseRemoved{})
	case EventDocumentAdded:
		return into(&documentAdded{})
	case EventDocumentRemoved:
		return into(&documentRemoved{})
	case EventEvaluationSaved:
		return into(&evaluationSaved{})
	case EventEvaluationSubmitted:
		return into(&evaluationSubmitted{})
	case EventEvaluationDiscarded:
		return into(&evaluationDiscarded{})
	case EventQuotesChanged:
		return into(&quotesChanged{})
	}
	return nil, fault.New(fault.ErrCorrupt, "journal.type", "an event's type is unknown: "+e.Type)
}
