// Package fault holds the library's one error type and the few kinds of error
// that callers branch on.
//
// Every error from the library has an *[Error] somewhere in its chain: a Kind (a
// sentinel such as [ErrInvalid]), a stable Code (such as
// "opportunity.lines.invalid"), and all the fields at fault. Kinds and codes are
// API and never change their meaning; messages are for people and may change.
// Messages carry neither SQL nor personal data.
//
// # For hosts
//
//	var f *fault.Error
//	if errors.As(err, &f) {
//		for _, field := range f.Fields { … }
//	}
//	if errors.Is(err, fault.ErrConflict) { … reload and try again … }
//
// Each code is a constant ([OpportunityWinStatus], [FieldRequired]). [HTTPStatus]
// and [Problem] build the response of an HTTP API.
//
// Labels come from tables, in English and in Chinese: [KindLabel] names an
// error's kind, [Label] its code, and [Field.Label] the fault of a field.
// [Remedy] says what to do, and [Codes] lists everything; docs/errors.md is
// generated from the same tables. A host's own codes aren't in the tables: such a
// code is its own label.
//
// For operators, %+v, package log/slog and [Chain] show what caused an error,
// without values, statements or data sources. The text of Error shows no cause.
//
// # For stores and policies
//
// Return errors made by [New] or [Wrap], and collect several faults with
// [Fields]:
//
//	var at fault.Fields
//	at.Add("/quantity", fault.FieldNotPositive, "quantity must be positive")
//	return at.Invalid("acme.line.invalid") // nil if nothing was added
//
// An Error is immutable and may be shared between goroutines.
package fault
