// Package calendar holds calendar dates, and says how instants are cut before they
// are used: a Date has no time zone; a zone is given wherever an
// instant becomes a date or a date an instant. Dates are plain values of the years
// 1 to 9999, safe to share; the zero Date is none. Errors are ErrInvalid
// ("date.invalid").
package calendar
