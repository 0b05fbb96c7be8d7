// Package quote holds the quotes 商机报价 that opportunities get (Q02, Q03, Q10, Q15).
//
// A [Quote] is a guarded aggregate: a command changes all that it should, or
// returns an error and changes nothing. It belongs to an opportunity that was open
// when it was made, and has revisions, of which one is active: its status moves by
// [Lifecycle]. What was sent never changes; a change makes the next revision,
// and the one before is superseded (Q02). Past the last day of its validity, which
// is a day of the tenant's time zone, a quote can't be accepted unless it is
// extended; at most one quote of an opportunity is accepted: accepting one
// supersedes the others that await an answer or were accepted before (Q03). Winning,
// losing and voiding say what becomes of quotes that await an answer; see
// [opportunity.OpenQuotes]. A draft awaits no answer: it is in the way of neither
// winning nor closing. An accepted quote stays accepted when its opportunity is
// reopened, and is what is won again, until it is rejected, withdrawn or revised, or
// another one is accepted; losing and voiding end it too, or are refused (Q15). That
// of a deal which is won or closed can't be ended.
//
// The net of the accepted quote is the opportunity's amount, unless that is set by
// hand; what is quoted is the same, or else the net of the one that was sent last of
// those that still await an answer (Q10).
//
// # What a quote comes to
//
// Prices are without tax, or hold it, as the sales system's [money.TaxTreatment] was when
// the quote was made. Amounts are rounded half-up to the currency's scale in three
// places and nowhere else:
//
//  1. each line: quantity × price × (1 − discount);
//  2. the discount on the whole, if it is in percent of the lines' sum;
//  3. the tax of each rate, on the sum of its lines less their shares of that
//     discount: base × rate ÷ 100 if prices are without tax, base × rate ÷ (100 +
//     rate) if they hold it.
//
// What is rounded as a whole is shared out over its lines by largest remainder. So
// shares, net amounts and taxes of lines add up exactly to those of rates
// ([RateTotals]) and to the quote's, and Net + Tax = Gross. A line without a tax rate
// isn't a line of 0 %: each has its own total.
package quote
