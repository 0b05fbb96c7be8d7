// Package pipeline defines the figures of the pipeline: what is counted, how it
// is grouped, and the exact arithmetic that finishes what a store has summed
// (formulas F1, F2, F4, F7). Stores add up per group and everything that
// differs in formula (status, currency, probability); Summarise does the rest,
// so that every store gives the same figures to the last digit.
//
// Nothing is added across currencies. What is undefined is nil, never 0. What is
// on hold is counted apart and in no forecast, and void ones count nowhere but
// in their own figure (O19). A reopened opportunity counts by where it stands
// now; figures of its past cycles aren't here.
//
// All functions are pure and safe for concurrent use. Errors are of package
// fault: ErrInvalid for a malformed query, ErrLimit for sums beyond 64 bits.
package pipeline
