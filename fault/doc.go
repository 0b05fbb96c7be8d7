// Package fault holds the library's one error type and the few kinds of error
// that callers branch on.
//
// Every error that the library makes is, somewhere in its chain, an *Error: a
// Kind (a sentinel such as [ErrInvalid]), a stable Code (such as
// "opportunity.lines.invalid"), and the fields at fault, all of them. Kinds and
// codes are API and never change their meaning; messages are for people and may
// change. Messages carry neither SQL nor personal data.
//
//	var f *fault.Error
//	if errors.As(err, &f) {
//		for _, field := range f.Fields { … }
//	}
//	if errors.Is(err, fault.ErrConflict) { … load again and repeat … }
//
// Each code is a constant ([OpportunityWinStatus], [FieldRequired]). [HTTPStatus] and
// [Problem] make the answer of an HTTP API.
//
// What people read comes from tables, in English and in Chinese: [KindLabel] names
// an error's kind, [Label] its code, [Field.Label] what is wrong with a field;
// [Codes] has the remedies too, and docs/errors.md is made of it all. A host's own
// codes aren't in the tables: such a code is its own label.
//
// For operators, %+v, package log/slog and [Chain] show what caused an error, without
// values, statements and data sources; the text that Error gives never does.
//
// An Error is immutable once made and may be shared between goroutines.
package fault
