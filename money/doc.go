// Package money holds exact amounts: Money is a whole number of a currency's
// minor units (int64) with its ISO 4217 code. Every operation that could mix
// currencies, overflow or divide by zero returns an error; nothing wraps
// silently. Quantities, prices, percentages and rates are decimal.Decimal;
// text is checked before it is parsed, and a foreign decimal before it is
// touched, since some take minutes to print (design §5).
//
// The scale of a currency comes from ISO 4217 list one, not from CLDR. Values
// are plain and safe to share; a Table of rates is immutable.
package money
