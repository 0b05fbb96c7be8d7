package access

// The actions on opportunities.
//
// The policy is asked once per attempt of a command (J01). A command that also
// overrides something therefore asks for the override instead of the plain
// action: OverrideGates in place of Advance, Win, Lose or Close, and
// OverrideClose in place of Close. A policy must see to it that whoever may
// override may also do the plain action. In the same way, an update that changes
// an opportunity's department asks for Transfer in place of Update.
const (
	OpportunityRecord      Action = "opportunity.record"
	OpportunityRead        Action = "opportunity.read"
	OpportunityUpdate      Action = "opportunity.update"
	OpportunityTeam        Action = "opportunity.team"
	OpportunityTransfer    Action = "opportunity.transfer"
	OpportunityLines       Action = "opportunity.lines"
	OpportunityContacts    Action = "opportunity.contacts"
	OpportunityCompetitors Action = "opportunity.competitors"
	OpportunityChecklist   Action = "opportunity.checklist"
	OpportunityApprove     Action = "opportunity.approve"
	OpportunityAdvance     Action = "opportunity.advance"
	OpportunityWin         Action = "opportunity.win"
	OpportunityLose        Action = "opportunity.lose"
	OpportunityHold        Action = "opportunity.hold"
	OpportunityResume      Action = "opportunity.resume"
	OpportunityVoid        Action = "opportunity.void"
	OpportunityReopen      Action = "opportunity.reopen"
	OpportunityClose       Action = "opportunity.close"
	OpportunityDelete      Action = "opportunity.delete"
	OpportunityMigrate     Action = "opportunity.migrate"
	// OpportunityAnalyse completes the analysis of an outcome.
	OpportunityAnalyse       Action = "opportunity.analyse"
	OpportunityOverrideGates Action = "opportunity.override.gates"
	OpportunityOverrideClose Action = "opportunity.override.close"
	// OpportunityFollowUp covers activities, expenses, documents and evaluations.
	OpportunityFollowUp Action = "opportunity.follow_up"
	// OpportunityExpenseApprove approves and rejects expenses;
	// OpportunityExpenseSettle records their payment.
	OpportunityExpenseApprove Action = "opportunity.expense.approve"
	OpportunityExpenseSettle  Action = "opportunity.expense.settle"
)

// The actions on customers. CustomerUpdate includes the status. An update that
// changes the owner or the department asks for CustomerTransfer instead, so
// whoever may transfer must also be allowed to update.
const (
	CustomerCreate   Action = "customer.create"
	CustomerRead     Action = "customer.read"
	CustomerUpdate   Action = "customer.update"
	CustomerTransfer Action = "customer.transfer"
	CustomerContacts Action = "customer.contacts"
	CustomerDelete   Action = "customer.delete"
	// CustomerMerge is checked for both customers, the survivor first.
	CustomerMerge Action = "customer.merge"
)

// The actions on archives. Subject.Kind is the entry's kind.
const (
	ArchiveCreate   Action = "archive.create"
	ArchiveRead     Action = "archive.read"
	ArchiveUpdate   Action = "archive.update"
	ArchiveRetire   Action = "archive.retire"
	ArchiveActivate Action = "archive.activate"
	ArchiveDelete   Action = "archive.delete"
)

// The actions on processes. ProcessDefault makes a process the tenant's default.
// ProcessMigrate moves all opportunities of a version, and includes the override
// of gates.
const (
	ProcessPublish Action = "process.publish"
	ProcessRetire  Action = "process.retire"
	ProcessDefault Action = "process.default"
	ProcessMigrate Action = "process.migrate"
	ProcessRead    Action = "process.read"
)

// The actions on quotes. Create includes copying, Update includes revising, and
// Send includes extending. Answer records the customer's acceptance or rejection.
// Expire ends all quotes of the tenant whose validity has passed.
const (
	QuoteCreate   Action = "quote.create"
	QuoteRead     Action = "quote.read"
	QuoteUpdate   Action = "quote.update"
	QuoteSend     Action = "quote.send"
	QuoteAnswer   Action = "quote.answer"
	QuoteWithdraw Action = "quote.withdraw"
	QuoteExpire   Action = "quote.expire"
)

// The actions on orders. Execute records deliveries, invoices and receipts.
const (
	OrderCreate   Action = "order.create"
	OrderRead     Action = "order.read"
	OrderConfirm  Action = "order.confirm"
	OrderExecute  Action = "order.execute"
	OrderComplete Action = "order.complete"
	OrderCancel   Action = "order.cancel"
)

// The actions on the tenant as a whole.
const (
	SalesSystemEnable     Action = "sales_system.enable"
	SalesSystemInitialise Action = "sales_system.initialise"
	SalesSystemRead       Action = "sales_system.read"
	ReportRead            Action = "report.read"
	JournalRead           Action = "journal.read"
	// DocumentCleanUp removes stored contents that no document refers to.
	DocumentCleanUp Action = "document.clean_up"
)

// Actions returns all actions, in the order of this file.
func Actions() []Action {
	list := make([]Action, len(table))
	for i := range table {
		list[i] = table[i].action
	}
	return list
}
