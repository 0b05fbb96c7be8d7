// Package calendar holds calendar dates and the precision of instants.
//
// A [Date] has no time zone: pass one wherever an instant becomes a date ([Of])
// or a date an instant ([Date.Start], [Date.End]).
//
//	day := calendar.Of(now, shanghai)
//	from, until := day.Start(shanghai), day.End(shanghai)
//
// Dates are plain values in the years 1 to 9999, safe to share; the zero Date is
// no date. Stores keep instants as [Truncate] returns them. Errors are ErrInvalid
// ("date.invalid").
package calendar
