package pursuit

import (
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// The only places with a clock, ids and chance; Options replace the first two.

func systemClock() time.Time { return time.Now() }

// newID gives ids that grow with time (UUIDv7), so that rows written together
// lie together.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// jitter spreads repeated attempts: 0.5 to 1.5 times d.
func jitter(d time.Duration) time.Duration {
	return d/2 + time.Duration(rand.Int64N(int64(d)+1))
}

// stopwatch measures how long a command has waited, by the system's clock: that of
// Options may stand still.
type stopwatch struct{ from time.Time }

func started() stopwatch { return stopwatch{time.Now()} }

func (w stopwatch) passed(d time.Duration) bool { return time.Since(w.from) >= d }
