// Package order holds the orders 商机订单 that won opportunities yield, the execution events that sales systems report, the view on
// them 商机订单执行查询, of one order ([ExecutionOf]) and of several ([Summarise]),
// and the settings of a sales system 销售系统 (Q01–Q09).
//
// An [Order] is a guarded aggregate: a command changes all that it should, or
// returns an error and changes nothing. It copies customer, currency, lines and
// amounts from the opportunity (Q04, Q07); its status moves by [Lifecycle] (Q05). If
// a quote is accepted, lines and net amounts are the quote's.
//
// Where orders live, and who decides what they may do, is a [SalesSystem]: the
// library's own, [Embedded], or one of the host's; package ordertest tests either.
//
// # Order of arrival
//
// Sales systems report late, twice, and in any order (Q06). So an event is
// refused only for what no later event could mend: malformed content, the id of
// another event, a line that isn't there, an amount in another currency, and a
// delivery beyond what may be delivered. What merely comes before the event that
// it rests on is taken in and waits, uncounted, until that one has come:
//
//   - returns beyond what was delivered,
//   - credit notes beyond what was invoiced,
//   - receipts that aren't marked as advance beyond what is invoiced and unpaid, on
//     the line where they name one, and on the whole,
//   - refunds beyond what was received and doesn't wait.
//
// What waits is shown as [Ahead]. What counts is thereby a function of the set of
// events alone and keeps the limits of Q07 at all times: 0 ≤ returned ≤ delivered,
// received ≤ invoiced unless in advance. The limit of deliveries is checked net
// of all returns that are known, with the events of one command taken as a whole:
// goods that replace returned ones are reported with or after the return, and a
// refused report can be sent again then. Invoices have no limit: they also bear
// freight, insurance and agreed changes of price; InvoicedPercent tells.
//
// The status isn't execution. An order completes by itself with the report that
// makes [Execution].Done true (Q08), and then stays completed, as one does that a
// command completed: others have acted upon it, and its opportunity may be closed.
// It goes on taking in events; a cancelled one takes in what there is to say about
// that which was delivered or invoiced: receipts, credit notes, returns and refunds,
// and invoices of lines of which something was delivered, but no delivery (Q13). So,
// whatever the order of arrival: if all that was reported makes the order done, it is
// completed; if not, it is completed if it was done at some time, and executing else.
// Of the two, only Done and the figures tell what is so now.
//
// # Shares and what is outstanding
//
// One line's surplus never hides another's lack: neither in a total's percentages,
// which go by [Covered], nor in what is outstanding, nor in the sums of several orders
// (Q12). Of an order that was completed or cancelled only that is outstanding which
// was delivered and not invoiced, or invoiced and not paid; before that, all that is
// ordered is to be delivered, and all that is payable to be invoiced (Q13).
//
// # Amounts and tax
//
// A line's amount is net where the order's [money.TaxTreatment] is TaxExclusive, and gross
// where it is TaxInclusive; Total and what is delivered are in the same terms.
// [TotalsOf] gives net, tax and gross by rate. Invoices, credit notes, receipts and
// refunds are reported as the documents say, tax included, and are measured
// against [Progress].Payable, the gross amount. [Footing] gives goods and invoices in
// the same terms, without tax and with it, and what was delivered and not invoiced.
package order
