package pursuit

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// The only places with a clock, ids and chance; Options replace the first two.

func systemClock() time.Time { return time.Now() }

// newID returns time-ordered ids (UUIDv7), so that rows written together are
// stored together.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// longest is practically for ever, and can be doubled.
const longest = time.Duration(1 << 61)

// jitter spreads repeated attempts: 0.5 to 1.5 times d, which is longest at most.
func jitter(d time.Duration) time.Duration {
	return d/2 + time.Duration(rand.Int64N(int64(d)+1))
}

// stopwatch measures how long a command has waited, by the system's clock,
// because that of Options may stand still.
type stopwatch struct{ from time.Time }

func started() stopwatch { return stopwatch{time.Now()} }

func (w stopwatch) elapsed() time.Duration { return time.Since(w.from) }

func (w stopwatch) passed(d time.Duration) bool { return time.Since(w.from) >= d }

// knows reports whether the engine has seen any time of a tenant.
func (e *Engine) knows(tenant string) bool {
	v, ok := e.shared.recorded.Load(tenant)
	return ok && v.(*atomic.Int64).Load() != 0
}

// plausible requires the clock to be near the recorded times: not so far ahead
// that this command would date all later ones, and not so far behind that an
// earlier command would date this one. newest is zero for a new record, which is
// compared with the newest time that the engine saw.
func (e *Engine) plausible(tenant string, now, newest time.Time) {
	last := newest
	if v, ok := e.shared.recorded.Load(tenant); ok {
		if us := v.(*atomic.Int64).Load(); us != 0 && last.Before(time.UnixMicro(us)) {
			last = time.UnixMicro(us)
		}
	}
	floor := newest
	if floor.IsZero() {
		floor = last
	}
	switch {
	case !last.IsZero() && now.Sub(last) > e.opts.MaxClockJump:
		panic(hostPanic{fault.New(fault.ErrHost, "host.clock.ahead", "the host's clock is far ahead of the last recorded time")})
	case !floor.IsZero() && floor.Sub(now) > e.opts.MaxClockLag:
		panic(hostPanic{fault.New(fault.ErrHost, "host.clock.behind", "the host's clock is far behind the last recorded time")})
	}
	e.saw(tenant, newest)
}

// saw notes a recorded time. A command's own time is noted once it is committed,
// because a refused or rolled-back command records nothing.
func (e *Engine) saw(tenant string, at time.Time) {
	if at.IsZero() {
		return
	}
	v, ok := e.shared.recorded.Load(tenant)
	if !ok {
		v, _ = e.shared.recorded.LoadOrStore(tenant, new(atomic.Int64))
	}
	seen, us := v.(*atomic.Int64), at.UnixMicro()
	for {
		old := seen.Load()
		if old != 0 && old >= us || seen.CompareAndSwap(old, us) {
			return
		}
	}
}

// done notes the time of a successful command or batch. Inside a batch, the batch
// notes it; the host's transaction may still be rolled back.
func (s *Session) done(at time.Time) {
	switch {
	case s.batch != nil:
		s.batch.latest = latest(s.batch.latest, at)
	case !s.eng.bound:
		s.eng.saw(s.actor.Tenant, at)
	}
}
