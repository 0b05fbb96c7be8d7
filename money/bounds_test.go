package money_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// These tests stand at the bounds: the last value that is taken, and the first that
// isn't (B14, B18).

// What the first step of the division cuts off breaks a tie of the second.
func TestL01_ATieIsBrokenByTheLastDigit(t *testing.T) {
	half := decimal.New(5_000_000_000, -10) // of a cent, times 0.01
	cent := decimal.New(1, -2)
	for q, want := range map[string]int64{"0": 0, "0.0000000001": 1} {
		// 1.0000000001 × 0.0050000000 is half a cent and a bit: 22 digits after the point.
		amount, err := money.LineAmount(decimal.New(10_000_000_000, -10).Add(decimal.RequireFromString(q)), decimal.New(50_000_000, -10), decimal.Zero, money.USD, money.HalfEven)
		require.NoError(t, err)
		require.Equal(t, want, amount.Minor(), "a half and %s", q)
	}
	amount, err := money.LineAmount(half, cent, decimal.Zero, money.USD, money.HalfUp)
	require.NoError(t, err)
	require.EqualValues(t, 1, amount.Minor())
}

// Up to 18 digits, and at each bound of the quick way, nothing is allocated and the
// amount is right; one step beyond, it is right too, or refused.
func TestL01_TheQuickWayEndsWhereItShould(t *testing.T) {
	d := decimal.RequireFromString
	zero := func(exp int32) decimal.Decimal { return decimal.New(0, exp) }
	for _, c := range []struct {
		q, p, off decimal.Decimal
		c         money.Currency
		want      int64
	}{
		{d("2"), d("3"), zero(0), money.USD, 600},
		{d("2"), d("3"), zero(1000), money.USD, 600},
		{d("2"), d("3"), zero(-1000), money.USD, 600},
		{zero(1000), d("3"), zero(0), money.USD, 0},
		{d("2"), d("3"), d("100"), money.USD, 0},
		{d("2"), d("3.00"), decimal.New(50_00000000, -8), money.USD, 300},
		{d("1"), d("999999999999999999"), zero(0), money.JPY, 999999999999999999},
		{d("1"), d("9999999999999999.99"), zero(0), money.USD, 999999999999999999},
		{d("4294967294"), d("2147483649"), zero(0), money.JPY, math.MaxInt64 - 1},
		{d("10000000000"), decimal.New(1, -10), zero(0), money.USD, 100},
	} {
		got, err := money.LineAmount(c.q, c.p, c.off, c.c, money.HalfUp)
		require.NoError(t, err)
		require.Equal(t, money.FromMinor(c.want, c.c), got, "%+v", c)
		require.Zero(t, testing.AllocsPerRun(10, func() { _, _ = money.LineAmount(c.q, c.p, c.off, c.c, money.HalfUp) }), "%+v", c)
	}
	one := d("1")
	for _, c := range []struct {
		q, p decimal.Decimal
		c    money.Currency
		want string // the amount, or the error's code
	}{
		{one, decimal.NewFromBigInt(pow(20), -2), money.JPY, "1000000000000000000"},
		{one, decimal.NewFromBigInt(pow(20), -10), money.JPY, "10000000000"},
		{one, decimal.NewFromBigInt(pow(18), 0), money.JPY, "1000000000000000000"},
		{d("2147483648"), d("4294967296"), money.JPY, "money.overflow"},
		{one, d("0.00000000001"), money.USD, "decimal.invalid"},
		{d("0.00000000001"), one, money.USD, "decimal.invalid"},
		{one, decimal.New(1_500_000_000_000, -12), money.USD, "1.50"},
		{one, one, money.CLF, "1.0000"},
	} {
		got, err := money.LineAmount(c.q, c.p, decimal.Zero, c.c, money.HalfUp)
		if err != nil {
			require.Equal(t, c.want, fault.CodeOf(err), "%+v", c)
			continue
		}
		require.Equal(t, c.want, got.Amount(), "%+v", c)
	}
	_, err := money.LineAmount(one, one, zero(1001), money.USD, money.HalfUp)
	require.Equal(t, "bad_exponent", fault.FieldsOf(err)[0].Code)
}

func TestB14_DecimalsAtTheirBounds(t *testing.T) {
	code := func(err error) string {
		if err == nil {
			return ""
		}
		return fault.FieldsOf(err)[0].Code
	}
	bit := func(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }
	for _, c := range []struct {
		d    decimal.Decimal
		want string
	}{
		{decimal.New(0, 1000), ""}, {decimal.New(0, 1001), "bad_exponent"}, {decimal.New(0, -1000), ""}, {decimal.New(0, -1001), "bad_exponent"},
		{decimal.NewFromBigInt(pow(100), -100), "too_long"}, {decimal.NewFromBigInt(pow(101), -101), "too_precise"},
		{decimal.NewFromBigInt(bit(255), 0), "too_large"}, {decimal.NewFromBigInt(bit(256), 0), "too_long"},
		{decimal.NewFromBigInt(bit(256), 20), "too_long"}, {decimal.NewFromBigInt(bit(256), 21), "too_large"},
	} {
		require.Equal(t, c.want, code(money.CheckDecimal(c.d, 20, 10)), "%v of %d bits", c.d.Exponent(), c.d.Coefficient().BitLen())
	}
	require.NoError(t, money.CheckDecimal(decimal.New(999_999_999_999_999_999, 0), 18, 10))
	require.Equal(t, "too_large", code(money.CheckDecimal(decimal.New(1_000_000_000_000_000_000, 0), 18, 10)), "19 digits")
	price := decimal.New(125, -2)
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = money.CheckDecimal(price, 20, 2) }))

	digits := strings.Repeat("9", 20) + "." + strings.Repeat("9", 10)
	_, err := money.ParseDecimal("+"+digits, 20, 10)
	require.NoError(t, err, "32 characters")
	_, err = money.ParseDecimal("+0"+digits, 20, 10)
	require.Equal(t, "too_long", code(err))

	for _, c := range []struct {
		d    decimal.Decimal
		want string // the amount, or the error's code
	}{
		{decimal.New(1, 1), "10.00"}, {decimal.New(0, 40), "0.00"}, {decimal.New(1, 40), "money.overflow"}, {decimal.New(0, 41), "decimal.invalid"},
		{decimal.New(1, -200), "0.00"}, {decimal.New(1, -201), "decimal.invalid"},
		{decimal.NewFromBigInt(bit(767), 0), "money.overflow"}, {decimal.NewFromBigInt(bit(768), 0), "decimal.invalid"},
	} {
		m, err := money.FromDecimal(c.d, money.USD, money.HalfUp)
		if err != nil {
			require.Equal(t, c.want, fault.CodeOf(err), "%v", c.d.Exponent())
			continue
		}
		require.Equal(t, c.want, m.Amount())
	}
}

// Codes that fall on a currency's place when a letter is miscounted.
func TestL01_ACurrencyIsThreeLetters(t *testing.T) {
	for _, s := range []string{"AAA", "AAB", "[AA", "A[M", "XA[", "@AA", "A@A", "US", "USDD", "usd", "Ａ"} {
		c := money.Currency(s)
		require.False(t, c.Valid(), s)
		require.Empty(t, c.Name(), s)
		require.Zero(t, c.Numeric(), s)
		_, err := money.ParseCurrency(s)
		require.Equal(t, "money.currency.unknown", fault.CodeOf(err), s)
	}
	require.NotEmpty(t, money.Currency("XBA").Name(), "it stands in the list, without minor units")
	require.False(t, money.Currency("XBA").Valid())
	require.Equal(t, "UAE Dirham", money.Currency("AED").Name(), "the first of the list")
	require.Equal(t, 784, money.Currency("AED").Numeric())
	require.True(t, money.Currency("AED").Valid())
}

func TestB14_AnAmountsJSONIsReadToItsEnd(t *testing.T) {
	for in, want := range map[string]string{
		`{"amount":"1","currency":"USD`:             "money.json",
		`{"amount":"1","currency":"USD"`:            "money.json",
		"{\"amount\":\"1\",\"currency\":\"US\tD\"}": "money.json",
		`{"amount":"1`:                              "money.json",
		`{"amount":"1","currency":"USDX"}`:          "money.currency.unknown",
	} {
		var m money.Money
		require.Equal(t, want, fault.CodeOf(m.UnmarshalJSON([]byte(in))), in)
		require.Zero(t, m)
	}
	text := `{"amount":"1.00", "currency":"USD"`
	full := text + strings.Repeat(" ", 1023-len(text)) + "}"
	var m money.Money
	require.NoError(t, m.UnmarshalJSON([]byte(full)), "1024 bytes")
	require.Equal(t, money.FromMinor(100, money.USD), m)
	require.Equal(t, "decimal.invalid", fault.CodeOf(m.UnmarshalJSON([]byte(text+" "+full[len(text):]))))
	b, err := json.Marshal(money.FromMinor(1, "AED"))
	require.NoError(t, err)
	require.Equal(t, `{"amount":"0.01","currency":"AED"}`, string(b))
}

func TestAddingNothingOverflowsNothing(t *testing.T) {
	for _, n := range []int64{math.MinInt64, -1, 0, 1, math.MaxInt64} {
		m, zero := money.FromMinor(n, money.USD), money.Zero(money.USD)
		sum, err := m.Add(zero)
		require.NoError(t, err)
		require.Equal(t, m, sum)
		rest, err := m.Sub(zero)
		require.NoError(t, err)
		require.Equal(t, m, rest)
		same, err := m.Sub(m)
		require.NoError(t, err)
		require.Equal(t, zero, same)
	}
}

func TestB14_RatesAtTheBoundOfLines(t *testing.T) {
	file := func(days int) string {
		var b strings.Builder
		b.WriteString("Date,USD,TRY\n")
		on := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range days {
			fmt.Fprintf(&b, "%s,1.5,N/A\n", on.AddDate(0, 0, i).Format(time.DateOnly))
		}
		return b.String()
	}
	_, err := money.ReadECB(strings.NewReader(file(50_000)))
	require.Equal(t, "money.rates.too_many", fault.CodeOf(err))
	table, err := money.ReadECB(strings.NewReader(file(49_999)))
	require.NoError(t, err)
	require.Equal(t, []money.Currency{"EUR", "USD"}, table.Currencies(), "what never had a quotation isn't one of them")
}

func TestB19_PartsOfAnAmount(t *testing.T) {
	hundred, d := money.FromMinor(100_00, money.USD), decimal.RequireFromString
	for name, c := range map[string]struct {
		f    func() (money.Money, error)
		want string
	}{
		"percent": {func() (money.Money, error) { return hundred.Percent(d("12.5"), money.HalfUp) }, "12.50 USD"},
		"div":     {func() (money.Money, error) { return hundred.Div(d("8"), money.HalfUp) }, "12.50 USD"},
		"mul":     {func() (money.Money, error) { return hundred.Mul(d("0.125"), money.HalfUp) }, "12.50 USD"},
		"convert": {func() (money.Money, error) { return hundred.Convert(d("0.1"), money.JPY, money.HalfUp) }, "10 JPY"},
	} {
		got, err := c.f()
		require.NoError(t, err, name)
		require.Equal(t, c.want, got.String(), name)
	}
}
