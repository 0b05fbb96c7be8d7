package integration

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones are there on every machine

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// live gives the tenant a time zone.
func (w *tenant) live(zone *time.Location) {
	eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Blobs: w.blobs, Zone: func(string) *time.Location { return zone }})
	require.NoError(w.t, err)
	w.eng = eng
	w.s = w.as(access.Administrator, access.Manager)
}

// wait lets time pass until a moment, unless it has passed.
func (w *tenant) wait(until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.Before(until) {
		w.now = until
	}
}

func place(t *testing.T, zone string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	return loc
}

// inZones runs a test on the memory store and on SQLite, for what is decided before
// it is stored, and takes many tenants.
func inZones(t *testing.T, f func(t *testing.T)) {
	t.Parallel()
	for _, s := range stores {
		if s.name == "memory" || s.name == "sqlite" {
			t.Run(s.name, func(t *testing.T) { t.Parallel(); f(t) })
		}
	}
}

// daily is something that is another on a day than the day before.
type daily struct {
	name string
	// yearly says that it changes with the year only.
	yearly bool
	// on brings about what it is seen of, well before the day.
	on func(w *tenant, day calendar.Date) uuid.UUID
	// begun says whether the library has it that the day has begun. at is a moment
	// that has just passed.
	begun func(w *tenant, id uuid.UUID, day calendar.Date, at time.Time) bool
}

// over are how what has expired can be refused: a twin may have ended it already.
var over = []string{"quote.accept.expired", "quote.accept.status"}

// refusedWith wants a command to be done, or refused with one of the codes.
func refusedWith(w *tenant, codes []string, _ pursuit.Result, err error) bool {
	w.t.Helper()
	if err != nil {
		require.Contains(w.t, codes, fault.CodeOf(err))
	}
	return err != nil
}

func bare(w *tenant, _ calendar.Date) uuid.UUID { return deal(w) }

// untilTheDayBefore is a quote whose last day is the one before.
func untilTheDayBefore(w *tenant, day calendar.Date) uuid.UUID {
	id := w.quote(deal(w), quote.CreateInput{ValidUntil: day.AddDays(-1)})
	w.must(w.s.Quotes().Send(w.ctx, id))
	return id
}

func dailies() []daily {
	list := []daily{
		{"a quote's validity", false, untilTheDayBefore, func(w *tenant, id uuid.UUID, _ calendar.Date, _ time.Time) bool {
			r, err := w.s.Quotes().Accept(w.ctx, id, quote.AcceptInput{})
			return refusedWith(w, over, r, err)
		}},
		{"a quote's validity, of what is dated", false, untilTheDayBefore, func(w *tenant, id uuid.UUID, _ calendar.Date, at time.Time) bool {
			r, err := w.s.Quotes().Accept(w.ctx, id, quote.AcceptInput{}, pursuit.At(at))
			return refusedWith(w, over, r, err)
		}},
		{"today of expiry", false, untilTheDayBefore, func(w *tenant, _ uuid.UUID, _ calendar.Date, _ time.Time) bool {
			n, err := w.s.Quotes().ExpireQuotes(w.ctx, calendar.Date{})
			require.NoError(w.t, err)
			return n > 0
		}},
		{"today of an expense", false, bare, func(w *tenant, id uuid.UUID, day calendar.Date, _ time.Time) bool {
			in := w.train()
			in.Date = day
			_, err := w.s.Expenses().Add(w.ctx, id, in)
			if err != nil {
				require.True(w.t, errors.Is(err, fault.ErrInvalid) && fault.FieldsOf(err)[0].Code == "future", "%v", err)
			}
			return err == nil
		}},
		{"today of a hold", false, bare, func(w *tenant, id uuid.UUID, day calendar.Date, _ time.Time) bool {
			_, err := w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget", ResumeOn: day.AddDays(-1)})
			if err != nil {
				require.Equal(w.t, "past", fault.FieldsOf(err)[0].Code, "%v", err)
			}
			return err != nil
		}},
		{"today of a delivery that is due", false, func(w *tenant, day calendar.Date) uuid.UUID {
			r, err := w.s.Orders().Create(w.ctx, w.won(), order.CreateInput{})
			require.NoError(w.t, err)
			w.must(w.s.Orders().Update(w.ctx, r.ID, order.UpdateInput{Due: []order.LineDue{{Line: 1, On: day.AddDays(-1)}}}))
			w.must(w.s.Orders().Confirm(w.ctx, r.ID))
			return r.ID
		}, func(w *tenant, id uuid.UUID, _ calendar.Date, _ time.Time) bool {
			x, err := w.s.Orders().Execution(w.ctx, id)
			require.NoError(w.t, err)
			return x.Overdue > 0
		}},
		{"the number of what is dated", true, bare, func(w *tenant, _ uuid.UUID, day calendar.Date, at time.Time) bool {
			return strings.HasPrefix(w.record(pursuit.At(at)).Number, "OPP-"+day.String()[:4]+"-")
		}},
	}
	for _, x := range numberedSorts {
		list = append(list, daily{"the number of a series: " + x.prefix, true, func(w *tenant, _ calendar.Date) uuid.UUID { return x.on(w) },
			func(w *tenant, id uuid.UUID, day calendar.Date, _ time.Time) bool {
				r, err := x.make(w.ctx, w, w.s, id)
				require.NoError(w.t, err)
				return strings.HasPrefix(r.Number, x.prefix+"-"+day.String()[:4]+"-")
			}})
	}
	return list
}

// around says, of all that is another on a day, whether it was so a few minutes
// before the day begins in a zone, and when it had just begun; the library was told
// of another zone, or of the same.
func around(w *tenant, day calendar.Date, zone, told *time.Location) map[string][2]bool {
	w.live(told)
	ready(w)
	_, month, first := day.YearMonthDay()
	var list []daily
	for _, x := range dailies() {
		if !x.yearly || month == time.January && first == 1 {
			list = append(list, x)
		}
	}
	ids := make([][2]uuid.UUID, len(list))
	for i, x := range list {
		ids[i] = [2]uuid.UUID{x.on(w, day), x.on(w, day)}
	}
	got := map[string][2]bool{}
	for k, at := range []time.Time{day.Start(zone).Add(-5 * time.Minute), day.Start(zone)} {
		w.wait(at)
		for i, x := range list {
			seen := got[x.name]
			seen[k] = x.begun(w, ids[i][k], day, at)
			got[x.name] = seen
		}
		require.True(w.t, k > 0 || w.now.Before(day.Start(zone)), "the day began meanwhile")
	}
	return got
}

// TestB20_TheDayIsTheTenants: numbers, validity of quotes and what is due, spent or
// held turn when the tenant's day does. Its twins are told of UTC, and of an offset
// that doesn't change, as for days of 24 hours: both find each of them.
func TestB20_TheDayIsTheTenants(t *testing.T) {
	inZones(t, func(t *testing.T) {
		for _, x := range []struct{ zone, day string }{
			{"Asia/Shanghai", "2027-01-01"}, {"America/Los_Angeles", "2027-01-01"}, {"Pacific/Kiritimati", "2029-01-01"}, {"Asia/Kathmandu", "2028-02-29"},
			{"Europe/Berlin", "2026-03-30"}, {"America/Havana", "2026-11-02"}, {"Africa/Cairo", "2026-04-25"}, // the day before it has 23 or 25 hours
		} {
			zone := place(t, x.zone)
			day, err := calendar.Parse(x.day)
			require.NoError(t, err)
			for name, got := range around(newTenant(t), day, zone, zone) {
				require.Equal(t, [2]bool{false, true}, got, "%s, %s in %s", name, day, x.zone)
			}
			twins := []*time.Location{time.UTC}
			_, before := day.AddDays(-2).Start(zone).In(zone).Zone()
			if _, now := day.Start(zone).In(zone).Zone(); now != before {
				twins = append(twins, time.FixedZone("still", before))
			}
			for _, told := range twins {
				for name, got := range around(newTenant(t), day, zone, told) {
					require.NotEqual(t, [2]bool{false, true}, got, "%s, %s in %s, which is taken for %s", name, day, x.zone, told)
				}
			}
		}
	})
}

// TestB20_CycleDaysAreCalendarDays (F7): from the day it was recorded to that of the
// decision, however long they were. Its twins divide hours by 24, and take the days
// of UTC; both are wrong each time.
func TestB20_CycleDaysAreCalendarDays(t *testing.T) {
	inZones(t, func(t *testing.T) {
		for _, x := range []struct {
			zone, from, to string // local times
			want           int
		}{
			{"Europe/Berlin", "2026-03-28 23:58:00", "2026-03-30 00:02:00", 2},       // the gap lies between
			{"Europe/Berlin", "2026-10-25 00:02:00", "2026-10-25 23:58:00", 0},       // 24 hours and 56 minutes
			{"America/Havana", "2026-10-31 23:58:00", "2026-11-01 00:02:00", 1},      // midnight comes twice
			{"Australia/Lord_Howe", "2026-04-04 23:58:00", "2026-04-06 00:02:00", 2}, // half an hour
			{"America/Santiago", "2026-09-05 23:58:00", "2026-09-06 01:02:00", 1},    // midnight is left out
			{"Asia/Shanghai", "2028-02-28 23:58:00", "2028-03-01 00:02:00", 2},
			{"Pacific/Kiritimati", "2026-12-31 23:58:00", "2027-01-01 00:02:00", 1},
		} {
			zone := place(t, x.zone)
			from, err1 := time.ParseInLocation(time.DateTime, x.from, zone)
			to, err2 := time.ParseInLocation(time.DateTime, x.to, zone)
			require.NoError(t, errors.Join(err1, err2))
			cycle := func(told *time.Location, decide opportunity.Command) int {
				w := newTenant(t)
				w.live(told)
				w.wait(from.UTC())
				id := deal(w)
				w.wait(to.UTC())
				require.NoError(t, w.command(id, decide))
				w.same(id)
				return *w.get(id).CycleDays
			}
			require.Equal(t, x.want, cycle(zone, opportunity.CommandWin), "%s from %s to %s", x.zone, x.from, x.to)
			require.Equal(t, x.want, cycle(zone, opportunity.CommandLose), "%s from %s to %s", x.zone, x.from, x.to)
			require.NotEqual(t, x.want, int(to.Sub(from)/(24*time.Hour)), "the twin that divides: %s from %s to %s", x.zone, x.from, x.to)
			require.NotEqual(t, x.want, cycle(time.UTC, opportunity.CommandWin), "the twin of UTC: %s from %s to %s", x.zone, x.from, x.to)
		}
	})
}
