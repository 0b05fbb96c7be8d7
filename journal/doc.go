// Package journal defines the append-only record of everything that happened:
// the Moment of a command, the Event that it leaves, and the Entry that chains
// events by hash so that altering, removing or reordering one is found (J06).
//
// Each aggregate (an opportunity, a customer, an order, …) has a chain of its
// own. Its row keeps the chain's Head; the first entry's Prev is all zeros.
// Values are plain data, safe to copy and to share when not written to.
package journal
