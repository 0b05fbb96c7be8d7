package calendar_test

import (
	"testing"
	"time"
	_ "time/tzdata" // zones are there on every machine

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
)

// changes are days on which the clocks of a zone change, and how long they last.
var changes = []struct {
	zone, day string
	lasts     time.Duration
}{
	{"Europe/Berlin", "2026-03-29", 23 * time.Hour}, {"Europe/Berlin", "2026-10-25", 25 * time.Hour},
	{"America/New_York", "2026-03-08", 23 * time.Hour}, {"America/New_York", "2026-11-01", 25 * time.Hour},
	{"America/St_Johns", "2026-03-08", 23 * time.Hour}, {"America/St_Johns", "2026-11-01", 25 * time.Hour},
	{"Pacific/Auckland", "2026-09-27", 23 * time.Hour}, {"Pacific/Auckland", "2026-04-05", 25 * time.Hour},
	// by half an hour, and by two hours
	{"Australia/Lord_Howe", "2026-10-04", 23*time.Hour + 30*time.Minute}, {"Australia/Lord_Howe", "2026-04-05", 24*time.Hour + 30*time.Minute},
	{"Antarctica/Troll", "2026-03-29", 22 * time.Hour}, {"Antarctica/Troll", "2026-10-25", 26 * time.Hour},
	// where the winter is what is counted as the change
	{"Europe/Dublin", "2026-03-29", 23 * time.Hour}, {"Europe/Dublin", "2026-10-25", 25 * time.Hour},
	// at midnight: it is left out, or comes twice
	{"America/Havana", "2026-03-08", 23 * time.Hour}, {"America/Havana", "2026-11-01", 25 * time.Hour},
	{"Asia/Beirut", "2022-03-27", 23 * time.Hour}, {"Asia/Beirut", "2022-10-29", 25 * time.Hour},
	{"Africa/Cairo", "2023-04-28", 23 * time.Hour}, {"Africa/Cairo", "2023-10-26", 25 * time.Hour},
	{"America/Sao_Paulo", "2018-11-04", 23 * time.Hour}, {"America/Sao_Paulo", "2018-02-17", 25 * time.Hour},
	{"America/Santiago", "2023-09-03", 23 * time.Hour}, {"America/Santiago", "2023-04-01", 25 * time.Hour},
	{"Asia/Tehran", "2021-03-22", 23 * time.Hour}, {"Asia/Tehran", "2021-09-21", 25 * time.Hour},
}

// TestB20_GapsAndOverlaps: each quarter of an hour of a day whose clock changes is
// of that day, and none before or after it. Its twins take a day for 24 hours, and
// the zone for one that always has the offset of noon.
func TestB20_GapsAndOverlaps(t *testing.T) {
	zones := map[string]bool{}
	for _, c := range changes {
		zones[c.zone] = true
		loc, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		d := date(t, c.day)
		start, end := d.Start(loc), d.End(loc)
		require.Equal(t, c.lasts, end.Sub(start), "%s in %s", d, c.zone)
		quarters := 0
		for at := start; at.Before(end); at = at.Add(15 * time.Minute) {
			require.Equal(t, d, calendar.Of(at, loc), "%s in %s", at, c.zone)
			quarters++
		}
		require.Equal(t, int(c.lasts/(15*time.Minute)), quarters)
		require.Equal(t, d.AddDays(-1), calendar.Of(start.Add(-time.Nanosecond), loc))
		require.Equal(t, d, calendar.Of(end.Add(-time.Nanosecond), loc))
		require.Equal(t, d.AddDays(1), calendar.Of(end, loc))
		require.Equal(t, 2, d.AddDays(1).Sub(d.AddDays(-1)), "days count, however long they last")

		require.NotEqual(t, end, start.Add(24*time.Hour), "the twin's day of 24 hours, %s in %s", d, c.zone)
		y, m, day := d.YearMonthDay()
		_, offset := time.Date(y, m, day, 12, 0, 0, 0, loc).Zone()
		still := time.FixedZone("noon", offset)
		require.False(t, d.Start(still).Equal(start) && d.End(still).Equal(end), "the twin's zone that doesn't change, %s in %s", d, c.zone)
	}
	require.GreaterOrEqual(t, len(zones), 10)
}

// TestB20_LeapDayInZones: 29 February begins and ends where its neighbours do, and
// is counted. Its twin has years of 365 days.
func TestB20_LeapDayInZones(t *testing.T) {
	for _, zone := range []string{"UTC", "Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/Havana"} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for _, year := range []string{"1996", "2000", "2024", "2028"} {
			d := date(t, year+"-02-29")
			require.Equal(t, d.Start(loc), date(t, year+"-02-28").End(loc))
			require.Equal(t, d.End(loc), date(t, year+"-03-01").Start(loc))
			require.Equal(t, d, calendar.Of(d.End(loc).Add(-time.Second), loc))
			require.Equal(t, 366, d.AddDays(366).Sub(d))
			require.Equal(t, "02-28", d.AddDays(365).String()[5:])
			first := date(t, year+"-01-01")
			require.Equal(t, "01-01", first.AddDays(366).String()[5:])
			require.NotEqual(t, "01-01", first.AddDays(365).String()[5:], "the twin's year")
		}
	}
}

// TestB20_YearsOf53Weeks: a year has week 53 if it begins on a Thursday, or is a
// leap year that begins on a Wednesday; 71 of 400 do. Its twin counts weeks by days
// since New Year.
func TestB20_YearsOf53Weeks(t *testing.T) {
	long, wrong := 0, 0
	for year := 1601; year <= 2000; year++ {
		first, err := calendar.New(year, time.January, 1)
		require.NoError(t, err)
		_, leap := calendar.New(year, time.February, 29)
		want := 52
		if first.Weekday() == time.Thursday || leap == nil && first.Weekday() == time.Wednesday {
			want = 53
			long++
		}
		last, err := calendar.New(year, time.December, 28) // which is always in the last week
		require.NoError(t, err)
		y, w := last.ISOWeek()
		require.Equal(t, [2]int{year, want}, [2]int{y, w})
		monday := last.AddDays(-(int(last.Weekday())+6)%7 + 7)
		y, w = monday.ISOWeek()
		require.Equal(t, [2]int{year + 1, 1}, [2]int{y, w}, "the Monday after it")
		if last.Sub(first)/7+1 != want {
			wrong++
		}
	}
	require.Equal(t, 71, long)
	require.Positive(t, wrong, "the twin's weeks")
}
