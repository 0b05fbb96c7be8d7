// Package pipeline defines the figures of the pipeline: what they count, how they
// are grouped, and the exact arithmetic that completes a store's sums (formulas
// F1, F2, F4, F7).
//
// # For hosts
//
// A [Query] selects and groups; the result is a list of [Group].
//
//	for _, g := range groups {
//		fmt.Println(g.Key, g.Count, g.Amounts[money.CNY].Weighted)
//	}
//
// Nothing is added across currencies. An undefined figure is nil, never 0.
// Opportunities on hold are counted separately and in no forecast; void ones
// count only in their own figure (O19). A reopened opportunity counts by its
// current status; figures of its past cycles aren't here.
//
// # For stores
//
// A store implements [Repository]. It sums per group and every property that a
// formula distinguishes (status, currency, probability); [Summarise] does the
// rest, so that every store returns the same figures to the last digit.
//
// All functions are pure and safe for concurrent use. Errors are those of package
// fault: ErrInvalid for a malformed query, ErrLimit for sums beyond 64 bits.
package pipeline
