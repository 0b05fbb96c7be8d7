package money_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// hostile gives decimals that hang or bloat a careless callee.
func hostile() []decimal.Decimal {
	long := new(big.Int).Exp(big.NewInt(10), big.NewInt(1_000_000), nil)
	return []decimal.Decimal{
		decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(0, math.MaxInt32), decimal.New(0, math.MinInt32),
		decimal.New(-1, math.MaxInt32), decimal.New(1, 1_000_000), decimal.New(1, -1_000_000),
		decimal.NewFromBigInt(long, 0), decimal.NewFromBigInt(long, -10), decimal.NewFromBigInt(long, -1_000_000), decimal.NewFromBigInt(long, math.MinInt32),
		decimal.NewFromBigInt(new(big.Int).Neg(long), 0),
	}
}

func TestB14_HostileDecimalsAtEveryEntry(t *testing.T) {
	m := money.FromMinor(100, money.USD)
	one := decimal.New(1, 0)
	for i, d := range hostile() {
		for name, f := range map[string]func() error{
			"CheckDecimal": func() error { return money.CheckDecimal(d, 20, 10) },
			"FromDecimal":  func() error { _, err := money.FromDecimal(d, money.USD, money.HalfUp); return err },
			"Mul":          func() error { _, err := m.Mul(d, money.HalfUp); return err },
			"Div":          func() error { _, err := m.Div(d, money.HalfUp); return err },
			"Percent":      func() error { _, err := m.Percent(d, money.HalfUp); return err },
			"Convert":      func() error { _, err := m.Convert(d, money.EUR, money.HalfUp); return err },
			"quantity":     func() error { _, err := money.LineAmount(d, one, one, money.USD, money.HalfUp); return err },
			"price":        func() error { _, err := money.LineAmount(one, d, one, money.USD, money.HalfUp); return err },
			"discount":     func() error { _, err := money.LineAmount(one, one, d, money.USD, money.HalfUp); return err },
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			err := f()
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, err, fault.ErrInvalid, "%s, %d", name, i)
			require.NotEmpty(t, fault.CodeOf(err))
			require.Less(t, took, time.Second, "%s, %d: the bar is 10 ms, on a machine that does nothing else", name, i)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), "%s, %d", name, i)
		}
	}
}

func TestB14_HostileText(t *testing.T) {
	texts := []string{"1e2147483647", "1E5", "", "-", "+", ".", ".5", "5.", "0x1", " 1", "1 ", "1_000", "1,000", "--1", "+-1", "1.2.3", "NaN", "Infinity", "٣", "１", "1\x00",
		"123456789012345678901", strings.Repeat("9", 1_000_000), "0." + strings.Repeat("0", 1_000_000), strings.Repeat("0", 40), "1.00000000001"}
	for _, s := range texts {
		_, err := money.ParseDecimal(s, 20, 10)
		require.ErrorIs(t, err, fault.ErrInvalid, "%.40s", s)
		_, err = money.Parse(s, money.CLF)
		require.ErrorIs(t, err, fault.ErrInvalid, "%.40s", s)
		b, err := json.Marshal(map[string]string{"amount": s, "currency": "CNY"})
		require.NoError(t, err)
		var m money.Money
		require.ErrorIs(t, json.Unmarshal(b, &m), fault.ErrInvalid, "%.40s", s)
		require.Zero(t, m)
	}
	for s, want := range map[string]string{"+1": "1", "-0": "0", "0.00": "0", "007": "7", "12345678901234567890.0123456789": "12345678901234567890.0123456789", "1.50": "1.5"} {
		d, err := money.ParseDecimal(s, 99, 99) // cut to the package's limits
		require.NoError(t, err, s)
		require.Equal(t, want, money.Text(d))
		require.NoError(t, money.CheckDecimal(d, 20, 10))
		require.Equal(t, want, money.Canonical(d).String())
	}
	_, err := money.ParseDecimal("1", -5, 0)
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = money.Parse("92233720368547758.08", money.CNY)
	require.ErrorIs(t, err, fault.ErrLimit)
	m, err := money.Parse("92233720368547758.07", money.CNY)
	require.NoError(t, err)
	require.EqualValues(t, math.MaxInt64, m.Minor())
	m, err = money.Parse("-92233720368547758.08", money.CNY)
	require.NoError(t, err)
	require.EqualValues(t, math.MinInt64, m.Minor())
	require.Equal(t, "-92233720368547758.08", m.Amount())
}

func TestCheckDecimalBounds(t *testing.T) {
	for s, want := range map[string]string{
		"999.99": "", "-999.99": "", "1000": "too_large", "-1000": "too_large", "0.001": "too_precise", "-0.001": "too_precise", "1.500": "", "0": "",
		"100000000000000000000": "too_large", "1.000000000000000000000000000000": "", "999.999999999999999999999999": "too_precise",
	} {
		err := money.CheckDecimal(decimal.RequireFromString(s), 3, 2)
		if want == "" {
			require.NoError(t, err, s)
		} else {
			require.Equal(t, want, fault.FieldsOf(err)[0].Code, s)
		}
	}
	require.NoError(t, money.CheckDecimal(decimal.New(9, 2), 3, 2))
	require.Error(t, money.CheckDecimal(decimal.New(9, 3), 3, 2))
	require.Error(t, money.CheckDecimal(decimal.New(1, 0), -1, -1))
	require.NoError(t, money.CheckDecimal(decimal.Decimal{}, 0, 0))
	require.Equal(t, decimal.New(15, -1), money.Canonical(decimal.New(1500, -3)))
	require.Equal(t, "0", money.Text(decimal.New(0, -2)))
	require.Equal(t, "100", money.Text(decimal.New(1, 2)))
}

// big rational arithmetic is the model for every operation that rounds.
func rounded(x *big.Rat, r money.Rounding) *big.Int {
	num, den := new(big.Int).Abs(x.Num()), x.Denom()
	q, rest := new(big.Int).QuoRem(num, den, new(big.Int))
	switch c := rest.Lsh(rest, 1).Cmp(den); {
	case c > 0, c == 0 && (r == money.HalfUp || q.Bit(0) == 1):
		q.Add(q, big.NewInt(1))
	}
	if x.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

func TestB19_RoundingAgreesWithRationals(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	currencies := money.Currencies()
	same := func(got money.Money, err error, want *big.Int, what string, args ...any) {
		t.Helper()
		if !want.IsInt64() {
			require.ErrorIs(t, err, fault.ErrLimit, what, args)
			return
		}
		require.NoError(t, err, what, args)
		require.Equal(t, want.Int64(), got.Minor(), what, args)
	}
	for range 8_000 {
		c, to := currencies[rnd.IntN(len(currencies))], currencies[rnd.IntN(len(currencies))]
		r := money.Rounding(rnd.IntN(2))
		m := money.FromMinor(rnd.Int64()>>rnd.IntN(63), c)
		if rnd.IntN(2) == 0 {
			m, _ = m.Neg()
		}
		d := decimal.New((rnd.Int64()>>rnd.IntN(63))%1_000_000_000_000, -int32(rnd.IntN(11)))
		if rnd.IntN(4) == 0 {
			d = d.Neg()
		}
		if rnd.IntN(8) == 0 {
			d = decimal.New(5, -int32(rnd.IntN(4))) // halves
		}
		minor, x := new(big.Rat).SetInt64(m.Minor()), d.Rat()
		product := new(big.Rat).Mul(minor, x)
		got, err := m.Mul(d, r)
		same(got, err, rounded(product, r), "%v × %v", m, d)
		got, err = m.Percent(d, r)
		same(got, err, rounded(new(big.Rat).Quo(product, big.NewRat(100, 1)), r), "%v %% of %v", d, m)
		shift := new(big.Rat).SetFrac(pow(to.Digits()), pow(c.Digits()))
		got, err = m.Convert(d, to, r)
		same(got, err, rounded(new(big.Rat).Mul(product, shift), r), "%v at %v", m, d)
		if d.IsZero() {
			_, err = m.Div(d, r)
			require.Equal(t, "money.division_by_zero", fault.CodeOf(err))
		} else {
			got, err = m.Div(d, r)
			same(got, err, rounded(new(big.Rat).Quo(minor, x), r), "%v ÷ %v", m, d)
		}
		got, err = money.FromDecimal(d, c, r)
		same(got, err, rounded(new(big.Rat).Mul(x, new(big.Rat).SetInt(pow(c.Digits()))), r), "%v", d)
		if err == nil {
			back, err := money.Parse(got.Amount(), c)
			require.NoError(t, err)
			require.Equal(t, got, back)
			back, err = money.FromDecimal(got.Decimal(), c, r)
			require.NoError(t, err)
			require.Equal(t, got, back)
		}
	}
	got, err := money.FromMinor(5, money.USD).Div(decimal.New(2, 3), money.HalfUp)
	require.NoError(t, err)
	require.Zero(t, got.Minor())
}

func pow(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func TestL01_LineAmountAgreesWithRationals(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	currencies := []money.Currency{money.USD, money.JPY, money.KWD, money.CLF, "AED", "ZWL", "VND"}
	over := 0
	for range 20_000 {
		operand := func() decimal.Decimal {
			return decimal.New(rnd.Int64N(1_000_000_000_000_000_000)>>rnd.IntN(60), -int32(rnd.IntN(11)))
		}
		q, p, c, r := operand(), operand(), currencies[rnd.IntN(len(currencies))], money.Rounding(rnd.IntN(2))
		d := decimal.New(rnd.Int64N(1001), -1)
		if rnd.IntN(4) == 0 {
			q, d = decimal.New(5, -int32(rnd.IntN(3))), decimal.Zero // halves
		}
		want := new(big.Rat).Mul(q.Rat(), p.Rat())
		want.Mul(want, decimal.New(100, 0).Sub(d).Rat())
		want.Mul(want, new(big.Rat).SetFrac(pow(c.Digits()), pow(2)))
		got, err := money.LineAmount(q, p, d, c, r)
		exact := rounded(want, r)
		switch {
		case !c.Valid():
			require.ErrorIs(t, err, fault.ErrInvalid)
		case !exact.IsInt64() || money.CheckDecimal(q, 20, 10) != nil:
			require.Error(t, err)
			over++
		default:
			require.NoError(t, err)
			require.Equal(t, money.FromMinor(exact.Int64(), c), got, "%v × %v − %v %% %v", q, p, d, c)
		}
	}
	require.Less(t, over, 10_000)
	for _, c := range []money.Currency{"", "XAU", "zzz"} {
		_, err := money.LineAmount(decimal.New(1, 0), decimal.New(1, 0), decimal.Zero, c, money.HalfUp)
		require.ErrorIs(t, err, fault.ErrInvalid, "%q, on the fast way", c)
		_, err = money.LineAmount(decimal.New(1, 1), decimal.New(1, 0), decimal.Zero, c, money.HalfUp)
		require.ErrorIs(t, err, fault.ErrInvalid, "%q, on the exact way", c)
	}
	top := decimal.New(math.MaxInt64, -2)
	got, err := money.LineAmount(decimal.New(1, 0), top, decimal.Zero, money.USD, money.HalfUp)
	require.NoError(t, err)
	require.EqualValues(t, math.MaxInt64, got.Minor())
	_, err = money.LineAmount(decimal.New(1, 0), decimal.RequireFromString("92233720368547758.075"), decimal.Zero, money.USD, money.HalfUp)
	require.ErrorIs(t, err, fault.ErrLimit)
}

func TestArithmetic(t *testing.T) {
	a, b := money.FromMinor(150, money.CNY), money.FromMinor(-200, money.CNY)
	sum, err := a.Add(b)
	require.NoError(t, err)
	require.Equal(t, "-0.50 CNY", sum.String())
	diff, err := a.Sub(b)
	require.NoError(t, err)
	require.Equal(t, "3.50 CNY", diff.String())
	abs, err := b.Abs()
	require.NoError(t, err)
	require.EqualValues(t, 200, abs.Minor())
	abs, err = a.Abs()
	require.NoError(t, err)
	require.Equal(t, a, abs)
	for want, pair := range map[int][2]money.Money{1: {a, b}, -1: {b, a}, 0: {a, a}} {
		got, err := pair[0].Cmp(pair[1])
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	require.Equal(t, []int{1, -1, 0}, []int{a.Sign(), b.Sign(), money.Zero(money.CNY).Sign()})
	require.True(t, money.Zero(money.JPY).IsZero())
	require.Equal(t, "0", money.Money{}.String())
	require.Equal(t, "5", money.FromMinor(5, money.JPY).Amount())
	require.Equal(t, "0.0005 CLF", money.FromMinor(5, money.CLF).String())

	other := money.FromMinor(1, money.USD)
	for _, err := range []error{second(a.Add(other)), second(a.Sub(other)), second(a.Cmp(other)), second(money.Sum(money.CNY, a, other)), second(money.Sum(money.USD, money.Money{}))} {
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "money.currency.mismatch", fault.CodeOf(err))
	}
	for _, err := range []error{second(money.Money{}.Mul(decimal.New(1, 0), money.HalfUp)), second(a.Convert(decimal.New(1, 0), "XAU", money.HalfUp)),
		second(money.FromDecimal(decimal.New(1, 0), "XAU", money.HalfUp)), second(money.Parse("1", "")), second(money.ParseCurrency("cny"))} {
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "money.currency.unknown", fault.CodeOf(err))
	}
	top, bottom := money.FromMinor(math.MaxInt64, money.CNY), money.FromMinor(math.MinInt64, money.CNY)
	one := money.FromMinor(1, money.CNY)
	for _, err := range []error{second(top.Add(one)), second(bottom.Add(b)), second(bottom.Sub(one)), second(top.Sub(b)), second(bottom.Neg()), second(bottom.Abs()), second(money.Zero(money.CNY).Sub(bottom)),
		second(top.Mul(decimal.New(2, 0), money.HalfUp)), second(top.Percent(decimal.New(101, 0), money.HalfUp)), second(top.Div(decimal.New(1, -1), money.HalfUp)), second(money.Sum(money.CNY, top, one))} {
		require.ErrorIs(t, err, fault.ErrLimit)
		require.Equal(t, "money.overflow", fault.CodeOf(err))
	}
	got, err := money.Sum(money.CNY, top, one, bottom, b)
	require.NoError(t, err, "only the total must fit")
	require.EqualValues(t, -200, got.Minor())
	c, err := money.ParseCurrency("KWD")
	require.NoError(t, err)
	require.Equal(t, "Kuwaiti Dinar", c.Name())
	require.Empty(t, money.Currency("??").Name())
	require.Zero(t, money.Currency("??").Numeric())
	require.Zero(t, money.Currency("XAU").Digits())
}

func second[T any](_ T, err error) error { return err }

func TestAccumulatorRoundsOnce(t *testing.T) {
	var a money.Accumulator
	for range 3 {
		a.Add(1, 3333) // a third of a cent each: rounded one by one they were nothing
	}
	a.Add(math.MaxInt64, 10_000)
	a.Add(-math.MaxInt64, 10_000)
	got, err := a.Total(money.USD, 10_000, money.HalfEven)
	require.NoError(t, err)
	require.EqualValues(t, 1, got.Minor())
	a.Add(math.MaxInt64, 10_000)
	require.ErrorIs(t, second(a.Total(money.USD, 10_000, money.HalfUp)), fault.ErrLimit)
	require.ErrorIs(t, second(a.Total(money.USD, 0, money.HalfUp)), fault.ErrInvalid)
}

func TestB19_AllocationByLargestRemainder(t *testing.T) {
	for _, c := range []struct {
		minor   int64
		weights []int64
		want    []int64
	}{
		{100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{2, []int64{1, 1, 1}, []int64{1, 1, 0}},
		{5, []int64{0, 1, 0}, []int64{0, 5, 0}},
		{0, []int64{1, 2}, []int64{0, 0}},
		{10, []int64{3333, 3333, 3334}, []int64{3, 3, 4}},
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []int64{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
		{math.MinInt64, []int64{1}, []int64{math.MinInt64}},
	} {
		parts, err := money.FromMinor(c.minor, money.JPY).Allocate(c.weights...)
		require.NoError(t, err)
		for i, p := range parts {
			require.Equal(t, money.FromMinor(c.want[i], money.JPY), p, "%v", c)
		}
	}
	for _, bad := range [][]int64{nil, {}, {0, 0}, {1, -1}} {
		require.ErrorIs(t, second(money.FromMinor(1, money.USD).Allocate(bad...)), fault.ErrInvalid)
	}
}

// The JSON of Money is a promise to every host.
func TestJSON_WireForm(t *testing.T) {
	for want, m := range map[string]money.Money{
		`{"amount":"1234.50","currency":"CNY"}`: money.FromMinor(123450, money.CNY), `{"amount":"-0.05","currency":"USD"}`: money.FromMinor(-5, money.USD),
		`{"amount":"7","currency":"JPY"}`: money.FromMinor(7, money.JPY), `{"amount":"0.001","currency":"KWD"}`: money.FromMinor(1, money.KWD),
		`{"amount":"0.0000","currency":"CLF"}`: money.Zero(money.CLF), `null`: {},
		`{"amount":"-92233720368547758.08","currency":"EUR"}`: money.FromMinor(math.MinInt64, money.EUR),
	} {
		b, err := json.Marshal(m)
		require.NoError(t, err)
		require.Equal(t, want, string(b))
		back := money.FromMinor(9, money.USD)
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, m, back)
	}
	kept := money.FromMinor(9, money.USD)
	for _, bad := range []string{`1`, `"1"`, `[]`, `{}`, `{"amount":"1"}`, `{"currency":"CNY"}`, `{"amount":"1","currency":"CNY"} {}`, `{"amount":null,"currency":"CNY"}`} {
		m := kept
		require.ErrorIs(t, m.UnmarshalJSON([]byte(bad)), fault.ErrInvalid, bad)
		require.Equal(t, kept, m, "refused, and unchanged")
	}
	b, err := json.Marshal(money.FromMinor(1, `X","admin":"true`))
	require.NoError(t, err)
	require.JSONEq(t, `{"amount":"1","currency":"X\",\"admin\":\"true"}`, string(b), "a code that isn't one stays text")
}

func FuzzParse(f *testing.F) {
	f.Add("1234.50")
	f.Add("-0.01")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []money.Currency{money.CNY, money.JPY, money.CLF} {
			m, err := money.Parse(s, c)
			if err != nil {
				continue
			}
			if again, err := money.Parse(m.Amount(), c); err != nil || again != m {
				t.Fatalf("%q: %v, %v", s, again, err)
			}
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	f.Add("12.5", 20, 10)
	f.Add("1e9", 3, 2)
	f.Fuzz(func(t *testing.T, s string, maxInt, maxFrac int) {
		d, err := money.ParseDecimal(s, maxInt, maxFrac)
		if err != nil {
			return
		}
		if err := money.CheckDecimal(d, maxInt, maxFrac); err != nil {
			t.Fatalf("%q is parsed, and refused: %v", s, err)
		}
		if again, err := money.ParseDecimal(money.Text(d), maxInt, maxFrac); err != nil || !again.Equal(d) {
			t.Fatalf("%q: %v, %v", s, again, err)
		}
	})
}

// BenchmarkLineAmount: at most 50 ns, 0 allocations.
func BenchmarkLineAmount(b *testing.B) {
	for _, c := range []money.Currency{money.CNY, money.JPY, money.KWD} {
		b.Run(string(c), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := money.LineAmount(decimalA, decimalB, decimalC, c, money.HalfUp); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
