package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

func TestB20_Dates(t *testing.T) {
	leap, err := calendar.Parse("2024-02-29")
	require.NoError(t, err)
	require.Equal(t, "2024-03-01", leap.AddDays(1).String())
	require.Equal(t, 366, leap.AddDays(366).Sub(leap))
	for _, bad := range []string{"2023-02-29", "2024-2-29", "0000-01-01", "2024-13-01", "", "2024-02-29x", "२०२४-०२-२९"} {
		_, err := calendar.Parse(bad)
		require.ErrorIs(t, err, fault.ErrInvalid, bad)
	}
}

func TestB20_DaysBeginWhereTheClockSkipsMidnight(t *testing.T) {
	for zone, days := range map[string][]string{
		"America/Sao_Paulo": {"2018-11-04"}, "Asia/Beirut": {"2022-03-27"}, "Africa/Cairo": {"2023-04-28"},
		"America/Havana": {"2023-03-12", "2023-11-05"}, "Asia/Shanghai": {"2026-03-01"}, "Pacific/Kiritimati": {"2026-03-01"},
	} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for _, s := range days {
			d, err := calendar.Parse(s)
			require.NoError(t, err)
			start := d.Start(loc)
			require.Equal(t, d, calendar.Of(start, loc), zone)
			require.Equal(t, d.AddDays(-1), calendar.Of(start.Add(-time.Second), loc), zone)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2026-03-01")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := calendar.Parse(s); err == nil && d.String() != s {
			t.Fatalf("%q became %q", s, d)
		}
	})
}
