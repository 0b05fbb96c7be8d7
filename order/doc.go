// Package order holds the orders 商机订单 of won opportunities, the execution events
// that sales systems report, the execution view 商机订单执行查询 of one order
// ([ExecutionOf]) and of several ([Summarise]), and the settings of a sales
// system 销售系统 (Q01–Q13).
//
// # For hosts
//
// An order copies customer, currency, lines and amounts from the opportunity
// (Q04, Q07). If a quote is accepted, lines and net amounts are the quote's. Its
// status moves by [Lifecycle] (Q05).
//
//	x, err := order.ExecutionOf(snapshot)
//	if err != nil {
//		return err
//	}
//	x = x.AsOf(today) // marks overdue lines
//
// A [SalesSystem] stores orders and decides what they may do. It is the library's
// own, [Embedded], or one of the host's; package ordertest tests either.
//
// # Order of arrival
//
// Sales systems report late, twice, and in any order (Q06). So an event is
// refused only for a fault that no later event could correct: malformed content,
// the id of another event, a line that doesn't exist, an amount in another
// currency, and a delivery beyond the allowed quantity. An event that arrives
// before the one it depends on is accepted, and waits uncounted until that one
// arrives:
//
//   - returns beyond the quantity delivered,
//   - credit notes beyond the amount invoiced,
//   - receipts not marked as advance beyond the amount invoiced and unpaid, on
//     the line they name and on the whole order,
//   - refunds beyond the amount received that doesn't wait.
//
// Waiting events are shown as [Ahead]. The counted figures therefore depend only
// on the set of events, and keep the limits of Q07 at all times: 0 ≤ returned ≤
// delivered, received ≤ invoiced unless in advance. The limit of deliveries is
// checked net of all known returns, taking the events of one command as a whole:
// report goods that replace returned ones with or after the return; a refused
// report can then be sent again. Invoices have no limit, because they also
// include freight, insurance and agreed changes of price; InvoicedPercent shows
// the excess.
//
// The status differs from execution. An order completes automatically with the
// report that makes [Execution].Done true (Q08), and stays completed, like one
// that a command completed, because others have acted upon it, and its
// opportunity may be closed. It still accepts events. A cancelled order accepts
// events about goods that were delivered or invoiced: receipts, credit notes,
// returns and refunds, and invoices of lines with a delivery, but no further
// delivery (Q13). So the order of arrival matters only in this: if all reports
// together make the order done, it is completed; if not, it is completed if it
// was done at some time, and executing otherwise. Only Done and the figures
// describe the present.
//
// # Outstanding amounts
//
// One line's surplus never hides another's shortfall: not in a total's
// percentages, which use [Covered], not in outstanding amounts, and not in the
// sums of several orders (Q12). While an order is live, everything ordered is
// still to be delivered, and everything payable is still to be invoiced. Once it
// is completed or cancelled, only goods delivered but not invoiced, and invoices
// not paid, are outstanding (Q13).
//
// # Amounts and tax
//
// A line's amount is net if the order's [money.TaxTreatment] is TaxExclusive, and
// gross if it is TaxInclusive; Total and Delivered are in the same terms.
// [TotalsOf] returns net, tax and gross by rate. Invoices, credit notes, receipts
// and refunds are reported as documented, tax included, and are compared with
// [Progress].Payable, the gross amount. [Footing] holds goods and invoices in the
// same terms, without and with tax, and the amount delivered but not invoiced.
//
// # For stores and sales systems
//
// A store implements [Repository]. A host whose ERP keeps the orders implements
// [SalesSystem] instead, usually with the help of [Order], a guarded aggregate
// whose commands make their whole change, or return an error and change nothing:
//
//	o, err := order.Restore(before, zone)
//	if err != nil {
//		return order.Plan{}, err
//	}
//	if err := o.Do(task, at); err != nil {
//		return order.Plan{}, err
//	}
//	return order.Plan{Order: o.Snapshot(), Write: write}, nil
package order
