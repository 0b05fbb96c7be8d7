package money_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

func day(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(s)
	require.NoError(t, err)
	return d
}

func ecb(t *testing.T) *money.Table {
	t.Helper()
	table, err := money.ReadECB(data(t, "ecb-rates/eurofxref-hist.csv"))
	require.NoError(t, err)
	return table
}

func TestRatesOfTheECB(t *testing.T) {
	table := ecb(t)
	for _, c := range []struct {
		from, to money.Currency
		on       string
		value    string // "" for missing
		day      string
	}{
		{"EUR", "USD", "2026-04-13", "1.1684", "2026-04-13"},
		{"EUR", "USD", "2026-04-12", "1.1711", "2026-04-10"}, // a Sunday: Friday's
		{"EUR", "USD", "2026-04-11", "1.1711", "2026-04-10"},
		{"EUR", "USD", "2030-01-01", "1.1684", "2026-04-13"}, // after the last day: the last
		{"EUR", "USD", "1999-01-04", "1.1789", "1999-01-04"},
		{"EUR", "USD", "1999-01-03", "", ""}, // before the first
		{"EUR", "USD", "0001-01-01", "", ""},
		{"EUR", "HRK", "2022-12-30", "7.5365", "2022-12-30"},
		{"EUR", "HRK", "2023-01-01", "7.5365", "2022-12-30"}, // a Sunday: no day was quoted since
		{"EUR", "HRK", "2023-01-02", "", ""},                 // N/A: Croatia has the euro
		{"EUR", "RUB", "2022-03-01", "117.201", "2022-03-01"},
		{"EUR", "RUB", "2022-03-02", "", ""}, // N/A: suspended
		{"RUB", "EUR", "2026-04-13", "", ""},
		{"EUR", "ISK", "2008-12-09", "290", "2008-12-09"},
		{"EUR", "ISK", "2015-06-01", "", ""}, // N/A for nine years
		{"EUR", "ISK", "2026-04-13", "143.2", "2026-04-13"},
		{"EUR", "CNY", "2005-03-31", "", ""}, // not quoted yet
		{"EUR", "CNY", "2005-04-01", "10.7255", "2005-04-01"},
		{"EUR", "TRL", "2005-01-03", "", ""},
		{"EUR", "KWD", "2026-04-13", "", ""}, // never quoted
		{"EUR", "XXX", "2026-04-13", "", ""},
		{"", "", "2026-04-13", "", ""},
		{"USD", "EUR", "2026-04-13", "0.8558712770", "2026-04-13"},
		{"USD", "CNY", "2026-04-13", "6.8321636426", "2026-04-13"},
		{"USD", "USD", "1990-01-01", "1", "1990-01-01"},
		{"EUR", "EUR", "1990-01-01", "1", "1990-01-01"},
		{"KWD", "KWD", "2026-04-13", "1", "2026-04-13"},
	} {
		r, err := table.Rate(c.from, c.to, day(t, c.on))
		if c.value == "" {
			require.ErrorIs(t, err, fault.ErrNotFound, "%v", c)
			require.Equal(t, "money.rate.missing", fault.CodeOf(err))
			require.Zero(t, r)
			continue
		}
		require.NoError(t, err, "%v", c)
		require.True(t, decimal.RequireFromString(c.value).Equal(r.Value), "%v: %s", c, r.Value)
		require.Equal(t, money.Rate{From: c.from, To: c.to, Value: r.Value, On: day(t, c.day), Source: "ECB"}, r)
	}
	_, err := table.Rate(money.EUR, money.USD, calendar.Date{})
	require.ErrorIs(t, err, fault.ErrNotFound)
	require.Len(t, table.Currencies(), 42)
	require.Equal(t, money.Currency("AUD"), table.Currencies()[0])
}

// Every cell of the file is answered as it stands there.
func TestEveryRateOfTheECB(t *testing.T) {
	table := ecb(t)
	rows, err := csv.NewReader(data(t, "ecb-rates/eurofxref-hist.csv")).ReadAll()
	require.NoError(t, err)
	cells := 0
	for _, row := range rows[1:] {
		on := day(t, row[0])
		for i := 1; i < len(row)-1; i++ {
			r, err := table.Rate(money.EUR, money.Currency(rows[0][i]), on)
			if row[i] == "N/A" {
				if !isMissing(err) {
					t.Fatalf("%s of %s is N/A, and was given", rows[0][i], row[0])
				}
				continue
			}
			if err != nil || !r.Value.Equal(decimal.RequireFromString(row[i])) || r.On != on {
				t.Fatalf("%s of %s is %s, not %v (%v)", rows[0][i], row[0], row[i], r, err)
			}
			cells++
		}
	}
	require.Greater(t, cells, 200_000)
}

func isMissing(err error) bool { return fault.CodeOf(err) == "money.rate.missing" }

func TestReadECBNamesWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "/lines/1/Date bad_heading",
		"Day,USD\n":                  "/lines/1/Date bad_heading",
		"Date\n":                     "/lines/1/Date bad_heading",
		"Date,usd\n":                 "/lines/1/1 bad_currency",
		"Date,USD,USD\n":             "/lines/1/2 bad_currency",
		"Date,EUR\n":                 "/lines/1/1 bad_currency",
		"Date,,USD\n":                "/lines/1/1 bad_currency",
		"Date,USD\n2026-13-01,1\n":   "/lines/2/Date bad_date",
		"Date,USD\n2026-01-01,1,2\n": "/lines/2/ too_many",
		"Date,USD\n2026-01-01,1e9\n": "/lines/2/USD bad_rate",
		"Date,USD\n2026-01-01,0\n":   "/lines/2/USD bad_rate",
		"Date,USD\n2026-01-01,-1\n":  "/lines/2/USD bad_rate",
		"Date,USD\n2026-01-01,NaN\n": "/lines/2/USD bad_rate",
		"Date,USD\n\"2026":           "/lines/2/ bad_csv",
		"Date,USD\n2026-01-02,1\n2026-01-01,1\n2026-01-02,N/A\n": "/2026-01-02 twice",
	} {
		_, err := money.ReadECB(strings.NewReader(in))
		require.ErrorIs(t, err, fault.ErrInvalid, "%q", in)
		f := fault.FieldsOf(err)
		require.Len(t, f, 1)
		require.Equal(t, want, f[0].Path+" "+f[0].Code, "%q", in)
	}
	endless := io.MultiReader(strings.NewReader("Date,USD\n"), strings.NewReader(strings.Repeat("2026-01-01,1\n", 60_000)))
	_, err := money.ReadECB(endless)
	require.ErrorIs(t, err, fault.ErrLimit)

	table, err := money.ReadECB(strings.NewReader("\ufeffDate,USD,JPY,\n2026-01-02, 1.5 ,\n2026-01-05,1.6,180,\n2026-01-03,1.7\n"))
	require.NoError(t, err, "in any order, with blanks, with cells left out")
	r, err := table.Rate("EUR", "USD", day(t, "2026-01-04"))
	require.NoError(t, err)
	require.Equal(t, "1.7", r.Value.String())
	for _, on := range []string{"2026-01-02", "2026-01-03"} {
		_, err = table.Rate("EUR", "JPY", day(t, on))
		require.True(t, isMissing(err))
	}
	require.Equal(t, []money.Currency{"EUR", "JPY", "USD"}, table.Currencies())
}

func TestRateThatWouldRoundToZero(t *testing.T) {
	table, err := money.ReadECB(strings.NewReader("Date,USD,JPY\n2026-01-01,0.0000000001,9999999999\n"))
	require.NoError(t, err)
	_, err = table.Rate("JPY", "USD", day(t, "2026-01-01"))
	require.ErrorIs(t, err, fault.ErrLimit)
	_, _, err = money.Exchange(money.FromMinor(math.MaxInt64, "JPY"), "USD", day(t, "2026-01-01"), table, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrLimit)
	_, _, err = money.Exchange(money.FromMinor(math.MaxInt64, "USD"), "JPY", day(t, "2026-01-01"), table, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrLimit)
}

func TestExchangeAtADate(t *testing.T) {
	table := ecb(t)
	on := day(t, "2026-04-12")
	for _, c := range []struct {
		minor    int64
		from, to money.Currency
		r        money.Rounding
		want     string
	}{
		{10000, "EUR", "USD", money.HalfUp, "117.11 USD"},
		{10000, "USD", "EUR", money.HalfUp, "85.39 EUR"},
		{-10000, "USD", "EUR", money.HalfUp, "-85.39 EUR"},
		{10000, "EUR", "JPY", money.HalfUp, "18643 JPY"},
		{50, "EUR", "JPY", money.HalfUp, "93 JPY"},
		{100, "JPY", "EUR", money.HalfEven, "0.54 EUR"},
		{0, "JPY", "EUR", money.HalfUp, "0.00 EUR"},
		{12345, "KWD", "KWD", money.HalfUp, "12.345 KWD"},
	} {
		got, rate, err := money.Exchange(money.FromMinor(c.minor, c.from), c.to, on, table, c.r)
		require.NoError(t, err)
		require.Equal(t, c.want, got.String())
		require.Equal(t, "ECB", rate.Source)
	}
	// A crossed rate isn't rounded before: 10^15 rupiah are exact to the cent.
	rate, err := table.Rate("EUR", "IDR", on)
	require.NoError(t, err)
	got, _, err := money.Exchange(money.FromMinor(100_000_000_000_000_000, "IDR"), "EUR", on, table, money.HalfUp)
	require.NoError(t, err)
	exact := new(big.Rat).Quo(new(big.Rat).SetInt64(1_000_000_000_000_000), rate.Value.Rat())
	require.Equal(t, exact.FloatString(2), got.Amount())

	_, _, err = money.Exchange(money.FromMinor(math.MaxInt64, "EUR"), "IDR", on, table, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrLimit)

	for _, m := range []money.Money{{}, money.FromMinor(1, "XAU"), money.FromMinor(1, "HRK")} {
		_, _, err = money.Exchange(m, "USD", on, table, money.HalfUp)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	_, _, err = money.Exchange(money.FromMinor(1, "USD"), "", on, table, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrInvalid)
	for _, rates := range []money.Rates{table, nil} {
		_, _, err = money.Exchange(money.FromMinor(1, "USD"), "KWD", on, rates, money.HalfUp)
		require.True(t, isMissing(err))
	}
}

// fixed is a host's own source of rates.
type fixed struct{ value decimal.Decimal }

func (f fixed) Rate(from, to money.Currency, on calendar.Date) (money.Rate, error) {
	return money.Rate{From: from, To: to, Value: f.value, On: on, Source: "treasury"}, nil
}

func TestB14_RatesOfAHostAreChecked(t *testing.T) {
	on := day(t, "2026-04-12")
	got, rate, err := money.Exchange(money.FromMinor(1000, "USD"), "CNY", on, fixed{decimal.RequireFromString("7.12345")}, money.HalfUp)
	require.NoError(t, err)
	require.Equal(t, "71.23 CNY", got.String())
	require.Equal(t, "treasury", rate.Source)
	for _, v := range hostile() {
		_, _, err := money.Exchange(money.FromMinor(1000, "USD"), "CNY", on, fixed{v}, money.HalfUp)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	for _, v := range []decimal.Decimal{decimal.Zero, decimal.New(-1, 0)} {
		_, _, err := money.Exchange(money.FromMinor(1000, "USD"), "CNY", on, fixed{v}, money.HalfUp)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	_, _, err = money.Exchange(money.FromMinor(math.MaxInt64, "USD"), "CNY", on, fixed{decimal.New(7, 0)}, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrLimit)
}

func FuzzReadECB(f *testing.F) {
	f.Add([]byte("Date,USD,JPY,\n2026-01-02,1.5,N/A,\n"))
	f.Add([]byte("\ufeffDate,USD\n2026-01-02,1e9\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := money.ReadECB(bytes.NewReader(b))
		if err != nil {
			if fault.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		on, _ := calendar.Parse("2026-01-02")
		for _, c := range table.Currencies() {
			if r, err := table.Rate(money.EUR, c, on); err == nil && !r.Value.IsPositive() {
				t.Fatalf("a rate of %s", r.Value)
			}
		}
	})
}
