package order

import (
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/sum"
	"github.com/pursuit-crm/pursuit/money"
)

// calc computes with one error check at the end.
type calc struct{ sum.Calc }

func newCalc(currency money.Currency) *calc { return &calc{sum.Calc{Currency: currency}} }

func (c *calc) min(a, b money.Money) money.Money {
	if n, err := a.Cmp(b); err != nil {
		return c.Keep(a, err)
	} else if n <= 0 {
		return a
	}
	return b
}

// floor returns a − b, or zero if that is negative.
func (c *calc) floor(a, b money.Money) money.Money {
	if d := c.Sub(a, b); d.Sign() > 0 {
		return d
	}
	return money.Zero(c.Currency)
}

// worth returns the amount of a quantity q of a line's goods.
func (c *calc) worth(l *Line, q decimal.Decimal) money.Money { return c.part(l.Amount, q, l.Quantity) }

// part returns of × q ÷ n, rounded half up.
func (c *calc) part(of money.Money, q, n decimal.Decimal) money.Money {
	if !n.IsPositive() {
		return c.Keep(money.Money{}, fault.New(fault.ErrCorrupt, "order.corrupt", "a stored line has no quantity"))
	}
	d := decimal.NewFromInt(of.Minor()).Mul(q).DivRound(n, 0).BigInt()
	if !d.IsInt64() {
		return c.Keep(money.Money{}, fault.New(fault.ErrLimit, "money.overflow", "the amount is too large"))
	}
	return money.FromMinor(d.Int64(), c.Currency)
}

func of(d decimal.Decimal) *decimal.Decimal {
	d = money.Canonical(d)
	return &d
}

func atLeastZero(d decimal.Decimal) decimal.Decimal {
	if d.IsNegative() {
		return decimal.Decimal{}
	}
	return d
}

// percent returns part ÷ whole × 100, rounded down to two decimals.
func percent(part, whole decimal.Decimal) *decimal.Decimal {
	if !whole.IsPositive() {
		return nil
	}
	q, _ := part.Shift(2).QuoRem(whole, 2)
	return of(q)
}

// line computes the progress of a line, which bears a tax. If the order has
// ended, only delivered goods are still to be invoiced (Q13). refunded is the
// part of its refunds that counts; done reports whether the line is fully
// delivered and invoiced.
func (c *calc) line(l *Line, tax money.Money, s *Root, t *sums) (p Progress, refunded money.Money, done bool) {
	counted := decimal.Min(t.returned, t.delivered)
	net := t.delivered.Sub(counted)
	payable := c.payable(l, tax, s.TaxTreatment)
	p = Progress{
		Ordered:      Measure{of(l.Quantity), l.Amount},
		Delivered:    Measure{of(t.delivered), c.worth(l, t.delivered)},
		NetDelivered: Measure{of(net), c.worth(l, net)},
		Payable:      payable,
	}
	p.Returned = Measure{of(counted), c.Sub(p.Delivered.Amount, p.NetDelivered.Amount)}
	credited := c.min(t.credited, t.invoiced)
	p.Invoiced = Measure{of(atLeastZero(t.invoicedQty.Sub(t.creditedQty))), c.Sub(t.invoiced, credited)}
	refunded = c.min(t.refunded, c.Add(t.received, t.advances))
	paid := c.paid(t.received, t.advances, refunded, p.Invoiced.Amount)
	p.Received = c.Sub(c.Add(paid, t.advances), refunded)
	p.ToDeliver = Measure{of(atLeastZero(l.Quantity.Sub(net))), c.floor(l.Amount, p.NetDelivered.Amount)}
	p.ToInvoice = Measure{of(atLeastZero(l.Quantity.Sub(*p.Invoiced.Quantity))), c.floor(payable, p.Invoiced.Amount)}
	p.ToReceive = c.floor(p.Invoiced.Amount, p.Received)
	p.Net, p.Gross = c.footings(l, tax, s.TaxTreatment != "", &p)
	p.Covered = Covered{c.min(p.NetDelivered.Amount, l.Amount), c.min(p.Invoiced.Amount, payable), c.min(p.Received, payable)}
	p.Ahead = Ahead{of(t.returned.Sub(counted)), c.Sub(t.credited, credited), c.Sub(t.received, paid), money.Zero(c.Currency)}
	p.DeliveredPercent = percent(net, l.Quantity)
	p.InvoicedPercent = percent(p.Invoiced.Amount.Decimal(), payable.Decimal())
	p.ReceivedPercent = percent(p.Received.Decimal(), payable.Decimal())
	done = p.ToDeliver.Quantity.IsZero() && p.ToInvoice.Amount.IsZero()
	if s.Status.Ended() {
		none := decimal.Decimal{}
		p.ToDeliver = Measure{of(none), money.Zero(c.Currency)}
		p.ToInvoice = Measure{of(none), p.Gross.NotInvoiced}
		if p.ToInvoice.Amount.Sign() > 0 {
			p.ToInvoice.Quantity = of(atLeastZero(net.Sub(*p.Invoiced.Quantity)))
		}
	}
	return p, refunded, done
}

// footings returns a line's goods and invoices without tax, and with it.
func (c *calc) footings(l *Line, tax money.Money, taxed bool, p *Progress) (net, gross Footing) {
	as := func(whole, invoiced money.Money) Footing {
		f := Footing{Ordered: whole, Delivered: p.Delivered.Amount, NetDelivered: p.NetDelivered.Amount, Invoiced: invoiced}
		if whole != l.Amount {
			f.Delivered, f.NetDelivered = c.part(whole, *p.Delivered.Quantity, l.Quantity), c.part(whole, *p.NetDelivered.Quantity, l.Quantity)
		}
		f.Returned = c.Sub(f.Delivered, f.NetDelivered)
		f.NotInvoiced = c.floor(f.NetDelivered, f.Invoiced)
		return f
	}
	gross = as(p.Payable, p.Invoiced.Amount)
	switch {
	case !tax.IsZero():
		whole := c.Sub(p.Payable, tax)
		net = as(whole, c.part(whole, decimal.NewFromInt(gross.Invoiced.Minor()), decimal.NewFromInt(p.Payable.Minor())))
	case taxed && p.Payable.IsZero(): // invoices beyond free goods bear the line's rate too
		net = as(p.Payable, c.Sub(gross.Invoiced, c.rated(gross.Invoiced, l.Tax, money.TaxInclusive)))
	default:
		return gross, gross
	}
	if gross.NotInvoiced.IsZero() { // the documents decide
		net.NotInvoiced = gross.NotInvoiced
	}
	return net, gross
}

// total adds the lines up, and settles the receipts of the whole order. refunds
// is the counted part of refunds that name lines.
func (c *calc) total(lines []LineProgress, whole *sums, refunds money.Money) Progress {
	zero := money.Zero(c.Currency)
	none := Measure{of(decimal.Decimal{}), zero}
	p := Progress{Ordered: none, Delivered: none, Returned: none, NetDelivered: none, Invoiced: none, ToDeliver: none, ToInvoice: none, Payable: zero,
		Net: noFooting(zero), Gross: noFooting(zero), Covered: Covered{zero, zero, zero}, Ahead: Ahead{of(decimal.Decimal{}), zero, zero, zero}}
	// Receipts of the lines themselves; their parts beyond each line's invoices
	// and beyond each line's payable amount; and the shortfall of other lines.
	own, beyond, over, lack := zero, zero, zero, zero
	sameUnit := true
	for i := range lines {
		l := &lines[i]
		sameUnit = sameUnit && l.Line.Unit == lines[0].Line.Unit
		for _, x := range []struct{ to, from *Measure }{
			{&p.Ordered, &l.Ordered}, {&p.Delivered, &l.Delivered}, {&p.Returned, &l.Returned}, {&p.NetDelivered, &l.NetDelivered},
			{&p.Invoiced, &l.Invoiced}, {&p.ToDeliver, &l.ToDeliver}, {&p.ToInvoice, &l.ToInvoice},
		} {
			*x.to = Measure{of(x.to.Quantity.Add(*x.from.Quantity)), c.Add(x.to.Amount, x.from.Amount)}
		}
		p.Ahead.Returned = of(p.Ahead.Returned.Add(*l.Ahead.Returned))
		p.Ahead.Credited = c.Add(p.Ahead.Credited, l.Ahead.Credited)
		p.Ahead.Received = c.Add(p.Ahead.Received, l.Ahead.Received)
		p.Payable = c.Add(p.Payable, l.Payable)
		p.Net, p.Gross, p.Covered = c.addFooting(p.Net, &l.Net), c.addFooting(p.Gross, &l.Gross), c.addCovered(p.Covered, &l.Covered)
		own, lack = c.Add(own, l.Received), c.Add(lack, l.ToReceive)
		beyond, over = c.Add(beyond, c.floor(l.Received, l.Invoiced.Amount)), c.Add(over, c.floor(l.Received, l.Payable))
	}
	if !sameUnit {
		for _, m := range []*Measure{&p.Ordered, &p.Delivered, &p.Returned, &p.NetDelivered, &p.Invoiced, &p.ToDeliver, &p.ToInvoice} {
			m.Quantity = nil
		}
		p.Ahead.Returned = nil
	}
	// An event that waits on a line waits in the total as well. Refunds count up
	// to everything else that was received; those of the whole order first use
	// the lines' receipts beyond their invoices. The remainder of those pays no
	// other line's invoices (Q12).
	counted := c.Sub(whole.received, p.Ahead.Received)
	refunded := c.min(whole.refunded, c.Add(counted, whole.advances))
	spare := c.floor(beyond, c.Sub(refunded, refunds))
	paid := c.paid(counted, whole.advances, refunded, c.Add(p.Invoiced.Amount, spare))
	p.Received = c.Sub(c.Add(paid, whole.advances), refunded)
	p.Ahead.Received = c.Sub(whole.received, paid)
	p.Ahead.Refunded = c.Sub(whole.refunded, refunded)
	// Receipts for the whole order, less refunds, pay any line.
	if rest := c.Sub(p.Received, own); rest.Sign() >= 0 {
		p.ToReceive = c.floor(lack, rest)
		p.Covered.Received = c.Add(p.Covered.Received, c.min(rest, c.Sub(p.Payable, p.Covered.Received)))
	} else {
		back := c.Sub(own, p.Received)
		p.ToReceive = c.Add(lack, c.floor(back, beyond))
		p.Covered.Received = c.floor(p.Covered.Received, c.floor(back, over))
	}
	p.DeliveredPercent, p.InvoicedPercent, p.ReceivedPercent = p.Covered.percents(p.Ordered.Amount, p.Payable)
	return p
}

// paid returns the counted part of receipts that aren't advances: up to the
// amount invoiced or refunded that advances don't cover (Q07).
func (c *calc) paid(received, advances, refunded, invoiced money.Money) money.Money {
	return c.min(received, c.floor(c.Add(invoiced, refunded), advances))
}

func (x *Covered) percents(ordered, payable money.Money) (delivered, invoiced, received *decimal.Decimal) {
	whole := payable.Decimal()
	return percent(x.Delivered.Decimal(), ordered.Decimal()), percent(x.Invoiced.Decimal(), whole), percent(x.Received.Decimal(), whole)
}

func (c *calc) addCovered(a Covered, b *Covered) Covered {
	return Covered{c.Add(a.Delivered, b.Delivered), c.Add(a.Invoiced, b.Invoiced), c.Add(a.Received, b.Received)}
}

func noFooting(zero money.Money) Footing { return Footing{zero, zero, zero, zero, zero, zero} }

func (c *calc) addFooting(a Footing, b *Footing) Footing {
	return Footing{c.Add(a.Ordered, b.Ordered), c.Add(a.Delivered, b.Delivered), c.Add(a.Returned, b.Returned),
		c.Add(a.NetDelivered, b.NetDelivered), c.Add(a.Invoiced, b.Invoiced), c.Add(a.NotInvoiced, b.NotInvoiced)}
}
