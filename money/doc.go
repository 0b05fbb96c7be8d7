// Package money holds exact amounts: Money is a whole number of a currency's
// minor units (int64) with its ISO 4217 code. Every operation that could mix
// currencies, overflow or divide by zero returns an error; nothing wraps
// silently. Quantities, prices, percentages and rates are decimal.Decimal;
// text is checked before it is parsed, and a foreign decimal before it is
// touched, since some take minutes to print.
//
// A Table answers for rates by date: a day without quotations takes the last
// earlier one, and a currency that isn't quoted then is missing, never 1. Exchange
// converts an amount at a date and rounds once.
//
// The scale of a currency comes from ISO 4217 list one, not from CLDR. Values
// are plain and safe to share; a Table of rates is immutable.
package money
