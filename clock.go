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

// newID gives ids that grow with time (UUIDv7), so that rows written together
// lie together.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// longest is as good as for ever, and can be doubled.
const longest = time.Duration(1 << 61)

// jitter spreads repeated attempts: 0.5 to 1.5 times d, which is longest at most.
func jitter(d time.Duration) time.Duration {
	return d/2 + time.Duration(rand.Int64N(int64(d)+1))
}

// stopwatch measures how long a command has waited, by the system's clock: that of
// Options may stand still.
type stopwatch struct{ from time.Time }

func started() stopwatch { return stopwatch{time.Now()} }

func (w stopwatch) elapsed() time.Duration { return time.Since(w.from) }

func (w stopwatch) passed(d time.Duration) bool { return time.Since(w.from) >= d }

// knows reports whether the engine saw anything of a tenant yet.
func (e *Engine) knows(tenant string) bool {
	v, ok := e.shared.recorded.Load(tenant)
	return ok && v.(*atomic.Int64).Load() != 0
}

// plausible wants the clock to be near what is recorded: neither so far ahead that
// all later commands would be dated by this one, nor so far behind that this one
// would be dated by an earlier one's. newest is zero for what is new, which is held
// against the newest moment that the engine saw.
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

// saw notes a moment that is recorded. A command's own is noted once it is
// committed: what was refused or rolled back must not pass for recorded.
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

// done notes the moment of a command, or of a batch, that succeeded. Inside a batch
// it is the batch's to note; the host's transaction may be rolled back.
func (s *Session) done(at time.Time) {
	switch {
	case s.batch != nil:
		s.batch.latest = latest(s.batch.latest, at)
	case !s.eng.bound:
		s.eng.saw(s.actor.Tenant, at)
	}
}
