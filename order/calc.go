package order

import (
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// calc does sums with one error at the end.
type calc struct {
	currency money.Currency
	err      error
}

func (c *calc) keep(m money.Money, err error) money.Money {
	if err != nil {
		if c.err == nil {
			c.err = err
		}
		return money.Zero(c.currency)
	}
	return m
}

func (c *calc) add(a, b money.Money) money.Money { return c.keep(a.Add(b)) }
func (c *calc) sub(a, b money.Money) money.Money { return c.keep(a.Sub(b)) }

func (c *calc) min(a, b money.Money) money.Money {
	if n, err := a.Cmp(b); err != nil {
		return c.keep(a, err)
	} else if n <= 0 {
		return a
	}
	return b
}

// floor is a − b, or zero if that is less.
func (c *calc) floor(a, b money.Money) money.Money {
	if d := c.sub(a, b); d.Sign() > 0 {
		return d
	}
	return money.Zero(c.currency)
}

// worth is the amount of q of a line's goods.
func (c *calc) worth(l *Line, q decimal.Decimal) money.Money {
	if !l.Quantity.IsPositive() {
		return c.keep(money.Money{}, fault.New(fault.ErrCorrupt, "order.corrupt", "a stored line has no quantity"))
	}
	d := decimal.NewFromInt(l.Amount.Minor()).Mul(q).DivRound(l.Quantity, 0).BigInt()
	if !d.IsInt64() {
		return c.keep(money.Money{}, fault.New(fault.ErrLimit, "money.overflow", "the amount is too large"))
	}
	return money.FromMinor(d.Int64(), c.currency)
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

// percent is part ÷ whole × 100, rounded down to two decimals.
func percent(part, whole decimal.Decimal) *decimal.Decimal {
	if !whole.IsPositive() {
		return nil
	}
	q, _ := part.Shift(2).QuoRem(whole, 2)
	return of(q)
}

// line computes the progress of a line, for which payable is to be paid.
func (c *calc) line(l *Line, payable money.Money, t *sums) Progress {
	counted := decimal.Min(t.returned, t.delivered)
	net := t.delivered.Sub(counted)
	p := Progress{
		Ordered:      Measure{of(l.Quantity), l.Amount},
		Delivered:    Measure{of(t.delivered), c.worth(l, t.delivered)},
		NetDelivered: Measure{of(net), c.worth(l, net)},
	}
	p.Returned = Measure{of(counted), c.sub(p.Delivered.Amount, p.NetDelivered.Amount)}
	credited := c.min(t.credited, t.invoiced)
	p.Invoiced = Measure{of(atLeastZero(t.invoicedQty.Sub(t.creditedQty))), c.sub(t.invoiced, credited)}
	refunded := c.min(t.refunded, c.add(t.received, t.advances))
	paid := c.paid(t.received, t.advances, refunded, p.Invoiced.Amount)
	p.Received = c.sub(c.add(paid, t.advances), refunded)
	if p.Received.Sign() < 0 { // refunded what waits
		p.Received = money.Zero(c.currency)
	}
	p.Payable = payable
	p.ToDeliver = Measure{of(atLeastZero(l.Quantity.Sub(net))), c.floor(l.Amount, p.NetDelivered.Amount)}
	p.ToInvoice = Measure{of(atLeastZero(l.Quantity.Sub(*p.Invoiced.Quantity))), c.floor(payable, p.Invoiced.Amount)}
	p.ToReceive = c.floor(p.Invoiced.Amount, p.Received)
	p.DeliveredPercent = percent(net, l.Quantity)
	p.Ahead = Ahead{of(t.returned.Sub(counted)), c.sub(t.credited, credited), c.sub(t.received, paid), money.Zero(c.currency)}
	c.percents(&p)
	return p
}

// total adds the lines up, and settles the receipts of the whole order.
func (c *calc) total(lines []LineProgress, whole *sums) Progress {
	zero := money.Zero(c.currency)
	none := Measure{of(decimal.Decimal{}), zero}
	p := Progress{Ordered: none, Delivered: none, Returned: none, NetDelivered: none, Invoiced: none, ToDeliver: none, ToInvoice: none, Payable: zero,
		Ahead: Ahead{of(decimal.Decimal{}), zero, zero, zero}}
	sameUnit := true
	for i := range lines {
		l := &lines[i]
		sameUnit = sameUnit && l.Line.Unit == lines[0].Line.Unit
		for _, x := range []struct{ to, from *Measure }{
			{&p.Ordered, &l.Ordered}, {&p.Delivered, &l.Delivered}, {&p.Returned, &l.Returned}, {&p.NetDelivered, &l.NetDelivered},
			{&p.Invoiced, &l.Invoiced}, {&p.ToDeliver, &l.ToDeliver}, {&p.ToInvoice, &l.ToInvoice},
		} {
			*x.to = Measure{of(x.to.Quantity.Add(*x.from.Quantity)), c.add(x.to.Amount, x.from.Amount)}
		}
		p.Ahead.Returned = of(p.Ahead.Returned.Add(*l.Ahead.Returned))
		p.Ahead.Credited = c.add(p.Ahead.Credited, l.Ahead.Credited)
		p.Ahead.Received = c.add(p.Ahead.Received, l.Ahead.Received)
		p.Payable = c.add(p.Payable, l.Payable)
	}
	if !sameUnit {
		for _, m := range []*Measure{&p.Ordered, &p.Delivered, &p.Returned, &p.NetDelivered, &p.Invoiced, &p.ToDeliver, &p.ToInvoice} {
			m.Quantity = nil
		}
		p.Ahead.Returned = nil
	}
	// What waits on a line waits in the total as well. Refunds count up to all else
	// that was received.
	counted := c.sub(whole.received, p.Ahead.Received)
	refunded := c.min(whole.refunded, c.add(counted, whole.advances))
	paid := c.paid(counted, whole.advances, refunded, p.Invoiced.Amount)
	p.Received = c.sub(c.add(paid, whole.advances), refunded)
	p.Ahead.Received = c.sub(whole.received, paid)
	p.Ahead.Refunded = c.sub(whole.refunded, refunded)
	p.ToReceive = c.floor(p.Invoiced.Amount, p.Received)
	p.DeliveredPercent = percent(p.NetDelivered.Amount.Decimal(), p.Ordered.Amount.Decimal())
	c.percents(&p)
	return p
}

// paid is how much of what was received, and isn't in advance, counts: up to what
// is invoiced, refunded again, and not covered by advances (Q07).
func (c *calc) paid(received, advances, refunded, invoiced money.Money) money.Money {
	return c.min(received, c.floor(c.add(invoiced, refunded), advances))
}

func (c *calc) percents(p *Progress) {
	payable := p.Payable.Decimal()
	p.InvoicedPercent = percent(p.Invoiced.Amount.Decimal(), payable)
	p.ReceivedPercent = percent(p.Received.Decimal(), payable)
}
