// Package pursuit runs the opportunity-management workflow (商机管理) inside other Go
// programs.
//
// # For hosts
//
// An [Engine] works on a storage.Store. [Engine.As] returns a [Session] of an
// actor, whose handles (Opportunities, Team, Lines, Customers, …) have methods
// for commands and queries:
//
//	eng, err := pursuit.New(store, nil)
//	if err != nil {
//		return err
//	}
//	s := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Roles: []access.Role{access.Sales}})
//	res, err := s.Opportunities().Advance(ctx, id, opportunity.AdvanceInput{To: "propose", Summary: "Needs agreed"})
//
// Each command loads, asks the policy once, lets the domain decide, and saves
// state, parts, ledger and journal in one transaction: all or nothing (J01, J04,
// J08). [Engine.In] binds an engine to the host's own transaction.
//
// An opportunity lives from Record to Close, with Team, Lines, DealContacts,
// DealCompetitors, Activities, Expenses, Evaluations and Documents. It refers to
// Customers, Archives (sources, reasons, scorecards, kinds) and Processes (sales
// modes). Quotes and Orders need the tenant's SalesSystem. Reports return
// figures, and Batch runs several commands in one transaction.
//
// [Options] connect the host; all are optional: the Policy, time zones, the
// host's own gates; Blobs for the contents of documents (without it only their
// locations are recorded); SalesSystem for orders outside the library's tables. A
// [Relay] passes the journal to the host's [Publisher]. Nothing runs
// automatically: the host calls Relay.Run and, at intervals, Quotes.ExpireQuotes
// and Documents.CleanUp.
//
// # For stores
//
// A store of your own implements package storage; package storagetest checks it.
//
// # Rules and errors
//
// Ids in comments, such as O11, name rules in docs/rules.md. Errors are those of
// package fault. Engines are safe for concurrent use, unless they are bound to a
// host's transaction.
package pursuit
