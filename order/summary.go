package order

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
)

// Summary is the execution view 商机订单执行查询 of several orders: an opportunity's, or
// a customer's.
type Summary struct {
	// On is the reference day for overdue deliveries.
	On calendar.Date `json:"on"`
	// Currencies holds the sums of the orders, by currency code.
	Currencies []CurrencyProgress `json:"currencies"`
	// Orders are by number.
	Orders []Execution `json:"orders"`
}

// CurrencyProgress sums up the orders of one currency. The amounts are exact sums
// over the Executions of binding orders: confirmed, executing or completed.
// Drafts aren't binding yet, and cancelled orders no longer are; for those see
// the Kept amounts and the outstanding ones (Q13).
type CurrencyProgress struct {
	Currency money.Currency `json:"currency"`
	// Binding, Drafts and Cancelled are the numbers of such orders.
	Binding   int `json:"binding"`
	Drafts    int `json:"drafts"`
	Cancelled int `json:"cancelled"`
	// Ordered is the amount to be delivered, and Payable the amount to be paid
	// for it, with tax. Delivered is less returns, Invoiced less credit notes,
	// Received less refunds.
	Ordered   money.Money `json:"ordered"`
	Payable   money.Money `json:"payable"`
	Delivered money.Money `json:"delivered"`
	Returned  money.Money `json:"returned"`
	Invoiced  money.Money `json:"invoiced"`
	Received  money.Money `json:"received"`
	// ToDeliver, ToInvoice and ToReceive are outstanding. For completed and
	// cancelled orders, only goods delivered but not invoiced, and invoices not
	// paid, are (Q13).
	ToDeliver money.Money `json:"to_deliver"`
	ToInvoice money.Money `json:"to_invoice"`
	ToReceive money.Money `json:"to_receive"`
	// Net and Gross compare goods and invoices; their NotInvoiced includes
	// cancelled orders.
	Net   Footing `json:"net"`
	Gross Footing `json:"gross"`
	// Covered is the basis of the percentages of Ordered and Payable: no line,
	// and so no order, offsets another's shortfall (Q12). They are rounded down
	// to two decimals; nil where the base is zero.
	Covered          Covered          `json:"covered"`
	DeliveredPercent *decimal.Decimal `json:"delivered_percent"`
	InvoicedPercent  *decimal.Decimal `json:"invoiced_percent"`
	ReceivedPercent  *decimal.Decimal `json:"received_percent"`
	// Kept is the value of goods that cancelled orders delivered and that weren't
	// returned (Q05). KeptInvoiced is their invoiced amount less credit notes,
	// and KeptReceived their received amount less refunds.
	Kept         money.Money `json:"kept"`
	KeptInvoiced money.Money `json:"kept_invoiced"`
	KeptReceived money.Money `json:"kept_received"`
	// OverdueLines and OverdueOrders count those with overdue deliveries.
	OverdueLines  int `json:"overdue_lines"`
	OverdueOrders int `json:"overdue_orders"`
}

// Summarise returns the view of several orders with their events, as of a day.
// Errors as for ExecutionOf.
func Summarise(list []Snapshot, on calendar.Date) (Summary, error) {
	out := Summary{On: on, Orders: make([]Execution, 0, len(list))}
	for i := range list {
		x, err := ExecutionOf(list[i])
		if err != nil {
			return Summary{}, err
		}
		x = x.AsOf(on)
		out.Orders = append(out.Orders, x)
		currency := list[i].Currency
		at, found := slices.BinarySearchFunc(out.Currencies, currency, func(p CurrencyProgress, c money.Currency) int { return strings.Compare(string(p.Currency), string(c)) })
		if !found {
			z := money.Zero(currency)
			out.Currencies = slices.Insert(out.Currencies, at, CurrencyProgress{Currency: currency, Ordered: z, Payable: z, Delivered: z, Returned: z,
				Invoiced: z, Received: z, ToDeliver: z, ToInvoice: z, ToReceive: z, Net: noFooting(z), Gross: noFooting(z),
				Covered: Covered{z, z, z}, Kept: z, KeptInvoiced: z, KeptReceived: z})
		}
		if err := out.Currencies[at].add(&x); err != nil {
			return Summary{}, err
		}
	}
	for i := range out.Currencies {
		p := &out.Currencies[i]
		p.DeliveredPercent, p.InvoicedPercent, p.ReceivedPercent = p.Covered.percents(p.Ordered, p.Payable)
	}
	return out, nil
}

func (p *CurrencyProgress) add(x *Execution) error {
	c, t := newCalc(p.Currency), &x.Total
	plus := func(to *money.Money, m money.Money) { *to = c.Add(*to, m) }
	if x.Status == Draft {
		p.Drafts++
		return nil
	}
	plus(&p.ToDeliver, t.ToDeliver.Amount)
	plus(&p.ToInvoice, t.ToInvoice.Amount)
	plus(&p.ToReceive, t.ToReceive)
	if x.Status == Cancelled {
		p.Cancelled++
		plus(&p.Net.NotInvoiced, t.Net.NotInvoiced)
		plus(&p.Gross.NotInvoiced, t.Gross.NotInvoiced)
		plus(&p.Kept, t.NetDelivered.Amount)
		plus(&p.KeptInvoiced, t.Invoiced.Amount)
		plus(&p.KeptReceived, t.Received)
		return c.Err
	}
	p.Binding++
	plus(&p.Ordered, t.Ordered.Amount)
	plus(&p.Payable, t.Payable)
	plus(&p.Delivered, t.NetDelivered.Amount)
	plus(&p.Returned, t.Returned.Amount)
	plus(&p.Invoiced, t.Invoiced.Amount)
	plus(&p.Received, t.Received)
	p.Net, p.Gross, p.Covered = c.addFooting(p.Net, &t.Net), c.addFooting(p.Gross, &t.Gross), c.addCovered(p.Covered, &t.Covered)
	p.OverdueLines += x.Overdue
	if x.Overdue > 0 {
		p.OverdueOrders++
	}
	return c.Err
}
