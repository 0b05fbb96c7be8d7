// Package calendar holds calendar dates, fiscal periods, and how instants are
// cut before they are used (design §5): a Date has no time zone; a zone is
// given wherever an instant becomes a date or a date an instant.
package calendar
