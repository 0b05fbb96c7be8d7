package order_test

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

// 3 and 2 of 5 pieces are delivered, 1 comes back; the receipt waits for its
// invoice.
func ExampleExecutionOf() {
	o, err := order.New(id(9), "ORD-2026-000001", source(money.JPY, line(1, "5", "300", money.JPY)), order.CreateInput{}, at(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	save := func() { _, _, err = o.Change(ids(0)) }
	save()
	if err := o.Confirm(at(1)); err != nil {
		fmt.Println(err)
	}
	save()
	if err := o.Execute([]order.EventInput{
		takeBack("RET-1", 1, "1"), deliver("DN-2", 1, "2"), deliver("DN-1", 1, "3"),
		pay("RC-1", order.Receipt, 0, amount("900", money.JPY)),
	}, at(2)); err != nil {
		fmt.Println(err)
	}
	x, err := order.ExecutionOf(o.Snapshot())
	fmt.Println(err, x.Status)
	l := x.Lines[0]
	fmt.Println(l.Delivered.Quantity, "−", l.Returned.Quantity, "=", l.NetDelivered.Quantity, "of", l.Ordered.Quantity, "worth", l.NetDelivered.Amount)
	fmt.Println("received", x.Total.Received, "waiting", x.Total.Ahead.Received)
	// Output:
	// <nil> executing
	// 5 − 1 = 4 of 5 worth 1200 JPY
	// received 0 JPY waiting 900 JPY
}

func ExampleLifecycle() {
	to, ok := order.Lifecycle().Next(order.Executing, order.CommandComplete)
	fmt.Println(to, ok)
	_, ok = order.Lifecycle().Next(order.Draft, order.CommandExecute)
	fmt.Println(ok)
	// Output:
	// completed true
	// false
}

// Tax is rounded once per rate, and the sums are exact.
func ExampleTotalsOf() {
	o, err := order.New(id(9), "ORD-2026-000001", source(money.CNY, mixed()...), order.CreateInput{}, at(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := order.TotalsOf(o.Snapshot())
	fmt.Println(x.Net, "+", x.Tax, "=", x.Gross, err)
	for _, r := range x.Rates[1:] {
		fmt.Println(r.Rate, "% of", r.Net, "is", r.Tax)
	}
	// Output:
	// 127.00 CNY + 14.90 CNY = 141.90 CNY <nil>
	// 6 % of 10.00 CNY is 0.60 CNY
	// 13 % of 110.00 CNY is 14.30 CNY
}
