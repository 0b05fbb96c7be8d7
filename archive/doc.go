// Package archive holds the lists by which an enterprise controls the process:
// sources, competitors, win and loss reasons, scorecards, expense kinds and
// document kinds (C1, C3, C4 of the process; A01–A05).
//
// # For hosts
//
// An [Entry] has a kind, a code, names by language, and a status. Kind and code
// are fixed at creation: the kind, because earlier choices must keep their
// meaning (A03); the code, because other systems and imports know the entry by
// it. Everything else can be changed at any time, even after retirement. Earlier
// choices refer to the entry by its id and aren't affected (A02, A03).
//
// The questions of a scorecard 评估模板 are published in versions (E01). A
// [ScorecardVersion] never changes, and each evaluation keeps the version it was
// started with. [ScorecardVersion.Score] is the formula, in whole numbers.
// [BANT], [MEDDIC] and [Evaluation] are ready to publish.
//
// # Commands
//
// The package is pure: it reads no clock, makes no ids, and stores nothing. [New]
// and [Open] return an [Aggregate]. Its methods check everything, then change
// everything or nothing; [Aggregate.Change] returns the change to save and
// journal. [Replay] rebuilds an entry from its journal exactly.
//
//	a := archive.Open(rec)
//	if err := a.Retire(at); err != nil {
//		return err
//	}
//	change, err := a.Change(newID)
//
// [Usable] checks whether an entry can be chosen now (A02, A03), and [Demands]
// whether a reason's demands are satisfied (A05). Both add to the caller's list
// of faults, so that a refusal names everything at once.
//
// # For stores
//
// A store implements [Repository]. It keeps codes unique within tenant and kind,
// compared byte by byte.
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
// "archive.active", "archive.deleted", "archive.new"; ErrInUse "archive.in_use";
// for scorecards ErrInvalid "scorecard.invalid" and "scorecard.values",
// ErrNotAllowed "scorecard.kind", ErrLimit "scorecard.versions", ErrCorrupt
// "scorecard.corrupt"; ErrCorrupt "journal.order"; ErrInternal for misuse
// ("archive.ids", "archive.unchanged", "scorecard.pending"). Stores add
// ErrDuplicate "archive.code.taken", ErrNotFound and ErrConflict.
//
// Values are plain data, safe to share while nobody writes to them; an Aggregate
// belongs to one goroutine.
package archive
