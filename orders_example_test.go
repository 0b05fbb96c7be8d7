package pursuit_test

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// An order is made of a won opportunity and executed as the sales system reports.
func ExampleOrders_Execute() {
	ctx, s := context.Background(), open()
	must(s.SalesSystem().Enable(ctx))
	must(s.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY}))

	deal := must(s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: "Pumps", Customer: s.customer, Currency: money.CNY,
		Lines: []opportunity.LineInput{{Product: "pump", Quantity: decimal.NewFromInt(5), Price: decimal.RequireFromString("199.99")}},
	}))
	must(s.Opportunities().Win(ctx, deal.ID, opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: s.won}}}))
	o := must(s.Orders().Create(ctx, deal.ID, order.CreateInput{Promote: true}))
	must(s.Orders().Confirm(ctx, o.ID))

	today := must(calendar.Parse("2026-03-02"))
	must(s.Orders().Execute(ctx, o.ID, []order.EventInput{
		{External: "DN-1", Kind: order.Delivery, Line: 1, Quantity: decimal.RequireFromString("3"), On: today},
		{External: "RC-1", Kind: order.Receipt, Amount: money.FromMinor(20000, money.CNY), Advance: true, On: today},
	}))
	x := must(s.Orders().Execution(ctx, o.ID))
	fmt.Println(o.Number, x.Status)
	fmt.Println("delivered", x.Total.NetDelivered.Amount, x.Total.DeliveredPercent, "%")
	fmt.Println("received", x.Total.Received)
	// Output:
	// ORD-2026-000001 executing
	// delivered 599.97 CNY 60 %
	// received 200.00 CNY
}

// Without a sales system that is enabled and initialised, orders are refused (Q01).
func ExampleSalesSystem_Enable() {
	ctx, s := context.Background(), open()
	_, err := s.Orders().List(ctx, pursuit.OrderQuery{}, pursuit.Page{})
	fmt.Println(err)
	must(s.SalesSystem().Enable(ctx))
	_, err = s.Orders().List(ctx, pursuit.OrderQuery{}, pursuit.Page{})
	fmt.Println(err)
	// Output:
	// sales_system.disabled: the sales system isn't enabled
	// sales_system.not_initialised: the sales system isn't initialised
}

// All orders of a customer are summed up by currency, as of today.
func ExampleOrders_ExecutionOfCustomer() {
	ctx, s := context.Background(), open()
	must(s.SalesSystem().Enable(ctx))
	must(s.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
	rate := decimal.NewFromInt(13)
	deal := must(s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: "Pumps", Customer: s.customer, Currency: money.CNY,
		Lines: []opportunity.LineInput{{Product: "pump", Quantity: decimal.NewFromInt(5), Price: decimal.NewFromInt(200), Tax: &rate}},
	}))
	must(s.Opportunities().Win(ctx, deal.ID, opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: s.won}}}))
	o := must(s.Orders().Create(ctx, deal.ID, order.CreateInput{Promote: true}))
	must(s.Orders().Confirm(ctx, o.ID))
	today := must(calendar.Parse("2026-03-02"))
	must(s.Orders().Execute(ctx, o.ID, []order.EventInput{
		{External: "DN-1", Kind: order.Delivery, Line: 1, Quantity: decimal.NewFromInt(3), On: today},
		{External: "INV-1", Kind: order.Invoice, Line: 1, Amount: money.FromMinor(67800, money.CNY), On: today},
	}))

	x := must(s.Orders().ExecutionOfCustomer(ctx, s.customer))
	for _, c := range x.Currencies {
		fmt.Println(c.Binding, "order,", c.Delivered, "of", c.Ordered, "delivered,", c.Invoiced, "of", c.Payable, "invoiced")
		fmt.Println("to come:", c.ToDeliver, "of goods,", c.ToReceive, "of what is invoiced")
	}
	// Output:
	// 1 order, 600.00 CNY of 1000.00 CNY delivered, 678.00 CNY of 1130.00 CNY invoiced
	// to come: 400.00 CNY of goods, 678.00 CNY of what is invoiced
}
