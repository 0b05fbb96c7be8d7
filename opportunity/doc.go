// Package opportunity holds the library's central aggregate: an opportunity 商机
// with its team, lines, contacts, competitors, activities, expenses, documents,
// evaluations, stage, status, outcome and history (invariants O01–O19, T01–T06,
// L01–L03, R01–R05, E01–E03).
//
// # For hosts
//
// Hosts use the inputs, snapshots and filters declared here, and give commands
// through the engine. A [Snapshot] is both the stored and the wire form; its
// fields are only ever added.
//
// The status moves by Win, Lose, Hold, Resume, Void, Close and Reopen, as the
// table of [Lifecycle] allows (O02). The stage moves by Advance while the
// opportunity is open (O03). Migrate changes the process, and Reopen may return
// to another stage. All of them check the gates on the way and list every unmet
// one (P07, P08). A reason in Override passes gates, but it doesn't replace a
// required approval, which must come from another person (J10).
//
//	fmt.Println(opportunity.Lifecycle().Mermaid())
//
// The status decides what may change (O08):
//
//   - open and on hold: everything, but the stage moves only while open
//   - won and lost: the follow-up (name and details, members, contacts,
//     competitors but not their prices, activities, expenses, the analysis,
//     orders)
//   - void and closed: nothing, except by reopening
//
// The end of an order is always recorded.
//
// # Follow-up
//
// An activity is planned, with a due time, or done, with a result (R01). The root
// keeps NextActivity, the earliest open due time, and LastActivity. An expense
// goes from draft to submitted, then to approved or rejected, and from approved
// to settled (R02). A rejected one may be edited and submitted again. Whoever
// submitted it, or spent the money, can't approve it. [FollowUps] lists
// activities and expenses across opportunities.
//
// Documents 文档 (R03) and evaluations 商机评估 (E01–E03) are parts like the others.
// Quotes belong to package quote. The root keeps their counters for gates, and
// winning or losing settles open ones ([OpenQuotes]).
//
// A timeline 商机轨迹 merges the ledger's progress, the activities and all other
// events of one opportunity, newest first, each once ([TimelineItem]).
//
// # Commands
//
// [New] or [Restore] makes an [Opportunity], its methods change it, and
// [Opportunity.Change] returns the change to write: one command, one change, one
// version (O11). A method makes its whole change, or returns an error and changes
// nothing. Methods are pure: time, ids and referenced records are arguments.
//
//	o, err := opportunity.Restore(rec, rules)
//	if err != nil {
//		return err
//	}
//	if err := o.Hold(in, at); err != nil {
//		return err
//	}
//	change, ok, err := o.Change(newID)
//
// Internally, a method validates, makes an event, and applies it. [Replay]
// applies journalled events with the same code and no rules, so the journal
// always yields exactly the stored state and ledger (J05, J07). Event payloads
// are permanent: fields are added, never renamed.
//
// # For stores
//
// A store implements [Repository] and [FollowUps]. A [Record] holds the state,
// the parts named in the command's comment, and the archive entries it chooses. A
// command on one of many parts loads just that part (Load.Activity,
// Load.Expense). The root holds everything that gates need, so commands load no
// other parts for them. Change.Expected detects two commands on one opportunity
// at the same time.
//
// # Concurrency and errors
//
// An Opportunity isn't safe for concurrent use. Snapshots, inputs and changes are
// plain data; don't write to them while they are shared.
//
// Errors are those of package fault, each with a stable code. ErrInvalid names
// every field at fault by a JSON pointer into the input. ErrNotAllowed means that
// the status or a gate forbids the command; ErrLimit, that a documented bound
// would be exceeded; ErrCorrupt, that stored data is wrong; ErrInternal, a
// mistake of the engine: missing parts, a missing process version, a change not
// taken, or a clock that ran backwards.
package opportunity
