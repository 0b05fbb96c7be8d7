package calendar_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(s)
	require.NoError(t, err)
	return d
}

func TestB20_EveryDayOfFourCenturies(t *testing.T) {
	d, at := date(t, "1900-01-01"), time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	first := d
	for i := range 146_097 {
		y, w := d.ISOWeek()
		wantY, wantW := at.ISOWeek()
		next := d.AddDays(1)
		if d.String() != at.Format(time.DateOnly) || d.Weekday() != at.Weekday() || d.Sub(first) != i || first.AddDays(i) != d || y != wantY || w != wantW ||
			!d.Before(next) || !next.After(d) || next.AddDays(-1) != d {
			t.Fatalf("wrong on %s", d)
		}
		d, at = next, at.AddDate(0, 0, 1)
	}
}

func TestB20_LeapDaysAndISOWeeks(t *testing.T) {
	for year, leap := range map[int]bool{1900: false, 2000: true, 2023: false, 2024: true, 2100: false, 2400: true} {
		_, err := calendar.New(year, time.February, 29)
		require.Equal(t, leap, err == nil, "%d", year)
	}
	for s, want := range map[string][2]int{
		"2020-12-31": {2020, 53}, "2021-01-03": {2020, 53}, "2021-01-04": {2021, 1}, "2024-12-30": {2025, 1}, "2026-12-31": {2026, 53}, "2027-01-01": {2026, 53},
	} {
		y, w := date(t, s).ISOWeek()
		require.Equal(t, want, [2]int{y, w}, s)
	}
}

func TestB20_Bounds(t *testing.T) {
	first, last := date(t, "0001-01-01"), date(t, "9999-12-31")
	require.Equal(t, last, first.AddDays(last.Sub(first)))
	require.Equal(t, first, last.AddDays(first.Sub(last)))
	for _, d := range []calendar.Date{first.AddDays(-1), last.AddDays(1), first.AddDays(math.MaxInt), first.AddDays(math.MinInt), last.AddDays(math.MaxInt64 - 1)} {
		require.True(t, d.IsZero())
	}
	for _, c := range [][3]int{{0, 1, 1}, {-1, 1, 1}, {10000, 1, 1}, {2026, 0, 1}, {2026, 13, 1}, {2026, 1, 0}, {2026, 1, 32}, {2026, 4, 31}, {math.MaxInt, 1, 1}, {2026, math.MaxInt, 1}, {2026, 1, math.MaxInt}} {
		_, err := calendar.New(c[0], time.Month(c[1]), c[2])
		require.ErrorIs(t, err, fault.ErrInvalid, "%v", c)
		require.Equal(t, "date.invalid", fault.CodeOf(err))
	}
	east, west := time.FixedZone("east", 14*3600), time.FixedZone("west", -12*3600)
	for _, loc := range []*time.Location{nil, east, west} {
		require.Equal(t, first, calendar.Of(first.Start(loc), loc))
		require.Equal(t, last, calendar.Of(last.Start(loc), loc))
		require.Equal(t, 24*time.Hour, last.End(loc).Sub(last.Start(loc)))
	}
	require.True(t, calendar.Of(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), nil).IsZero())
	require.True(t, calendar.Of(time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC), nil).IsZero())
	require.Equal(t, date(t, "2026-03-02"), calendar.Of(time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC), east))
}

func TestNoDateIsNoDate(t *testing.T) {
	var none calendar.Date
	some := date(t, "2026-03-01")
	require.True(t, none.IsZero())
	require.Empty(t, none.String())
	require.True(t, none.AddDays(1).IsZero())
	require.Zero(t, none.Sub(some))
	require.Zero(t, some.Sub(none))
	require.True(t, none.Before(some))
	require.Zero(t, none.Compare(none))
	require.True(t, none.Start(nil).IsZero())
	require.True(t, none.End(time.UTC).IsZero())
	require.Equal(t, time.Sunday, none.Weekday())
	y, w := none.ISOWeek()
	require.Zero(t, y+w)
	a, b, c := none.YearMonthDay()
	require.Equal(t, []int{0, 0, 0}, []int{a, int(b), c})
	a, b, c = some.YearMonthDay()
	require.Equal(t, []int{2026, 3, 1}, []int{a, int(b), c})
}

// Every day begins where the one before ends, in zones whose clocks change at
// midnight, twice a year, by half an hour, or that left a day out.
func TestB20_DaysFollowOnEachOther(t *testing.T) {
	for zone, years := range map[string][]int{
		"America/Sao_Paulo": {2017, 2018}, "Asia/Beirut": {2022}, "Africa/Cairo": {2023}, "America/Havana": {2023}, "Asia/Shanghai": {1986, 2026},
		"Europe/Berlin": {2026}, "Australia/Lord_Howe": {2026}, "America/St_Johns": {2010}, "Pacific/Kiritimati": {2026}, "Asia/Kathmandu": {1986}, "Asia/Gaza": {2023}, "America/Asuncion": {2023},
	} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for _, year := range years {
			for d := date(t, fmt.Sprintf("%04d-01-01", year)); ; d = d.AddDays(1) {
				if y, _, _ := d.YearMonthDay(); y != year {
					break
				}
				start, end := d.Start(loc), d.End(loc)
				hours := end.Sub(start).Hours()
				if calendar.Of(start, loc) != d || calendar.Of(start.Add(-time.Second), loc) == d || end != d.AddDays(1).Start(loc) ||
					hours < 21 || hours > 26 || start.Location() != time.UTC {
					t.Fatalf("%s in %s is from %s to %s", d, zone, start, end)
				}
			}
		}
	}
	loc, err := time.LoadLocation("Pacific/Apia") // 2011-12-30 never was there
	require.NoError(t, err)
	require.Equal(t, date(t, "2011-12-31").Start(loc), date(t, "2011-12-29").End(loc))
}

func TestDateWireForm(t *testing.T) {
	type row struct {
		D calendar.Date `json:"d"`
	}
	for want, d := range map[string]calendar.Date{`{"d":"2026-03-01"}`: date(t, "2026-03-01"), `{"d":"0001-01-01"}`: date(t, "0001-01-01"), `{"d":""}`: {}} {
		b, err := json.Marshal(row{d})
		require.NoError(t, err)
		require.Equal(t, want, string(b))
		back := row{date(t, "1999-01-01")}
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, d, back.D)
	}
	kept := row{date(t, "1999-01-01")}
	for _, bad := range []string{`{"d":"2026-3-1"}`, `{"d":"2026-02-30"}`, `{"d":20260301}`, `{"d":"2026-03-01T00:00:00Z"}`, `{"d":" 2026-03-01"}`} {
		got := kept
		require.Error(t, json.Unmarshal([]byte(bad), &got), bad)
		require.Equal(t, kept, got)
	}
}

func TestTruncate(t *testing.T) {
	zone := time.FixedZone("x", 3600)
	require.Equal(t, time.Date(2026, 3, 1, 8, 0, 0, 123456000, time.UTC), calendar.Truncate(time.Date(2026, 3, 1, 9, 0, 0, 123456789, zone)))
	require.Equal(t, time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC), calendar.Truncate(time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC)))
	require.True(t, calendar.Truncate(time.Time{}).IsZero())
	now := time.Now()
	require.Equal(t, calendar.Truncate(now), calendar.Truncate(calendar.Truncate(now)))
}

func ExampleDate_Start() {
	d, _ := calendar.Parse("2026-03-01")
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	fmt.Println(d.Start(shanghai).Format(time.RFC3339), d.AddDays(-1), d.Weekday())
	// Output: 2026-02-28T16:00:00Z 2026-02-28 Sunday
}

func ExampleOf() {
	t := time.Date(2026, 2, 28, 20, 0, 0, 0, time.UTC)
	fmt.Println(calendar.Of(t, nil), calendar.Of(t, time.FixedZone("Asia/Shanghai", 8*3600)))
	// Output: 2026-02-28 2026-03-01
}
