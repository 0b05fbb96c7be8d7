package access

// reach is the set of subjects on which a role may do an action.
type reach uint8

const (
	never reach = iota
	// own: subjects that the actor owns. A new subject counts as the actor's own
	// if it names the actor as owner, or nobody.
	own
	// written: own, and subjects whose team the actor is in with the right to
	// write.
	written
	// unit: written, and subjects of the actor's departments. A new subject
	// counts if its department is one of them or isn't set.
	unit
	// seen: every subject the role sees, and every new one.
	seen
	// listed: seen, for the archive kinds that the role maintains.
	listed
)

// row is a line of the table. An administrator may do every action on every
// subject of the tenant.
type row struct {
	action                             Action
	marketing, sales, manager, support reach
}

// table holds all of Default's rules; doc.go explains them. It never changes.
var table = [...]row{
	{OpportunityRecord, seen, own, unit, never},
	{OpportunityRead, seen, seen, seen, seen},
	{OpportunityUpdate, own, written, unit, never},
	{OpportunityTeam, never, own, unit, never},
	{OpportunityTransfer, own, own, unit, never},
	{OpportunityLines, never, written, unit, written},
	{OpportunityContacts, own, written, unit, unit},
	{OpportunityCompetitors, never, written, unit, unit},
	{OpportunityChecklist, never, written, unit, unit},
	{OpportunityApprove, never, never, unit, never},
	{OpportunityAdvance, never, written, unit, never},
	{OpportunityWin, never, written, unit, never},
	{OpportunityLose, never, written, unit, never},
	{OpportunityHold, never, written, unit, never},
	{OpportunityResume, never, written, unit, never},
	{OpportunityVoid, never, never, unit, never},
	{OpportunityReopen, never, never, unit, never},
	{OpportunityClose, never, written, unit, never},
	{OpportunityDelete, never, never, unit, never},
	{OpportunityMigrate, never, never, unit, never},
	{OpportunityAnalyse, never, written, unit, never},
	{OpportunityOverrideGates, never, never, unit, never},
	{OpportunityOverrideClose, never, never, unit, never},
	{OpportunityFollowUp, own, written, unit, unit},
	{OpportunityExpenseApprove, never, never, unit, never},
	{OpportunityExpenseSettle, never, never, unit, unit},

	{CustomerCreate, seen, seen, seen, seen},
	{CustomerRead, seen, seen, seen, seen},
	{CustomerUpdate, seen, seen, seen, seen},
	{CustomerTransfer, own, own, unit, own},
	{CustomerContacts, seen, seen, seen, seen},
	{CustomerDelete, never, own, seen, never},
	{CustomerMerge, never, never, unit, never},

	{ArchiveCreate, listed, never, listed, never},
	{ArchiveRead, seen, seen, seen, seen},
	{ArchiveUpdate, listed, never, listed, never},
	{ArchiveRetire, listed, never, listed, never},
	{ArchiveActivate, listed, never, listed, never},
	{ArchiveDelete, never, never, listed, never},

	{ProcessPublish, never, never, never, never},
	{ProcessRetire, never, never, never, never},
	{ProcessDefault, never, never, never, never},
	{ProcessMigrate, never, never, never, never},
	{ProcessRead, seen, seen, seen, seen},

	{QuoteCreate, never, written, unit, unit},
	{QuoteRead, seen, seen, seen, seen},
	{QuoteUpdate, never, written, unit, unit},
	{QuoteSend, never, written, unit, never},
	{QuoteAnswer, never, written, unit, unit},
	{QuoteWithdraw, never, written, unit, never},
	{QuoteExpire, never, never, never, never},

	{OrderCreate, never, written, unit, unit},
	{OrderRead, seen, seen, seen, seen},
	{OrderConfirm, never, written, unit, unit},
	{OrderExecute, never, written, unit, unit},
	{OrderComplete, never, written, unit, unit},
	{OrderCancel, never, never, unit, never},

	{SalesSystemEnable, never, never, never, never},
	{SalesSystemInitialise, never, never, never, never},
	{SalesSystemRead, seen, seen, seen, seen},
	{ReportRead, seen, seen, seen, seen},
	{JournalRead, never, seen, seen, seen},
	{DocumentCleanUp, never, never, never, never},
}

// find returns the line of an action.
func find(action Action) (row, bool) {
	for i := range table {
		if table[i].action == action {
			return table[i], true
		}
	}
	return row{}, false
}

// of returns a role's reach.
func (r row) of(role Role) reach {
	switch role {
	case Marketing:
		return r.marketing
	case Sales:
		return r.sales
	case Manager:
		return r.manager
	case Support:
		return r.support
	case Administrator:
		return seen
	}
	return never
}

// looksAfter reports whether a role maintains archives of a kind (C1, C3, C4).
// The kinds are those of package archive.
func looksAfter(role Role, kind string) bool {
	switch kind {
	case "source":
		return role == Marketing || role == Manager
	case "competitor", "win_reason", "loss_reason":
		return role == Manager
	}
	return false
}
