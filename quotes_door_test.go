package pursuit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

func TestB14_HostileQuotesAtTheDoor(t *testing.T) {
	w := newTenant(t)
	deal := quotable(w)
	id := w.quote(deal, quote.CreateInput{})
	before := w.written()
	bomb := dec("1").Shift(1 << 30)
	known := pursuit.RequestID("known")
	q := w.s.Quotes()
	line := opportunity.LineInput{Description: "bomb", Quantity: bomb, Price: bomb, Discount: bomb, Tax: &bomb}
	bad := map[string]func(o ...pursuit.CallOption) error{
		"a bomb of a line": func(o ...pursuit.CallOption) error {
			_, err := q.Create(w.ctx, deal, quote.CreateInput{Lines: []opportunity.LineInput{line}}, o...)
			return err
		},
		"a bomb of a discount": func(o ...pursuit.CallOption) error {
			_, err := q.Create(w.ctx, deal, quote.CreateInput{Discount: bomb}, o...)
			return err
		},
		"a bomb for a draft": func(o ...pursuit.CallOption) error {
			_, err := q.Update(w.ctx, id, quote.UpdateInput{Discount: &bomb}, o...)
			return err
		},
		"too many lines": func(o ...pursuit.CallOption) error {
			_, err := q.Create(w.ctx, deal, quote.CreateInput{Lines: make([]opportunity.LineInput, 501)}, o...)
			return err
		},
		"too many new lines": func(o ...pursuit.CallOption) error {
			_, err := q.Update(w.ctx, id, quote.UpdateInput{Lines: make([]opportunity.LineInput, 501)}, o...)
			return err
		},
		"NUL": func(o ...pursuit.CallOption) error {
			_, err := q.Create(w.ctx, deal, quote.CreateInput{Title: "\x00"}, o...)
			return err
		},
		"no UTF-8": func(o ...pursuit.CallOption) error {
			_, err := q.Create(w.ctx, deal, quote.CreateInput{Terms: "\xff"}, o...)
			return err
		},
		"over-long": func(o ...pursuit.CallOption) error {
			_, err := q.Withdraw(w.ctx, id, quote.EndInput{Reason: strings.Repeat("x", 4001)}, o...)
			return err
		},
	}
	_, err := w.s.Opportunities().Record(w.ctx, w.input(), known)
	require.NoError(t, err)
	before++
	for name, call := range bad {
		start := time.Now()
		require.ErrorIs(t, call(), fault.ErrInvalid, name)
		require.ErrorIs(t, call(pursuit.RequestID("fresh")), fault.ErrInvalid, name)
		require.Error(t, call(known), name)
		require.Less(t, time.Since(start), 30*time.Second, name)
	}
	for name, call := range quoteCalls(w, w.s.Quotes, uuid.Nil, uuid.Nil) {
		switch name {
		case "list", "all", "deal's", "expire":
			require.NoError(t, call(), name)
		default:
			require.ErrorIs(t, call(), fault.ErrNotFound, name)
		}
	}
	for range w.s.Quotes().ByOpportunity(w.ctx, uuid.Nil) {
		t.Fatal("no opportunity has no quotes")
	}
	for _, st := range [][]quote.Status{{77}, {0}, make([]quote.Status, 8)} {
		_, err := q.List(w.ctx, pursuit.QuoteQuery{Statuses: st}, pursuit.Page{})
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	require.Equal(t, before, w.written())
}
