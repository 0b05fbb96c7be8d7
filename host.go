package pursuit

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// hostPanic is a panic in the host's own code: its clock, ids or time zones.
type hostPanic struct{ callback string }

// guarded lets a panic in a host's function be told from one of ours.
func guarded[T any](callback string, f func() T) T {
	done := false
	defer func() {
		if !done {
			if p := recover(); p != nil {
				panic(hostPanic{callback})
			}
		}
	}()
	v := f()
	done = true
	return v
}

// rescue turns a panic in the host's own code into ErrHost: none of it crosses
// the API. Any other panic goes on.
func rescue(err *error) {
	switch p := recover().(type) {
	case nil:
	case hostPanic:
		*err = fault.New(fault.ErrHost, "host.panic", "the host's "+p.callback+" panicked")
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

func (e *Engine) now() time.Time { return calendar.Truncate(guarded("Clock", e.opts.Clock)) }

// newID is the host's NewID, guarded.
func (e *Engine) newID() uuid.UUID { return guarded("NewID", e.opts.NewID) }

// when is the time that a number is taken for. Errors: ErrInvalid for one in the
// future, before a number is taken in vain; ErrHost.
func (s *Session) when(cl call) (at time.Time, err error) {
	defer rescue(&err)
	now := s.eng.now()
	if cl.dated {
		return cl.at, future(cl, now)
	}
	return now, nil
}

// future refuses a command that is to take effect later than now (O12).
func future(cl call, now time.Time) error {
	if cl.dated && cl.at.After(now) {
		return fault.Invalid("moment.future", fault.Field{Path: "/at", Code: "future", Message: "must not be in the future"})
	}
	return nil
}
