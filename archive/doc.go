// Package archive holds the lists by which an enterprise controls the process:
// sources, competitors, win and loss reasons, scorecards, expense kinds and
// document kinds (C1, C3, C4 of the process; A01–A05).
//
// # Entries
//
// An [Entry] has a kind, a code, names by language, and a status. Kind and code
// are fixed when it is made: the kind, because what was chosen must keep its meaning
// (A03); the code, because other systems and imports know the entry by it. Names,
// demands and the rest can be changed at any time, also of a retired entry; what was
// chosen earlier refers to the entry by its id and isn't touched (A02, A03).
//
// # Commands
//
// The package is pure: no clock, no ids of its own, no storage. [New] or [Open]
// give an [Aggregate]; its methods check everything, then change all or nothing;
// [Aggregate.Change] says what to save and journal. [Replay] rebuilds an entry from
// its journal exactly.
//
// # Scorecards
//
// What a scorecard 评估模板 asks is published in versions (E01): [Aggregate.Publish]
// makes the next [ScorecardVersion], which never changes, and evaluations keep the
// one by which they were begun. [ScorecardVersion.Score] is the formula, in whole
// numbers.
//
// # Choosing
//
// [Usable] says why an entry can't be chosen now (A02, A03), [Demands] what a
// reason asks for besides (A05). Both note into the caller's list of faults, so that
// a refusal names everything at once.
//
// # Invariants
//
//	A01  kind, code, names, status are valid; the code is unique (the store's part)
//	A02  a retired entry can't be newly chosen and stays readable
//	A03  a reason serves its own kind only; the kind never changes
//	A04  an entry in use isn't deleted
//	A05  a reason may demand an explanation; a loss reason, the competitor
//	E01  a scorecard has criteria with weights and one scale; its versions are immutable
//
// # Errors
//
// ErrInvalid "archive.invalid" with every field; ErrNotAllowed "archive.retired",
// "archive.active", "archive.deleted", "archive.new"; ErrInUse "archive.in_use"; of
// scorecards ErrInvalid "scorecard.invalid" and "scorecard.values", ErrNotAllowed
// "scorecard.kind", ErrLimit "scorecard.versions", ErrCorrupt "scorecard.corrupt";
// ErrCorrupt "journal.order"; ErrInternal for misuse ("archive.ids",
// "archive.unchanged", "scorecard.pending"). Stores add ErrDuplicate
// "archive.code.taken", ErrNotFound and ErrConflict.
//
// Values are plain data, safe to share while nobody writes to them; an Aggregate
// belongs to one goroutine.
package archive
