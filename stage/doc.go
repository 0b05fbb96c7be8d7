// Package stage holds what moves: the generic state machine that every status
// in the library is a table of, and the sales process (sales mode 销售模式)
// with its stages and gates (C2 of the process).
//
// # Tables
//
// A [Table] is a finite state machine as data: from a state and an event to the
// next state, by one look-up in an array. [NewTable] checks it as a whole
// (unknown states, unreachable ones, dead ends) and it draws itself as Mermaid
// and DOT.
//
// # Processes
//
// A [Process] is plain data and the stored form: ordered stages, each with a
// probability, a forecast category, and gates. [Process.Validate] checks what
// each field must be (P03), [Process.Check] finds stages that can't be reached,
// stages that can't be left, and gates that can't be met (P04). [Publish] makes
// an immutable [Version] of it (P02), which opportunities pin; [Restore] does
// the same for one that was published earlier, and asks less. A process draws
// itself as well. [B2B] and [Simple] are ready to be published, or changed first.
//
// # Gates
//
// A [Gate] is data as well: a kind and its parameters over the [Facts] of an
// opportunity. [Unmet] lists every gate that isn't met, not only the first
// (P08). A host adds kinds of its own: it says by a [Kinds] map what their parameters
// must be, and hands its [Verdicts] in; there is no registry. Without a verdict Unmet
// fails with [Unjudged], which says what the host has to judge.
//
// Tables and Versions are immutable and safe for concurrent use. Processes,
// gates and facts are plain values: copy them with Clone before sharing what
// is written to. Errors are of package fault: ErrInvalid for a faulty
// definition, ErrNotAllowed for a move that the process forbids, ErrHost for a
// host's check of parameters that panicked, ErrCorrupt for a stored process that can't be used.
package stage
