// Package stage holds the generic state machine behind every status in the
// library, and the sales process (sales mode 销售模式) with its stages and gates (C2
// of the process).
//
// # For hosts
//
// A [Process] is plain data and also the stored form: ordered stages, each with a
// probability, a forecast category, and gates. [Process.Validate] checks each
// field (P03); [Process.Check] finds stages that can't be reached, stages that
// can't be left, and gates that can't be met (P04). [B2B] and [Simple] are ready
// to publish, as they are or changed first:
//
//	p := stage.B2B()
//	p.AllowSkip = true
//	fmt.Println(p.Mermaid("en"))
//
// Publishing makes an immutable [Version] of the process (P02), which
// opportunities pin.
//
// # Gates
//
// A [Gate] is data too: a kind and its parameters over the [Facts] of an
// opportunity. [Unmet] lists every unmet gate, not only the first (P08). A host
// adds kinds of its own: a [Kinds] map checks their parameters, and [Verdicts]
// hold the results; there is no registry. Without a verdict Unmet fails with
// [Unjudged], which lists the gates for the host to judge.
//
// # Tables
//
// A [Table] is a finite state machine as data: one array look-up leads from a
// state and an event to the next state. [NewTable] checks it as a whole (unknown
// states, unreachable ones, dead ends). Tables and processes draw themselves as
// Mermaid and DOT.
//
// # For stores
//
// A store implements [Repository]. It keeps versions unchanged, and loads them
// with [Restore], which applies fewer rules than [Publish], so that old data
// always loads.
//
// # Concurrency and errors
//
// Tables and Versions are immutable and safe for concurrent use. Processes, gates
// and facts are plain values: Clone them before you share a value that is written
// to. Errors are those of package fault: ErrInvalid for a faulty definition,
// ErrNotAllowed for a move that the process forbids, ErrHost for a host's
// parameter check that panicked, ErrCorrupt for an unusable stored process.
package stage
