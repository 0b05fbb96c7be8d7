package money_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
)

func ExampleMoney_Allocate() {
	deal, _ := money.Parse("100.00", money.CNY)
	shares, _ := deal.Allocate(50, 25, 25, 50)
	fmt.Println(shares)
	// Output: [33.33 CNY 16.67 CNY 16.67 CNY 33.33 CNY]
}

func ExampleParse() {
	m, err := money.Parse("1234.50", money.CNY)
	fmt.Println(m, m.Minor(), m.Currency(), err) // a store keeps BIGINT and CHAR(3)
	_, err = money.Parse("12.345", money.CNY)
	fmt.Println(err)
	// Output:
	// 1234.50 CNY 123450 CNY <nil>
	// decimal.invalid: invalid input (: has too many digits after the point)
}

func ExampleExchange() {
	rates, _ := money.ReadECB(strings.NewReader("Date,USD,CNY\n2026-04-10,1.1711,8.0011\n"))
	sunday := calendar.Of(time.Date(2026, 4, 12, 9, 0, 0, 0, time.UTC), nil)
	got, rate, err := money.Exchange(money.FromMinor(10000, money.USD), money.CNY, sunday, rates, money.HalfUp)
	fmt.Println(got, rate.Value, rate.On, err)
	_, _, err = money.Exchange(money.FromMinor(10000, money.USD), money.JPY, sunday, rates, money.HalfUp)
	fmt.Println(err)
	// Output:
	// 683.21 CNY 6.8321236444 2026-04-10 <nil>
	// money.rate.missing: there is no rate for this pair on or before that date
}
