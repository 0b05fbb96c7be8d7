// Package quote holds the quotes 商机报价 of opportunities (Q02, Q03, Q10, Q15).
//
// # For hosts
//
// A quote is created for an open opportunity. It has revisions, one of which is
// active; its status moves by [Lifecycle]. A sent quote never changes: a change
// starts the next revision and supersedes the previous one (Q02). Its validity
// ends with a last day, in the tenant's time zone; afterwards the quote can't be
// accepted unless it is extended.
//
// At most one quote of an opportunity is accepted: accepting one supersedes the
// others that await an answer or were accepted before (Q03). Winning, losing and
// voiding decide about quotes that await an answer; see [opportunity.OpenQuotes].
// A draft awaits no answer, so it prevents neither winning nor closing. An
// accepted quote stays accepted when its opportunity is reopened, as the basis of
// another win, until it is rejected, withdrawn or revised, or another one is
// accepted. Losing and voiding end it too, or are refused (Q15). The accepted
// quote of a won or closed opportunity can't be ended.
//
// The net of the accepted quote is the opportunity's amount, unless that is set
// by hand. It is also the quoted amount; without an accepted quote, that is the
// net of the last quote sent among those still awaiting an answer (Q10).
//
// # Totals
//
// Prices exclude or include tax, according to the sales system's
// [money.TaxTreatment] when the quote was created. Amounts are rounded half-up to
// the currency's scale in exactly three places:
//
//  1. each line: quantity × price × (1 − discount);
//  2. the discount on the whole, if it is in percent of the lines' sum;
//  3. the tax of each rate, on the sum of its lines less their shares of that
//     discount: base × rate ÷ 100 if prices exclude tax, base × rate ÷ (100 +
//     rate) if they include it.
//
// An amount that is rounded as a whole is allocated to its lines by largest
// remainder. So shares, net amounts and taxes of lines add up exactly to those of
// rates ([RateTotals]) and to the quote's, and Net + Tax = Gross. A line without
// a tax rate differs from a line at 0 %: each has its own total.
//
// # Commands
//
// A [Quote] is a guarded aggregate: a command makes its whole change, or returns
// an error and changes nothing.
//
//	q, err := quote.Restore(snapshot, zone)
//	if err != nil {
//		return err
//	}
//	if err := q.Send(customer, at); err != nil {
//		return err
//	}
//	change, ok, err := q.Change(newID)
//
// # For stores
//
// A store implements [Repository]. A quote is visible with its opportunity: by
// its owner, department and team.
package quote
