// Package opportunity holds the guarded aggregate of the whole library: a sales
// chance 商机 with its team, lines, contacts, competitors, activities, expenses,
// documents, evaluations, stage, status, outcome and history (invariants O01–O19,
// T01–T06, L01–L03, R01–R05, E01–E03).
//
// # Concept
//
// An Opportunity is made by New or Restore, changed by its methods, and written
// by what Change returns: one command, one change, one version (O11). A method
// either changes everything that it should, or returns an error and changes
// nothing. Methods are pure: time, ids and whatever a command refers to are
// arguments; a Record brings the state, the parts that the command's comment
// names, and the archive entries that it chooses. Snapshot is the stored and the
// wire form; its fields are only ever added.
//
// Inside, a method validates, makes an event, and applies it. Replay applies
// journalled events with the same code and no rules, so that the journal always
// gives the stored state and ledger exactly (J05, J07). The payloads of events
// are kept for ever: fields are added, never renamed.
//
// # Statuses, stages and gates
//
// The status is moved by Win, Lose, Hold, Resume, Void, Close and Reopen, as the
// table that Lifecycle returns allows (O02). The stage is moved by Advance while
// open (O03); Migrate exchanges the process beneath it, and Reopen may return to
// another stage. All of them ask the gates of the way, and list every one that
// isn't met (P07, P08). A reason in Override passes gates; an approval that the
// way demands isn't passed so, and must come from somebody else (J10).
//
// What may change when (O08): open and on hold, everything but the stage, which
// moves only while open; won and lost, the follow-up (name and details,
// members, contacts, competitors but not their prices, activities, expenses, the
// analysis, orders);
// void and closed, nothing but reopening. Orders that end are noted always.
//
// # Follow-up
//
// An activity is planned, with a moment when it is due, or done, with a result
// (R01); the root follows with NextActivity, the earliest open due one, and
// LastActivity. An expense goes draft → submitted → approved | rejected, approved →
// settled (R02); a rejected one may be edited and submitted again, and whoever
// submitted it, or spent the money, can't approve it. Commands on one of many load
// just that one (Load.Activity, Load.Expense). FollowUps lists those of many
// opportunities.
//
// Documents 文档 (R03) and evaluations 商机评估 (E01–E03) are parts like the others;
// what gates ask of them stands on the root, so that no command loads them for
// that. Quotes are package order's: here are their counters on the root, what gates
// ask of them, and what winning and losing do about open ones (OpenQuotes).
//
// # Timeline
//
// A timeline 商机轨迹 merges the ledger's progress, the activities and all other
// events of one opportunity, the newest first, each thing once (TimelineItem).
//
// # Concurrency
//
// An Opportunity isn't safe for concurrent use. Snapshots, inputs and changes
// are plain data that must not be written to while they are shared. Two
// commands on one opportunity at the same time are told apart by Change.Expected.
//
// # Errors
//
// Errors are of package fault, each with a stable code. ErrInvalid names every
// field at fault by a JSON pointer into the input; ErrNotAllowed says what the
// status or a gate forbids; ErrLimit that a documented bound would be passed;
// ErrCorrupt that stored data can't be right; ErrInternal that the engine forgot
// something: parts, the process version, to take a change, to keep its clock.
package opportunity
