// Package money holds exact amounts and exchange rates.
//
// [Money] is a whole number of a currency's minor units (int64) with its ISO 4217
// code. Every operation that could mix currencies, overflow or divide by zero
// returns an error; nothing wraps silently. Quantities, prices, percentages and
// rates are decimal.Decimal. Text is checked before it is parsed, and a decimal
// from outside before it is used, since some take minutes to print.
//
//	price, err := money.Parse("1234.50", money.CNY)
//	tax, err := price.Percent(decimal.NewFromInt(13), money.HalfUp)
//
// A [Table] holds exchange rates by date. For a day without quotations it uses
// the last earlier day; a currency that isn't quoted on that day is missing,
// never 1. [Exchange] converts an amount on a date and rounds once.
//
// The scale of a currency comes from ISO 4217 list one, not from CLDR. Values are
// plain and safe to share; a Table is immutable.
package money
