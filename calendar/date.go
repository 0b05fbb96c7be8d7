package calendar

import (
	"time"

	"github.com/pursuit-crm/pursuit/fault"
)

// Date is a calendar date. The zero Date is no date. Dates are comparable with ==.
type Date struct {
	year       int16
	month, day uint8
}

// New returns a date. Errors: ErrInvalid unless it is a real date in the years 1
// to 9999.
func New(year int, month time.Month, day int) (Date, error) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || t.Month() != month || t.Day() != day {
		return Date{}, fault.Invalid("date.invalid", fault.Field{Code: "bad_date", Message: "is not a date of the years 1 to 9999"})
	}
	return Date{int16(year), uint8(month), uint8(day)}, nil
}

// Parse parses "2026-03-01", strictly. Errors: ErrInvalid.
func Parse(s string) (Date, error) {
	bad := func() (Date, error) {
		return Date{}, fault.Invalid("date.invalid", fault.Field{Code: "bad_date", Message: "must be a date such as 2026-03-01"})
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return bad()
	}
	num := func(s string) int {
		n := 0
		for i := 0; i < len(s); i++ {
			if s[i] < '0' || s[i] > '9' {
				return -1
			}
			n = n*10 + int(s[i]-'0')
		}
		return n
	}
	y, m, d := num(s[:4]), num(s[5:7]), num(s[8:])
	if y < 0 || m < 0 || d < 0 {
		return bad()
	}
	v, err := New(y, time.Month(m), d)
	if err != nil {
		return bad()
	}
	return v, nil
}

// Of returns the date of an instant in a zone; nil means UTC.
func Of(t time.Time, loc *time.Location) Date {
	if loc == nil {
		loc = time.UTC
	}
	y, m, d := t.In(loc).Date()
	v, err := New(y, m, d)
	if err != nil {
		return Date{}
	}
	return v
}

// YearMonthDay returns the parts of the date; all are 0 for the zero Date.
func (d Date) YearMonthDay() (int, time.Month, int) {
	return int(d.year), time.Month(d.month), int(d.day)
}

// IsZero reports whether d is the zero Date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns "2026-03-01", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	digit := func(n int) byte { return '0' + byte(n%10) }
	y, m, day := int(d.year), int(d.month), int(d.day)
	return string([]byte{digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-', digit(m / 10), digit(m), '-', digit(day / 10), digit(day)})
}

// Compare returns -1, 0 or 1. The zero Date is before all others.
func (d Date) Compare(e Date) int {
	a := int(d.year)<<9 | int(d.month)<<5 | int(d.day)
	b := int(e.year)<<9 | int(e.month)<<5 | int(e.day)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

func (d Date) utc() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// AddDays returns the date n days later. It returns the zero Date outside the
// years 1 to 9999, and for the zero Date.
func (d Date) AddDays(n int) Date {
	const most = 4_000_000 // exceeds all days in the years 1 to 9999
	if d.IsZero() || n > most || n < -most {
		return Date{}
	}
	return Of(d.utc().AddDate(0, 0, n), time.UTC)
}

// Sub returns the days from e to d; 0 if either is the zero Date.
func (d Date) Sub(e Date) int {
	if d.IsZero() || e.IsZero() {
		return 0
	}
	return int((d.utc().Unix() - e.utc().Unix()) / 86400)
}

// Weekday returns the day of the week; Sunday for the zero Date.
func (d Date) Weekday() time.Weekday {
	if d.IsZero() {
		return time.Sunday
	}
	return d.utc().Weekday()
}

// ISOWeek returns the ISO 8601 week and the year it belongs to, which may differ
// from the date's year around New Year. It returns zeros for the zero Date.
func (d Date) ISOWeek() (year, week int) {
	if d.IsZero() {
		return 0, 0
	}
	return d.utc().ISOWeek()
}

// Start returns the first instant of the day in a zone (nil means UTC), even
// where the clock skips midnight. It returns the zero time for the zero Date.
func (d Date) Start(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	y, m, day := d.YearMonthDay()
	t := time.Date(y, m, day, 0, 0, 0, 0, loc)
	// Around a gap or an overlap at midnight, time.Date may land on either side.
	// The first instant lies within the hours around it, so search for the
	// border.
	lo, hi := t.Add(-26*time.Hour), t.Add(26*time.Hour)
	for hi.Sub(lo) > time.Second {
		mid := lo.Add(hi.Sub(lo) / 2).Truncate(time.Second)
		if Of(mid, loc).Before(d) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi.Truncate(time.Second).UTC()
}

// End returns the first instant after the day: the next day's Start. It returns
// the zero time for the zero Date.
func (d Date) End(loc *time.Location) time.Time {
	if d == (Date{9999, 12, 31}) {
		return d.Start(loc).Add(24 * time.Hour)
	}
	return d.AddDays(1).Start(loc)
}

// MarshalText returns the output of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses the output of String; "" is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := Parse(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Truncate returns the instant in UTC with whole microseconds, as every store
// keeps it.
func Truncate(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}
