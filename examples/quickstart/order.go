package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// order is S8: the order of the won opportunity, and what becomes of it.
func (st *story) order(ctx context.Context) error {
	st.title("S8 The order, and its execution")
	id, err := st.placeOrder(ctx)
	if err != nil {
		return err
	}
	// What the ERP's sales system reports, each with its own id.
	today := calendar.Of(time.Now(), time.UTC)
	first := []order.EventInput{
		{External: "DEL-1", Kind: order.Delivery, Line: 1, Quantity: decimal.NewFromInt(12), On: today},
		{External: "RET-1", Kind: order.Return, Line: 1, Quantity: decimal.NewFromInt(2), Note: "Broken in transit", On: today},
		{External: "INV-1", Kind: order.Invoice, Line: 1, Amount: money.FromMinor(113_612_93, money.CNY), On: today},
		{External: "PAY-1", Kind: order.Receipt, Amount: money.FromMinor(100_000_00, money.CNY), On: today},
	}
	if _, err := st.ann.Orders().Execute(ctx, id, first); err != nil {
		return err
	}
	if err := st.showExecution(ctx, id); err != nil {
		return err
	}
	_, err = st.ann.Opportunities().Close(ctx, st.deal.ID, opportunity.CloseInput{})
	if !errors.Is(err, fault.ErrNotAllowed) {
		return fmt.Errorf("closing was not refused: %w", err)
	}
	st.say("closing now is refused:")
	for _, f := range fault.FieldsOf(err) {
		st.say("  %s", f.Message)
	}

	// Reports may come again and in any order: those that are known change nothing.
	if _, err := st.ann.Orders().Execute(ctx, id, append(first,
		order.EventInput{External: "PAY-2", Kind: order.Receipt, Amount: money.FromMinor(93_784_48, money.CNY), On: today},
		order.EventInput{External: "DEL-2", Kind: order.Delivery, Line: 1, Quantity: decimal.NewFromInt(10), On: today},
		order.EventInput{External: "DEL-2", Kind: order.Delivery, Line: 2, Quantity: decimal.NewFromInt(1), On: today},
		order.EventInput{External: "INV-2", Kind: order.Invoice, Line: 1, Amount: money.FromMinor(75_741_95, money.CNY), On: today},
		order.EventInput{External: "INV-2", Kind: order.Invoice, Line: 2, Amount: money.FromMinor(4_429_60, money.CNY), On: today},
	)); err != nil {
		return err
	}
	return st.showExecution(ctx, id)
}

// placeOrder makes the order from the accepted quote, and confirms it.
func (st *story) placeOrder(ctx context.Context) (uuid.UUID, error) {
	// The customer was a prospect: its first order makes it an active one.
	in := order.CreateInput{Promote: true, Reference: "PO 4711"}
	r, err := st.ann.Orders().Create(ctx, st.deal.ID, in)
	if err != nil {
		return uuid.Nil, err
	}
	if _, err := st.ann.Orders().Confirm(ctx, r.ID); err != nil {
		return uuid.Nil, err
	}
	o, err := st.ann.Orders().Get(ctx, r.ID)
	if err != nil {
		return uuid.Nil, err
	}
	st.say("%s over %s, %d lines, is %s", o.Number, o.Gross, len(o.Items), o.Status)
	return r.ID, nil
}

// showExecution prints the execution view 商机订单执行查询.
func (st *story) showExecution(ctx context.Context, id uuid.UUID) error {
	x, err := st.ann.Orders().Execution(ctx, id)
	if err != nil {
		return err
	}
	st.say("%s is %s", x.Number, x.Status)
	for _, l := range x.Lines {
		st.say("  line %d %-6s delivered %s of %s, invoiced %s of %s", l.Line.Number, l.Line.Product,
			l.NetDelivered.Quantity, l.Ordered.Quantity, l.Invoiced.Amount, l.Payable)
	}
	st.say("  in total delivered %s %%, invoiced %s %%, received %s %%; to be received: %s",
		x.Total.DeliveredPercent, x.Total.InvoicedPercent, x.Total.ReceivedPercent, x.Total.ToReceive)
	return nil
}
