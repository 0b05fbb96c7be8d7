package access

// What is done to opportunities.
//
// The policy is asked once per attempt of a command (J01). A command that also overrides
// something therefore asks for the override instead of the plain action:
// OverrideGates in place of Advance, Win, Lose or Close, and OverrideClose in place
// of Close. Whoever may override must be allowed the plain action as well; a
// policy has to see to that. The same holds for an update that puts a deal into
// another department: it asks for Transfer in place of Update.
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
	// OpportunityFollowUp: activities, expenses, documents, evaluations.
	OpportunityFollowUp Action = "opportunity.follow_up"
	// OpportunityExpenseApprove approves and rejects expenses, and
	// OpportunityExpenseSettle notes that they were paid.
	OpportunityExpenseApprove Action = "opportunity.expense.approve"
	OpportunityExpenseSettle  Action = "opportunity.expense.settle"
)

// What is done to customers. CustomerUpdate includes the status. An update that
// changes the owner or the department asks for CustomerTransfer in place of it;
// whoever may transfer must be allowed to update as well.
const (
	CustomerCreate   Action = "customer.create"
	CustomerRead     Action = "customer.read"
	CustomerUpdate   Action = "customer.update"
	CustomerTransfer Action = "customer.transfer"
	CustomerContacts Action = "customer.contacts"
	CustomerDelete   Action = "customer.delete"
	// CustomerMerge is asked about both customers, the survivor first.
	CustomerMerge Action = "customer.merge"
)

// What is done to archives. Subject.Kind says to which.
const (
	ArchiveCreate   Action = "archive.create"
	ArchiveRead     Action = "archive.read"
	ArchiveUpdate   Action = "archive.update"
	ArchiveRetire   Action = "archive.retire"
	ArchiveActivate Action = "archive.activate"
	ArchiveDelete   Action = "archive.delete"
)

// What is done to processes. ProcessDefault makes one the tenant's default.
// ProcessMigrate moves the opportunities of a whole version, and includes the
// override of gates.
const (
	ProcessPublish Action = "process.publish"
	ProcessRetire  Action = "process.retire"
	ProcessDefault Action = "process.default"
	ProcessMigrate Action = "process.migrate"
	ProcessRead    Action = "process.read"
)

// What is done to quotes. Create includes copying, Update revising, Send extending;
// Answer takes the customer's yes or no in. Expire ends all of the tenant's whose
// validity has passed.
const (
	QuoteCreate   Action = "quote.create"
	QuoteRead     Action = "quote.read"
	QuoteUpdate   Action = "quote.update"
	QuoteSend     Action = "quote.send"
	QuoteAnswer   Action = "quote.answer"
	QuoteWithdraw Action = "quote.withdraw"
	QuoteExpire   Action = "quote.expire"
)

// What is done to orders. Execute takes in deliveries, invoices and receipts.
const (
	OrderCreate   Action = "order.create"
	OrderRead     Action = "order.read"
	OrderConfirm  Action = "order.confirm"
	OrderExecute  Action = "order.execute"
	OrderComplete Action = "order.complete"
	OrderCancel   Action = "order.cancel"
)

// What is done to the tenant as a whole.
const (
	SalesSystemEnable     Action = "sales_system.enable"
	SalesSystemInitialise Action = "sales_system.initialise"
	SalesSystemRead       Action = "sales_system.read"
	ReportRead            Action = "report.read"
	JournalRead           Action = "journal.read"
	// DocumentCleanUp removes stored contents that no document names.
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
