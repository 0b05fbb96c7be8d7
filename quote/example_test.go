package quote_test

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// Prices hold the tax; it is worked out once by rate, and shared out over lines.
func ExampleRateTotals() {
	q, err := quote.New(id(7), "QUO-2026-000001", open(money.EUR, money.TaxInclusive), quote.CreateInput{Lines: []opportunity.LineInput{
		item("1", "10", "0", "19"), item("1", "9.99", "0", "19"), item("1", "5", "0", "7"),
	}}, at(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	s := q.Snapshot()
	rates, err := quote.RateTotals(s.Items)
	fmt.Println(err)
	for _, r := range rates {
		fmt.Println(r.Rate, "%:", r.Net, "+", r.Tax, "=", r.Gross)
	}
	fmt.Println("all:", s.Net, "+", s.Tax, "=", s.Gross)
	// Output:
	// <nil>
	// 7 %: 4.67 EUR + 0.33 EUR = 5.00 EUR
	// 19 %: 16.80 EUR + 3.19 EUR = 19.99 EUR
	// all: 21.47 EUR + 3.52 EUR = 24.99 EUR
}

func ExampleLifecycle() {
	to, ok := quote.Lifecycle().Next(quote.Expired, quote.Extend)
	fmt.Println(to, ok)
	_, ok = quote.Lifecycle().Next(quote.Draft, quote.Accept)
	fmt.Println(ok)
	// Output:
	// sent true
	// false
}
