package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/storage"
)

// realFolder gives the folder of the real set: PURSUIT_DATA, or the one beside
// the project; and whether it is there.
func realFolder() (string, bool) {
	root := os.Getenv("PURSUIT_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, "crm-sales-opportunities")
	_, err := os.Stat(dir)
	return dir, err == nil
}

// realData is realFolder for tests that need it. In CI it must be there;
// elsewhere they are skipped, and TestMadeSet stands in.
func realData(t *testing.T) string {
	t.Helper()
	dir, ok := realFolder()
	if !ok && os.Getenv("CI") != "" {
		t.Fatal("CI needs the real data in " + dir)
	}
	if !ok {
		t.Skip("the real data isn't in " + dir)
	}
	return dir
}

// stores runs a test on every store, side by side with others.
func stores(t *testing.T, test func(t *testing.T, store storage.Store)) {
	t.Parallel()
	for _, kind := range []string{"memory", "sqlite"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			store, closeStore, err := openStore(t.Context(), kind, "", "")
			require.NoError(t, err)
			defer func() { require.NoError(t, closeStore()) }()
			test(t, store)
		})
	}
}

func quiet(int, int) {}

func day(t *testing.T, s string) calendar.Date {
	d, err := calendar.Parse(s)
	require.NoError(t, err)
	return d
}

// sums is a group in expected.json.
type sums struct {
	N, Won, Lost, Open int64
	WonValue           int64 `json:"won_value"`
	CycleDaysWon       int64 `json:"cycle_days_won"`
	OpenListValue      int64 `json:"open_list_value"`
}

func (s sums) group() group {
	return group{s.N, s.Won, s.Lost, s.Open, dollars(s.WonValue), dollars(s.OpenListValue)}
}

// TestRealData replays the real set and checks every figure: against the file of
// expected ones, and against what the test adds up from the CSV by itself.
func TestRealData(t *testing.T) {
	dir := realData(t)
	if raced {
		t.Skip("takes minutes with the race detector, and has one goroutine; scripts/examples runs it without")
	}
	var want struct {
		Overall      sums
		Stage        map[string]int64
		ByAgent      map[string]sums `json:"by_agent"`
		ByRegion     map[string]sums `json:"by_region"`
		ByCloseMonth map[string]sums `json:"by_close_month"`
		AsOf         map[string]struct {
			Open      int64
			ListValue int64 `json:"list_value"`
		} `json:"asof_month_end_engaging"`
	}
	b, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &want))
	list := deals(t, dir)

	stores(t, func(t *testing.T, store storage.Store) {
		ctx := t.Context()
		d, err := read(folder(dir))
		require.NoError(t, err)
		out, err := replay(ctx, store, d, options{}, quiet)
		require.NoError(t, err)
		eng, err := pursuit.New(store, nil)
		require.NoError(t, err)
		s := eng.As(importer())
		b, err := setUp(ctx, s, d.accounts)
		require.NoError(t, err)

		t.Run("overall", func(t *testing.T) {
			w := want.Overall
			require.Equal(t, 8800, out.Rows)
			require.Equal(t, map[string]int{"product": 1480, "account": 1425}, out.Mended)
			require.Empty(t, out.Rejected)
			require.Equal(t, []int{8800, 0, 0}, []int{out.Imported, out.Updated, out.Repeated})
			require.Equal(t, []int64{w.N, w.Won, w.Lost, w.Open}, []int64{out.Opportunities, out.Won, out.Lost, out.Open})
			require.Equal(t, dollars(w.WonValue), out.WonAmount)
			require.Equal(t, dollars(w.OpenListValue), out.OpenAmount)
			require.Equal(t, decimal.NewFromInt(w.Won).DivRound(decimal.NewFromInt(w.Won+w.Lost), 4).StringFixed(4), *out.WinRate)
			require.Equal(t, decimal.NewFromInt(w.CycleDaysWon).DivRound(decimal.NewFromInt(w.Won), 4).StringFixed(4), *out.MeanCycle)
			require.Equal(t, "0.6315", *out.WinRate)
			require.Equal(t, "51.7820", *out.MeanCycle)

			var cents int64
			var days []int
			for _, x := range list {
				switch x.stage {
				case "Prospecting":
					cents += x.list * 10
				case "Engaging":
					cents += x.list * 50
				case "Won":
					days = append(days, int(x.closed.Sub(x.engaged).Hours()/24))
				}
			}
			slices.Sort(days)
			require.Equal(t, days[(len(days)+1)/2-1], *out.MedianCycle)
			require.Equal(t, 57, *out.MedianCycle)
			require.Equal(t, decimal.New(cents, -2).StringFixed(2), out.WeightedAmount)
		})
		t.Run("groups", func(t *testing.T) {
			for name, by := range map[string]func(deal) string{
				"stage":   func(d deal) string { return d.stage },
				"agent":   func(d deal) string { return d.agent },
				"region":  func(d deal) string { return d.region },
				"product": func(d deal) string { return d.product },
				"sector":  func(d deal) string { return d.sector },
				"account": func(d deal) string { return d.account },
				"manager": func(d deal) string { return d.manager },
			} {
				got, err := groupBy(ctx, s, name, d, b)
				require.NoError(t, err)
				require.Equal(t, grouped(list, by), got, name)
				switch name {
				case "stage":
					require.Len(t, got, len(want.Stage))
					for k, n := range want.Stage {
						require.Equal(t, n, got[k].N, k)
					}
				case "agent", "region":
					expected := want.ByAgent
					if name == "region" {
						expected = want.ByRegion
					}
					require.Len(t, got, len(expected))
					for k, x := range expected {
						require.Equal(t, x.group(), got[k], k)
					}
				}
			}
		})
		t.Run("as of", func(t *testing.T) {
			for text, x := range want.AsOf {
				got, err := asOfDay(ctx, s, day(t, text))
				require.NoError(t, err)
				require.Equal(t, &asOf{day(t, text), x.Open, dollars(x.ListValue)}, got)
			}
			for _, text := range []string{"0001-01-01", "2016-10-19", "2016-10-20", "2016-10-21", "2017-01-01", "2017-03-01", "2017-06-29",
				"2017-08-15", "2017-12-27", "2017-12-30", "2017-12-31", "2018-01-01", "2020-02-29", "9998-12-31", "9999-12-31"} {
				at, err := time.Parse(time.DateOnly, text)
				require.NoError(t, err)
				n, amount := engagingAt(list, at)
				got, err := asOfDay(ctx, s, day(t, text))
				require.NoError(t, err)
				require.Equal(t, &asOf{day(t, text), n, dollars(amount)}, got)
			}
		})
		t.Run("O13/a second run changes nothing", func(t *testing.T) {
			before := fingerprint(t, store)
			again, err := replay(ctx, store, d, options{}, quiet)
			require.NoError(t, err)
			require.Equal(t, []int{0, 0, 8800}, []int{again.Imported, again.Updated, again.Repeated})
			require.Equal(t, out.Mended, again.Mended)
			require.Equal(t, before, fingerprint(t, store))
			again.Imported, again.Repeated, again.Seconds = out.Imported, out.Repeated, out.Seconds
			require.Equal(t, out, again, "the same figures")
		})
		// What was won and lost in a month is how much more was decided at its end
		// than at its beginning.
		t.Run("by close month", func(t *testing.T) {
			for month, x := range want.ByCloseMonth {
				first := day(t, month+"-01")
				at := first.Start(time.UTC)
				decided := func(end time.Time) (won, lost int64, amount int64) {
					g, err := one(ctx, s, pursuit.PipelineQuery{AsOf: end.Add(-time.Microsecond)})
					require.NoError(t, err)
					return g.Won, g.Lost, amounts(g).Won.Minor()
				}
				w0, l0, a0 := decided(at)
				w1, l1, a1 := decided(at.AddDate(0, 1, 0))
				require.Equal(t, []int64{x.Won, x.Lost, x.WonValue * 100}, []int64{w1 - w0, l1 - l0, a1 - a0}, month)
			}
		})
	})
}
