// Package pursuit runs the opportunity-management workflow (商机管理) inside other
// Go programs. An Engine works on a storage.Store; As gives a Session of an
// actor; handles on the session (Opportunities, Team, Lines, Customers, …) give
// commands and questions. Each command loads, asks the policy once, lets the
// domain decide, and saves state, parts, ledger and journal in one transaction:
// all or nothing (J01, J04, J08).
//
// Ids in comments, such as O11, name rules; docs/rules.md holds them.
//
// Errors are of package fault. Engines are safe for concurrent use, unless they
// are bound to a host's transaction.
package pursuit
