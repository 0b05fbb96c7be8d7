package pursuit

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// hostPanic carries a fault of the host's own code (its clock, ids, time zones, a
// batch's function) to the edge of the API.
type hostPanic struct{ err error }

func panicked(callback string) error {
	return fault.New(fault.ErrHost, "host.panic", "the host's "+callback+" panicked")
}

// guarded distinguishes a panic in a host's function from one of the library's.
func guarded[T any](callback string, f func() T) T {
	done := false
	defer func() {
		if !done {
			p := recover()
			if _, ours := p.(hostPanic); ours { // from a callback inside this one
				panic(p)
			}
			if p != nil {
				panic(hostPanic{panicked(callback)})
			}
		}
	}()
	v := f()
	done = true
	return v
}

// rescue turns a panic in the host's own code into ErrHost, so that none crosses
// the API. It re-raises any other panic.
func rescue(err *error) {
	switch p := recover().(type) {
	case nil:
	case hostPanic:
		*err = p.err
	default:
		panic(p)
	}
}

func (e *Engine) zone(tenant string) *time.Location {
	if e.opts.Zone != nil {
		if loc := guarded("Zone", func() *time.Location { return e.opts.Zone(tenant) }); loc != nil {
			return loc
		}
	}
	return time.UTC
}

// now returns the host's time, guarded. A time that can't be stored is refused.
func (e *Engine) now() time.Time {
	t := calendar.Truncate(guarded("Clock", e.opts.Clock))
	if y := t.Year(); t.IsZero() || y < 1 || y > 9999 {
		panic(hostPanic{fault.New(fault.ErrHost, "host.clock.range", "the host's clock gives no time of the years 1 to 9999")})
	}
	return t
}

// newID is the host's NewID, guarded.
func (e *Engine) newID() uuid.UUID {
	id := guarded("NewID", e.opts.NewID)
	if id == uuid.Nil {
		panic(hostPanic{fault.New(fault.ErrHost, "host.id", "the host's NewID gives the zero id")})
	}
	return id
}

// future refuses a command with an effective time later than now (O12).
func future(cl call, now time.Time) error {
	if cl.dated && cl.at.After(now) {
		return fault.Invalid("moment.future", fault.Field{Path: "/at", Code: "future", Message: "must not be in the future"})
	}
	return nil
}
