package integration

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// deliverable makes a confirmed order of a deal whose lines come from the input.
func (w *tenant) deliverable(lines ...opportunity.LineInput) uuid.UUID {
	w.t.Helper()
	in := w.input()
	in.Lines = lines
	r, err := w.s.Opportunities().Record(w.ctx, in)
	require.NoError(w.t, err)
	w.must(w.s.Opportunities().Win(w.ctx, r.ID, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"}))
	o, err := w.s.Orders().Create(w.ctx, r.ID, order.CreateInput{})
	require.NoError(w.t, err)
	w.must(w.s.Orders().Confirm(w.ctx, o.ID))
	return o.ID
}

func units(product, quantity string) opportunity.LineInput {
	return opportunity.LineInput{Product: product, Quantity: dec(quantity), Unit: "pcs", Price: dec("10")}
}

func (w *tenant) report(id uuid.UUID, events ...order.EventInput) {
	w.t.Helper()
	w.must(w.s.Orders().Execute(w.ctx, id, events))
}

func moved(ext string, kind order.EventKind, line int, q string) order.EventInput {
	return order.EventInput{External: ext, Kind: kind, Line: line, Quantity: dec(q), On: onDay()}
}

func billed(ext string, kind order.EventKind, line int, m string) order.EventInput {
	return order.EventInput{External: ext, Kind: kind, Line: line, Amount: usd(m), On: onDay()}
}

func (w *tenant) execution(id uuid.UUID) order.Progress {
	w.t.Helper()
	x, err := w.s.Orders().Execution(w.ctx, id)
	require.NoError(w.t, err)
	return x.Total
}

// TestQ12_OneLinesSurplusHidesNoLack is an order of A and B, 100 each at 10.00,
// of which 10 % more may be delivered.
func TestQ12_OneLinesSurplusHidesNoLack(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{OverDelivery: dec("10")})
		for b, want := range map[string][]string{"90": {"95", "100.00"}, "50": {"75", "500.00"}} {
			id := w.deliverable(units("A", "100"), units("B", "100"))
			w.report(id, moved("a", order.Delivery, 1, "110"), moved("b", order.Delivery, 2, b))
			x := w.execution(id)
			require.Equal(t, want, []string{x.DeliveredPercent.String(), x.ToDeliver.Amount.Amount()})
		}
		sum, err := w.s.Orders().ExecutionOfCustomer(w.ctx, w.customer)
		require.NoError(t, err)
		require.Equal(t, []string{"3600.00", "3400.00", "600.00", "85"}, []string{sum.Currencies[0].Delivered.Amount(), sum.Currencies[0].Covered.Delivered.Amount(),
			sum.Currencies[0].ToDeliver.Amount(), sum.Currencies[0].DeliveredPercent.String()})
	})
}

// TestQ13_EndedOrdersAreWoundUp reports what concerns deliveries and invoices before
// and after a cancellation and a completion, in either order.
func TestQ13_EndedOrdersAreWoundUp(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		for name, end := range map[string]func(id uuid.UUID) (pursuit.Result, error){
			"cancelled": func(id uuid.UUID) (pursuit.Result, error) {
				return w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "gone"})
			},
			"completed": func(id uuid.UUID) (pursuit.Result, error) {
				return w.s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "enough"})
			},
		} {
			about := []order.EventInput{billed("p", order.Receipt, 0, "30.00"), moved("r", order.Return, 1, "1"), billed("c", order.CreditNote, 1, "4.00"),
				billed("f", order.Refund, 0, "4.00"), billed("i2", order.Invoice, 1, "4.00")}
			var first order.Progress
			for at := range len(about) + 1 { // the order ends after so many reports
				id := w.deliverable(units("A", "10"))
				w.report(id, moved("d", order.Delivery, 1, "4"), billed("i", order.Invoice, 1, "30.00"))
				queue := slices.Clone(about)
				if at%2 == 1 {
					slices.Reverse(queue)
				}
				for i := range len(queue) + 1 {
					if i == at {
						w.must(end(id))
					}
					if i < len(queue) {
						w.report(id, queue[i])
					}
				}
				x := w.execution(id)
				if at == 0 {
					first = x
				}
				require.Equal(t, first, x, "%s after %d reports", name, at)
				w.sameOrder(id)
			}
			require.Equal(t, []string{"26.00", "0.00", "0.00", "4.00"}, []string{first.Received.Amount(), first.ToDeliver.Amount.Amount(), first.ToInvoice.Amount.Amount(), first.ToReceive.Amount()})
		}
		// 10 × 10.00, 4 delivered, 30.00 invoiced, cancelled, then paid.
		id := w.deliverable(units("A", "10"))
		w.report(id, moved("d", order.Delivery, 1, "4"), billed("i", order.Invoice, 1, "30.00"))
		w.must(w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "gone"}))
		w.report(id, billed("p", order.Receipt, 0, "30.00"))
		x := w.execution(id)
		require.Equal(t, []string{"30.00", "0.00", "10.00", "0.00"}, []string{w.order(id).Received.Amount(), x.ToDeliver.Amount.Amount(), x.ToInvoice.Amount.Amount(), x.ToReceive.Amount()})
		_, err := w.s.Orders().Execute(w.ctx, id, []order.EventInput{moved("d2", order.Delivery, 1, "1")})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
	})
}

// TestQ13_NothingIsOutstandingOfWhatEnded is 100 at 10.00 and 13 %: all delivered, 90
// invoiced and paid, ten returned, and completed.
func TestQ13_NothingIsOutstandingOfWhatEnded(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{TaxTreatment: money.TaxExclusive})
		line, vat := units("A", "100"), dec("13")
		line.Tax = &vat
		id := w.deliverable(line)
		w.report(id, moved("d", order.Delivery, 1, "100"), billed("i", order.Invoice, 1, "1017.00"))
		x := w.execution(id)
		require.Equal(t, []string{"1000.00", "900.00", "100.00", "1130.00", "1017.00", "113.00"}, []string{x.Net.NetDelivered.Amount(), x.Net.Invoiced.Amount(), x.Net.NotInvoiced.Amount(),
			x.Gross.NetDelivered.Amount(), x.Gross.Invoiced.Amount(), x.Gross.NotInvoiced.Amount()}, "Q07: on one footing")
		w.report(id, moved("r", order.Return, 1, "10"), billed("p", order.Receipt, 0, "1017.00"))
		w.must(w.s.Orders().Complete(w.ctx, id, order.CompleteInput{Reason: "they keep ninety"}))
		x = w.execution(id)
		require.Equal(t, []string{"0.00", "0.00", "0.00", "0.00"}, []string{x.ToDeliver.Amount.Amount(), x.ToInvoice.Amount.Amount(), x.ToReceive.Amount(), x.Gross.NotInvoiced.Amount()})
		sum, err := w.s.Orders().ExecutionOfCustomer(w.ctx, w.customer)
		require.NoError(t, err)
		c := sum.Currencies[0]
		require.Equal(t, []string{"0.00", "0.00", "0.00"}, []string{c.ToDeliver.Amount(), c.ToInvoice.Amount(), c.ToReceive.Amount()})
	})
}

// A filter's list that is too long is one fault, not one for each of its values.
func TestFiltersOfOrdersAndQuotesAreBounded(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		_, err := w.s.Orders().List(w.ctx, pursuit.OrderQuery{Statuses: make([]order.Status, 1_000_000)}, pursuit.Page{})
		require.Equal(t, []string{"/statuses"}, pathsOf(err))
		_, err = w.s.Orders().Executions(w.ctx, pursuit.OrderQuery{Statuses: make([]order.Status, 1_000_000)}, pursuit.Page{})
		require.Equal(t, []string{"/statuses"}, pathsOf(err))
		for _, err := range w.s.Orders().All(w.ctx, pursuit.OrderQuery{Statuses: make([]order.Status, 1_000_000)}) {
			require.Equal(t, []string{"/statuses"}, pathsOf(err))
		}
		_, err = w.s.Quotes().List(w.ctx, pursuit.QuoteQuery{Statuses: make([]quote.Status, 1_000_000)}, pursuit.Page{})
		require.Equal(t, []string{"/statuses"}, pathsOf(err))
		_, err = w.s.Orders().List(w.ctx, pursuit.OrderQuery{Statuses: make([]order.Status, 2)}, pursuit.Page{})
		require.Equal(t, []string{"/statuses/0", "/statuses/1"}, pathsOf(err))
	})
}
