// Package opportunity holds the guarded aggregate of the whole library: a sales
// chance 商机 with its team, lines, contacts, competitors, stage, status, outcome
// and history (invariants O, T, L, R).
//
// An Opportunity is made by New or Restore, changed by its methods, each of
// which changes everything or nothing, and written by what Change returns. Its
// Snapshot is the stored and the wire form. Methods are pure: time, ids and
// whatever they refer to are arguments. Inside, a method validates, makes an
// event, and applies it; Replay applies journalled events with the same code, so
// that the journal always gives the stored state (J05).
//
// Activities, expenses, documents, evaluations and quotes have their places: the
// counters on the root, the bits of Parts, and the facts of gates.
//
// An Opportunity isn't safe for concurrent use; Snapshots are plain data.
// Errors are of package fault.
package opportunity
