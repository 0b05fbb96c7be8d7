// Package pipeline defines the figures of the pipeline: what is counted, how it
// is grouped, and the exact arithmetic that finishes what a store has summed
// (formulas F1, F2, F4, F7). Stores add up per group and everything that
// differs in formula (status, currency, probability); Summarise does the rest,
// so that every store gives the same figures to the last digit.
//
// Nothing is added across currencies. What is undefined is nil, never 0. All
// functions are pure and safe for concurrent use.
package pipeline
