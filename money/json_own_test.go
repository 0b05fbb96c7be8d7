package money

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMoneyReadsItsOwnJSONAsAnyOther holds that the short way of reading gives
// what the strict decoder gives.
func TestMoneyReadsItsOwnJSONAsAnyOther(t *testing.T) {
	for _, x := range []struct {
		text  string
		short bool
	}{
		{`{"amount":"1.00","currency":"CNY"}`, true},
		{`{"amount":"-0.5","currency":"USD"}`, true},
		{`{"amount":"1","currency":"XXY"}`, true},
		{`{"amount":"","currency":"CNY"}`, true},
		{`{"amount":"1","currency":"CNY","currency":"USD"}`, false},
		{`{"amount":"1\u002e00","currency":"CNY"}`, false},
		{`{ "amount":"1.00","currency":"CNY"}`, false},
		{`{"currency":"CNY","amount":"1.00"}`, false},
		{`{"amount":"1.00","currency":"CNY"} `, false},
		{`{"amount":1,"currency":"CNY"}`, false},
	} {
		_, _, short := own(x.text)
		require.Equal(t, x.short, short, x.text)
		var w wire
		var want Money
		err := json.Unmarshal([]byte(x.text), &w)
		if err == nil {
			want, err = Parse(w.Amount, w.Currency)
		}
		var got Money
		require.Equal(t, err == nil, got.UnmarshalJSON([]byte(x.text)) == nil, x.text)
		require.Equal(t, want, got, x.text)
	}
}
