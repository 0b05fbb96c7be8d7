package pursuit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// numberedAll makes a deal, a quote and an order with an engine of these options, of given
// numbers or none, and gives what they are called.
func numberedAll(w *tenant, o pursuit.Options, deal, offer, made string) ([3]string, error) {
	o.Clock = w.clock
	eng, err := pursuit.New(w.store, &o)
	if err != nil {
		return [3]string{}, err
	}
	s := eng.As(w.s.Actor())
	in := w.input()
	in.Number, in.Lines = deal, []opportunity.LineInput{{Product: "P", Quantity: dec("1"), Price: dec("10")}}
	d, err := s.Opportunities().Record(w.ctx, in)
	if err != nil {
		return [3]string{}, err
	}
	q, err := s.Quotes().Create(w.ctx, d.ID, quote.CreateInput{Number: offer})
	if err != nil {
		return [3]string{}, err
	}
	if _, err = s.Opportunities().Win(w.ctx, d.ID, opportunity.WinInput{Summary: "won", Reasons: w.choose(w.win)}); err != nil {
		return [3]string{}, err
	}
	x, err := s.Orders().Create(w.ctx, d.ID, order.CreateInput{Number: made})
	return [3]string{d.Number, q.Number, x.Number}, err
}

// TestO01_OneFormOfNumbers for deals, quotes and orders: the library's own, the host's
// forms by tenant, numbers of the host's own, and those that an import gives.
func TestO01_OneFormOfNumbers(t *testing.T) {
	w := newTenant(t)
	w.Sales()
	got, err := numberedAll(w, pursuit.Options{}, "", "", "")
	require.NoError(t, err)
	require.Equal(t, [3]string{"OPP-2026-000001", "QUO-2026-000001", "ORD-2026-000001"}, got)

	series := func(tenant string, of pursuit.Numbered) pursuit.Series {
		switch of {
		case pursuit.NumberedOpportunity:
			return pursuit.Series{Prefix: strings.ToUpper(tenant), Width: 4}
		case pursuit.NumberedQuote:
			return pursuit.Series{Prefix: "Q", Yearless: true, Width: 3}
		}
		return pursuit.Series{}
	}
	got, err = numberedAll(w, pursuit.Options{Series: series}, "", "", "")
	require.NoError(t, err)
	require.Equal(t, [3]string{"ACME-2026-0001", "Q-001", "ORD-2026-000009"}, got, "the first engine holds eight orders' numbers")

	n := 0
	var asked []pursuit.NumberInput
	own := pursuit.Options{Numbers: func(_ context.Context, in pursuit.NumberInput) (string, error) {
		n++
		asked = append(asked, in)
		return fmt.Sprintf("ERP/%s/%d", in.Of, n), nil
	}}
	got, err = numberedAll(w, own, "", "", "")
	require.NoError(t, err)
	require.Equal(t, [3]string{"ERP/opportunity/1", "ERP/quote/2", "ERP/order/3"}, got)
	for _, in := range asked {
		require.NotNil(t, in.Tx)
		require.Equal(t, []any{w.s.Actor(), "2026-03-02"}, []any{in.Actor, in.On.String()})
	}
	// A refusal asks for none, and a number that is given neither.
	_, err = numberedAll(w, own, "x\x00", "", "")
	require.ErrorIs(t, err, fault.ErrInvalid)
	bad := w.input()
	bad.Name = ""
	eng, err := pursuit.New(w.store, &own)
	require.NoError(t, err)
	_, err = eng.As(w.s.Actor()).Opportunities().Record(w.ctx, bad)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, 3, n)
	got, err = numberedAll(w, own, "OLD-7", "OLD-8", "OLD-9")
	require.NoError(t, err)
	require.Equal(t, [3]string{"OLD-7", "OLD-8", "OLD-9"}, got)
	require.Equal(t, 3, n)
	for code, given := range map[string][3]string{
		fault.OpportunityNumberTaken: {"OLD-7", "OLD-88", "OLD-99"}, fault.QuoteNumberTaken: {"OLD-77", "OLD-8", "OLD-99"}, fault.OrderNumberTaken: {"OLD-78", "OLD-89", "OLD-9"},
	} {
		_, err = numberedAll(w, own, given[0], given[1], given[2])
		require.Equal(t, code, fault.CodeOf(err))
		require.Equal(t, []string{"/number taken"}, faults(err))
	}
	_, err = w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customerNamed("Fresh"),
		Opportunity: opportunity.RecordInput{Number: "OLD-7", Name: "x", Currency: money.CNY}})
	require.Equal(t, []string{"/opportunity/number taken"}, faults(err))

	before := w.written()
	for name, f := range map[string]func(context.Context, pursuit.NumberInput) (string, error){
		"host.numbers": func(context.Context, pursuit.NumberInput) (string, error) { return "", errors.New("secret") },
		"host.panic":   func(context.Context, pursuit.NumberInput) (string, error) { panic("secret") },
	} {
		_, err := numberedAll(w, pursuit.Options{Numbers: f}, "", "", "")
		require.Equal(t, name, fault.CodeOf(err))
		require.NotContains(t, err.Error(), "secret")
	}
	_, err = numberedAll(w, pursuit.Options{Numbers: func(context.Context, pursuit.NumberInput) (string, error) { return " bad\n", nil }}, "", "", "")
	require.Equal(t, "host.numbers", fault.CodeOf(err))
	_, err = numberedAll(w, pursuit.Options{Series: func(string, pursuit.Numbered) pursuit.Series { return pursuit.Series{Prefix: strings.Repeat("x", 17)} }}, "", "", "")
	require.Equal(t, "host.series", fault.CodeOf(err))
	_, err = numberedAll(w, pursuit.Options{Series: func(string, pursuit.Numbered) pursuit.Series { return pursuit.Series{Prefix: "X", Width: 13} }}, "", "", "")
	require.Equal(t, "host.series", fault.CodeOf(err))
	require.Equal(t, before, w.written())
}
