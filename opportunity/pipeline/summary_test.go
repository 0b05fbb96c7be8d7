package pipeline_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

const (
	open   = opportunity.Open
	held   = opportunity.OnHold
	won    = opportunity.Won
	lost   = opportunity.Lost
	void   = opportunity.Void
	closed = opportunity.Closed
)

func bucket(key string, s opportunity.Status, c money.Currency, probability int, count, amount int64) pipeline.Bucket {
	return pipeline.Bucket{Key: key, Status: s, Currency: c, Probability: probability, Count: count, Amount: amount}
}

func one(t *testing.T, buckets []pipeline.Bucket, days ...pipeline.Days) pipeline.Group {
	t.Helper()
	g, err := pipeline.Summarise(buckets, days, nil)
	require.NoError(t, err)
	require.Len(t, g, 1)
	return g[0]
}

func usd(minor int64) money.Money { return money.FromMinor(minor, money.USD) }

func ptr[T any](v T) *T { return &v }

func text(d *decimal.Decimal) string {
	if d == nil {
		return "nil"
	}
	return d.String()
}

func TestF1_PipelineCountsWhatIsOpen(t *testing.T) {
	g := one(t, []pipeline.Bucket{
		bucket("", open, money.USD, 1000, 2, 300_00), bucket("", open, money.USD, 5000, 1, 200_00), bucket("", open, money.CNY, 5000, 4, 70_00),
		bucket("", held, money.USD, 5000, 3, 40_00), bucket("", won, money.USD, 10000, 5, 11_00), bucket("", closed, money.USD, 10000, 1, 2_00),
		bucket("", lost, money.USD, 0, 6, 9_00), bucket("", void, money.USD, 0, 7, 1_000_00),
	})
	require.EqualValues(t, 22, g.Count) // all but the 7 void ones (O19)
	require.Equal(t, []int64{7, 3, 6, 6, 7}, []int64{g.Open, g.OnHold, g.Won, g.Lost, g.Void})
	a := g.Amounts[money.USD]
	require.Equal(t, []money.Money{usd(500_00), usd(40_00), usd(13_00), usd(9_00)}, []money.Money{a.Open, a.OnHold, a.Won, a.Lost}) // on hold apart; closed is won
	require.Equal(t, usd(130_00), a.Weighted)                                                                                       // 300 × 10 % + 200 × 50 %; nothing on hold
	require.Equal(t, money.FromMinor(70_00, money.CNY), g.Amounts[money.CNY].Open)                                                  // never added to dollars
	require.Equal(t, money.Zero(money.CNY), g.Amounts[money.CNY].Won)
}

func TestF2_WeightedIsRoundedOncePerCurrencyHalfEven(t *testing.T) {
	for _, x := range []struct {
		name    string
		buckets []pipeline.Bucket
		want    int64
	}{
		{"half to even, down", []pipeline.Bucket{bucket("", open, money.USD, 5000, 1, 5)}, 2},                                                                               // 2.5
		{"half to even, up", []pipeline.Bucket{bucket("", open, money.USD, 5000, 1, 7)}, 4},                                                                                 // 3.5
		{"once, not each", []pipeline.Bucket{bucket("", open, money.USD, 3333, 1, 1), bucket("", open, money.USD, 3334, 1, 1), bucket("", open, money.USD, 3333, 1, 1)}, 1}, // three times 0.33…, each alone 0
		{"never by the average", []pipeline.Bucket{bucket("", open, money.USD, 1000, 1, 1000), bucket("", open, money.USD, 9000, 1, 10)}, 109},                              // 100 + 9; by the average 505
		{"zero", []pipeline.Bucket{bucket("", open, money.USD, 0, 1, 1000)}, 0},
		{"beyond 64 bits on the way", []pipeline.Bucket{bucket("", open, money.USD, 9900, 1, math.MaxInt64)}, 9131138316486228049}, // 0.99 × (2^63 − 1), rounded
	} {
		t.Run("F2/"+x.name, func(t *testing.T) {
			require.Equal(t, usd(x.want), one(t, x.buckets).Amounts[money.USD].Weighted)
		})
	}
}

func TestF4_WinRate(t *testing.T) {
	g := one(t, []pipeline.Bucket{bucket("", won, money.USD, 10000, 2, 100), bucket("", closed, money.USD, 10000, 2, 200), bucket("", lost, money.USD, 0, 2, 500),
		bucket("", open, money.USD, 0, 90, 9), bucket("", held, money.USD, 0, 90, 9), bucket("", void, money.USD, 0, 90, 9)})
	require.Equal(t, "0.6666666667", text(g.WinRate))             // 4 ÷ 6
	require.Equal(t, "0.375", text(g.Amounts[money.USD].WinRate)) // 300 ÷ 800
	none := one(t, []pipeline.Bucket{bucket("", open, money.USD, 0, 1, 5)})
	require.Nil(t, none.WinRate) // nil, not 0
	require.Nil(t, none.Amounts[money.USD].WinRate)
	require.Equal(t, "0", text(one(t, []pipeline.Bucket{bucket("", lost, money.USD, 0, 3, 5)}).WinRate))
	free := one(t, []pipeline.Bucket{bucket("", won, money.USD, 10000, 1, 0)})
	require.Equal(t, "1", text(free.WinRate))
	require.Nil(t, free.Amounts[money.USD].WinRate) // nothing won, nothing lost
	huge := one(t, []pipeline.Bucket{bucket("", won, money.USD, 10000, 1, math.MaxInt64), bucket("", lost, money.USD, 0, 1, math.MaxInt64)})
	require.Equal(t, "0.5", text(huge.Amounts[money.USD].WinRate))
}

func TestF7_CycleLengthsByNearestRank(t *testing.T) {
	d := func(s opportunity.Status, days int, n int64) pipeline.Days {
		return pipeline.Days{Status: s, Days: days, Count: n}
	}
	for _, x := range []struct {
		name        string
		days        []pipeline.Days
		mean        string
		median, p90 int
	}{
		{"one", []pipeline.Days{d(won, 5, 1)}, "5", 5, 5},
		{"two: the lower is the median", []pipeline.Days{d(won, 9, 1), d(won, 4, 1)}, "6.5", 4, 9},                      // ranks ⌈1⌉ and ⌈1.8⌉
		{"ten, unsorted", []pipeline.Days{d(won, 10, 2), d(won, 1, 4), d(closed, 5, 3), d(won, 100, 1)}, "13.9", 5, 10}, // 4+15+20+100 = 139; ranks 5 and 9
		{"eleven", []pipeline.Days{d(won, 1, 6), d(won, 2, 4), d(won, 3, 1)}, "1.5454545455", 1, 2},                     // 17 ÷ 11; ranks 6 and 10
		{"the same length in two places", []pipeline.Days{d(won, 0, 1), d(closed, 0, 1), d(won, 3, 1)}, "1", 0, 3},      // merged keys
	} {
		t.Run("F7/"+x.name, func(t *testing.T) {
			g := one(t, nil, x.days...)
			require.Equal(t, x.mean, text(g.WonDays.Mean))
			require.Equal(t, x.median, *g.WonDays.Median)
			require.Equal(t, x.p90, *g.WonDays.P90)
			require.Equal(t, pipeline.Cycle{}, g.LostDays) // nil each, not 0
		})
	}
	g := one(t, nil, d(lost, 3, 1), d(lost, 4, 1), d(won, 7, 1), d(void, 99, 1), d(open, 99, 1))
	require.Equal(t, "3.5", text(g.LostDays.Mean))
	require.Equal(t, 7, *g.WonDays.P90) // void and open lengths count nowhere
}

func TestGroups(t *testing.T) {
	t.Run("empty", func(t *testing.T) {
		g, err := pipeline.Summarise(nil, nil, nil)
		require.NoError(t, err)
		require.Empty(t, g)
		require.NotNil(t, g)
	})
	t.Run("zeros", func(t *testing.T) {
		g := one(t, []pipeline.Bucket{bucket("x", open, money.JPY, 5000, 0, 0)}, pipeline.Days{Key: "x", Status: won})
		require.Zero(t, g.Count)
		require.Equal(t, money.Zero(money.JPY), g.Amounts[money.JPY].Weighted)
		require.Nil(t, g.WonDays.Mean)
	})
	t.Run("O19/void alone", func(t *testing.T) {
		g := one(t, []pipeline.Bucket{bucket("x", void, money.USD, 0, 2, 500)})
		require.Zero(t, g.Count)
		require.EqualValues(t, 2, g.Void)
		require.Equal(t, &pipeline.Amounts{Open: usd(0), Weighted: usd(0), OnHold: usd(0), Won: usd(0), Lost: usd(0)}, g.Amounts[money.USD])
	})
	t.Run("in order, and merged", func(t *testing.T) {
		buckets := []pipeline.Bucket{bucket("zoe", open, money.USD, 5000, 1, 1), bucket("bob", open, money.USD, 5000, 1, 2), bucket("ann", open, money.USD, 5000, 1, 4)}
		days := []pipeline.Days{{Key: "zoe", Status: won, Days: 9, Count: 1}, {Key: "ann", Status: won, Days: 1, Count: 1}}
		g, err := pipeline.Summarise(buckets, days, nil)
		require.NoError(t, err)
		require.Equal(t, []string{"ann", "bob", "zoe"}, []string{g[0].Key, g[1].Key, g[2].Key})
		managers := map[string]string{"ann": "eva", "zoe": "eva", "bob": "max"}
		g, err = pipeline.Summarise(buckets, days, func(k string) string { return managers[k] })
		require.NoError(t, err)
		require.Equal(t, []string{"eva", "max"}, []string{g[0].Key, g[1].Key})
		require.Equal(t, usd(5), g[0].Amounts[money.USD].Open)
		require.Equal(t, usd(2), g[0].Amounts[money.USD].Weighted) // 2.5 once, not 0.5 and 2 apart
		require.Equal(t, 1, *g[0].WonDays.Median)
		require.Equal(t, 9, *g[0].WonDays.P90)
	})
	t.Run("overflow", func(t *testing.T) {
		for _, s := range []opportunity.Status{open, held, won, lost, closed} {
			g, err := pipeline.Summarise([]pipeline.Bucket{bucket("a", s, money.USD, 9900, 1, math.MaxInt64), bucket("b", s, money.USD, 9900, 1, 1)}, nil, func(string) string { return "" })
			require.ErrorIs(t, err, fault.ErrLimit)
			require.Nil(t, g)
		}
		// In groups of their own they fit.
		_, err := pipeline.Summarise([]pipeline.Bucket{bucket("a", open, money.USD, 9900, 1, math.MaxInt64), bucket("b", open, money.USD, 9900, 1, 1)}, nil, nil)
		require.NoError(t, err)
	})
}

func TestQueriesAreChecked(t *testing.T) {
	for _, by := range []pipeline.Dimension{pipeline.None, pipeline.ByStage, pipeline.ByOwner, pipeline.ByDepartment, pipeline.ByCustomer, pipeline.BySource,
		pipeline.ByProcess, pipeline.ByProduct, pipeline.BySector, pipeline.ByCategory} {
		require.NoError(t, (&pipeline.Query{By: by}).Validate())
	}
	fields := func(q pipeline.Query) (out []string) {
		err := q.Validate()
		require.ErrorIs(t, err, fault.ErrInvalid)
		for _, f := range fault.FieldsOf(err) {
			out = append(out, f.Path+" "+f.Code)
		}
		return out
	}
	require.Equal(t, []string{"/filter/owner blank_ends", "/by unknown"}, fields(pipeline.Query{By: "colour", Filter: opportunity.Filter{Owner: " ann"}}))
	asOf := &pipeline.AsOf{Effective: time.Unix(1, 0), Known: time.Unix(1, 0)}
	require.NoError(t, (&pipeline.Query{AsOf: asOf, By: pipeline.ByStage, Filter: opportunity.Filter{Owner: "ann", Currency: money.USD, AmountFrom: ptr(int64(1))}}).Validate())
	past := opportunity.Filter{Product: "p", Member: "m", Search: "s", Number: "n", CreatedTo: time.Unix(1, 0)}
	require.Equal(t, []string{"/by not_in_ledger", "/filter/member not_in_ledger", "/filter/product not_in_ledger", "/filter/search not_in_ledger",
		"/filter/number not_in_ledger", "/filter/created_to not_in_ledger"},
		fields(pipeline.Query{By: pipeline.ByProduct, AsOf: asOf, Filter: past}))
	require.NoError(t, (&pipeline.Query{By: pipeline.ByProduct, Filter: past}).Validate()) // of the present they can be asked
	require.Equal(t, []string{"/filter/created_from not_in_ledger"}, fields(pipeline.Query{AsOf: asOf, Filter: opportunity.Filter{CreatedFrom: time.Unix(1, 0)}}))
}

// A store adds up; Summarise finishes exactly.
func ExampleSummarise() {
	groups, err := pipeline.Summarise([]pipeline.Bucket{
		{Key: "east", Status: opportunity.Open, Currency: money.USD, Probability: 1000, Count: 2, Amount: 1000_00},
		{Key: "east", Status: opportunity.Open, Currency: money.USD, Probability: 5000, Count: 1, Amount: 300_00},
		{Key: "east", Status: opportunity.Won, Currency: money.USD, Probability: 10000, Count: 3, Amount: 900_00},
		{Key: "east", Status: opportunity.Lost, Currency: money.USD, Count: 1, Amount: 100_00},
		{Key: "west", Status: opportunity.Open, Currency: money.CNY, Probability: 5000, Count: 1, Amount: 80_00},
	}, []pipeline.Days{{Key: "east", Status: opportunity.Won, Days: 30, Count: 2}, {Key: "east", Status: opportunity.Won, Days: 90, Count: 1}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	east, west := groups[0], groups[1]
	fmt.Println(east.Key, east.Open, east.Amounts[money.USD].Open, east.Amounts[money.USD].Weighted)
	fmt.Println(east.WinRate, east.Amounts[money.USD].WinRate, east.WonDays.Mean, *east.WonDays.Median, *east.WonDays.P90)
	fmt.Println(west.Key, west.Amounts[money.CNY].Weighted, west.WinRate == nil)
	// Output:
	// east 3 1300.00 USD 250.00 USD
	// 0.75 0.9 50 30 90
	// west 40.00 CNY true
}
