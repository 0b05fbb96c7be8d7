package money_test

import (
	"encoding/json"
	"encoding/xml"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// data opens a file of the real data, which CI must have.
func data(t *testing.T, path string) *os.File {
	t.Helper()
	dir := os.Getenv("PURSUIT_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, path))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("CI needs the real data: %s", path)
		}
		t.Skipf("the real data isn't here: %s", path)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestISO4217ListOne(t *testing.T) {
	var list struct {
		Entries []struct {
			Code   string `xml:"Ccy"`
			Number string `xml:"CcyNbr"`
			Digits string `xml:"CcyMnrUnts"`
		} `xml:"CcyTbl>CcyNtry"`
	}
	require.NoError(t, xml.NewDecoder(data(t, "iso4217/list-one.xml")).Decode(&list))
	codes := map[string]bool{}
	for _, e := range list.Entries {
		if e.Code == "" {
			continue
		}
		c := money.Currency(e.Code)
		n, err := strconv.Atoi(e.Number)
		require.NoError(t, err)
		require.Equal(t, n, c.Numeric(), e.Code)
		if e.Digits == "N.A." {
			require.False(t, c.Valid(), e.Code)
			continue
		}
		codes[e.Code] = true
		require.True(t, c.Valid(), e.Code)
		require.Equal(t, e.Digits, strconv.Itoa(c.Digits()), e.Code)
	}
	require.Len(t, money.Currencies(), len(codes))
	require.Equal(t, 0, money.JPY.Digits())
	require.Equal(t, 3, money.KWD.Digits())
	require.Equal(t, 4, money.CLF.Digits())
}

func TestECBRates(t *testing.T) {
	table, err := money.ReadECB(data(t, "ecb-rates/eurofxref-hist.csv"))
	require.NoError(t, err)
	on := func(y int, m time.Month, d int) calendar.Date {
		v, err := calendar.New(y, m, d)
		require.NoError(t, err)
		return v
	}
	r, err := table.Rate(money.EUR, money.USD, on(2026, 4, 12)) // a Sunday: Friday's
	require.NoError(t, err)
	require.Equal(t, "1.1711", r.Value.String())
	require.Equal(t, on(2026, 4, 10), r.On)
	_, err = table.Rate(money.EUR, money.KWD, on(2026, 4, 10))
	require.ErrorIs(t, err, fault.ErrNotFound)
	_, err = table.Rate(money.EUR, money.USD, on(1990, 1, 1))
	require.ErrorIs(t, err, fault.ErrNotFound)
}

func TestL01_LineAmountIsExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		q := decimal.New(rnd.Int64N(1_000_000_000), -int32(rnd.IntN(7)))
		p := decimal.New(rnd.Int64N(1_000_000_000), -int32(rnd.IntN(7)))
		d := decimal.New(rnd.Int64N(10_001), -2)
		c := []money.Currency{money.USD, money.JPY, money.KWD, money.CLF}[rnd.IntN(4)]
		want := q.Mul(p).Mul(decimal.New(100, 0).Sub(d)).Shift(-2).Round(int32(c.Digits()))
		got, err := money.LineAmount(q, p, d, c, money.HalfUp)
		if want.Shift(int32(c.Digits())).GreaterThan(decimal.New(math.MaxInt64, 0)) {
			require.ErrorIs(t, err, fault.ErrLimit)
			continue
		}
		require.NoError(t, err)
		require.True(t, want.Equal(got.Decimal()), "%s × %s − %s %%: %s, not %s", q, p, d, got, want)
	}
	half, err := money.LineAmount(decimal.RequireFromString("0.5"), decimal.RequireFromString("0.05"), decimal.Zero, money.USD, money.HalfEven)
	require.NoError(t, err)
	require.Equal(t, "0.02", half.Amount())
	allocs := testing.AllocsPerRun(100, func() {
		_, _ = money.LineAmount(decimalA, decimalB, decimalC, money.USD, money.HalfUp)
	})
	require.Zero(t, allocs)
}

var decimalA, decimalB, decimalC = decimal.New(3, 0), decimal.New(10050, -2), decimal.New(10, 0)

func TestB19_AllocationsAreExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		weights := make([]int64, 1+rnd.IntN(8))
		var total int64
		for i := range weights {
			weights[i] = rnd.Int64N(10_000)
			total += weights[i]
		}
		m := money.FromMinor(rnd.Int64N(2_000_000)-1_000_000, money.USD)
		parts, err := m.Allocate(weights...)
		if total == 0 {
			require.ErrorIs(t, err, fault.ErrInvalid)
			continue
		}
		require.NoError(t, err)
		sum, err := money.Sum(money.USD, parts...)
		require.NoError(t, err)
		require.Equal(t, m, sum)
		for i, p := range parts {
			require.InDelta(t, float64(m.Minor())*float64(weights[i])/float64(total), float64(p.Minor()), 1)
		}
	}
}

func TestOverflowAndMismatchAreErrors(t *testing.T) {
	top := money.FromMinor(math.MaxInt64, money.USD)
	_, err := top.Add(money.FromMinor(1, money.USD))
	require.ErrorIs(t, err, fault.ErrLimit)
	_, err = money.FromMinor(math.MinInt64, money.USD).Sub(money.FromMinor(1, money.USD))
	require.ErrorIs(t, err, fault.ErrLimit)
	_, err = money.FromMinor(math.MinInt64, money.USD).Neg()
	require.ErrorIs(t, err, fault.ErrLimit)
	_, err = top.Add(money.FromMinor(1, money.EUR))
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = top.Div(decimal.Zero, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrInvalid)
}

func TestB14_HostileDecimals(t *testing.T) {
	start := time.Now()
	for _, d := range []decimal.Decimal{decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(0, math.MaxInt32)} {
		require.ErrorIs(t, money.CheckDecimal(d, 20, 10), fault.ErrInvalid)
		_, err := money.LineAmount(d, d, decimal.Zero, money.USD, money.HalfUp)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	for _, s := range []string{"1e2147483647", "1E5", "", "-", ".5", "5.", "0x1", " 1", "1_000", "123456789012345678901", "٣"} {
		_, err := money.ParseDecimal(s, 20, 10)
		require.ErrorIs(t, err, fault.ErrInvalid, s)
	}
	require.Less(t, time.Since(start), time.Second)
}

func TestJSON(t *testing.T) {
	b, err := json.Marshal(money.FromMinor(-5, money.CNY))
	require.NoError(t, err)
	require.JSONEq(t, `{"amount":"-0.05","currency":"CNY"}`, string(b))
	var m money.Money
	require.NoError(t, json.Unmarshal(b, &m))
	require.Equal(t, money.FromMinor(-5, money.CNY), m)
	for _, bad := range []string{`{"amount":"1.005","currency":"CNY"}`, `{"amount":1,"currency":"CNY"}`, `{"amount":"1","currency":"XAU"}`, `{"amount":"1","currency":"CNY","x":1}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &m), bad)
	}
}

// A long text is refused before it is copied.
func TestB14_LongJSONIsRefusedAtOnce(t *testing.T) {
	long := []byte(`{"amount":"` + strings.Repeat("9", 1_000_000) + `","currency":"USD"}`)
	var m money.Money
	require.ErrorIs(t, m.UnmarshalJSON(long), fault.ErrInvalid)
	require.Less(t, testing.AllocsPerRun(10, func() { _ = m.UnmarshalJSON(long) }), 10.0)
}
