// Package journal defines the append-only record of everything that happened: the
// [Moment] of a command, the [Event] that it leaves, and the [Entry] that chains
// events by hash, so that altering, removing or reordering one is detected (J06).
//
// # For hosts
//
// Each aggregate (an opportunity, a customer, an order, …) has a chain of its
// own. Its row keeps the chain's [Head]; the first entry's Prev is all zeros.
// Read a chain with the engine and check it with [Verify]:
//
//	if err := journal.Verify(entries, head); err != nil {
//		return err // ErrCorrupt, naming the first entry that doesn't fit
//	}
//
// Values are plain data, safe to copy, and safe to share while nobody writes to
// them.
//
// # For stores
//
// A store implements [Repository]. It writes no entries through it: the
// aggregates' repositories write them in the transaction that writes the state.
package journal
