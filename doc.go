// Package pursuit runs the opportunity-management workflow (商机管理) inside other
// Go programs. An Engine works on a storage.Store; As gives a Session of an
// actor; handles on the session (Opportunities, Team, Lines, Customers, …) give
// commands and questions. Each command loads, asks the policy once, lets the
// domain decide, and saves state, parts, ledger and journal in one transaction:
// all or nothing (J01, J04, J08).
//
// # What there is
//
// Opportunities go from their record to the close, with Team, Lines, DealContacts,
// DealCompetitors, Activities, Expenses, Evaluations and Documents. Customers,
// Archives (sources, reasons, scorecards, kinds) and Processes (sales modes) are
// what they refer to. Quotes and Orders need the tenant's SalesSystem. Reports
// give figures, and Batch runs several commands at once.
//
// # The host's part
//
// Options name what is the host's, and none is required: the Policy, the time
// zones, gates of its own; Blobs, where the contents of documents live (without
// it only their locations are recorded); SalesSystem, where orders live if not in
// the library's tables. In binds an engine to the host's transaction. A Relay
// hands the journal to the host's Publisher. Nothing runs by itself: the host
// calls Relay.Run, and now and then Quotes.ExpireQuotes and Documents.CleanUp.
//
// # Rules and errors
//
// Ids in comments, such as O11, name rules; docs/rules.md holds them.
//
// Errors are of package fault. Engines are safe for concurrent use, unless they
// are bound to a host's transaction.
package pursuit
